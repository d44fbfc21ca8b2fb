// One's own answer, which before the close only this browser can show: its words, how far it has
// come, and once the jar is open its bean among the others.

import { recallAnswer } from "./answering.js";
import * as doors from "./doors.js";
import { tellRows } from "./check.js";
import { words } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const [LEFT, RIGHT] = [40, 360];

/** Show what was answered here to the questions of this page. */
export async function showOwn(space, person) {
  for (const part of document.querySelectorAll("[data-own]")) {
    const mine = await recallAnswer(part.dataset.own);
    for (const other of document.querySelectorAll("[data-answered]")) {
      other.hidden = (other.dataset.answered === "yes") !== Boolean(mine?.choice);
    }
    part.hidden = !mine?.choice;
    if (mine?.choice) {
      await fill(part, mine, space);
    }
  }
  document.querySelectorAll(`tr[data-who="${person}"]`).forEach(markRow);
}

async function fill(part, mine, space) {
  part.querySelector("[data-words]").textContent = mine.words ?? "";
  tellRows(part.querySelector("[data-rest]"), (mine.rows ?? []).slice(1));
  const receipt = part.querySelector("[data-receipt]");
  if (receipt) {
    await showReceipt(receipt, space, mine.id);
  }
  const judged = part.querySelector("[data-judged]");
  if (judged) {
    judged.textContent = judge(judged.dataset, mine.choice.value);
  }
  markBean(mine.choice.value, part.dataset.yours);
}

async function showReceipt(element, space, id) {
  const path = `/api/spaces/${space}/operations/${id}/receipt`;
  const found = await doors.ask(location.origin, path).catch(() => null);
  const name = found && (found.sure ? "sure" : "witnessed");
  element.textContent = name ? words(name, found) : words("unwitnessed");
}

/** How close a guess came, in the sentences that the page has for it. */
function judge({ truth, decimals, right, wrong, one, many, off, beat, distances }, value) {
  if (right) {
    return value === Number(truth) ? right : wrong;
  }
  const language = document.documentElement.lang;
  const distance = Math.abs(value - Number(truth));
  const number = new Intl.NumberFormat(language).format(distance / 10 ** Number(decimals));
  const plural = new Intl.PluralRules(language).select(distance / 10 ** Number(decimals));
  const said = off.replace("{distance}", (plural === "one" ? one : many).replace("{number}", number));
  const all = distances ? distances.split(" ").map(Number) : [];
  const beaten = all.length ? countBeaten(all, distance) : 0;
  const rank = all.length && beat.replace("{beaten}", beaten).replace("{people}", all.length);
  return rank ? `${said} ${rank}` : said;
}

/** How many distances from the truth, in rising order, are greater than this one. */
export function countBeaten(distances, distance) {
  return distances.filter((each) => each > distance).length;
}

/** Take the uppermost bean from the pile in which a value lies, and lay it there as one's own. */
function markBean(value, word) {
  const find = (name) =>
    Array.from(document.querySelectorAll(`${name}[data-to]`)).find((each) => lies(value, each.dataset));
  markRow(find("tr"));
  const pile = find("path");
  const jar = pile?.closest("svg");
  if (!pile || jar.querySelector(".own")) {
    return;
  }
  const [rest, x, y] = takeLast(pile.getAttribute("d"));
  const bean = pile.cloneNode();
  pile.setAttribute("d", rest);
  bean.setAttribute("d", `M${x} ${y}h0`);
  bean.setAttribute("class", "own");
  bean.removeAttribute("stroke-opacity");
  const size = Number(bean.getAttribute("stroke-width"));
  jar.append(bean, name(word, Math.min(Math.max(x, LEFT), RIGHT), y - size));
}

/** Whether a value lies in a pile: from its first value up to, but without, the next pile's. */
export function lies(value, { from, to }) {
  return value >= Number(from || -Infinity) && value < Number(to || Infinity);
}

/** A path of dots without its last one, and where that lies. */
export function takeLast(dots) {
  const cut = dots.lastIndexOf("M");
  const [x, y] = dots
    .slice(cut + 1, -"h0".length)
    .split(" ")
    .map(Number);
  return [dots.slice(0, cut), x, y];
}

function name(word, x, y) {
  const text = document.createElementNS(SVG, "text");
  const more = { x, y, "text-anchor": "middle", "font-size": 13, fill: "currentColor", class: "own" };
  for (const [key, value] of Object.entries(more)) {
    text.setAttribute(key, value);
  }
  text.textContent = word;
  return text;
}

/** Mark a row of a table as one's own, with a word. */
function markRow(row) {
  const head = row?.querySelector("th");
  const { yours } = row?.closest("table")?.dataset ?? {};
  if (head && !row.classList.contains("mine")) {
    row.classList.add("mine");
    head.append(` (${yours})`);
  }
}
