// Whether the question of a page counts whoever is here: the node looks on its roll, which no page
// carries, since it can be long.

import * as doors from "./doors.js";

/** What was found, by address: a roll does not change. */
const found = new Map();

/** In the words of `data-for`: “counted”, or why not, as “late”. It counts whom nobody says it does not. */
export async function lookOnRoll(space, who) {
  const { roll } = document.querySelector("[data-roll]")?.dataset ?? {};
  if (!roll) {
    return "counted";
  }
  if (!who) {
    return "late"; // who has never been anywhere is on no roll
  }
  const address = `/api/spaces/${space}/questions/${roll}/roll/${who.person}`;
  if (!found.has(address)) {
    const answer = await doors.ask(location.origin, address).catch(() => null);
    if (!answer) {
      return "counted"; // what one says is kept, and asked about again
    }
    found.set(address, answer.who);
  }
  return found.get(address);
}
