// What one can do on a page: each form with `data-act` does the act of that name.

import { fromHex, toHex } from "../protocol/bytes.js";
import { revoke } from "../protocol/device.js";
import { readTicket } from "../protocol/ticket.js";
import { answer } from "./answering.js";
import { ask } from "./asking.js";
import { carryTo, goOn } from "./carrying.js";
import * as doors from "./doors.js";
import { lend } from "./lending.js";
import { deliver } from "./outbox.js";
import { keys, me, remember, restore } from "./self.js";
import { found, leave, note, recall, say } from "./speaking.js";

/** So many characters still make a square that a phone's camera can read. */
const SQUARE = 1_200;
const MAKING = 60_000; // ms; a small machine takes longer for an example than for anything else

/** Thrown where a space lets in nobody without an invitation. */
class NotInvited extends Error {}

/** Thrown where somebody would give up the device that they are at. */
class OwnDevice extends Error {}

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

  async found(_, { called, name, purpose, charter }) {
    await introduce(called);
    const space = await found(name, purpose, charter);
    await deliver();
    await lend(space).catch(() => {}); // it is asked again on the space's page
    return `/s/${space}`;
  },

  /** Go to this node's example in the language of the page; the node makes it where there is none. */
  async example() {
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(MAKING);
    const options = { method: "POST", headers, body: "{}", signal };
    const { space } = await doors.ask(location.origin, "/api/example", options);
    return `/s/${space}`;
  },

  /** Go where a ticket leads to: here, if this node carries the space, or to a door of it. */
  async visit(_, { ticket }) {
    const { space, doors: others = [] } = readTicket(ticket);
    const here = await doors.ask(location.origin, `/s/${space}.json`).catch(() => null);
    if (!here && !others.length) {
      throw new doors.NoDoor("This ticket names no address at which the space can be opened.");
    }
    return `${here ? location.origin : others[0]}/s/${space}#${ticket.trim().split("#").at(-1)}`;
  },

  /** Join the space that the page is about, with the ticket behind the link's `#` if there is one. */
  async join(form, { called }) {
    const { space, asks, founder } = form.dataset;
    const ticket = { space, ...fromLink() };
    const { head } = await recall(space);
    const isFounder = (await me())?.person === founder; // perhaps come back with their words
    const isBack = head.seq >= 0; // who was here may come back
    if (asks && !ticket.invitation && !isFounder && !isBack) {
      throw new NotInvited(
        "People come in here by invitation. Ask a member for a link. If you are in this space in " +
          "another browser, use “Carry on at another address” there: it is on the page “You”.",
      );
    }
    await introduce(called);
    await note(ticket, form.dataset.called);
    await say(space);
    return `/s/${space}`;
  },

  async ask(form, { witnesses, who, persons, ...body }) {
    const { space, tag } = form.dataset;
    const id = await ask(space, { t: tag, ...body }, { witnesses, who, persons });
    return `/s/${space}/${tag.split(".")[0]}/${id}`;
  },

  async answer(form, { choice }, rows) {
    const { space, tag, size, facts } = form.dataset;
    await answer(space, JSON.parse(facts), { tag, size: Number(size), choice, rows });
  },

  async withdraw(form) {
    const { space, tag, facts } = form.dataset;
    await answer(space, JSON.parse(facts), { tag, rows: [] });
  },

  /** Come back as oneself, on a device that is new. */
  async restore(_, { called, words }) {
    const { unspell } = await import("../protocol/words.js");
    await restore(unspell(words));
    await introduce(called);
    return "/me";
  },

  /** Make a link with which one goes on at another address, and show it. */
  async carry(_, { door }) {
    const { draw } = await import("./inviting.js");
    const address = await carryTo(door.includes("://") ? door : `http://${door}`);
    const part = document.querySelector("[data-carried]");
    const square = part.querySelector("[data-square]");
    part.querySelector("input").value = address;
    square.replaceChildren(
      ...(address.length < SQUARE ? [await draw(address, square.dataset.square)] : []),
    );
    part.hidden = false;
  },

  /** Go on here as who the link says that one is. */
  async arrive() {
    await goOn();
    return "/";
  },

  /** Say a body that the form makes, with what it has in `data-body` as it stands. */
  async say(form, body) {
    await say(form.dataset.space, { ...JSON.parse(form.dataset.body), ...body });
  },

  /** Give up a lost device of one's own: its log ends where this door knows it to end. */
  async revoke(form) {
    const { space, device } = form.dataset;
    const own = await keys();
    const lost = fromHex(device);
    if (toHex(own.device.public) === device) {
      throw new OwnDevice("This is the device that you are at. Say this on another one.");
    }
    const last = await doors.head(location.origin, space, lost);
    await say(space, revoke(own.person, fromHex(space), lost, last));
  },

  async leave(form) {
    await leave(form.dataset.space);
    return `/s/${form.dataset.space}`;
  },
};

async function introduce(called) {
  if (called && called !== (await me())?.called) {
    await remember({ called });
  }
}

/** What a link with a ticket behind its `#` says; without one the page's own door will do. */
function fromLink() {
  return location.hash.length > 1 ? readTicket(location.hash) : { doors: [location.origin] };
}
