// Brings a page up to date: what changed is put in place of what it was.

import { address } from "./mine.js";
import { whenLifted } from "./press.js";
import { inTurns } from "./turns.js";

/** Parts that follow what happens; each has an id. */
const PARTS = "[data-live][id]";
const PATIENCE = 15_000;

/** What the node last gave for each part; what scripts did to it since does not count. */
const given = new Map();

/** Remember the parts as they came, before anything is done to them. */
export function begin() {
  for (const part of document.querySelectorAll(PARTS)) {
    given.set(part.id, part.innerHTML);
  }
}

/** Fetch this page anew and put in place what differs; one at a time, and never lost. */
export const refresh = inTurns(async () => {
  const page = await read().catch(() => null); // the node may go in the middle of it
  await whenLifted();
  if (page) {
    place(new DOMParser().parseFromString(page, "text/html"));
  }
});

async function read() {
  const answer = await fetch(await address(), {
    headers: { accept: "text/html" },
    signal: AbortSignal.timeout(PATIENCE), // those that ask after this one wait for it
  });
  return answer.ok ? answer.text() : null;
}

function place(fresh) {
  for (const part of document.querySelectorAll(PARTS)) {
    const next = fresh.getElementById(part.id);
    if (next && next.innerHTML !== given.get(part.id) && !isInUse(part)) {
      given.set(part.id, next.innerHTML);
      replace(part, next);
    }
  }
}

/** Whether somebody is at work in a part: nothing is taken from under their hands. */
function isInUse(part) {
  const controls = Array.from(part.querySelectorAll("input, textarea"));
  const begun = controls.some(
    (each) => each.checked !== each.defaultChecked || each.value !== each.defaultValue,
  );
  return begun || part.contains(document.activeElement) || part.querySelector("dialog[open]");
}

/** Put new in place of old, and leave open what somebody has opened in it. */
function replace(part, next) {
  const open = Array.from(part.querySelectorAll("details[open] > summary"), (each) => each.textContent);
  part.replaceChildren(...next.childNodes);
  for (const summary of part.querySelectorAll("details > summary")) {
    summary.parentElement.open ||= open.includes(summary.textContent);
  }
}
