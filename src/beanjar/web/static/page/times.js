// Times on a page, by the reader's own clock. The node writes them in UTC, which stays in `title`.

import { partsOf, tellLeft } from "./moments.js";
import { words } from "./words.js";

const OFTEN = 10_000;
const MINUTE_ALONE = "00";

/** Tell every time on the page from now on, also as time passes. */
export function keepTime() {
  tellTimes();
  setInterval(tellTimes, OFTEN);
}

/** Call `turned` as long as the time is past that some part of the page says it waits until. */
export function watchTime(turned) {
  setInterval(() => {
    const waiting = Array.from(document.querySelectorAll("[data-until]"));
    if (waiting.some(({ dataset }) => Number(dataset.until) <= Date.now())) {
      turned();
    }
  }, OFTEN);
}

/** Put the reader's own time in place of the node's, and how long it still is to what comes. */
export function tellTimes() {
  for (const element of document.querySelectorAll("time[datetime*=T]")) {
    element.title ||= element.textContent;
    const said = tell(Date.parse(element.dateTime));
    if (said !== element.textContent) {
      element.textContent = said;
    }
  }
}

/** A moment in words, in the language of the page, with how long it still is. */
export function tell(moment) {
  const language = document.documentElement.lang;
  const { hour, minute, ...parts } = partsOf(moment, language);
  const clock = words(minute === MINUTE_ALONE ? "hour" : "minute", { hour, minute });
  const time = words("time", { ...parts, hour: clock });
  const left = tellLeft(moment, Date.now(), language);
  return left ? `${time} (${left})` : time;
}
