// Bytes: Uint8Array throughout. What follows is spelled out in docs/WIRE.md.

export const ZERO = new Uint8Array(32);

const UTF8 = new TextEncoder();
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function text(words) {
  return UTF8.encode(words);
}

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => DIGITS[byte]).join("");
}

export function fromHex(digits) {
  if (digits.length % 2 || !/^[0-9a-f]*$/.test(digits)) {
    throw new Error("This is not hexadecimal.");
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** Eight bytes, big endian, of a whole number from 0 to 2^53 - 1. */
export function u64(number) {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Error("This number is larger than any clock or count can be.");
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

export function equal(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Random bytes. `getRandomValues` is there on plain-http pages too. */
export function random(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

export function toBase64Url(bytes) {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64Url(letters) {
  const plain = atob(letters.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
