// What only this browser knows of whoever is here: their spaces, their calendar, and their words.

import { calendar } from "./mine.js";
import { keys } from "./self.js";
import { spaces } from "./speaking.js";

/** Show it where the page has a place for it; the words only once they are asked for. */
export async function showKept(who) {
  const mine = who ? (await spaces()).filter((each) => each.joined) : [];
  const list = document.querySelector("[data-spaces]");
  list?.replaceChildren(...mine.map(({ id, called }) => line(`/s/${id}`, called)));
  showElsewhere(mine);
  for (const field of document.querySelectorAll("[data-calendar]")) {
    field.value = await calendar();
  }
  document.querySelector("[data-secret]")?.addEventListener("toggle", spellOut, { once: true });
}

/** The spaces that this page's node does not carry, each at a door that did. */
function showElsewhere(mine) {
  const part = document.querySelector("[data-elsewhere]");
  const others = mine.filter(({ id, doors: known }) => known.length && !isHere(id));
  part
    ?.querySelector("ul")
    .replaceChildren(
      ...others.map(({ id, called, doors: known }) => line(`${known.at(-1)}/s/${id}`, called)),
    );
  part?.toggleAttribute("hidden", !others.length);
}

function isHere(id) {
  return document.querySelector(`[data-mine] [data-space="${id}"]`);
}

function line(address, called) {
  const [item, link] = [document.createElement("li"), document.createElement("a")];
  [link.href, link.textContent, link.dir] = [address, called, "auto"];
  item.append(link);
  return item;
}

async function spellOut() {
  const { spell } = await import("../protocol/words.js");
  const { person } = await keys();
  const items = spell(person.seed)
    .split(" ")
    .map((word) => {
      const item = document.createElement("li");
      item.textContent = word;
      return item;
    });
  document.querySelector("[data-spelled]").replaceChildren(...items);
}
