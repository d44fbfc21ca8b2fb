// Going on at another address as oneself. A browser's memory belongs to one address, so a link takes
// along who one is and which spaces one is in, behind the `#`, which no node ever sees.

import { fromBase64Url, fromHex, text, toBase64Url, toHex } from "../protocol/bytes.js";
import { WrongTicket } from "../protocol/ticket.js";
import { inviteTo } from "./inviting.js";
import { keys, me, remember, restore } from "./self.js";
import { doorsOf, note, recall, say, spaces } from "./speaking.js";

const MARK = "#carry:";
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The link by which one goes on at `door`. Whoever has it can be this person. */
export async function carryTo(door) {
  const { person } = await keys();
  const { called } = (await me()) ?? {};
  const joined = (await spaces()).filter((each) => each.joined);
  const tickets = await Promise.all(joined.map(makeTicket));
  const said = { seed: toHex(person.seed), called, tickets };
  return `${new URL("/me", door)}${MARK}${toBase64Url(text(JSON.stringify(said)))}`;
}

/** A ticket of a space; one lets oneself in again where people come in by invitation. */
async function makeTicket(remembered) {
  const { id: space, called, hops } = remembered;
  const invitation = hops.length ? await inviteTo(space) : undefined;
  return { space, called, doors: doorsOf(remembered), invitation };
}

/** Whether this page was opened by such a link. */
export function isCarried() {
  return location.hash.startsWith(MARK);
}

/** Become who the link says, as a new device, in all of their spaces. */
export async function goOn() {
  const { seed, called, tickets } = read(location.hash.slice(MARK.length));
  await restore(fromHex(seed));
  await remember({ called });
  for (const ticket of tickets) {
    await note(ticket, ticket.called);
    if (!(await recall(ticket.space)).joined) {
      await say(ticket.space);
    }
  }
  history.replaceState(null, "", location.pathname); // nobody who looks at this page later is to see it
}

function read(letters) {
  try {
    return JSON.parse(UTF8.decode(fromBase64Url(letters)));
  } catch {
    throw new WrongTicket("This is no ticket, or a part of it is missing. Copy the whole of it.");
  }
}
