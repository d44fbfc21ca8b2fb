"""One person at several devices, tabs and nodes: nothing is lost, and no log forks."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from beanjar.main.demo.process import NodeProcess
from beanjar.space.ticket import Ticket, write_ticket
from tests.journeys.neighbours import carry, find_forks, say_door
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]

DONE = """
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const read = async (memory, name) => done(memory.transaction(name).objectStore(name).getAll());
"""
RECALL = f"""async () => {{ {DONE}
  const memory = await done(indexedDB.open("beanjar"));
  const kept = [await read(memory, "self"), await read(memory, "jars")];
  memory.close();
  return kept;
}}"""
GO_BACK = f"""async () => {{ {DONE}
  const paths = {{ self: "name", spaces: "id", outbox: ["space", "seq"], jars: "on" }};
  const later = await done(indexedDB.open("beanjar"));
  const all = {{}};
  for (const name of Object.keys(paths)) {{
    all[name] = await read(later, name);
  }}
  later.close();
  await done(indexedDB.deleteDatabase("beanjar"));
  for (const jar of all.jars) {{
    delete jar.rows;
  }}
  const asked = indexedDB.open("beanjar", 1);
  asked.onupgradeneeded = () => {{
    for (const [name, keyPath] of Object.entries(paths)) {{
      const store = asked.result.createObjectStore(name, {{ keyPath }});
      all[name].forEach((entry) => store.put(entry));
    }}
  }};
  globalThis.older = await done(asked); // held open, as those pages did
  return [all.self, all.jars];
}}"""
"""Lets a browser remember all as pages of version 1 did; returns its keys and answers."""
WAITS = (
    "Another tab still shows an older page of this address. Close that tab, and this one goes on."
)


def come_with_two_devices(node: NodeProcess, travel: Travel) -> tuple[Traveller, Traveller, str]:
    """Found a space on a phone and join it on a laptop, as one person; return both, and where."""
    phone, laptop = travel("Ada"), travel("Ada")
    space = phone.found(node.url, "The market", by_invitation=True)
    laptop.come_back(node.url, phone.read_words(node.url))
    laptop.join(space)
    return phone, laptop, space


def test_who_comes_back_with_the_words_is_one_person_on_two_devices(
    start_node: Start, travel: Travel
) -> None:
    node = start_node("home")
    phone, laptop, space = come_with_two_devices(node, travel)
    phone.go(space)
    question = phone.ask("How many beans?")
    laptop.go(question)
    for device, value in ((phone, "700"), (laptop, "900")):
        device.context.set_offline(True)
        device.answer(value)
        kept = device.say("Kept on this device, {count} to send. It goes out by itself.", count=1)
        expect(device.page.locator("#standing")).to_have_text(kept)
    for device in (phone, laptop):
        device.context.set_offline(False)
        device.be_sure_to_count()
    name = space.rsplit("/", 1)[-1]
    people = node.door.space(bytes.fromhex(name)).members.members
    assert [len(each.devices) for each in people] == [3]  # two of hers, and the node's
    assert not find_forks(node, name)
    laptop.go(question)
    expect(laptop.page.locator(".jar .number")).to_have_text("1")


def test_two_tabs_speak_at_once_and_their_log_stays_whole(
    start_node: Start, travel: Travel
) -> None:
    node = start_node("home")
    ada = travel("Ada")
    space = ada.found(node.url, "The market")
    tabs = [ada.page, ada.open_tab()]
    for tab in tabs:
        tab.goto(f"{space}/estimate/ask")
        form = tab.locator("form[data-act=ask]")
        form.get_by_label(ada.say("The question")).fill("How many?")
        form.get_by_role("button", name=ada.say("Ask")).click()
    for tab in tabs:
        asking = tab.get_by_role("dialog").get_by_role("button", name=ada.say("Ask"))
        asking.click(no_wait_after=True)
    for tab in tabs:
        expect(tab.locator("form[data-act=answer]")).to_be_visible()
    ada.go(space)
    expect(ada.page.locator("#questions li")).to_have_count(2)
    assert not find_forks(node, space.rsplit("/", 1)[-1])


@pytest.mark.parametrize("setting", ["desk-en"], indirect=True)
def test_a_browser_that_knows_older_pages_keeps_all_that_they_knew(
    start_node: Start, travel: Travel
) -> None:
    node, ada = start_node("home"), travel("Ada")
    space = ada.found(node.url, "The market")
    question = ada.ask("How many beans?")
    ada.answer("700")
    ada.go(ada.evaluate("document.querySelector('link[rel=icon]').href"))  # remembers nothing
    older, kept = ada.page, ada.evaluate(GO_BACK)
    ada.page = ada.open_tab()
    ada.go(question)
    ada.see("#connection", ada.say(WAITS))
    older.close()
    ada.see("[data-own] [data-words]", "700")
    ada.see("main:has(#connection:empty)")
    assert ada.evaluate(RECALL) == kept
    ada.answer("900")
    ada.be_sure_to_count()
    assert not find_forks(node, space.rsplit("/", 1)[-1])


def test_a_link_from_a_space_by_invitation_lets_a_newcomer_in(
    start_node: Start, travel: Travel
) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    closed = ada.found(node.url, "The committee", by_invitation=True)
    ben.go(closed)
    ben.join_in_vain()
    ada.page.get_by_text(ada.say("Invite people")).click()
    send = "Send this link, or let them point a camera at the square"
    invited = ada.page.get_by_label(ada.say(send))
    expect(invited).to_have_value(re.compile("#beanjar:"))
    square = ada.say("The link as a square for a camera")
    expect(ada.page.get_by_role("img", name=square)).to_be_visible()
    ada.look()
    ben.use_ticket(node.url, invited.input_value())
    ben.join(ben.page.url)
    ben.go(f"{closed}/people")
    expect(ben.page.locator("main li")).to_have_count(2)


def test_an_answer_goes_out_by_another_door_when_the_node_is_killed(
    start_node: Start, travel: Travel
) -> None:
    home, other = start_node("home"), start_node("other")
    ada, ben = travel("Ada"), travel("Ben")
    space = ada.found(home.url, "The market")
    name = space.rsplit("/", 1)[-1]
    carry(other, home, name)
    say_door(home, name)
    ben.join(f"{other.url}/s/{name}#{write_ticket(Ticket(name, (other.url,)))}")
    question = ada.ask("How many beans?")
    ben.go(question.replace(home.url, other.url))
    expect(ben.form("answer")).to_be_visible()
    other.kill()
    ben.answer("900")
    lost = "No longer connected: what you see may be old. You can go on; it is sent later."
    expect(ben.page.locator("#connection")).to_have_text(ben.say(lost))
    expect(ben.page.locator("#standing")).to_have_text(ben.say("Sent: it is on a node’s disk."))
    ada.go(question)
    expect(ada.page.locator(".jar .number")).to_have_text("1")


def test_on_ones_own_page_one_gives_up_a_device_takes_another_name_and_leaves(
    start_node: Start, travel: Travel
) -> None:
    _, laptop, space = come_with_two_devices(start_node("home"), travel)
    laptop.go_to_own_page(space)
    devices = laptop.page.locator("section[aria-labelledby=devices] li")
    here = laptop.page.get_by_text(laptop.say("this one")).filter(visible=True)
    expect(devices.filter(has=here)).to_have_count(1)
    expect(laptop.page.locator("#act > details > summary:visible")).to_have_count(1)  # to leave
    lost = laptop.page.locator("section[aria-labelledby=lost] summary:visible")
    expect(lost).to_have_count(2)  # that at hand is not among them
    lost.filter(has_text=laptop.say("A browser or a terminal")).click()
    laptop.act_and_confirm("revoke", "Give this device up", "Give it up")
    given_up = laptop.say("Given up: what it says since counts no more.")
    expect(devices.filter(has_text=given_up)).to_have_count(1)
    laptop.form("name").get_by_label(laptop.say("What people call you")).fill("Ada Lovelace")
    laptop.form("name").get_by_role("button").click()
    expect(laptop.page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace")
    laptop.page.get_by_text(laptop.say("Leave this space"), exact=True).click()
    laptop.act_and_confirm("leave", "Leave", "Leave")
    expect(laptop.form("join")).to_be_visible()
    laptop.join(space)
    laptop.go(f"{space}/people")
    expect(laptop.page.locator(".lines li")).to_have_count(1)


def test_one_vouches_for_somebody_and_takes_it_back(start_node: Start, travel: Travel) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    space = ada.found(node.url, "The market")
    ben.join(space)
    ben.go(f"{space}/people")
    ben.page.get_by_role("link", name="Ada").click()
    for folded, act, yes in (
        ("Vouch for this person", "I vouch for this person", "I vouch"),
        ("Vouch no more", "Take it back", "Take it back"),
        ("Vouch for this person", "I vouch for this person", "I vouch"),
    ):
        summaries = ben.page.locator("#act > details > summary:visible")
        expect(summaries).to_have_text([ben.say(folded)])
        summaries.click()
        ben.act_and_confirm("say", act, yes)
    expect(ben.page.locator("#now")).to_contain_text("Ben")
