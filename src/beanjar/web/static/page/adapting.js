// What a form shows and takes, by what has been chosen in it so far.

import { readDecimal, chosenOf } from "./forms.js";

const MOST_DECIMALS = 9;

/**
 * Show the parts that go with what was chosen. `data-when` says of which fields what value:
 * “kind.is=date|number,others=yes”, “kind.low>0”. What is not shown neither says nor needs anything.
 */
export function adapt(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(",").every((condition) => holds(form, condition));
    for (const control of part.querySelectorAll("input, select, textarea")) {
      control.disabled = Boolean(control.closest("[data-when][hidden]"));
    }
  }
  for (const lost of form.querySelectorAll("input[type=radio]:checked:disabled")) {
    const others = Array.from(form.elements).filter((each) => each.name === lost.name);
    const first = others.find((each) => !each.disabled);
    if (first) {
      first.checked = true;
    }
  }
}

/** Whether a condition holds in a form. */
export function holds(form, condition) {
  const [, name, sign, wanted] = /^([^=>]+)([=>])(.*)$/.exec(condition);
  const value = chosenOf(form, name);
  if (sign === "=") {
    return wanted.split("|").includes(value);
  }
  return readAny(value ?? "") > Number(wanted);
}

/** A number however precise it is; what is none is neither more nor less than anything. */
function readAny(words) {
  for (let places = 0; places <= MOST_DECIMALS; places += 1) {
    const value = readDecimal(words, places, document.documentElement.lang);
    if (value !== null) {
      return value / 10 ** places;
    }
  }
  return NaN;
}
