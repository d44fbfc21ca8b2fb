// What a form says, as part of a body. Each control names a field by its path, “terms.closes”, and
// says in `data-is` how its words are read; empty ones say nothing.

const DAY = 86_400_000;

/** Thrown for words that do not fit their control; `control` is where they stand. */
export class DoesNotFit extends Error {
  constructor(control, why) {
    super(why);
    this.control = control;
  }
}

/** How the words of a control are read, by its `data-is`. What is nothing is left out. */
const READERS = {
  text: (control) => control.value.trim(),
  number: (control) => readNumber(control, Number(control.dataset.decimals ?? 0)),
  day: (control) => Math.round(Date.parse(`${control.value}T00:00Z`) / DAY),
  place: (control) => Number(control.value),
  check: () => true,
  lines: (control) => control.value.split("\n").map((line) => line.trim()).filter(Boolean),
  moment: (control) => readMoment(control.value),
};

/** What the form says, as an object; fields of a hidden fieldset say nothing. */
export function read(form) {
  const said = {};
  for (const control of form.elements) {
    const value = control.name && !control.disabled ? readControl(control) : undefined;
    if (value !== undefined) {
      put(said, control.name.split("."), value);
    }
  }
  return said;
}

function readControl(control) {
  const ticks = ["checkbox", "radio"].includes(control.type);
  if ((ticks && !control.checked) || control.value.trim() === "" || control.closest("[hidden]")) {
    return undefined;
  }
  const value = READERS[control.dataset.is ?? "text"](control);
  const isDefault = String(value) === control.dataset.default; // a body repeats no default
  return isDefault ? undefined : value;
}

function put(said, [name, ...rest], value) {
  if (rest.length) {
    put((said[name] ??= {}), rest, value);
  } else {
    said[name] = value;
  }
}

/**
 * A decimal number in the smallest unit: “1,287.5” with one decimal is 12875, and so is “1 287,5”
 * where the page's `language` is French. Never rounded; nothing where it could be meant otherwise.
 */
export function readDecimal(words, decimals, language) {
  const plain = words.replace(/[\s\u00a0\u202f']/g, "").replace("\u2212", "-");
  const grouped = /^-?\d{1,3}(,\d{3})+(\.|$)/.test(plain) ? plain.replaceAll(",", "") : plain;
  const pointed = language === "fr" ? plain.replace(",", ".") : grouped;
  const found = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(pointed);
  const places = found?.[3] ?? "";
  if (!found || places.length > decimals) {
    return null;
  }
  const value = Number(found[1] + found[2] + places.padEnd(decimals, "0"));
  return Number.isSafeInteger(value) ? value : null;
}

function readNumber(control, decimals) {
  const value = readDecimal(control.value, decimals, document.documentElement.lang);
  const [low, high] = [Number(control.dataset.low), Number(control.dataset.high)];
  if (value === null || value < low || value > high) {
    throw new DoesNotFit(control, control.dataset.why);
  }
  return value;
}

/** A moment in ms: `+` and minutes from now, “tonight”, or a local date and time. */
function readMoment(words) {
  if (words.startsWith("+")) {
    return Date.now() + Number(words) * 60_000;
  }
  if (words === "tonight") {
    const evening = new Date();
    evening.setHours(evening.getHours() < 21 ? 22 : 23, 59, 0, 0);
    return evening.getTime();
  }
  return new Date(words).getTime();
}
