// A ticket: one string with what a newcomer needs to find a space and to be let in.

import { fromBase64Url, text, toBase64Url } from "./bytes.js";

const PREFIX = "beanjar:";
const FIELDS = ["space", "doors", "invitation", "nodes"];
const INVITATION = ["device", "certificate", "until", "signature", "secret", "before"];
const NODE = ["key", "addresses"];
const NODES = 16;
const ADDRESSES = 8;
const ADDRESS_CHARACTERS = 64;
const KEY = /^[0-9a-f]{64}$/;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Thrown for a string that is no ticket, or only a part of one. */
export class WrongTicket extends Error {}

export function writeTicket(ticket) {
  return PREFIX + toBase64Url(text(JSON.stringify(ticket)));
}

/** What a ticket says; it may stand in a link, after the `#`. */
export function readTicket(words) {
  const letters = words.trim().split("#").at(-1).replace(PREFIX, "");
  try {
    const ticket = JSON.parse(UTF8.decode(fromBase64Url(letters)));
    if (isTicket(ticket)) {
      return ticket;
    }
  } catch {
    // Said below, as for what is no ticket for another reason.
  }
  throw new WrongTicket("This is no ticket, or a part of it is missing. Copy the whole of it.");
}

function isTicket(ticket) {
  const { space, invitation, nodes = [] } = ticket;
  const carried = nodes.length <= NODES && nodes.every(isNode);
  const invited = !invitation || (has(INVITATION, invitation) && KEY.test(invitation.secret));
  return has(FIELDS, ticket) && KEY.test(space) && invited && carried;
}

function isNode(node) {
  const { key, addresses } = node;
  const dialable =
    addresses.length <= ADDRESSES && addresses.every(({ length }) => length <= ADDRESS_CHARACTERS);
  return has(NODE, node) && KEY.test(key) && dialable;
}

function has(fields, said) {
  return Object.keys(said).every((field) => fields.includes(field));
}
