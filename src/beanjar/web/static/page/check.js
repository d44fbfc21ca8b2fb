// The check before something is signed: a dialog that says in plain words what will be said.

import { readMoment } from "./forms.js";
import { tellDay } from "./moments.js";
import { tell } from "./times.js";

/** Show the dialog of an act with these rows of [name, words]; whether the person says yes. */
export function confirm(dialog, rows) {
  tellRows(dialog.querySelector("[data-rows]"), rows);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Put rows of [name, words] into a list. */
export function tellRows(list, rows) {
  list.replaceChildren(...rows.flatMap(([name, words]) => [make("dt", name), make("dd", words)]));
}

/** What a form says, in the words of its own labels; what has one name is in one row. */
export function rowsOf(form) {
  const rows = new Map();
  for (const control of form.elements) {
    const words = control.name && !control.disabled && !control.closest("[hidden]") && wordsOf(control);
    if (words) {
      rows.set(nameOf(control), [...(rows.get(nameOf(control)) ?? []), words]);
    }
  }
  return Array.from(rows, ([name, words]) => [name, words.join(" · ")]);
}

function wordsOf(control) {
  if (control.type === "radio") {
    return control.checked && labelOf(control);
  }
  if (control.type === "checkbox") {
    return control.checked && control.dataset.yes;
  }
  return control.value.trim() && (TELLERS[control.dataset.is] ?? tellWords)(control);
}

/** What is said otherwise than it is typed. */
const TELLERS = {
  moment: (control) => control.value !== "at" && tell(readMoment(control)),
  day: (control) => tellDay(Date.parse(control.value), document.documentElement.lang, "UTC"),
};

function tellWords(control) {
  const chosen = control.selectedOptions?.[0]?.textContent ?? control.value;
  return `${chosen.trim()} ${control.dataset.unit ?? ""}`.trim();
}

function nameOf(control) {
  const legend = control.type === "radio" && control.closest("fieldset")?.querySelector("legend");
  return legend ? legend.textContent.trim() : labelOf(control);
}

function labelOf(control) {
  return (control.dataset.name ?? control.labels[0]?.textContent ?? "").trim();
}

function make(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  element.dir = "auto";
  return element;
}
