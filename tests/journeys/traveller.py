"""Somebody who uses the pages, with a browser of their own."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from beanjar.web.language import LANGUAGES, Speaker

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA and more; no rule is left out."""
TABS = 40
"""How many times somebody presses Tab before they give up."""
PATIENCE = 15_000
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


class Traveller:
    """One person, one profile, one page."""

    def __init__(self, browser: Browser, name: str, setting: Setting) -> None:
        """Open a browser that knows nobody yet."""
        self.name = name
        self._speaker = Speaker(LANGUAGES[setting.language])
        self.context = browser.new_context(
            viewport={"width": setting.width, "height": setting.height}, locale=setting.language
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.open_tab()
        self.problems: list[str] = []

    def __enter__(self) -> Self:
        """Set out."""
        return self

    def say(self, sentence: str, **places: object) -> str:
        """Return a sentence of the pages, named by its English, in the browser's language."""
        return self._speaker.say(sentence).format(**places)

    def look(self, *, theme: Literal["light", "dark"] = "light") -> None:
        """Let axe look at the page as it is: whatever it finds fails the journey."""
        self.page.emulate_media(color_scheme=theme)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
        assert not found["violations"], tell(found["violations"])
        expect(self.page.locator("html")).to_have_attribute("lang", self._speaker.language.code)

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """Come home; whatever the browser complained about on the way fails the journey."""
        self.context.close()
        if kind is None:
            assert not self.problems, self.problems

    def open_tab(self) -> Page:
        """Open one more page of this browser."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._hear)
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        # A node that is gone is part of some journeys; the pages say so themselves.
        # A receipt or a log may not be there yet, and some journeys look for what is not.
        expected = ("/receipt", "/logs/", "/nothing")
        missing = any(each in said.location["url"] for each in expected)
        if said.type == "error" and "net::ERR_" not in said.text and not missing:
            self.problems.append(said.text)

    def go(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)

    def unfold(self) -> None:
        """Open whatever can be unfolded on the page, but for what loads something then."""
        folded = "main details:not([data-invite], [data-secret])"
        self.page.eval_on_selector_all(
            folded, "all => all.forEach((each) => { each.open = true; })"
        )

    def tab_to(self, selector: str) -> None:
        """Press Tab until what a selector names has the focus; it has to be within reach."""
        for _ in range(TABS):
            self.press("Tab")
            if self.page.evaluate("each => document.activeElement?.matches(each)", selector):
                return
        raise AssertionError(f"Tab does not lead to {selector}.")

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type some words where the focus is."""
        self.page.keyboard.type(words)

    def found(self, url: str, name: str, *, by_invitation: bool = False) -> str:
        """Make a space at a node; return its address."""
        self.go(url)
        making = self.form("found")
        making.get_by_label(self.say("What people call you")).fill(self.name)
        making.get_by_label(self.say("What the space is called")).fill(name)
        if by_invitation:
            making.get_by_label(self.say("Only people with an invitation can join")).check()
        making.get_by_role("button").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)
        return self.page.url

    def join_in_vain(self) -> None:
        """Try to join the space that is open, which lets nobody in without an invitation."""
        joining = self.form("join")
        joining.get_by_label(self.say("What people call you")).fill(self.name)
        joining.get_by_role("button").click()
        expect(joining.get_by_role("alert")).to_have_text(
            self.say("People come in here by invitation. Ask a member for a link.")
        )

    def use_ticket(self, url: str, ticket: str) -> None:
        """Hand a ticket to a node's first page, and follow it to its space."""
        self.go(url)
        form = self.form("visit")
        form.get_by_label(self.say("The ticket")).fill(ticket)
        form.get_by_role("button").click()
        expect(self.form("join")).to_be_visible()

    def join(self, address: str) -> None:
        """Join the space at an address."""
        self.go(address)
        joining = self.form("join")
        joining.get_by_label(self.say("What people call you")).fill(self.name)
        joining.get_by_role("button").click()
        expect(joining).to_be_hidden()

    def ask(self, title: str, *, unit: str = "beans") -> str:
        """Ask for an estimate in the space that is open; return its address once it is open."""
        self.page.get_by_role("link", name=self.say("Ask something")).click()
        form = self.form("ask")
        form.get_by_label(self.say("The question")).fill(title)
        form.get_by_label(self.say("Counted in")).fill(unit)
        form.get_by_label(self.say("I can close it earlier")).check()
        form.get_by_role("button", name=self.say("Ask")).click()
        self.page.get_by_role("dialog").get_by_role("button", name=self.say("Ask")).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(self.form("answer")).to_be_visible()
        return self.page.url

    def answer(self, value: str) -> None:
        """Answer the question that is open."""
        form = self.form("answer")
        form.get_by_label(self.say("Your guess")).fill(value)
        form.get_by_role("button").click()
        self.page.get_by_role("dialog").get_by_role(
            "button", name=self.say("Put it in the jar")
        ).click()
        expect(self.page.locator("[data-own] [data-words]")).to_contain_text(value)

    def close(self) -> None:
        """Close the question that one asked before its time, and wait until its jar is open."""
        self.page.get_by_text(self.say("Close it now")).click()
        closing = self.form("say").get_by_role("button", name=self.say("Close the question"))
        closing.click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=self.say("Close it")).click()
        expect(self.page.locator("#result")).to_be_visible()

    def be_sure_to_count(self) -> None:
        """See that the only witness of the question has logged one's answer."""
        sure = "Witnessed by {witnessed} of {of}: it is sure to count."
        receipt = self.page.locator("[data-receipt]")
        expect(receipt).to_have_text(self.say(sure, witnessed=1, of=1))

    def go_to_own_page(self, space: str) -> None:
        """Open one's own page in a space."""
        self.go(f"{space}/people")
        self.page.locator(".lines a", has_text=self.name).click()
        expect(self.form("name")).to_be_visible()

    def act_and_confirm(self, act: str, button: str, yes: str) -> None:
        """Do an act of which one is asked whether one means it."""
        form = self.form(act).filter(visible=True)
        form.get_by_role("button", name=self.say(button), exact=True).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name=self.say(yes), exact=True).click()

    def form(self, act: str) -> Locator:
        """Return the form that does an act."""
        return self.page.locator(f"form[data-act={act}]")

    def read_words(self, url: str) -> str:
        """Return the 24 words that this browser keeps for the person."""
        self.go(f"{url}/me")
        self.page.get_by_text(self.say("Show the words")).click()
        words = self.page.locator(".words li")
        expect(words).to_have_count(24)
        return " ".join(words.all_inner_texts())

    def come_back(self, url: str, words: str) -> None:
        """Become the person of these words, on a new device."""
        self.go(f"{url}/me")
        form = self.form("restore")
        form.get_by_label(self.say("What people call you")).fill(self.name)
        form.get_by_label(self.say("The words, in their order")).fill(words)
        form.get_by_role("button").click()
        expect(form).to_be_hidden()

    def carry_on(self, here: str, there: str) -> None:
        """Go on as oneself at another address, by the link that the first one makes."""
        self.go(f"{here}/me")
        form = self.form("carry")
        form.get_by_label(self.say("The other address")).fill(there)
        form.get_by_role("button").click()
        made = "Open this link, or point the other device’s camera at the square"
        link = self.page.get_by_label(self.say(made))
        expect(link).not_to_be_empty()
        self.look()
        self.go(link.input_value())
        self.look()
        self.form("arrive").get_by_role("button").click()
        self.page.wait_for_url(f"{there}/")
