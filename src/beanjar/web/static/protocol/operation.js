// One signed statement: a header of 160 bytes, a signature, and a salted body.

import { ZERO, equal, join, text, u32, u64 } from "./bytes.js";
import { sha256 } from "../vendor/noble.js";

const MAGIC = text("BJ1\0");
const WHOLE = Uint8Array.of(1);
const BODY_BYTES = 65_536;
const RUN_OPERATIONS = 1_024;
const RUN_BODY_BYTES = 1_048_576;

/** Where a log stands: the last operation's place, id and time. */
export const EMPTY = { seq: -1, id: ZERO, time: 0 };

/** Thrown where there is too much to say. */
export class TooLong extends Error {}

/**
 * Sign `body` as what follows `head` in the log of `key`, a SigningKey.
 *
 * `space` is zeros for a founding operation, `salt` 16 random bytes, `time` in ms. A clock that
 * runs behind the log's own past is overruled, since time never decreases in a log.
 */
export function writeOperation(key, space, head, body, { salt, time, until = 0 }) {
  if (body.length > BODY_BYTES) {
    throw new TooLong(`This is too long: ${body.length} bytes, and ${BODY_BYTES} fit. Shorten it.`);
  }
  const fields = {
    space,
    key: key.public,
    seq: head.seq + 1,
    time: Math.max(time, head.time),
    prev: head.id,
    digest: sha256(join(WHOLE, salt, body)),
    until,
  };
  const id = sha256(writeHeader(fields, body.length));
  return { ...fields, id, salt, body, signature: key.sign("sign", id) };
}

function writeHeader({ space, key, seq, time, prev, digest, until }, size) {
  const numbers = [u64(seq), u64(time)];
  return join(MAGIC, space, key, ...numbers, prev, digest, u64(until), u32(size));
}

export function headOf(operation) {
  return { seq: operation.seq, id: operation.id, time: operation.time };
}

/** The space that an operation belongs to: a founding one belongs to the one that it founds. */
export function spaceOf(operation) {
  return equal(operation.space, ZERO) ? operation.id : operation.space;
}

/** Consecutive operations of one log as runs, each as long as a door takes it. */
export function splitRuns(operations) {
  const runs = [];
  let size = 0;
  for (const each of operations) {
    size += each.body.length;
    if (!runs.length || size > RUN_BODY_BYTES || runs.at(-1).length === RUN_OPERATIONS) {
      runs.push([]);
      size = each.body.length;
    }
    runs.at(-1).push(each);
  }
  return runs;
}

/** Operations of one log, one after the other, as the bytes that a door takes. */
export function writeRun(operations) {
  const [first] = operations;
  const count = u32(operations.length);
  const start = [first.space, first.key, u64(first.seq), first.prev, u64(first.time), count];
  let time = first.time;
  const entries = operations.map((each) => {
    const delta = each.time - time;
    time = each.time;
    const numbers = [u64(delta), u64(each.until), u32(each.body.length)];
    return join(WHOLE, ...numbers, each.signature, each.salt, each.body);
  });
  return join(...start, ...entries);
}

/** What a body says, as the bytes to sign; fields that are undefined are left out. */
export function writeBody(body) {
  return text(JSON.stringify(body));
}
