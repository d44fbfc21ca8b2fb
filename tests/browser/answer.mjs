// Answers on standard output, as JSON, what the tests ask of the browser's modules on standard input.

import { readFileSync } from "node:fs";

import { makeDoor } from "./door.mjs";
import { makeMemory, makePages } from "./memory.mjs";

const at = (name) => import(new URL(`../../src/beanjar/web/static/protocol/${name}.js`, import.meta.url));
const { fromHex, toHex } = await at("bytes");
const { SigningKey, message } = await at("signing");
const { writeOperation, headOf, spaceOf, splitRuns, writeRun, writeBody } = await at("operation");
const { certify, invite, revoke, useInvitation } = await at("device");
const { readTicket, writeTicket } = await at("ticket");
const { seal } = await at("sealing");
const hpke = await at("hpke");
const { split } = await at("shamir");
const { spell, unspell } = await at("words");
globalThis.addEventListener = () => {};
globalThis.document = {
  documentElement: { lang: "en" },
  body: { dataset: {} },
  getElementById: () => null,
};
globalThis.indexedDB = makeMemory();
const heard = {};
globalThis.self = { addEventListener: (name, listener) => Object.assign(heard, { [name]: listener }) };
await at("../worker");
const { readDecimal, read } = await at("../page/forms");
const { holds } = await at("../page/adapting");
const { draw, nameMembers } = await at("../page/asking");
const { makeOpen, openIfReady, partRoll } = await at("../page/opening");
const { partsOf, tellLeft } = await at("../page/moments");
const { watchTime } = await at("../page/times");
const { lookOnRoll } = await at("../page/roll");
const { deliver } = await at("../page/outbox");
const { all, put } = await at("../page/memory");
const { found, note, say } = await at("../page/speaking");
const { countBeaten, lies, takeLast } = await at("../page/own");

/** A form that has what its readers look at; a control is named, and says how it is read. */
function makeForm({ controls, dataset = {} }) {
  const elements = controls.map(
    ({ name, value = "", type = "text", checked = false, out = false, ...more }) => ({
      name,
      value,
      type,
      checked,
      disabled: false,
      closest: () => (out ? {} : null),
      dataset: more,
    }),
  );
  return { elements, dataset };
}

/** An answer that breaks off in the middle of what it says. */
function breakOff(says) {
  const half = new TextEncoder().encode(JSON.stringify(says)).slice(0, -3);
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(half),
    pull: (controller) => controller.error(new TypeError("The network changed.")),
  });
  return new Response(body);
}

