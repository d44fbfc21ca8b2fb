"""Coming back: what needs one, going on at another address, and pages while no node answers."""

from collections.abc import Callable

from playwright.sync_api import expect

from beanjar.main.demo.process import NodeProcess
from tests.journeys.neighbours import carry
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]


def test_home_says_what_needs_one_until_it_is_done(start_node: Start, travel: Travel) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    space = ada.found(node.url, "The market")
    ben.join(space)
    ben.go(node.url)
    expect(ben.page.locator("#needs")).to_have_text(ben.say("Nothing needs you now"))
    expect(ben.form("visit")).to_be_hidden()
    expect(ben.form("found")).to_be_hidden()
    ben.unfold(ben.say("Make a space"))
    ada.ask("How many beans?")
    answer = ben.page.locator("#mine").get_by_role("link", name=ben.say("Answer"))
    expect(answer).to_be_visible()
    expect(ben.form("found")).to_be_visible()  # though the page has changed meanwhile
    ben.look()
    answer.click()
    ben.answer("700")
    ben.be_sure_to_count()
    ben.go(node.url)
    expect(ben.page.locator("#needs")).to_have_text(ben.say("Nothing needs you now"))
    ben.look()


def test_one_goes_on_at_another_address_by_a_link(start_node: Start, travel: Travel) -> None:
    home, other = start_node("home"), start_node("other")
    ada, ben = travel("Ada"), travel("Ben")
    closed = ada.found(home.url, "The committee", by_invitation=True)
    carry(other, home, closed.rsplit("/", 1)[-1])
    ada.page.get_by_text(ada.say("Invite people")).click()
    ticket = "Send this link, or let them point a camera at the square"
    invited = ada.page.get_by_label(ada.say(ticket))
    expect(invited).not_to_be_empty()
    ben.use_ticket(home.url, invited.input_value())
    ben.join(ben.page.url)
    ben.carry_on(home.url, other.url)
    expect(ben.page.locator("#mine").get_by_role("link")).to_have_text("The committee")
    people = other.door.space(bytes.fromhex(closed.rsplit("/", 1)[-1])).members.members
    assert [len(each.devices) for each in people if each.name == "Ben"] == [2]


def test_pages_open_while_no_node_answers(start_node: Start, travel: Travel) -> None:
    node, ada = start_node("home"), travel("Ada")
    ada.found(node.url, "The market")
    ada.ask("How many beans?")
    ada.wait_until_kept()
    node.kill()
    ada.answer_unheard("700")
    ada.look()
