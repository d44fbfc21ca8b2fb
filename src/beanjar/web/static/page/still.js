// Keeps what is read where it is while a page changes, whatever comes and goes above it.
//
// Browsers do so by themselves only where what one reads stays; here it is put in place anew.

const READ = "main :is(h1, h2, h3, p, li, tr, figure, summary, label)";
const CHANGES = { childList: true, subtree: true, characterData: true, attributeFilter: ["hidden"] };

/** How far the last move missed: windows move by whole pixels, and what is missed must not add up. */
let missed = 0;

/** Do some work without moving what is under the eye. */
export async function keepStill(work) {
  let seen = look();
  const settle = () => {
    const now = tellApart();
    const there = seen.map((each) => find(each, now)).filter(({ element: found }) => found);
    const [{ element, top } = {}] = there;
    if (element && scrollY) {
      scrollBy(0, topOf(element) - top);
      missed = Math.abs(topOf(element) - top) < 1 ? topOf(element) - top : 0;
    }
  };
  const moved = () => {
    seen = look();
  };
  const changed = new MutationObserver(settle); // before the change is painted
  changed.observe(document.querySelector("main"), CHANGES);
  addEventListener("scroll", moved); // of which one is told with the next frame only
  addEventListener("pointerdown", moved, true);
  try {
    await work();
    settle();
  } finally {
    changed.disconnect();
    removeEventListener("scroll", moved);
    removeEventListener("pointerdown", moved, true);
  }
}

/** What can be read now, from the middle of the window outwards. */
function look() {
  const middle = innerHeight / 2;
  return Array.from(tellApart(), ([name, element]) => [name, element, topOf(element) - missed])
    .filter(([, , top]) => top >= 0 && top < innerHeight)
    .sort(([, , one], [, , other]) => Math.abs(one - middle) - Math.abs(other - middle))
    .map(([name, element, top]) => ({ name, element, top }));
}

/**
 * What is on the page and like nothing else there, each by a name: its kind, and where it leads or
 * else what it says. Of two that are alike nobody knows afterwards which was which.
 */
function tellApart() {
  const found = new Map();
  for (const element of document.querySelectorAll(READ)) {
    if (element.checkVisibility()) {
      const name = `${element.localName} ${element.querySelector("a")?.href ?? element.textContent}`;
      found.set(name, found.has(name) ? null : element);
    }
  }
  return new Map(Array.from(found).filter(([, element]) => element));
}

function topOf(element) {
  return element.getBoundingClientRect().top;
}

/** The same, where it stands now: itself, or what was put in its place. */
function find({ name, element, top }, now) {
  if (element.isConnected) {
    return { element: element.checkVisibility() ? element : null, top };
  }
  return { element: now.get(name), top };
}
