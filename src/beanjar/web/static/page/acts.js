// What one can do on a page: each form with `data-act` does the act of that name.

import { fromHex } from "../protocol/bytes.js";
import { certify } from "../protocol/device.js";
import { readTicket } from "../protocol/ticket.js";
import { answer } from "./answering.js";
import { ask } from "./asking.js";
import * as doors from "./doors.js";
import { read } from "./forms.js";
import { deliver } from "./outbox.js";
import { keys, me, remember, restore } from "./self.js";
import { found, note, recall, say } from "./speaking.js";

/** By name: what is done with what a form says; it returns where to go next, if anywhere. */
export const ACTS = {
  /** Say who one is, here and in the space that the page is about, if one is in it. */
  async name(form, { called }) {
    await remember({ called });
    const { space } = form.dataset;
    if (space && (await recall(space)).joined) {
      await say(space, { t: "space.profile", name: called });
    }
  },

  async found(form, { called, name, purpose, charter }) {
    await introduce(called);
    const space = await found(name, purpose, charter);
    await deliver();
    await lend(space);
    return `/s/${space}`;
  },

  /** Join the space that the page is about, or the one that a ticket leads to. */
  async join(form, { called, ticket }) {
    await introduce(called);
    const read = ticket ? readTicket(ticket) : { space: form.dataset.space, ...fromLink() };
    await note(read, form.dataset.called);
    if (!(await recall(read.space)).joined) {
      await say(read.space);
    }
    return `/s/${read.space}`;
  },

  async ask(form, body) {
    const { space, tag } = form.dataset;
    const about = await doors.ask(location.origin, `/s/${space}.json`);
    const id = await ask(space, { t: tag, ...body }, about);
    return `/s/${space}/${tag.split(".")[0]}/${id}`;
  },

  async answer(form, { choice }, rows) {
    const { space, tag, size, facts } = form.dataset;
    const words = rows.map(([, said]) => said).join(" · ");
    await answer(space, JSON.parse(facts), { tag, size: Number(size), choice, words });
  },

  /** Come back as oneself, on a device that is new. */
  async restore(form, { called, words }) {
    const { unspell } = await import("../protocol/words.js");
    await restore(unspell(words));
    await introduce(called);
    return "/me";
  },

  /** Say a body that the form makes, with what it has in `data-body` as it stands. */
  async say(form, body) {
    await say(form.dataset.space, { ...JSON.parse(form.dataset.body), ...body });
  },
};

/** Let the node of this door witness in a space that was founded here: it is the only one yet. */
async function lend(space) {
  const { person } = await keys();
  const { device } = await doors.ask(location.origin, "/api");
  const certificate = certify(person, fromHex(space), fromHex(device), "node");
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ certificate });
  await doors.ask(location.origin, `/api/spaces/${space}/witness`, { method: "POST", headers, body });
}

async function introduce(called) {
  if (called && called !== (await me())?.called) {
    await remember({ called });
  }
}

/** What a link with a ticket behind its `#` says; without one the page's own door will do. */
function fromLink() {
  return location.hash.length > 1 ? readTicket(location.hash) : { doors: [location.origin] };
}

export { read };
