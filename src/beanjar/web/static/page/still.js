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
    const [{ element, top } = {}] = seen.map(find).filter(({ element: found }) => found);
    if (element && scrollY) {
      scrollBy(0, topOf(element) - top);
      missed = Math.abs(topOf(element) - top) < 1 ? topOf(element) - top : 0;
    }
  };
  const scrolled = () => {
    seen = look();
  };
  const changed = new MutationObserver(settle); // before the change is painted
  changed.observe(document.querySelector("main"), CHANGES);
  addEventListener("scroll", scrolled);
  try {
    await work();
    settle();
  } finally {
    changed.disconnect();
    removeEventListener("scroll", scrolled);
  }
}

/** What can be read now, from the middle of the window outwards. */
function look() {
  const middle = innerHeight / 2;
  return Array.from(document.querySelectorAll(READ), (element) => {
    return { element, top: topOf(element) - missed, text: element.textContent };
  })
    .filter(({ element, top }) => element.checkVisibility() && top >= 0 && top < innerHeight)
    .sort((one, other) => Math.abs(one.top - middle) - Math.abs(other.top - middle));
}

function topOf(element) {
  return element.getBoundingClientRect().top;
}

/** The same, where it stands now: itself, or what was put in its place and says the same. */
function find({ element, top, text }) {
  if (element.isConnected) {
    return { element: element.checkVisibility() ? element : null, top };
  }
  const alike = Array.from(document.querySelectorAll(`main ${element.localName}`));
  return { element: alike.find((each) => each.textContent === text && each.checkVisibility()), top };
}
