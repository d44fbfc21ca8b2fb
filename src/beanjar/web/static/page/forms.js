// What a form says, as part of a body. Each control names a field by its path, “terms.closes”, or
// “choice.shares[]” where several make a list, and says in `data-is` how its words are read; empty
// ones say nothing. Each has in `data-why` what would fit.

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
  number: (control, form) => readNumber(control, form),
  part: (control, form) => (isBlank(control) ? 0 : readNumber(control, form)),
  day: (control) => Math.round(Date.parse(`${control.value}T00:00Z`) / DAY),
  place: (control) => Number(control.value),
  check: () => true,
  not: () => false,
  nothing: () => undefined,
  lines: (control) => readLines(control),
  moment: (control) => readMoment(control),
};

/** What the form says, as an object; controls that are disabled or out of sight say nothing. */
export function read(form) {
  const said = {};
  for (const control of form.elements) {
    const value = says(control, form) ? readControl(control, form) : undefined;
    if (value !== undefined) {
      put(said, control.name.split("."), value);
    }
  }
  checkTogether(form, said);
  checkOrder(form, said);
  checkWholes(form, said);
  return said;
}

/** What the control of this name says by itself: the chosen one's value, or nothing. */
export function chosenOf(form, name) {
  return controlOf(form, name)?.value;
}

function controlOf(form, name) {
  const named = Array.from(form.elements).filter((each) => each.name === name && !each.disabled);
  return named.find((each) => !ticks(each) || each.checked);
}

function says(control, form) {
  if (!control.name || control.disabled || control.closest("[hidden]")) {
    return false;
  }
  if (control.dataset.is === "part") {
    return !Array.from(form.elements)
      .filter((each) => each.name === control.name)
      .every(isBlank);
  }
  return ticks(control) ? control.checked : !isBlank(control);
}

function ticks(control) {
  return ["checkbox", "radio"].includes(control.type);
}

function isBlank(control) {
  return control.value.trim() === "";
}

function readControl(control, form) {
  const value = READERS[control.dataset.is ?? "text"](control, form);
  const isDefault = String(value) === control.dataset.default; // a body repeats no default
  return isDefault ? undefined : value;
}

function put(said, [name, ...rest], value) {
  if (rest.length) {
    said[name] ??= {};
    put(said[name], rest, value);
  } else if (name.endsWith("[]")) {
    const list = name.slice(0, -2);
    said[list] ??= [];
    said[list].push(value);
  } else {
    said[name] = value;
  }
}

function find(said, path) {
  return path
    .replace("[]", "")
    .split(".")
    .reduce((part, name) => part?.[name], said);
}

/** Fields that `data-together` names are all given, or none is. */
function checkTogether(form, said) {
  const names = form.dataset.together?.split(" ") ?? [];
  const missing = names.filter((name) => find(said, name) === undefined);
  if (missing.length && missing.length < names.length) {
    throw new DoesNotFit(controlOf(form, missing[0]), form.dataset.apart);
  }
}

/** Of the fields that `data-rising` names none is less than one before it. */
function checkOrder(form, said) {
  const given = (form.dataset.rising?.split(" ") ?? []).filter((name) => find(said, name) !== undefined);
  const wrong = given.find((name, place) => place && find(said, name) < find(said, given[place - 1]));
  if (wrong) {
    throw new DoesNotFit(controlOf(form, wrong), form.dataset.falling);
  }
}

/** The parts of a list add up to what `data-whole` says. */
function checkWholes(form, said) {
  for (const control of form.elements) {
    const parts = control.dataset.whole && find(said, control.name);
    if (parts && parts.reduce((sum, part) => sum + part, 0) !== Number(control.dataset.whole)) {
      throw new DoesNotFit(control, control.dataset.why);
    }
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

/** A number with as many decimals as its control takes, or as another one says, by `data-decimals-of`. */
function readNumber(control, form) {
  const { decimals, decimalsOf, why } = control.dataset;
  const places = Number(decimals ?? (decimalsOf && chosenOf(form, decimalsOf)) ?? 0);
  const value = readDecimal(control.value, places, document.documentElement.lang);
  const [low, high] = [Number(control.dataset.low), Number(control.dataset.high)];
  if (value === null || value < low || value > high) {
    throw new DoesNotFit(control, why);
  }
  return value;
}

/** Lines that say something, each another thing, as many and as long as `data-` says. */
function readLines(control) {
  const { least = 1, most = Infinity, long = Infinity, why } = control.dataset;
  const lines = control.value
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const fits = lines.length >= Number(least) && lines.length <= Number(most);
  const same = new Set(lines).size < lines.length;
  if (!fits || same || lines.some((line) => Array.from(line).length > Number(long))) {
    throw new DoesNotFit(control, why);
  }
  return lines;
}

/**
 * A moment to come, in ms: `+` and minutes from now, “tonight”, or a local date and time. “at” says
 * nothing: it is said by another control of this name.
 */
export function readMoment(control) {
  const words = control.value;
  if (words === "at") {
    return undefined;
  }
  const moment = momentOf(words);
  if (!(moment > Date.now() && moment <= Date.now() + Number(control.dataset.most ?? Infinity))) {
    throw new DoesNotFit(control, control.dataset.why);
  }
  return moment;
}

function momentOf(words) {
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
