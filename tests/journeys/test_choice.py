"""Two who were there choose among answers, and each finds their own bean in the open jar."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from beanjar.main.demo.process import NodeProcess
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]

CITIES = ("Philadelphia", "Harrisburg")
QUESTION = "Which is the capital of Pennsylvania?"
LATE = (
    "You came after this question was asked, so it does not count you. You can watch, and you are "
    "counted on the next one."
)


def ask(ada: Traveller) -> str:
    """Let her ask, also what each expects of the others; first with one answer too few."""
    ada.page.get_by_role("link", name=ada.say("Ask something")).click()
    form = ada.form("ask")
    form.get_by_label(ada.say("The question")).fill(QUESTION)
    form.get_by_label(ada.say("One of several answers")).check()
    options = form.get_by_label(ada.say("The answers, each on a line of its own"))
    options.fill(CITIES[0])
    form.get_by_label(ada.say("I can close it earlier")).check()
    form.get_by_text(ada.say("More choices")).click()
    form.get_by_label(ada.say("Each also says what they expect of the others")).check()
    form.get_by_label(ada.say("the people who are in it now")).check()
    popular = "the surprisingly popular answer: chosen more often than people expect"
    form.get_by_label(ada.say(popular)).check()
    form.get_by_role("button", name=ada.say("Ask")).click()
    expect(options).to_have_attribute("aria-invalid", "true")
    ada.look()
    options.fill("\n".join(CITIES))
    form.get_by_role("button", name=ada.say("Ask")).click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Philadelphia\nHarrisburg")
    expect(dialog).to_contain_text(ada.say("the people who are in it now"))
    ada.look()
    dialog.get_by_role("button", name=ada.say("Ask")).click()
    expect(ada.form("answer")).to_be_visible()
    return ada.page.url


def choose(who: Traveller, city: str, shares: tuple[str, str]) -> Locator:
    """Let somebody choose, and say how many they expect to say what; return their own part."""
    form = who.form("answer")
    form.get_by_label(city).first.check()
    for name, share in zip(CITIES, shares, strict=True):
        form.get_by_role("textbox", name=name).fill(share)
    form.get_by_role("button").click()
    dialog = who.page.get_by_role("dialog")
    dialog.get_by_role("button", name=who.say("Put it in the jar")).click()
    own = who.page.locator("[data-own]")
    expect(own.locator("[data-words]")).to_have_text(city)
    return own


@pytest.mark.parametrize("setting", ["phone-fr"], indirect=True)
def test_two_people_choose_and_each_finds_their_own_bean(start_node: Start, travel: Travel) -> None:
    node, ada, ben, cal = start_node("home"), travel("Ada"), travel("Ben"), travel("Cal")
    space = ada.found(node.url, "The market")
    ben.join(space)
    question = ask(ada)
    own = choose(ada, CITIES[0], ("70", "30"))
    expect(own.locator("[data-rest]")).to_contain_text("70 %")
    cal.join(space)
    cal.go(question)
    cal.see("main", cal.say(LATE))
    expect(cal.form("answer")).to_be_hidden()
    ben.go(question)
    choose(ben, CITIES[0], ("90", "10")).locator("summary").click()
    ben.form("withdraw").get_by_role("button").click()
    dialog = ben.page.get_by_role("dialog")
    dialog.get_by_role("button", name=ben.say("Take it back")).click()
    expect(ben.page.locator("[data-own]")).to_be_hidden()
    choose(ben, CITIES[1], ("90", "10"))
    for each in (ada, ben):
        each.be_sure_to_count()
    ada.close()
    for each, city in ((ada, CITIES[0]), (ben, CITIES[1])):
        expect(each.page.locator("#result")).to_contain_text(CITIES[1])
        expect(each.page.locator("svg path.own")).to_have_count(1)
        expect(each.page.locator("svg text.own")).to_have_text(each.say("yours"))
        expect(each.page.locator("tr.mine th")).to_contain_text(city)
        each.look()
