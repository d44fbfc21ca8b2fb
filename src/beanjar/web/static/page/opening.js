// Opening what was asked in this browser, once all its witnesses have accepted.

import * as doors from "./doors.js";
import { get } from "./memory.js";
import { deliver } from "./outbox.js";
import { say } from "./speaking.js";

const ROLL_PART = 900;

/** Open the question that this page is about, if whoever is here asked it and it can be opened. */
export async function openIfReady(who) {
  const part = document.querySelector("[data-open]");
  if (!part || part.dataset.person !== who?.person || part.dataset.done) {
    return;
  }
  const view = await doors.ask(location.origin, `${location.pathname}.json`).catch(() => null);
  const facts = view?.facts;
  if (facts?.state === "asked" && facts.witnesses.every((witness) => witness.accept)) {
    part.dataset.done = "yes";
    const { space } = document.body.dataset;
    part.hidden = await open(space, part.dataset.open, view); // what it says then stays unsaid
    deliver();
  }
}

/**
 * Open a question whose witnesses have all accepted; whether it could be. Who may answer one that
 * is `listed` is known only to the browser that asked it.
 */
async function open(space, question, { facts, ask }) {
  const { persons = [] } = (await get("rolls", question)) ?? {};
  if (ask.terms.listed && !persons.length) {
    return false;
  }
  const parts = partRoll(question, persons);
  const named = parts.length ? await say(space, ...parts) : [];
  const accepts = facts.witnesses.map((witness) => witness.accept);
  await say(space, makeOpen(question, accepts, persons, named));
  return true;
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
