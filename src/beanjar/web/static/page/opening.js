// Opening what was asked in this browser, once all its witnesses have accepted.

import { toHex } from "../protocol/bytes.js";
import * as doors from "./doors.js";
import { change, done, get } from "./memory.js";
import { deliver } from "./outbox.js";
import { say } from "./speaking.js";

const ROLL_PART = 900;

/** By id, the questions that are being opened here, or were: whether they could be. */
const opened = new Map();

/**
 * Open the question that this page is about, if whoever is here asked it and it can be opened: once,
 * though this is called twice at once, and again before the node knows of it.
 */
export async function openIfReady(who) {
  const part = document.querySelector("[data-open]");
  if (!part || part.dataset.person !== who?.person) {
    return;
  }
  const question = part.dataset.open;
  if (!opened.has(question)) {
    opened.set(
      question,
      open(question).catch(() => false), // the page goes on, and tries again when it changes next
    );
  }
  const isOpen = await opened.get(question);
  part.hidden ||= isOpen; // what it says then stays unsaid
  if (!isOpen) {
    opened.delete(question);
  }
}

/**
 * Open a question if its witnesses have all accepted, and people could still answer; whether it was.
 * Who may answer one that is `listed` is known only to the browser that asked it.
 */
async function open(question) {
  const { facts, ask } = await doors.ask(location.origin, `${location.pathname}.json`);
  const { persons = [] } = (await get("rolls", question)) ?? {};
  const isReady = facts.state === "asked" && facts.witnesses.every((witness) => witness.accept);
  if (!isReady || facts.closes <= Date.now() || (ask.terms.listed && !persons.length)) {
    return false;
  }
  const accepts = facts.witnesses.map((witness) => witness.accept);
  await say(document.body.dataset.space, ...makeBodies(question, accepts, persons));
  await change(["rolls"], ({ rolls }) => done(rolls.delete(question)));
  deliver();
  return true;
}

/** What to say to open a question, in one go: the parts of its roll, and the opening that names them. */
function makeBodies(on, accepts, persons) {
  const parts = partRoll(on, persons);
  const before = []; // by place, the id of what each body follows
  return [...parts, null].map((part) => (_, previous) => {
    before.push(toHex(previous));
    return part ?? makeOpen(on, accepts, persons, before.slice(1));
  });
}

/** A roll that is too long for one operation, in parts, each the body of one; else none. */
export function partRoll(on, persons) {
  const parts = [];
  for (let from = 0; persons.length > ROLL_PART && from < persons.length; from += ROLL_PART) {
    parts.push({ t: "question.roll", on, persons: persons.slice(from, from + ROLL_PART) });
  }
  return parts;
}

/** The body that opens a question to these `persons`, or to those in `parts` (ids), or to anyone. */
export function makeOpen(on, accepts, persons, parts) {
  const roll = parts.length ? { parts } : persons.length && { roll: persons };
  return { t: "question.open", on, accepts, ...roll };
}
