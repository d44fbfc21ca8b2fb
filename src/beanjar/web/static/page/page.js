// What every page starts: its forms act, its parts follow what happens, and it says how far what
// was said here has come.

import { ACTS } from "./acts.js";
import { adapt } from "./adapting.js";
import { nameMembers, open } from "./asking.js";
import { isCarried } from "./carrying.js";
import { confirm, rowsOf } from "./check.js";
import * as doors from "./doors.js";
import { read } from "./forms.js";
import { lend } from "./lending.js";
import { follow } from "./live.js";
import { calendar, look } from "./mine.js";
import { showOwn } from "./own.js";
import { clear, complain } from "./problems.js";
import { begin, refresh } from "./refresh.js";
import { keys, me } from "./self.js";
import { note, recall, spaces } from "./speaking.js";
import { show } from "./standing.js";
import { keepStill } from "./still.js";
import { keepTime, tellTimes } from "./times.js";
import { deliver } from "./outbox.js";
import { words } from "./words.js";

const { space } = document.body.dataset;

async function start() {
  begin();
  keepTime();
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.act) {
      event.preventDefault();
      act(event.target);
    }
  });
  document.addEventListener("change", (event) => event.target.form && adapt(event.target.form));
  for (const link of document.querySelectorAll(".language a")) {
    link.href += location.hash; // a ticket may stand there, which no node sees
  }
  if (space) {
    await note({ space, doors: doors.doorsHere() });
  }
  await (document.querySelector("[data-mine]") ? update() : suit());
  document.querySelector("[data-carry]")?.toggleAttribute("hidden", !isCarried());
  if (space) {
    await look(space);
    lend(space).catch(() => {}); // it is asked again on another visit
  }
  show(document.getElementById("standing"));
  follow((changed) => (!space || changed === space) && update(), connected);
}

async function update() {
  await keepStill(async () => {
    await refresh();
    tellTimes();
    await suit();
  });
}

/** Show what suits who is here: newcomers, people who are in this space, askers. */
async function suit() {
  const who = await me();
  const joined = Boolean(space && (await recall(space)).joined);
  const is = { newcomer: !who, known: Boolean(who), guest: !joined, member: joined };
  for (const part of document.querySelectorAll("[data-for]")) {
    const suits = part.dataset.for.split(" ").every((each) => is[each]);
    part.hidden = !suits || !isMeant(part.dataset, who);
  }
  for (const field of document.querySelectorAll("input[name=called]")) {
    field.defaultValue ||= who?.called ?? "";
  }
  for (const form of document.querySelectorAll("form[data-act]")) {
    adapt(form);
    if (!form.dataset.heard) {
      form.dataset.heard = "yes"; // once: afterwards a button is disabled while its act is done
      form.querySelector("button[disabled]")?.removeAttribute("disabled");
    }
  }
  await showSelf(who);
  document.querySelector("[data-invite]")?.addEventListener("toggle", showInvitation, { once: true });
  await showOwn(space, who?.person);
  await listMembers(joined);
  await openIfReady(who);
}

/** Whether a part that is for one person or device, or `not` for some, is for who is here. */
function isMeant({ person, not = "" }, who) {
  const mine = [who?.person, who?.device];
  const left = not.split(" ").some((each) => each && mine.includes(each));
  return !left && (person === undefined || mine.includes(person));
}

/** What only this browser knows: the spaces one is in, and the words when they are asked for. */
async function showSelf(who) {
  const mine = who ? (await spaces()).filter((each) => each.joined) : [];
  const list = document.querySelector("[data-spaces]");
  list?.replaceChildren(...mine.map(({ id, called }) => line(`/s/${id}`, called)));
  showElsewhere(mine);
  for (const field of document.querySelectorAll("[data-calendar]")) {
    field.value = await calendar();
  }
  document.querySelector("[data-secret]")?.addEventListener("toggle", spellOut, { once: true });
}

/** The spaces that this page's node does not carry, each at a door that did. */
function showElsewhere(mine) {
  const part = document.querySelector("[data-elsewhere]");
  const others = mine.filter(({ id, doors: known }) => known.length && !isHere(id));
  part
    ?.querySelector("ul")
    .replaceChildren(
      ...others.map(({ id, called, doors: known }) => line(`${known.at(-1)}/s/${id}`, called)),
    );
  part?.toggleAttribute("hidden", !others.length);
}

function isHere(id) {
  return document.querySelector(`[data-mine] [data-space="${id}"]`);
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

async function showInvitation({ target: part }) {
  if (part.dataset.made) {
    return; // one invitation will do
  }
  part.dataset.made = "yes";
  const { draw, link } = await import("./inviting.js");
  const square = part.querySelector("[data-square]");
  const address = await link(space, part.dataset.invite || location.origin, part.dataset);
  part.querySelector("input").value = address;
  square.replaceChildren(await draw(address, square.dataset.square));
}

function line(address, called) {
  const [item, link] = [document.createElement("li"), document.createElement("a")];
  [link.href, link.textContent, link.dir] = [address, called, "auto"];
  item.append(link);
  return item;
}

async function spellOut() {
  const { spell } = await import("../protocol/words.js");
  const { person } = await keys();
  const items = spell(person.seed)
    .split(" ")
    .map((word) => {
      const item = document.createElement("li");
      item.textContent = word;
      return item;
    });
  document.querySelector("[data-spelled]").replaceChildren(...items);
}

/** Open the question that was asked here once all its witnesses have accepted. */
async function openIfReady(who) {
  const part = document.querySelector("[data-open]");
  if (!part || part.dataset.person !== who?.person || part.dataset.done) {
    return;
  }
  const view = await doors.ask(location.origin, `${location.pathname}.json`).catch(() => null);
  const facts = view?.facts;
  if (facts?.state === "asked" && facts.witnesses.every((witness) => witness.accept)) {
    part.dataset.done = "yes";
    part.hidden = await open(space, part.dataset.open, view); // what it says then stays unsaid
    deliver();
  }
}

async function act(form) {
  const button = form.querySelector("button:not([type=button])");
  clear(form);
  [button.disabled, button.ariaBusy] = [true, "true"];
  try {
    const [said, rows] = [read(form), rowsOf(form)];
    const dialog = document.getElementById(form.dataset.check);
    if (!dialog || (await confirm(dialog, rows))) {
      const next = await ACTS[form.dataset.act](form, said, rows);
      await deliver();
      await finish(form, next);
    }
  } catch (error) {
    complain(form, error);
  } finally {
    [button.disabled, button.ariaBusy] = [false, "false"];
  }
}

async function finish(form, next) {
  if (next) {
    location.assign(next);
    return;
  }
  form.reset();
  form.closest("details")?.removeAttribute("open");
  await update();
}

function connected(yes) {
  const element = document.getElementById("connection");
  element.textContent = yes ? "" : words("lost");
  if (yes) {
    navigator.serviceWorker?.register("/worker.js").catch(() => {}); // there is none on plain http
    update();
    deliver();
  }
}

start();
