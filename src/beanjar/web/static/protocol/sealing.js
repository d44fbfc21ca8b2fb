// A sealed answer: bytes that nobody can read until k of n witnesses have published their keys.
// Every byte of it is a function of a fresh secret, the answer and the opening it is for.

import { join, text } from "./bytes.js";
import { CannotSeal, expand, extract, seal as sealTo } from "./hpke.js";
import { split } from "./shamir.js";
import { gcm } from "../vendor/noble.js";

const LENGTH = 2;

/**
 * Seal `answer`, padded to `size` bytes, for any `threshold` of the witnesses.
 *
 * `secret` has 32 bytes, random and used for this one answer only. `context` has the ids `space`
 * and `open` and the key `author` of the device that will sign, 32 bytes each.
 */
export function seal(secret, answer, size, witnessKeys, threshold, context) {
  const padded = pad(answer, size);
  const bound = join(text("BJ1 seal\0"), context.space, context.open, context.author);
  const root = extract(bound, secret);
  const derive = (label, ...more) => expand(root, join(text(label), Uint8Array.from(more)));
  const coefficients = Array.from({ length: threshold - 1 }, (_, j) => derive("coefficient", j + 1));
  const shares = split(secret, witnessKeys.length, coefficients).map((share, i) => {
    const info = join(bound, Uint8Array.of(i));
    return sealTo(share, { to: witnessKeys[i], ephemeral: derive("ephemeral", i), info });
  });
  const nonce = expand(root, text("answer nonce"), 12);
  return join(...shares, gcm(derive("answer key"), nonce, bound).encrypt(padded));
}

function pad(answer, size) {
  const most = size - LENGTH;
  if (answer.length > most) {
    throw new CannotSeal(`This answer has ${answer.length} bytes. Shorten it to at most ${most}.`);
  }
  const padded = new Uint8Array(size);
  padded.set([answer.length >> 8, answer.length & 255]);
  padded.set(answer, LENGTH);
  return padded;
}
