"""Somebody with another browser than Chromium."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from tests.journeys.person import AXE, RULES, Person, Setting, tell
from tests.journeys.webdriver import Driver, NotDone, open_firefox, open_webkit

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""By this key an element goes through WebDriver."""
CLICKED = "button, a, summary, label"
"""What people click on."""
TRIES = 180
"""After how many tries somebody gives up; nothing that works takes as many."""
FIND = """
const [where, within, words] = arguments;
const plain = (text) => text.replace(/\\s+/g, " ").trim();
const says = (each) => within
  ? !words || plain(each.textContent) === plain(words)
  : plain(each.textContent).includes(plain(words));
const look = () => [...document.querySelectorAll(where)]
  .flatMap((part) => (within ? [...part.querySelectorAll(within)] : [part]))
  .find((each) => each.checkVisibility() && !each.disabled && says(each));
return new Promise((resolve) => {
  const end = Date.now() + 250;
  const again = () => {
    const found = look();
    return found || Date.now() > end ? resolve(found?.control ?? found) : setTimeout(again, 20);
  };
  again();
});
"""
"""What can be seen, waited for as long as a page may last that is about to be left."""
AIM = """
window.struck = false;
arguments[0].addEventListener("click", () => { window.struck = true; }, { once: true });
"""
STRIKES = 3
"""How often somebody clicks on something: a page that moves at that moment is hit elsewhere."""

ASKED = "performance.getEntriesByType('resource').map((each) => each.name)"
"""What the page that is open has asked for, as the browser counted it."""
Kind = Literal["firefox", "webkit"]


class Stranger(Person):
    """One person, one profile, one page, in a browser that takes WebDriver's commands."""

    def __init__(self, driver: Driver, name: str, setting: Setting) -> None:
        """Take a browser that knows nobody yet, at the setting's size."""
        super().__init__(name, setting)
        self._driver = driver
        driver.call("SetWindowRect", width=setting.width, height=setting.height)

    @property
    def address(self) -> str:
        """Where one is."""
        return str(self.evaluate("location.href"))

    def go(self, address: str) -> None:
        """Open an address."""
        self.note(address, *self.evaluate(ASKED))
        self._driver.call("Navigate", url=address)

    def fill(self, where: str, label: str, words: str) -> None:
        """Write into what has this label, within what a selector names."""
        element = self._find(where, "label", label)
        self._driver.call("ElementClear", id=element)
        self._driver.call("ElementSendKeys", id=element, text=words)

    def click(self, where: str, words: str = "") -> None:
        """Click on what says this, or else the button, within what a selector names."""
        for _ in range(STRIKES):
            if self._strike(self._find(where, CLICKED if words else "button", words)):
                return
        raise AssertionError(f"What says “{words}” at {where} is never still: {self.read()}")

    def see(self, where: str, words: str = "") -> None:
        """Wait until something that a selector names can be seen, and says this."""
        self._find(where, "", words)

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - whatever it is in the browser
        """Return what a JavaScript expression is on the page."""
        return self._driver.call("ExecuteScript", script=f"return {expression};", args=[])

    def look(self) -> None:
        """Let axe look at the page as it is: whatever it finds fails the journey."""
        axe = AXE.read_text(encoding="utf-8")
        look = f"{axe}; return axe.run(document, {{ runOnly: {json.dumps(RULES)} }});"
        found = self._driver.call("ExecuteScript", script=look, args=[])
        assert not found["violations"], tell(found["violations"])
        assert self.evaluate("document.documentElement.lang") == self.speaker.language.code

    def _strike(self, element: str) -> bool:
        """Click on an element; return whether that was hit, or has led to another page."""
        try:
            self._driver.call("ExecuteScript", script=AIM, args=[{ELEMENT: element}])
            self._driver.call("ElementClick", id=element)
        except NotDone:
            return False  # it was put anew meanwhile
        return self.evaluate("window.struck") is not False

    def _find(self, where: str, within: str, words: str) -> str:
        problem = None
        for _ in range(TRIES):
            try:
                found = self._driver.call("ExecuteScript", script=FIND, args=[where, within, words])
            except NotDone as error:
                problem = error  # the page was left meanwhile
            else:
                if found:
                    return str(found[ELEMENT])
        raise AssertionError(
            f"Nothing at {where} {within} says “{words}”: {self.read()}"
        ) from problem


@contextmanager
def open_browser(kind: Kind, name: str, setting: Setting, folder: Path) -> Iterator[Stranger]:
    """Let somebody set out with a browser of this kind."""
    opening = open_firefox(folder, setting.language) if kind == "firefox" else open_webkit()
    with opening as driver:
        stranger = Stranger(driver, name, setting)
        yield stranger
        stranger.note(*stranger.evaluate(ASKED))
