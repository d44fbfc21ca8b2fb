"""Somebody who uses the pages, in whatever browser."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from beanjar.web.language import LANGUAGES, Speaker

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA and more; no rule is left out."""
OWN = {"about", "blob", "data"}
"""What stands in a page itself is asked of nobody."""
PATIENCE = 45_000
"""Milliseconds after which a journey gives up; nothing that works takes long."""


class Setting(NamedTuple):
    """A browser's window, in pixels, and its language."""

    width: int
    height: int
    language: str


def tell(violations: Sequence[dict[str, Any]]) -> str:
    """Return what axe found, and where."""
    return "\n".join(
        f"{each['id']}: {each['help']}: {', '.join(str(node['target']) for node in each['nodes'])}"
        for each in violations
    )


class Person(ABC):
    """One person at one browser: a few things that hands and eyes do, and all that follows."""

    def __init__(self, name: str, setting: Setting) -> None:
        """Let somebody of this name read pages in the setting's language."""
        self.name = name
        self.asked: set[str] = set()
        """The addresses (a URL without a path) that pages asked for something."""
        self.speaker = Speaker(LANGUAGES[setting.language])

    @property
    @abstractmethod
    def address(self) -> str:
        """Where one is."""

    @abstractmethod
    def go(self, address: str) -> None:
        """Open an address."""

    @abstractmethod
    def fill(self, where: str, label: str, words: str) -> None:
        """Write into what has this label, within what a selector names."""

    @abstractmethod
    def click(self, where: str, words: str = "") -> None:
        """Click on what says this, or else the button, within what a selector names."""

    @abstractmethod
    def see(self, where: str, words: str = "") -> None:
        """Wait until something that a selector names can be seen, and says this."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - whatever it is in the browser
        """Return what a JavaScript expression is on the page."""

    @abstractmethod
    def look(self) -> None:
        """Let axe look at the page as it is: whatever it finds fails the journey."""

    def note(self, *addresses: str) -> None:
        """Note what a page has asked for; what stands in the page itself it asks nobody for."""
        for each in map(urlsplit, addresses):
            if each.scheme not in OWN:
                self.asked.add(f"{each.scheme}://{each.netloc}")

    def say(self, sentence: str, **places: object) -> str:
        """Return a sentence of the pages, named by its English, in the browser's language."""
        return self.speaker.say(sentence).format(**places)

    def found(self, url: str, name: str, *, by_invitation: bool = False) -> str:
        """Make a space at a node; return its address."""
        self.go(url)
        self.unfold(self.say("Make a space"))
        form = "form[data-act=found]"
        self.fill(form, self.say("What people call you"), self.name)
        self.fill(form, self.say("What the space is called"), name)
        if by_invitation:
            self.click(form, self.say("Only people with an invitation can join"))
        self.click(form)
        self.see("h1", name)
        self.see("main a", self.say("Ask something"))
        return self.address

    def join(self, address: str) -> None:
        """Join the space at an address."""
        self.go(address)
        form = "form[data-act=join]"
        self.fill(form, self.say("What people call you"), self.name)
        self.click(form)
        self.see("main a", self.say("Ask something"))

    def ask(self, title: str, *, unit: str = "beans") -> str:
        """Ask for an estimate in the space that is open; return its address once it is open."""
        self.click("main", self.say("Ask something"))
        form = "form[data-act=ask]"
        self.fill(form, self.say("The question"), title)
        self.fill(form, self.say("Counted in"), unit)
        self.tick("terms.asker_may_end")
        self.click(form)
        self.click("dialog[open]", self.say("Ask"))
        self.see("h1", title)
        self.see("form[data-act=answer]")
        return self.address

    def tick(self, name: str) -> None:
        """Tick the box of this name, though the page may move at that moment."""
        self.evaluate(f"document.querySelector(\"input[name='{name}']\").click()")

    def answer(self, value: str) -> None:
        """Answer the question that is open."""
        form = "form[data-act=answer]"
        self.fill(form, self.say("Your guess"), value)
        self.click(form)
        self.click("dialog[open]", self.say("Put it in the jar"))
        self.see("[data-own] [data-words]", value)

    def close(self) -> None:
        """Close the question that one asked before its time, and wait until its jar is open."""
        self.unfold(self.say("Close it now"))
        self.click("form[data-act=say]")
        self.click("dialog[open]", self.say("Close it"))
        self.see("#result")

    def unfold(self, words: str) -> None:
        """Open what is folded under these words, though the page may change at that moment."""
        self.see("main details:not([data-open-for]) > summary", words)
        folded = "Array.from(document.querySelectorAll('main summary'))"
        found = f"{folded}.find((each) => each.textContent.trim() === {json.dumps(words)})"
        self.evaluate(f"{found}.parentElement.open = true")

    def be_sure_to_count(self) -> None:
        """See that the only witness of the question has logged one's answer."""
        sure = "Witnessed by {witnessed} of {of}: it is sure to count."
        self.see("[data-receipt]", self.say(sure, witnessed=1, of=1))

    def read(self) -> str:
        """Return what the page says."""
        return str(self.evaluate("document.querySelector('main').innerText"))
