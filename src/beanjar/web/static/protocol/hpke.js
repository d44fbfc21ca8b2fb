// Bytes sealed to one X25519 key: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256),
// HKDF-SHA256, AES-256-GCM, with an ephemeral key that the caller gives.

import { join, text } from "./bytes.js";
import { gcm, hmac, sha256, x25519 } from "../vendor/noble.js";

const KEM = join(text("HPKE-v1KEM"), Uint8Array.of(0, 0x20));
const SUITE = join(text("HPKE-v1HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 2));
const NOTHING = new Uint8Array(0);
const PRIME = 2n ** 255n - 19n;

/** Thrown where nothing can be sealed as it is asked for. */
export class CannotSeal extends Error {}

export function extract(salt, secret) {
  return hmac(sha256, salt, secret);
}

/** At most 32 bytes of HKDF-SHA256 output. */
export function expand(key, info, size = 32) {
  return hmac(sha256, key, join(info, Uint8Array.of(1))).slice(0, size);
}

function labeledExtract(salt, suite, label, secret) {
  return extract(salt, join(suite, text(label), secret));
}

function labeledExpand(key, suite, label, info, size = 32) {
  return expand(key, join(Uint8Array.of(0, size), suite, text(label), info), size);
}

/** Whether one can seal to a key: below the prime, and not of small order. */
export function isSound(key) {
  if (key.length !== 32 || toNumber(key) >= PRIME) {
    return false;
  }
  try {
    x25519.getSharedSecret(Uint8Array.of(...new Uint8Array(31), 64), key);
    return true;
  } catch {
    return false; // the shared secret would be all zeros
  }
}

function toNumber(bytes) {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Seal `plaintext` to the public key `to`; an ephemeral key serves one plaintext only. */
export function seal(plaintext, { to, ephemeral, info }) {
  if (!isSound(to)) {
    throw new CannotSeal("Nothing can be sealed to the key of one of the witnesses.");
  }
  const enc = x25519.getPublicKey(ephemeral);
  const exchanged = x25519.getSharedSecret(ephemeral, to);
  const [key, nonce] = schedule(shareSecret(exchanged, join(enc, to)), info);
  return join(enc, gcm(key, nonce).encrypt(plaintext));
}

function shareSecret(exchanged, context) {
  const key = labeledExtract(NOTHING, KEM, "eae_prk", exchanged);
  return labeledExpand(key, KEM, "shared_secret", context);
}

function schedule(shared, info) {
  const psk = labeledExtract(NOTHING, SUITE, "psk_id_hash", NOTHING);
  const about = labeledExtract(NOTHING, SUITE, "info_hash", info);
  const context = join(Uint8Array.of(0), psk, about);
  const secret = labeledExtract(shared, SUITE, "secret", NOTHING);
  return [
    labeledExpand(secret, SUITE, "key", context),
    labeledExpand(secret, SUITE, "base_nonce", context, 12),
  ];
}
