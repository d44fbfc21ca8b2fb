// A door of a node under Node, as far as pages speak with it; it keeps what it is handed.

import { toHex } from "../../src/beanjar/web/static/protocol/bytes.js";

const [KEY, SEQ, COUNT] = [32, 64, 112];

/**
 * What stands at `fetch` where there is one such door. It takes runs that follow on what it has, and
 * is away from its `last` run on; while it `refuses`, it is too busy for logs. `pages` are what it answers elsewhere, as text by address.
 */
export function makeDoor(pages = {}) {
  const door = { runs: [], head: -1, last: Infinity, asked: [] };
  door.fetch = async ({ pathname }, { body } = {}) => {
    door.asked.push(pathname);
    if (pathname in pages) {
      return new Response(pages[pathname]);
    }
    if (pathname.includes("/logs/") && door.refuses) {
      return Response.json({ error: "It is too busy." }, { status: 503 });
    }
    if (pathname.includes("/logs/")) {
      return Response.json({ seq: door.head, id: "00".repeat(32), time: 0 });
    }
    return Response.json(pathname.endsWith("/holdings") ? [] : take(door, pathname, body));
  };
  return door;
}

function take(door, pathname, run) {
  if (door.runs.length >= door.last) {
    throw new TypeError("The node is away.");
  }
  const numbers = new DataView(run.buffer, run.byteOffset);
  const seq = Number(numbers.getBigUint64(SEQ));
  if (seq > door.head + 1) {
    throw new Error(
      `A run begins at ${seq}, and the log of ${toHex(run.slice(KEY, SEQ))} ends at ${door.head}.`,
    );
  }
  door.head = Math.max(door.head, seq + numbers.getUint32(COUNT) - 1);
  door.runs.push([pathname, toHex(run)]);
  return {};
}
