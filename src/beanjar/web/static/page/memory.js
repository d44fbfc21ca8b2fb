// What this browser keeps, and never sends: keys, its own log in each space, what is still to be
// sent, and one's own sealed answers. It belongs to this address: another door knows none of it.

const NAME = "beanjar";
const VERSION = 2;
/** Each store by what its entries are found by. */
const STORES = {
  self: "name", // "person" and "device": { name, seed }, "me": { name, called, words }
  spaces: "id", // { id, called, doors, hops, head, joined, founded, lent, seen },
  // see speaking.js, lending.js, mine.js
  outbox: ["space", "seq"], // { space, seq, operation, taken }, see outbox.js
  jars: "on", // { on, id, choice, words, rows }: one's own answer to the question that is open as `on`
  rolls: "on", // { on, persons }: who may answer what was asked here, until it is open
};

let opening = null;
let waiting = () => {};

/** Thrown where this browser keeps nothing, as in some private windows. */
export class CannotRemember extends Error {}

/** Call `tell(yes)` where an older page in another tab keeps this one waiting, and when it goes on. */
export function whenWaiting(tell) {
  waiting = tell;
}

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onblocked = () => waiting(true);
    asked.onupgradeneeded = () => {
      waiting(false);
      const there = asked.result.objectStoreNames;
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!there.contains(name)) {
          asked.result.createObjectStore(name, { keyPath });
        }
      }
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => {
        asked.result.close(); // a tab with newer pages waits for it
        opening = null;
      };
      resolve(asked.result);
    };
    asked.onerror = () =>
      reject(new CannotRemember("This browser keeps nothing, so you cannot act here."));
  });
  return opening;
}

/** Waits for a request within a transaction. */
export function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Runs `work` in one transaction on some stores, and returns what it returns once that is on disk.
 *
 * `work` is given the stores in an object, and awaits nothing but requests on them. Of two tabs
 * that write to the same stores one waits for the other.
 */
export async function change(names, work) {
  const transaction = (await open()).transaction(names, "readwrite", { durability: "strict" });
  const finished = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("It was not kept."));
  });
  const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
  try {
    const result = await work(stores);
    await finished;
    return result;
  } catch (error) {
    finished.catch(() => {});
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
    throw error;
  }
}

async function store(name) {
  return (await open()).transaction(name).objectStore(name);
}

export async function get(name, key) {
  return done((await store(name)).get(key));
}

export async function all(name) {
  return done((await store(name)).getAll());
}

export function put(name, entry) {
  return change([name], (stores) => done(stores[name].put(entry)));
}
