// What signing and sealing in the browser takes from others.

export { gcm } from "@noble/ciphers/aes.js";
export { ed25519, x25519 } from "@noble/curves/ed25519.js";
export { hmac } from "@noble/hashes/hmac.js";
export { sha256 } from "@noble/hashes/sha2.js";