const answers = {
  turns({ moments, now }) {
    const [later, clock] = [globalThis.setInterval, Date.now];
    let turns = 0;
    document.querySelectorAll = () => moments.map((until) => ({ dataset: { until } }));
    globalThis.setInterval = (look) => look();
    Date.now = () => now;
    watchTime(() => {
      turns += 1;
    });
    [globalThis.setInterval, Date.now] = [later, clock];
    return turns;
  },

  operation({ seed, space, seq, prev, time, salt, body, until }) {
    const head = { seq: seq - 1, id: fromHex(prev), time: 0 };
    const rest = { salt: fromHex(salt), time, until };
    const key = new SigningKey(fromHex(seed));
    const made = writeOperation(key, fromHex(space), head, fromHex(body), rest);
    const [id, signature] = [toHex(made.id), toHex(made.signature)];
    return { id, signature, effective_space: toHex(spaceOf(made)) };
  },

  log({ seed, space, bodies, times, salt }) {
    const key = new SigningKey(fromHex(seed));
    let [head, here] = [{ seq: -1, id: new Uint8Array(32), time: 0 }, fromHex(space)];
    const log = bodies.map((body, place) => {
      const rest = { salt: fromHex(salt), time: times[place] };
      const made = writeOperation(key, here, head, writeBody(body), rest);
      [head, here] = [headOf(made), spaceOf(made)];
      return made;
    });
    return { run: toHex(writeRun(log)), ids: log.map((each) => toHex(each.id)) };
  },

  signature({ seed, purpose, parts }) {
    const bytes = parts.map(fromHex);
    const signature = toHex(new SigningKey(fromHex(seed)).sign(purpose, ...bytes));
    return { message: toHex(message(purpose, ...bytes)), signature };
  },

  certificate({ seed, space, device }) {
    return certify(new SigningKey(fromHex(seed)), fromHex(space), fromHex(device));
  },

  revoke({ seed, space, device, seq, id }) {
    const [person, last] = [new SigningKey(fromHex(seed)), { seq, id: fromHex(id) }];
    return toHex(writeBody(revoke(person, fromHex(space), fromHex(device), last)));
  },

  invite({ seed, certificate, space, secret, until, before }) {
    const key = new SigningKey(fromHex(seed));
    return invite(key, certificate, fromHex(space), { secret: fromHex(secret), until, before });
  },

  hops({ invitation, space, person }) {
    return useInvitation(invitation, fromHex(space), fromHex(person));
  },

  seal({ secret, answer, size, witness_keys: keys, threshold, ...context }) {
    const bound = Object.fromEntries(
      ["space", "open", "author"].map((name) => [name, fromHex(context[name])]),
    );
    const bytes = keys.map(fromHex);
    return toHex(seal(fromHex(secret), fromHex(answer), size, bytes, threshold, bound));
  },

  hpke({ plaintext, to, ephemeral_private: ephemeral, info }) {
    const more = { to: fromHex(to), ephemeral: fromHex(ephemeral), info: fromHex(info) };
    return toHex(hpke.seal(fromHex(plaintext), more));
  },

  sound: (key) => hpke.isSound(fromHex(key)),

  shares({ secret, n, coefficients }) {
    return split(fromHex(secret), n, coefficients.map(fromHex)).map(toHex);
  },

  ticket: (said) => readTicket(said),
  writeTicket: (ticket) => writeTicket(ticket),
  spell: (seed) => spell(fromHex(seed)),
  unspell: (words) => toHex(unspell(words)),
  decimal: ({ words, decimals, language }) => readDecimal(words, decimals, language),
  form: (form) => read(makeForm(form)),
  holds: ({ form, condition }) => holds(makeForm(form), condition),
  draw: ({ before, about, most }) => draw(fromHex(before), about, most),
  parts: ({ on, persons }) => partRoll(on, persons).map((part) => toHex(writeBody(part))),
  open: ({ on, accepts, persons, parts }) => toHex(writeBody(makeOpen(on, accepts, persons, parts))),
  moment: ({ moment, language, zone }) => partsOf(moment, language, zone),
  left: ({ moment, now, language }) => tellLeft(moment, now, language),
  last: (dots) => takeLast(dots),
  lies: ({ value, pile }) => lies(value, pile),

  /** What a page makes of a question's roll when it looks twice, and what it asks its node for. */
  async roll({ roll, who, says, breaks }) {
    const asked = [];
    document.querySelector = () => (roll ? { dataset: { roll } } : null);
    globalThis.location = { origin: "http://127.0.0.1" };
    globalThis.fetch = async ({ pathname }) => {
      asked.push(pathname);
      if (!says) {
        throw new TypeError("The node is away.");
      }
      return breaks ? breakOff(says) : Response.json(says);
    };
    return { found: [await lookOnRoll("5b", who), await lookOnRoll("5b", who)], asked };
  },

  /** How many operations with bodies of these sizes go out in each run. */
  runs: (sizes) =>
    splitRuns(sizes.map((size) => ({ body: new Uint8Array(size) }))).map((run) => run.length),

  /**
   * What a door has been handed, and how many entries no door has taken, each time that a browser
   * tries to send these bodies: first to a door that takes `last` runs, then to one that takes all.
   * At its `pace`, in bytes a ms, a run travels until the browser has no more patience.
   */
  async sent({ bodies, last, pace = Infinity }) {
    globalThis.location = { origin: "http://127.0.0.1" };
    globalThis.setTimeout = () => {};
    AbortSignal.timeout = (patience) => patience;
    const door = makeDoor();
    globalThis.fetch = async (address, options) => {
      if ((options.body?.length ?? 0) / pace > options.signal) {
        throw new DOMException("It took too long.", "TimeoutError");
      }
      return door.fetch(address, options);
    };
    const space = await found("A table", "");
    await say(space, ...bodies);
    const tries = [];
    for (door.last of [last, Infinity]) {
      await deliver();
      const left = (await all("outbox")).filter(({ taken }) => !taken.length);
      tries.push({ runs: [...door.runs], left: left.length });
    }
    return { space, tries };
  },

  /**
   * What a browser says that asked a question which is ready to be opened: when it is told so twice
   * at once, and again while its node knows no better. A door that `refuses` does so at first; the
   * time of a question that is `late` is over.
   */
  async opens({ on, accepts, persons, refuses, late }) {
    globalThis.location = { origin: "http://127.0.0.1", pathname: `/s/5b/estimate/${on}` };
    globalThis.setTimeout = () => {};
    const closes = Date.now() + (late ? 0 : 60_000);
    const facts = { state: "asked", closes, witnesses: accepts.map((accept) => ({ accept })) };
    const view = { facts, ask: { terms: { listed: persons.length > 0 } } };
    const door = makeDoor({ [`${location.pathname}.json`]: JSON.stringify(view) });
    globalThis.fetch = door.fetch;
    const space = await found("A table", "");
    document.body.dataset.space = space;
    await put("rolls", { on, persons });
    const make = () => ({ dataset: { open: on, person: "aa" } });
    door.refuses = refuses;
    for (const part of [make(), make()]) {
      document.querySelector = () => part; // what the node gives anew takes its place
      await Promise.all([openIfReady({ person: "aa" }), openIfReady({ person: "aa" })]);
      door.refuses = false;
    }
    await deliver();
    return { runs: door.runs, rolls: await all("rolls") };
  },

  /** What a door has taken where another, which is asked first, is no node and `says` something. */
  async elsewhere({ says, body }) {
    const [here, there] = ["http://127.0.0.1", "http://127.0.0.2"];
    globalThis.location = { origin: here };
    globalThis.setTimeout = () => {};
    document.body.dataset.doors = there;
    const door = makeDoor();
    globalThis.fetch = async (address, options) =>
      address.origin === here ? Response.json(says) : door.fetch(address, options);
    const space = "5b".repeat(32);
    await note({ space, doors: [there] });
    await say(space, body);
    await deliver();
    return door.runs;
  },

  /** What one reads at one address, each time that the node `says` something or breaks off in it. */
  async pages(visits) {
    globalThis.location = { origin: "http://127.0.0.1" };
    globalThis.caches = { open: async () => store };
    const store = makePages(location.origin);
    const read = [];
    for (const { says, breaks } of visits) {
      globalThis.fetch = async () => (breaks ? breakOff(says) : new Response(says));
      const request = {
        method: "GET",
        url: `${location.origin}/me`,
        headers: new Headers({ accept: "text/html" }),
      };
      const answer = await new Promise((respondWith) => heard.fetch({ request, respondWith })).catch(
        () => null,
      );
      read.push((await answer?.text().catch(() => null)) ?? null);
    }
    return read;
  },

  /** Who is in a space, as a door says it whose answer may break off. */
  members({ says, breaks }) {
    globalThis.location = { origin: "http://127.0.0.1" };
    globalThis.fetch = async () => (breaks ? breakOff(says) : Response.json(says));
    return nameMembers("5b");
  },

  beaten: ({ distances, distance }) => countBeaten(distances, distance),
};

async function answer({ ask, of }) {
  try {
    return { answer: await answers[ask](of) };
  } catch (error) {
    return { error: error.constructor.name, message: error.message };
  }
}

const said = [];
for (const each of JSON.parse(readFileSync(0, "utf-8"))) {
  said.push(await answer(each)); // one after the other: each may pretend another browser
}
process.stdout.write(JSON.stringify(said));
