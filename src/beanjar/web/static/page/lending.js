// The node of this door witnesses in a space that was founded here: there is no other yet.

import { fromHex } from "../protocol/bytes.js";
import { certify } from "../protocol/device.js";
import * as doors from "./doors.js";
import { change, done } from "./memory.js";
import { keys } from "./self.js";
import { recall } from "./speaking.js";

/** Ask the node to, unless it does; a node that does not answer now is asked when one comes again. */
export async function lend(space) {
  const { founded, lent } = await recall(space);
  if (!founded || lent) {
    return;
  }
  const { person } = await keys();
  const { device } = await doors.ask(location.origin, "/api");
  const certificate = certify(person, fromHex(space), fromHex(device), "node");
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ certificate });
  await doors.ask(location.origin, `/api/spaces/${space}/witness`, { method: "POST", headers, body });
  await change(["spaces"], async ({ spaces }) => {
    await done(spaces.put({ ...(await done(spaces.get(space))), lent: true }));
  });
}
