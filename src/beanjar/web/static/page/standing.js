// How far what was said here has come: kept on this device, sent, safe.

import { deliver, follow } from "./outbox.js";
import { words } from "./words.js";

/** Whether anything was said since this page was opened: only then is it news that it is safe. */
let said = false;

/** Show it in an element that is read aloud when it changes. */
export function show(element) {
  follow(({ kept, sent, done, refusal }) => {
    const safe = said && done ? "safe" : "";
    const name = refusal ? "refused" : kept ? "kept" : sent ? "sent" : safe;
    said ||= Boolean(kept + sent);
    element.textContent = name && words(name, { count: kept || sent, refusal });
    element.className = `standing ${name}`;
  });
  deliver();
}
