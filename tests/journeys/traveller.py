"""Somebody who uses the pages, with a browser of their own."""

import re
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Frame, Locator, Page, expect

from tests.journeys.person import AXE, PATIENCE, RULES, Person, Setting, tell

TABS = 40
"""How many times somebody presses Tab before they give up."""
NAMED = re.compile(r"[0-9a-f]{64}")
"""What tells pages of one kind apart."""
CLICKED = "button, a, summary, label"
"""What people click on."""
TELL_POLICY = """addEventListener("securitypolicyviolation", ({ blockedURI }) =>
  console.error(`The policy of this page does not allow ${blockedURI}.`));"""

expect.set_options(timeout=PATIENCE)


class Traveller(Person):
    """One person, one profile, one page, in Chromium."""

    def __init__(self, browser: Browser, name: str, setting: Setting) -> None:
        """Open a browser that knows nobody yet."""
        super().__init__(name, setting)
        self.context = browser.new_context(
            viewport={"width": setting.width, "height": setting.height}, locale=setting.language
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(TELL_POLICY)
        self.context.on("request", lambda request: self.note(request.url))
        self.problems: list[str] = []
        self._seen: dict[str, str] = {}
        """The address of a page of each kind that one has seen, the last one."""
        self.page = self.open_tab()

    def __enter__(self) -> Self:
        """Set out."""
        return self

    def look(self, *, theme: Literal["light", "dark"] = "light") -> None:
        """Let axe look at the page as it is: whatever it finds fails the journey."""
        self.page.emulate_media(color_scheme=theme)
        self._examine()
        expect(self.page.locator("html")).to_have_attribute("lang", self.speaker.language.code)

    def look_back(self) -> None:
        """Let axe look at every kind of page that one has seen, where its node still answers."""
        self.context.set_offline(False)
        for address in list(self._seen.values()):
            try:
                self.page.goto(address)
            except Error as error:
                if "net::ERR_" not in error.message:
                    raise
            else:
                self._examine()

    def _examine(self) -> None:
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
        assert not found["violations"], tell(found["violations"])

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
        page.on("framenavigated", self._remember)
        return page

    def _remember(self, frame: Frame) -> None:
        address = frame.url.split("#")[0]
        if address.startswith("http"):
            self._seen[NAMED.sub("", urlsplit(address).path)] = address

    def _hear(self, said: ConsoleMessage) -> None:
        # A node that is gone, also from behind a proxy, is part of some journeys; the pages say so.
        # A receipt or a log may not be there yet, and some journeys look for what is not.
        expected = ("/receipt", "/logs/", "/nothing", "/favicon.ico", "/worker.js")
        missing = any(each in said.location["url"] for each in expected)
        missing |= "ServiceWorker" in said.text or "fetching the script" in said.text
        gone = "net::ERR_" in said.text or "status of 502" in said.text
        if said.type == "error" and not gone and not missing:
            self.problems.append(said.text)

    @property
    def address(self) -> str:
        """Where one is."""
        return self.page.url

    def go(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)

    def unfold_all(self) -> None:
        """Open whatever can be unfolded on the page, but for what loads something then."""
        folded = "main details:not([data-invite], [data-secret])"
        self.page.eval_on_selector_all(
            folded, "all => all.forEach((each) => { each.open = true; })"
        )

    def fill(self, where: str, label: str, words: str) -> None:
        """Write into what has this label, within what a selector names."""
        self.page.locator(where).get_by_label(label, exact=True).fill(words)

    def click(self, where: str, words: str = "") -> None:
        """Click on what says this, or else the button, within what a selector names."""
        within = self.page.locator(where)
        said = within.get_by_text(words, exact=True).and_(self.page.locator(CLICKED))
        (said if words else within.get_by_role("button")).click()

    def see(self, where: str, words: str = "") -> None:
        """Wait until something that a selector names can be seen, and says this."""
        seen = self.page.locator(where).filter(has_text=words, visible=True)
        expect(seen.first).to_be_visible()

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - whatever it is in the browser
        """Return what a JavaScript expression is on the page."""
        return self.page.evaluate(expression)

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

    def join_in_vain(self) -> None:
        """Try to join the space that is open, which lets nobody in without an invitation."""
        joining = self.form("join")
        joining.get_by_label(self.say("What people call you")).fill(self.name)
        joining.get_by_role("button").click()
        expect(joining.get_by_role("alert")).to_have_text(
            self.say(
                "People come in here by invitation. Ask a member for a link. If you are in this "
                "space in another browser, use “Carry on at another address” there: it is on the "
                "page “You”."
            )
        )

    def wait_until_kept(self) -> None:
        """Wait until this device keeps the page, for when no node answers."""
        self.page.wait_for_function("navigator.serviceWorker.controller")
        self.page.reload()
        expect(self.form("answer")).to_be_visible()
        self.page.wait_for_function("caches.match(location.pathname).then(Boolean)")

    def answer_unheard(self, value: str) -> None:
        """Answer on the page that was kept, while no node answers."""
        self.page.reload()
        lost = "No longer connected: what you see may be old. You can go on; it is sent later."
        expect(self.page.locator("#connection")).to_have_text(self.say(lost))
        self.answer(value)
        kept = self.say("Kept on this device, {count} to send. It goes out by itself.", count=1)
        expect(self.page.locator("#standing")).to_have_text(kept)

    def use_ticket(self, url: str, ticket: str) -> None:
        """Hand a ticket to a node's first page, and follow it to its space."""
        self.go(url)
        self.unfold(self.say("Join with a ticket"))
        form = self.form("visit")
        form.get_by_label(self.say("The ticket")).fill(ticket)
        form.get_by_role("button").click()
        expect(self.form("join")).to_be_visible()

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
