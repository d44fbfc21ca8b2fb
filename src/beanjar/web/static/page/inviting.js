// A link that lets others in, and a square to point a camera at. An invitation stands behind the
// `#`, which no node ever sees.

import { ZERO, fromHex, random } from "../protocol/bytes.js";
import { certify, invite } from "../protocol/device.js";
import { writeTicket } from "../protocol/ticket.js";
import { keys } from "./self.js";
import { doorsOf, recall } from "./speaking.js";

const WEEK = 7 * 24 * 3_600_000;

/** The link for whoever is to come in at `door`; it invites for a week where the space `asks`. */
export async function link(space, door, { asks }) {
  const page = `${door}/s/${space}`;
  if (!asks) {
    return page; // short, so that a camera reads its square from afar
  }
  const ticket = { space, doors: doorsOf(await recall(space)), invitation: await inviteTo(space) };
  return `${page}#${writeTicket(ticket)}`;
}

/** An invitation to a space that one is in, good for a week. */
export async function inviteTo(space) {
  const [{ person, device }, { founded, hops }] = [await keys(), await recall(space)];
  const certificate = certify(person, founded ? ZERO : fromHex(space), device.public);
  const more = { secret: random(32), until: Date.now() + WEEK, before: hops };
  return invite(device, certificate, fromHex(space), more);
}

/** The square for a text, as a picture that says what it is. */
export async function draw(text, name) {
  const { renderSVG } = await import("../vendor/qr.js");
  const picture = new DOMParser().parseFromString(renderSVG(text, { border: 2 }), "image/svg+xml");
  const square = document.importNode(picture.documentElement, true);
  square.setAttribute("role", "img");
  square.setAttribute("aria-label", name);
  return square;
}
