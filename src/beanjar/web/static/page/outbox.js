// What was said here goes out by any door, in its order, until it is safe.

import { toHex } from "../protocol/bytes.js";
import { EMPTY, splitRuns, writeRun } from "../protocol/operation.js";
import * as doors from "./doors.js";
import { all, change, done } from "./memory.js";
import { keys } from "./self.js";
import { openDoors, recall } from "./speaking.js";
import { inTurns } from "./turns.js";

const AGAIN = 5_000;
const SELDOM = 60_000;
const ASKED = 256;
const NEWS = 60_000;

/** Doors that said no, in their own words, by space. */
const refusals = new Map();
const listeners = new Set();
let timer = null;

/** Call `listener` with how things stand whenever that may have changed. */
export function follow(listener) {
  listeners.add(listener);
  tell();
}

/**
 * How things stand: how many entries are kept here alone, how many were sent of late, whether there
 * are none that wait to be safe, and a refusal.
 *
 * Where there is a single node nothing ever becomes safe, and that is no news after a while.
 */
export async function standing() {
  const waiting = await all("outbox");
  const kept = waiting.filter((each) => !each.taken.length);
  const sent = waiting.filter(
    ({ taken, operation }) => taken.length && Date.now() - operation.time < NEWS,
  );
  const refusal = kept.length ? [...refusals.values()][0] : undefined;
  return { kept: kept.length, sent: sent.length, done: !waiting.length, refusal };
}

/** Send what waits by now, and look what has become safe, now and again until nothing is left. */
export const deliver = inTurns(deliverAll);

/** Send what waits by now; done once doors have all of it, or all of them were asked in vain. */
export function send() {
  return new Promise((resolve, reject) => {
    const look = ({ kept }) => kept || resolve();
    listeners.add(look);
    deliver()
      .then(resolve, reject)
      .finally(() => listeners.delete(look));
  });
}

async function deliverAll() {
  clearTimeout(timer);
  for (const space of new Set((await all("outbox")).map((each) => each.space))) {
    const remembered = await recall(space);
    for (const door of openDoors(remembered)) {
      await serve(door, space);
    }
  }
  await tell();
  const left = await all("outbox");
  if (left.length) {
    timer = setTimeout(deliver, left.every((each) => each.taken.length) ? SELDOM : AGAIN);
  }
}

/** Let one door have what no other took, and learn from it what is safe; one that fails waits. */
async function serve(door, space) {
  const waiting = (await all("outbox")).filter((each) => each.space === space);
  try {
    const lacking = waiting.filter((each) => !each.taken.length);
    if (lacking.length) {
      await hand(door, space, waiting);
      refusals.delete(space);
      await tell();
    }
    await learnSafe(door, space, waiting);
  } catch (error) {
    if (error instanceof doors.Refused && ![404, 409, 429, 503].includes(error.status)) {
      refusals.set(space, error.message);
    } else if (!(error instanceof doors.NoDoor || error instanceof doors.Refused)) {
      throw error;
    }
  }
}

async function hand(door, space, waiting) {
  const { device } = await keys();
  const log = waiting.map((each) => each.operation).sort((one, other) => one.seq - other.seq);
  const founds = toHex(log[0].id) === space && waiting.every((each) => !each.taken.length);
  const head = founds ? EMPTY : await doors.head(door, space, device.public);
  const there = log.filter((each) => each.seq <= head.seq);
  const rest = log.slice(there.length);
  if (rest.length && rest[0].seq > head.seq + 1) {
    return; // what was said before is safe, and comes to this node from others
  }
  await noteDoor(door, space, there);
  for (const run of splitRuns(rest)) {
    await doors.submit(door, space, writeRun(run), { founds: founds && run[0] === log[0] });
    await noteDoor(door, space, run);
  }
}

async function learnSafe(door, space, waiting) {
  const ids = waiting.slice(0, ASKED).map((each) => toHex(each.operation.id));
  const held = await doors.holdings(door, space, ids);
  const safe = waiting.filter((_, place) => held[place]?.safe).map((each) => each.operation);
  const sent = waiting.filter((_, place) => held[place]?.here).map((each) => each.operation);
  await noteDoor(door, space, sent);
  await mark(space, safe, () => undefined);
}

/** Note that a door has some operations. */
function noteDoor(door, space, operations) {
  return mark(space, operations, (each) => ({
    ...each,
    taken: [...new Set([...each.taken, door])],
  }));
}

/** Change the entries of some operations; those that `change` makes nothing of are let go. */
async function mark(space, operations, update) {
  if (!operations.length) {
    return;
  }
  await change(["outbox"], async ({ outbox }) => {
    for (const { seq } of operations) {
      const known = await done(outbox.get([space, seq]));
      const next = known && update(known);
      if (next) {
        await done(outbox.put(next));
      } else if (known) {
        await done(outbox.delete([space, seq]));
      }
    }
  });
}

async function tell() {
  const now = await standing();
  for (const listener of listeners) {
    listener(now);
  }
}

addEventListener("online", deliver);
