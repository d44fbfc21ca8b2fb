// What every page starts: its forms act, its parts follow what happens, and it says how far what
// was said here has come.

import { ACTS } from "./acts.js";
import { adapt } from "./adapting.js";
import { isCarried } from "./carrying.js";
import { confirm, rowsOf } from "./check.js";
import * as doors from "./doors.js";
import { read } from "./forms.js";
import { lend } from "./lending.js";
import { follow } from "./live.js";
import { whenWaiting } from "./memory.js";
import { look } from "./mine.js";
import { deliver, send } from "./outbox.js";
import { whenLifted } from "./press.js";
import { clear, complain } from "./problems.js";
import { begin, refresh } from "./refresh.js";
import { note } from "./speaking.js";
import { show } from "./standing.js";
import { keepStill } from "./still.js";
import { fold, suit } from "./suiting.js";
import { keepTime, tellTimes, watchTime } from "./times.js";
import { words } from "./words.js";

const { space } = document.body.dataset;

/** How many acts are under way: what they say shows once it is known where to go next. */
let acting = 0;
let missed = false;

/** How long, in ms, what is wrong with a form stays at least until what was missed takes its place. */
const READING = 10_000;

/** How long, in ms, a page may take to be left: whoever is still here then has stopped it. */
const LEAVING = 30_000;

async function start() {
  begin();
  keepTime();
  whenWaiting((yes) => tell(yes ? words("waiting") : ""));
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
  await fold(); // before anything is asked of the node, which may take its time
  await (document.querySelector("[data-mine]") ? update() : suit());
  document.querySelector("[data-carry]")?.toggleAttribute("hidden", !isCarried());
  if (space) {
    await look(space);
    lend(space).catch(() => {}); // it is asked again on another visit
  }
  show(document.getElementById("standing"));
  watchTime(update);
  follow((changed) => (!space || changed === space) && update(), connected);
}

async function update() {
  missed ||= acting > 0;
  if (acting) {
    return;
  }
  missed = false;
  await keepStill(async () => {
    await refresh();
    await whenLifted();
    tellTimes();
    await suit();
  });
}

async function act(form) {
  const button = form.querySelector("button:not([type=button])");
  let patience = 0;
  clear(form);
  [button.disabled, button.ariaBusy] = [true, "true"];
  try {
    const [said, rows] = [read(form), rowsOf(form)];
    const dialog = document.getElementById(form.dataset.check);
    if (!dialog || (await confirm(dialog, rows))) {
      await perform(form, said, rows);
    }
  } catch (error) {
    complain(form, error);
    patience = READING;
  } finally {
    [button.disabled, button.ariaBusy] = [false, "false"];
  }
  if (missed) {
    setTimeout(update, patience);
  }
}

async function perform(form, said, rows) {
  acting += 1;
  try {
    const next = await ACTS[form.dataset.act](form, said, rows);
    if (next) {
      await deliver(); // to its end: it reads from memory
      await leaveFor(next);
    }
    await send();
    form.reset();
    form.closest("details")?.removeAttribute("open");
    missed = true;
  } finally {
    acting -= 1;
  }
}

/**
 * Go to another page; wait until somebody comes back to this one, or stays after all. What is read
 * from memory while a page is being left keeps the next one from its own, for ever in WebKit.
 */
async function leaveFor(next) {
  await new Promise((resolve) => {
    addEventListener("pageshow", resolve, { once: true });
    setTimeout(resolve, LEAVING);
    location.assign(next);
  });
}

/** Say at the top of the page what keeps it from being as it should. */
function tell(sentence) {
  document.getElementById("connection").textContent = sentence;
}

function connected(yes) {
  tell(yes ? "" : words("lost"));
  if (yes) {
    navigator.serviceWorker?.register("/worker.js").catch(() => {}); // there is none on plain http
    update();
    deliver();
  }
}

start();
