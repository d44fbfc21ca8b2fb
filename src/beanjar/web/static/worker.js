// Keeps on this device what pages are made of and the pages that were read last, so that they open
// while no node answers. What is said then is kept by the page itself, see page/outbox.js.

const STORE = "beanjar";
const PAGES = 100;
/** What a proxy answers in place of a node that is gone. */
const NODE_GONE = [502, 504];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepFiles());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) {
    return;
  }
  if (pathname.startsWith("/static/")) {
    event.respondWith(readFile(request));
  } else if (request.headers.get("accept")?.includes("text/html")) {
    event.respondWith(readPage(request, pathname));
  }
});

/** Keep all files that pages load, so that none is missing when it is first needed. */
async function keepFiles() {
  const source = await (await fetch("/source.json")).json();
  const store = await caches.open(STORE);
  await store.addAll([...source.files.map((each) => each.address), "/", "/me"]);
}

/** A file never changes at its address; those of an older version go when a new one comes. */
async function readFile(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(request);
  if (kept) {
    return kept;
  }
  const answer = await fetch(request);
  if (answer.ok) {
    await store.put(request, answer.clone());
    await forget(
      store,
      (path) => path.startsWith("/static/") && versionOf(path) !== versionOf(request.url),
    );
  }
  return answer;
}

function versionOf(address) {
  return address.split("/static/")[1].split("/")[0];
}

/** A page as the node has it now, else as it was last read here; one page has one address. */
async function readPage(request, pathname) {
  const store = await caches.open(STORE);
  const answer = await fetchWhole(request).catch(() => Response.error());
  if (answer.ok && !answer.redirected) {
    await store.delete(pathname); // what is kept last is forgotten last
    await store.put(pathname, answer.clone());
    await forget(store, (path, place) => !path.startsWith("/static/") && place < -PAGES);
  }
  const isGone = answer.type === "error" || NODE_GONE.includes(answer.status);
  const kept = isGone && ((await store.match(pathname)) ?? (await store.match("/")));
  return kept || answer;
}

/** What the node answers, once all of it is here: on its way it may break off. */
async function fetchWhole(request) {
  const answer = await fetch(request);
  await answer.clone().arrayBuffer();
  return answer;
}

/** Forget what `isOld` says of by its path and its place from the end. */
async function forget(store, isOld) {
  const kept = (await store.keys()).map((each) => [each, new URL(each.url).pathname]);
  for (const [place, [request, path]] of kept.entries()) {
    if (isOld(path, place - kept.length)) {
      await store.delete(request);
    }
  }
}
