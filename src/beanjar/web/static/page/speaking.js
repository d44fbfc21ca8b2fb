// How this browser says something: signed and kept on the device first, then sent by any door.
//
// What was signed once is never signed otherwise: two operations at one place fork the log, and a
// forked log counts no more. So the place is read, and the operation written to the outbox, in one
// transaction, for which another tab has to wait.

import { ZERO, fromHex, random, toHex } from "../protocol/bytes.js";
import { certify, useInvitation } from "../protocol/device.js";
import { EMPTY, headOf, spaceOf, writeBody, writeOperation } from "../protocol/operation.js";
import * as doors from "./doors.js";
import { all, change, done, get } from "./memory.js";
import { keys, me } from "./self.js";

const SALT = 16;

/** Thrown where another program goes on with this device's key. */
export class Copied extends Error {}

/** What is remembered of a space, or what there would be to remember of one. */
export async function recall(space) {
  const nothing = { id: space, called: "", doors: [], hops: [], head: EMPTY, joined: false };
  return { ...nothing, ...(await get("spaces", space)) };
}

/** The doors of a space, this page's own first. */
export function doorsOf(remembered) {
  return [...new Set([location.origin, ...remembered.doors])];
}

/** Those of them to which this page may speak: its policy names them. */
export function openDoors(remembered) {
  const open = [location.origin, ...doors.doorsHere()];
  return doorsOf(remembered).filter((door) => open.includes(door));
}

/** Found a space; its id. `charter` may be left out. */
export async function found(name, purpose, charter) {
  const { person, device } = await keys();
  const certificate = certify(person, ZERO, device.public);
  const founding = { t: "space.open", name, certificate, ...(purpose && { purpose }), charter };
  const { called } = (await me()) ?? {};
  const first = sign(device, ZERO, EMPTY, founding);
  const space = toHex(first.id);
  const log = [first];
  if (called) {
    log.push(sign(device, first.id, headOf(first), { t: "space.profile", name: called }));
  }
  await change(["spaces", "outbox"], async (stores) => {
    const remembered = { id: space, called: name, doors: [location.origin], hops: [] };
    await keep(stores, { ...remembered, founded: true, joined: true }, log);
  });
  return space;
}

/** Remember a space and its doors, as a ticket tells of them. */
export async function note(ticket, called = "") {
  const remembered = await recall(ticket.space);
  await change(["spaces"], async ({ spaces }) => {
    const known = { ...remembered, ...(await done(spaces.get(ticket.space))) };
    const more = [...new Set([...known.doors, ...(ticket.doors ?? [])])];
    const invitation = ticket.invitation ?? known.invitation;
    await done(spaces.put({ ...known, called: called || known.called, doors: more, invitation }));
  });
}

/**
 * Say some bodies in a space, one after the other; the ids of their operations.
 *
 * Who has not joined does so first. Each body may be a function of the device's key and of the id
 * of what it follows. It is on this device when this returns, and goes out by itself.
 */
export async function say(space, ...bodies) {
  const { person, device } = await keys();
  const before = await recall(space);
  const theirs = await findHead(before, device.public);
  const name = (await me())?.called;
  return change(["spaces", "outbox"], async (stores) => {
    const remembered = { ...before, ...(await done(stores.spaces.get(space))) };
    let { head } = remembered;
    checkAlone(head, theirs);
    const opening = remembered.joined ? [] : introduce(remembered, person, device, name);
    const log = [...opening, ...bodies].map((body) => {
      const made = sign(device, fromHex(space), head, body);
      head = headOf(made);
      return made;
    });
    if (!log.length) {
      return []; // another tab has joined meanwhile
    }
    const hops = opening[0]?.invitation ?? remembered.hops;
    await keep(stores, { ...remembered, hops, joined: true }, log);
    return log.slice(opening.length).map((each) => toHex(each.id));
  });
}

/** Leave a space. What was said stays; whoever says something here again joins again first. */
export async function leave(space) {
  await say(space, { t: "space.leave" });
  await change(["spaces"], async ({ spaces }) => {
    await done(spaces.put({ ...(await done(spaces.get(space))), joined: false }));
  });
}

/** Where the log stands at a door, or nothing where none answers: then our own memory counts. */
async function findHead(remembered, device) {
  try {
    return await doors.first(openDoors(remembered), (door) => doors.head(door, remembered.id, device));
  } catch (error) {
    if (error instanceof doors.NoDoor || error.status === 404) {
      return EMPTY;
    }
    throw error;
  }
}

/** Throw `Copied` where a node knows of something that this device said and is not known here. */
function checkAlone(ours, theirs) {
  const differs = theirs.seq === ours.seq && toHex(theirs.id) !== toHex(ours.id);
  if (theirs.seq > ours.seq || differs) {
    throw new Copied(
      "This browser's memory was copied, and the other copy has spoken. Come back with your 24 " +
        "words in another browser: that makes a new device of yours.",
    );
  }
}

function introduce({ id, invitation }, person, device, name) {
  const space = fromHex(id);
  const certificate = certify(person, space, device.public);
  const hops = invitation && useInvitation(invitation, space, person.public);
  const joining = { t: "space.join", certificate, ...(hops && { invitation: hops }) };
  return name ? [joining, { t: "space.profile", name }] : [joining];
}

function sign(device, space, head, body) {
  const said = typeof body === "function" ? body(device.public, head.id) : body;
  const rest = { salt: random(SALT), time: Date.now() };
  return writeOperation(device, space, head, writeBody(said), rest);
}

async function keep({ spaces, outbox }, remembered, log) {
  for (const operation of log) {
    const space = toHex(spaceOf(operation));
    await done(outbox.put({ space, seq: operation.seq, operation, taken: [] }));
  }
  await done(spaces.put({ ...remembered, head: headOf(log.at(-1)) }));
}

/** The spaces that this browser is in, or has been told of. */
export function spaces() {
  return all("spaces");
}
