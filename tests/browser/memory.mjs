// The memory of a browser under Node, as far as pages use it: IndexedDB, one transaction at a time, and
// the pages that it keeps.

class Transaction {
  constructor(stores, before) {
    Object.assign(this, { stores, before, waiting: 0, isOver: false });
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.settle();
  }

  objectStore(name) {
    const { keyPath, entries } = this.stores.get(name);
    const find = (key) => JSON.stringify(key);
    const keyOf = (entry) =>
      Array.isArray(keyPath) ? keyPath.map((each) => entry[each]) : entry[keyPath];
    return {
      get: (key) => this.request(() => entries.get(find(key))?.entry),
      getAll: () =>
        this.request(() =>
          Array.from(entries.values())
            .sort(compare)
            .map(({ entry }) => entry),
        ),
      put: (entry) =>
        this.request(() => entries.set(find(keyOf(entry)), { key: keyOf(entry), entry }) && null),
      delete: (key) => this.request(() => entries.delete(find(key))),
    };
  }

  request(work) {
    const request = {};
    this.waiting += 1;
    this.before.then(() => {
      request.result = structuredClone(work());
      setImmediate(() => {
        request.onsuccess();
        this.waiting -= 1;
        this.settle();
      });
    });
    return request;
  }

  /** It ends by itself once nothing more is asked of it. */
  settle() {
    this.before.then(() =>
      setImmediate(() => {
        if (!this.waiting && !this.isOver) {
          this.isOver = true;
          this.end();
          this.oncomplete?.();
        }
      }),
    );
  }

  abort() {
    this.isOver = true;
    this.end();
  }
}

function compare({ key: one }, { key: other }) {
  const [[space, seq], [otherSpace, otherSeq]] = [one, other].map((key) => [key].flat());
  return space < otherSpace ? -1 : space > otherSpace ? 1 : (seq ?? 0) - (otherSeq ?? 0);
}

/** What stands at `indexedDB` in a browser that has been nowhere yet. */
export function makeMemory() {
  const stores = new Map();
  let last = Promise.resolve();
  const database = {
    objectStoreNames: { contains: (name) => stores.has(name) },
    createObjectStore: (name, { keyPath }) => stores.set(name, { keyPath, entries: new Map() }),
    transaction() {
      const made = new Transaction(stores, last);
      last = made.ended;
      return made;
    },
  };
  return {
    open() {
      const request = { result: database };
      setImmediate(() => {
        request.onupgradeneeded();
        request.onsuccess();
      });
      return request;
    },
  };
}

/** What `caches` opens, with nothing in it yet; a page is kept once all of it has come. */
export function makePages(origin) {
  const kept = new Map();
  return {
    match: async (path) => kept.has(path) && new Response(kept.get(path)),
    put: async (path, answer) => void kept.set(path, await answer.text()),
    delete: async (path) => kept.delete(path),
    keys: async () => Array.from(kept.keys(), (path) => ({ url: origin + path })),
  };
}
