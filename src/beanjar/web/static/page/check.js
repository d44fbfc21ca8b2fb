// The check before something is signed: a dialog that says in plain words what will be said.

/** Show the dialog of an act with these rows of [name, words]; whether the person says yes. */
export function confirm(dialog, rows) {
  const list = dialog.querySelector("[data-rows]");
  list.replaceChildren(...rows.flatMap(([name, words]) => [make("dt", name), make("dd", words)]));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** What a form says, in the words of its own labels. */
export function rowsOf(form) {
  const rows = [];
  for (const control of form.elements) {
    const words = control.name && !control.disabled && !control.closest("[hidden]") && tell(control);
    if (words) {
      rows.push([nameOf(control), words]);
    }
  }
  return rows;
}

function tell(control) {
  if (control.type === "radio") {
    return control.checked && labelOf(control);
  }
  if (control.type === "checkbox") {
    return control.checked && control.dataset.yes;
  }
  const chosen = control.selectedOptions?.[0]?.textContent ?? control.value;
  return chosen.trim() && `${chosen.trim()} ${control.dataset.unit ?? ""}`.trim();
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
