// Asking: witnesses are drawn, the ask is said, and opened once all of them have accepted.

import { fromHex, join, toHex } from "../protocol/bytes.js";
import { sha256 } from "../vendor/noble.js";
import { say } from "./speaking.js";

const COUNTS = [7, 4, 1];

/**
 * Ask; the id of the ask. `about` is what the node tells of the space: its offers, and its own
 * device, which witnesses where nobody offers.
 */
export async function ask(space, body, about) {
  const [id] = await say(space, (_, before) => ({
    ...body,
    terms: { ...body.terms, witnesses: draw(before, about) },
  }));
  return id;
}

/** The witnesses' devices: by SHA-256 of what the asker said before and of each offer's id. */
function draw(before, { offers, carrier }) {
  const drawable = offers.filter((offer) => offer.may_be_drawn);
  const count = COUNTS.find((each) => each <= drawable.length);
  if (!count) {
    return [carrier];
  }
  const place = (offer) => toHex(sha256(join(before, fromHex(offer.offer))));
  const drawn = drawable.map((offer) => [place(offer), offer.device]).sort();
  return drawn.slice(0, count).map(([, device]) => device);
}

/** Open a question whose witnesses have all accepted. */
export function open(space, question, facts) {
  const accepts = facts.witnesses.map((witness) => witness.accept);
  return say(space, { t: "question.open", on: question, accepts });
}
