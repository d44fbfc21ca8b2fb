// Doors: addresses at which nodes take what is said in a space, and tell what is there.

import { fromHex, toHex } from "../protocol/bytes.js";

const PATIENCE = 8_000;
const PACE = 16; // bytes in a ms: on a slower network nothing large can be handed in
const ID = /^[0-9a-f]{64}$/;

/** The doors of the space that this page is about, as its node knows them. */
export function doorsHere() {
  return document.body.dataset.doors?.split(" ").filter(Boolean) ?? [];
}

/** Thrown where no door answers. */
export class NoDoor extends Error {}

/** Thrown where a door answers and says no, in its own sentence. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** Ask a door; its JSON. Throws `NoDoor` or `Refused`. */
export async function ask(door, path, options = {}) {
  let answer;
  try {
    const headers = { "accept-language": document.documentElement.lang, ...options.headers };
    const more = { credentials: "omit", signal: AbortSignal.timeout(PATIENCE) };
    answer = await fetch(new URL(path, door), { ...more, ...options, headers });
  } catch {
    throw new NoDoor("The node does not answer.");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said === null) {
    throw new NoDoor("The node's answer broke off.");
  }
  if (answer.status >= 500 && !said?.error) {
    throw new NoDoor("A proxy answers, but not the node behind it.");
  }
  if (!answer.ok) {
    throw new Refused(
      said?.error ?? `It answers, but not as a node does (${answer.status}).`,
      answer.status,
    );
  }
  return said;
}

/** Where a device's log stands on a door's node. */
export async function head(door, space, device) {
  const { seq, id, time } = await ask(door, `/api/spaces/${space}/logs/${toHex(device)}`);
  if (!Number.isSafeInteger(seq) || !ID.test(id)) {
    throw new NoDoor("Something answers, but not as a node does.");
  }
  return { seq, id: fromHex(id), time };
}

/** Hand in a run. */
export function submit(door, space, run, { founds = false } = {}) {
  const headers = { "content-type": "application/octet-stream" };
  const path = founds ? "/api/spaces" : `/api/spaces/${space}/runs`;
  const signal = AbortSignal.timeout(PATIENCE + Math.ceil(run.length / PACE));
  return ask(door, path, { method: "POST", body: run, headers, signal });
}

/** Who holds each of some operations, by their ids. */
export function holdings(door, space, ids) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ ids });
  return ask(door, `/api/spaces/${space}/holdings`, { method: "POST", body, headers });
}

/** What `look` finds at the first door that answers. Throws `NoDoor` where none does. */
export async function first(doors, look) {
  for (const door of doors) {
    try {
      return await look(door);
    } catch (error) {
      if (!(error instanceof NoDoor)) {
        throw error;
      }
    }
  }
  throw new NoDoor("None of the nodes that carry this space answers now.");
}
