// Asking: witnesses are drawn, and the ask is said; `opening.js` opens it once all have accepted.

import { fromHex, join, toHex } from "../protocol/bytes.js";
import { sha256 } from "../vendor/noble.js";
import * as doors from "./doors.js";
import { put } from "./memory.js";
import { say } from "./speaking.js";

const COUNTS = [7, 4, 1];

/** Thrown where a question names nobody who may answer it. */
export class Nobody extends Error {}

/**
 * Ask; the id of the ask. At most so many `witnesses` are drawn, 7 if it is not said. `who` may
 * answer: anyone, “here” the people who are members now, “some” only these `persons`.
 */
export async function ask(space, body, { witnesses = COUNTS[0], who, persons = [] }) {
  const about = await doors.ask(location.origin, `/s/${space}.json`);
  const roll = who === "here" ? await listMembers(space) : persons;
  if (who && !roll.length) {
    throw new Nobody("Name somebody who may answer.");
  }
  const listed = who && { listed: true };
  const [id] = await say(space, (_, before) => ({
    ...body,
    terms: { ...body.terms, ...listed, witnesses: draw(before, about, witnesses) },
  }));
  if (who) {
    await put("rolls", { on: id, persons: roll });
  }
  return id;
}

/** The keys of all who are in a space now, with their names: `[person, name]`. */
export async function nameMembers(space) {
  const { members } = await doors.ask(location.origin, `/s/${space}/people.json`);
  return members.filter((each) => !each.left).map(({ person, name }) => [person, name]);
}

async function listMembers(space) {
  return (await nameMembers(space)).map(([person]) => person);
}

/**
 * The witnesses' devices: by SHA-256 of what the asker said before and of each offer's id. Where
 * nobody offers it is the node's own, which `about` names too.
 */
export function draw(before, { offers, carrier }, most) {
  const drawable = offers.filter((offer) => offer.may_be_drawn);
  const count = COUNTS.find((each) => each <= most && each <= drawable.length);
  if (!count) {
    return [carrier];
  }
  const place = (offer) => toHex(sha256(join(before, fromHex(offer.offer))));
  const drawn = drawable.map((offer) => [place(offer), offer.device]).sort();
  return drawn.slice(0, count).map(([, device]) => device);
}
