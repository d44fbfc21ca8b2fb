// Pages that follow what happens: one stream of events in a browser, however many tabs are open.
//
// Web Locks are missing on plain http, so the tabs share a lease in localStorage: the one that
// holds it listens and tells the others, and another takes over when it falls silent.

import { all } from "./memory.js";

const LEASE = "beanjar-follows";
const CHANNEL = "beanjar-changes";
const HOLD = 6_000;
const RENEW = 2_000;

const tab = String(Math.random());
const channel = new BroadcastChannel(CHANNEL);
let source = null;
let following = "";
let listener = () => {};
let onLine = () => {};

/** Call `changed(space, subject)` on each change, and `connected(yes)` as the stream comes and goes. */
export function follow(changed, connected) {
  listener = changed;
  onLine = connected;
  channel.onmessage = ({ data }) => pass(data);
  takeTurns();
  setInterval(takeTurns, RENEW);
  addEventListener("pagehide", release);
}

async function takeTurns() {
  const [holder, until] = readLease();
  if (holder !== tab && Number(until) > Date.now()) {
    close();
    return;
  }
  localStorage.setItem(LEASE, `${tab} ${Date.now() + HOLD}`);
  const named = await name();
  if (!source || named !== following) {
    close();
    following = named;
    source = listen(named);
  }
}

function readLease() {
  return (localStorage.getItem(LEASE) ?? " 0").split(" ");
}

/** The spaces that this browser knows: a node tells of no other that lets in only who is invited. */
async function name() {
  const known = (await all("spaces")).map(({ id }) => ["space", id]);
  return String(new URLSearchParams(known));
}

function listen(named) {
  const events = new EventSource(`/api/events?${named}`);
  events.onopen = () => tell({ connected: true });
  events.onerror = () => {
    tell({ connected: false });
    if (events.readyState === EventSource.CLOSED) {
      source = null; // a browser that was refused tries no more, so the next turn does
    }
  };
  events.onmessage = ({ data }) => tell({ change: JSON.parse(data) });
  return events;
}

function tell(said) {
  channel.postMessage(said);
  pass(said);
}

function pass({ change, connected }) {
  if (change) {
    listener(change.space, change.subject);
  } else {
    onLine(connected);
  }
}

function close() {
  source?.close();
  source = null;
}

function release() {
  close();
  if (readLease()[0] === tab) {
    localStorage.removeItem(LEASE);
  }
}
