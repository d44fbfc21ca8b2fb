"""Takes the pictures in docs/pictures: `make pictures`. Real pages of a real crowd of keys."""

import secrets
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.guesses import read_guesses
from beanjar.main.demo.process import NodeProcess
from beanjar.main.demo.voice import Voice
from beanjar.node.clock import MachineClock
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Join
from beanjar.tools.estimate.schema import EstimateAnswer, Guess
from beanjar.tools.estimate.views import EstimateView
from tests.journeys.browser import find_chromium, open_chromium
from tests.journeys.person import Setting
from tests.journeys.traveller import Traveller

TOP = Path(__file__).parents[2]
PICTURES = TOP / "docs/pictures"
GUESSES = TOP / "src/beanjar/main/demo/galton.csv"
PHONE = Setting(390, 844, "en")
TALL = 1_100
"""A picture is cut off below so many pixels."""


def take(page: Page, name: str) -> None:
    """Take a picture of a page."""
    height = min(TALL, int(page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": PHONE.width, "height": height}
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]


def answer_all(node: NodeProcess, address: str) -> None:
    """Let a crowd guess at the question at an address."""
    _, _, _, _, space, _, question = address.split("/")
    name = bytes.fromhex(space)
    view = node.door.view(name, "estimate", question, EstimateView)
    for value in read_guesses(GUESSES).values:
        voice = Voice(MachineClock())
        answer = make_answer(
            EstimateAnswer,
            Guess(value),
            view.facts,
            space=name,
            device=voice.device.public,
            secret=secrets.token_bytes(32),
        )
        node.door.submit(name, voice.sign(name, Join(voice.certificate(name)), answer).run)


def tell(node: NodeProcess, ada: Traveller) -> None:
    """Walk the way of a question, and take pictures."""
    ada.found(node.url, "The cattle fair")
    address = ada.ask("What does the ox weigh, dressed?", unit="lb")
    answer_all(node, address)
    ada.go(address)
    ada.answer("1150")
    ada.be_sure_to_count()
    take(ada.page, "sealed")
    ada.close()
    take(ada.page, "open")


def look_around(node: NodeProcess, ben: Traveller) -> None:
    """Take pictures of what a newcomer finds, and of a space that is full of life."""
    ben.go(node.url)
    ben.see("form[data-act=example] button")
    take(ben.page, "welcome")
    ben.click("form[data-act=example]")
    ben.page.wait_for_url("**/s/*")
    space = ben.page.url
    ben.join(space)
    ben.go(space)
    ben.see("#needs")
    take(ben.page, "space")
    for name, address in (
        ("ask", f"{space}/estimate/ask"),
        ("people", f"{space}/people"),
        ("rules", f"{space}/rules"),
        ("log", f"{space}/log"),
        ("you", f"{node.url}/me"),
        ("home", node.url),
    ):
        ben.go(address)
        expect(ben.page.locator("form[data-act] button[disabled]")).to_have_count(0)
        take(ben.page, name)


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        NodeProcess(Path(folder) / "node", OPERATIONS_PER_ADDRESS) as node,
        open_chromium(find_chromium()) as browser,
        Traveller(browser, "Ada", PHONE) as ada,
        Traveller(browser, "Ben", PHONE) as ben,
    ):
        tell(node, ada)
        look_around(node, ben)


if __name__ == "__main__":
    main()
