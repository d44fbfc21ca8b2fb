// Answering a question, and opening one's own answer again: both here, in this browser only.

import { fromHex, random, text } from "../protocol/bytes.js";
import { seal } from "../protocol/sealing.js";
import { get, put } from "./memory.js";
import { say } from "./speaking.js";

/**
 * Answer a question; the id of the answer. Nothing as `choice` takes the answer back.
 *
 * `facts` are the question's, `tag` names the tool's answer, `size` is what it is padded to. What
 * was answered is kept here, with the `rows` that say it in words, so that it can be shown again.
 */
export async function answer(space, facts, { tag, size, choice, rows }) {
  const on = facts.open;
  const [id] = await say(space, (author) => {
    if (!choice) {
      return { t: tag, on };
    }
    return { t: tag, on, ...(facts.sealed ? lock(choice, { space, facts, size, author }) : { choice }) };
  });
  await put("jars", { on, id, choice, words: rows[0]?.[1], rows });
  return id;
}

function lock(choice, { space, facts, size, author }) {
  const keys = facts.witnesses.map((witness) => fromHex(witness.key));
  const context = { space: fromHex(space), open: fromHex(facts.open), author };
  const said = text(JSON.stringify(choice));
  const blob = seal(random(32), said, size, keys, facts.quorum, context);
  return { sealed: toBase64(blob) };
}

function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** What was answered here to the question that is open as `on`: `{ id, choice, words, rows }`. */
export function recallAnswer(on) {
  return get("jars", on);
}
