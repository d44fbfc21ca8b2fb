// What suits who is here: newcomers, people who are in this space, askers.

import { adapt } from "./adapting.js";
import { nameMembers } from "./asking.js";
import { offerInvitation } from "./invitation.js";
import { showKept } from "./kept.js";
import { openIfReady } from "./opening.js";
import { showOwn } from "./own.js";
import { lookOnRoll } from "./roll.js";
import { me } from "./self.js";
import { recall } from "./speaking.js";

const { space } = document.body.dataset;

/** Who is here, and what they are in the words of `data-for`. */
async function recognise() {
  const who = await me();
  const joined = Boolean(space && (await recall(space)).joined);
  return { who, is: { newcomer: !who, known: Boolean(who), guest: !joined, member: joined } };
}

/** Fold away what stands open for others; from then on it is as whoever is here leaves it. */
export async function fold() {
  const { is } = await recognise();
  for (const part of document.querySelectorAll("details[data-open-for]")) {
    part.open = is[part.dataset.openFor] || part.matches(":focus-within"); // who is at work goes on
    part.removeAttribute("data-open-for");
  }
}

/** Show what suits on this page, and hide what is for others. */
export async function suit() {
  const { who, is } = await recognise();
  is[await lookOnRoll(space, who)] = true;
  for (const part of document.querySelectorAll("[data-for]")) {
    const suits = part.dataset.for.split(" ").every((each) => is[each]);
    part.hidden = !suits || !isMeant(part.dataset, who);
  }
  for (const field of document.querySelectorAll("input[name=called]")) {
    field.defaultValue ||= who?.called ?? "";
  }
  readyForms();
  await showKept(who);
  offerInvitation();
  await showOwn(space, who?.person);
  await listMembers(is.member);
  await openIfReady(who);
}

/** Whether a part that is for one person or device, or `not` for some, is for who is here. */
function isMeant({ person, not = "" }, who) {
  const mine = [who?.person, who?.device];
  const left = not.split(" ").some((each) => each && mine.includes(each));
  return !left && (person === undefined || mine.includes(person));
}

function readyForms() {
  for (const form of document.querySelectorAll("form[data-act]")) {
    adapt(form);
    if (!form.dataset.heard) {
      form.dataset.heard = "yes"; // once: afterwards a button is disabled while its act is done
      form.querySelector("button[disabled]")?.removeAttribute("disabled");
    }
  }
}

/** Name the people of the space where a form asks who of them is meant. */
async function listMembers(joined) {
  const list = document.querySelector("[data-members]:empty");
  const people = list && joined ? await nameMembers(space).catch(() => []) : [];
  const shape = document.getElementById("member");
  list?.replaceChildren(
    ...people.map(([person, name]) => {
      const option = shape.content.cloneNode(true);
      const box = option.querySelector("input");
      [box.value, box.dataset.yes, option.querySelector("bdi").textContent] = [person, name, name];
      return option;
    }),
  );
}
