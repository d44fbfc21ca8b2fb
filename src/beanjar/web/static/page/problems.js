// What is wrong with a form is said where it is wrong, and read aloud there.

import { explain } from "./words.js";

const MARK = "aria-invalid";

/** Say what is wrong: at the control that the error names, else at the end of the form. */
export function complain(form, error) {
  const { control } = error;
  const place = control ? placeAt(control) : form.querySelector("[role=alert]");
  place.textContent = explain(error);
  if (control) {
    control.closest("details")?.setAttribute("open", "");
    control.setAttribute(MARK, "true");
    control.setAttribute("aria-errormessage", place.id);
    control.focus();
  }
}

/** Take back what was said to be wrong. */
export function clear(form) {
  form.querySelector("[role=alert]").textContent = "";
  for (const control of form.querySelectorAll(`[${MARK}]`)) {
    document.getElementById(control.getAttribute("aria-errormessage"))?.remove();
    control.removeAttribute("aria-errormessage");
    control.removeAttribute(MARK);
  }
}

function placeAt(control) {
  const place = document.createElement("p");
  place.className = "problem";
  place.id = `${control.id || control.name}-problem`;
  place.setAttribute("role", "alert");
  control.closest(".field, .option, fieldset").append(place);
  return place;
}
