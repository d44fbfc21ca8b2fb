// What concerns whoever is at this browser: the page's own node is asked for it, and keeps nothing
// of it. Which spaces one is in, and when one last looked at each, only this browser knows.

import { all, change, done } from "./memory.js";
import { me } from "./self.js";

/** This page's address, and that of what concerns whoever is here where the page shows that. */
export async function address() {
  const here = new URL(location.href);
  const { space } = document.body.dataset;
  if (document.querySelector("[data-mine]")) {
    for (const [name, value] of await visit(space)) {
      here.searchParams.append(name, value);
    }
  }
  return here;
}

/** The address of one's own calendar. */
export async function calendar() {
  return new URL(`/calendar.ics?${new URLSearchParams(await visit())}`, location.origin);
}

/** Who comes, as an address says it: `person`, and `seen` for each of their spaces, or for one. */
async function visit(space) {
  const who = await me();
  const mine = (await all("spaces")).filter((each) => each.joined && (!space || each.id === space));
  const seen = mine.map((each) => ["seen", `${each.id}.${each.seen ?? 0}`]);
  return who ? [["person", who.person], ...seen] : [];
}

/** Remember that somebody looks at a space now. */
export function look(space) {
  return change(["spaces"], async ({ spaces }) => {
    const known = await done(spaces.get(space));
    if (known) {
      await done(spaces.put({ ...known, seen: Date.now() }));
    }
  });
}
