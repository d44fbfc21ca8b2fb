// Who is at this browser: a person, and the browser as a device of theirs.

import { random, toHex } from "../protocol/bytes.js";
import { SigningKey } from "../protocol/signing.js";
import { done, change, get } from "./memory.js";

/** The keys of the person and of this device, made at the first look. */
export async function keys() {
  const seeds = await change(["self"], async ({ self }) => {
    const [person, device] = [await made(self, "person"), await made(self, "device")];
    return { person, device };
  });
  return { person: new SigningKey(seeds.person), device: new SigningKey(seeds.device) };
}

async function made(self, name) {
  const known = await done(self.get(name));
  if (known) {
    return known.seed;
  }
  const seed = random(32);
  await done(self.put({ name, seed }));
  return seed;
}

/** Whether anybody has acted here: `{ called, person, device }`, both as keys in hex, or nothing. */
export async function me() {
  const [known, person] = [await get("self", "me"), await get("self", "person")];
  const device = await get("self", "device");
  return person && { called: "", ...known, person: publish(person), device: publish(device) };
}

function publish({ seed }) {
  return toHex(new SigningKey(seed).public);
}

/** Remember something of the person: what they are `called`, whether they saw their `words`. */
export function remember(more) {
  return change(["self"], async ({ self }) => {
    const known = (await done(self.get("me"))) ?? { name: "me", called: "" };
    await done(self.put({ ...known, ...more }));
  });
}

/** Become the person of these 32 secret bytes, with a new device, unless someone else is here. */
export function restore(seed) {
  return change(["self"], async ({ self }) => {
    const known = await done(self.get("person"));
    if (known && toHex(known.seed) !== toHex(seed)) {
      throw new Error("Somebody else is at home in this browser. Use another one, or clear it.");
    }
    if (!known) {
      await done(self.put({ name: "person", seed }));
      await done(self.put({ name: "device", seed: random(32) }));
    }
  });
}
