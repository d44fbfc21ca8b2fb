// Keys that sign (Ed25519, RFC 8032), and what they sign.

import { join, text } from "./bytes.js";
import { ed25519 } from "../vendor/noble.js";

/** A signing key, of a person or of a device, from its 32 secret bytes. */
export class SigningKey {
  constructor(seed) {
    this.seed = seed;
    this.public = ed25519.getPublicKey(seed);
  }

  sign(purpose, ...parts) {
    return ed25519.sign(message(purpose, ...parts), this.seed);
  }
}

/** The purpose keeps one kind of signature from passing as another. */
export function message(purpose, ...parts) {
  return join(text(`BJ1 ${purpose}\0`), ...parts);
}
