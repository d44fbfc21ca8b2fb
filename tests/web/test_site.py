import re

import msgspec
import pytest

from beanjar.base.clock import HOUR
from beanjar.space.charter import Charter, Leave, Profile
from beanjar.space.offers import Offer, Vouch
from beanjar.space.question import Accept, Close, Open, Seen, Terms
from beanjar.space.view import encode_view
from beanjar.testing.people import Person
from beanjar.web.overview import DECIDED
from beanjar.web.site import PEOPLE
from tests.space.panel import publish
from tests.web.hands import HandsAsk
from tests.web.reading import check_page
from tests.web.table import Table

KIT_LINK = "https://example.org/"
"""The one link that leads elsewhere, as people may write any."""


def test_every_page_that_can_be_reached_is_sound(table: Table, ben: Person, cal: Person) -> None:
    table.say(ben.device, Profile("Ben", "I bring bread."))
    opened = table.ask("Soup?")
    table.raise_hands(opened, [ben, cal])
    table.close(opened)
    table.ask("Cake?")
    seen, found = set(), ["/"]
    while found:
        path = found.pop()
        seen.add(path)
        answer = table.read(path)
        assert answer.status_code == 200, path
        if answer.headers["content-type"] == "text/html; charset=utf-8":
            page = check_page(answer.text)
            links = page.values("a", "href") + page.values("link", "href")
            inside = {link for link in links if not link.startswith(("#", "?", KIT_LINK))}
            assert all(link.startswith("/") for link in inside)
            found += inside - seen - set(found)
    assert f"/s/{table.name}/hands/{table.node.space(table.id).find(opened)[0]}.json" in seen


def test_a_page_shows_what_its_data_says(table: Table, ben: Person) -> None:
    opened = table.ask("Soup?")
    table.raise_hands(opened, [ben])
    root = table.node.space(table.id).find(opened)[0]
    for path, title in {
        "": "Welcome",
        "/s/SPACE": "The table",
        "/s/SPACE/people": "People",
        "/s/SPACE/hands": "Shows of hands",
        f"/s/SPACE/hands/{root}": "Soup?",
    }.items():
        page = check_page(table.read(path or "/").text)
        assert page.text("h1") == title
        data = f"{path or '/'}.json".replace("SPACE", table.name)
        assert page.values("link", "href")[-1] == data
        assert table.read(data).headers["content-type"] == "application/json"


def test_the_data_of_a_question_is_its_view_to_the_byte(table: Table, ben: Person) -> None:
    opened = table.ask("Soup?")
    table.raise_hands(opened, [ben])
    root = table.node.space(table.id).find(opened)[0]
    view = table.node.space(table.id).view(root, table.clock.now())
    assert view is not None
    assert table.read(f"/s/SPACE/hands/{root}.json").content == encode_view(view)


def test_the_data_of_a_list_is_its_board_to_the_byte(table: Table) -> None:
    table.ask("Soup?")
    space = table.node.space(table.id)
    board = space.board(table.node.tools[0], table.clock.now())
    assert table.read("/s/SPACE/hands.json").content == encode_view(board)


def test_the_data_of_the_people_is_the_view_of_the_members(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    view = table.node.space(table.id).members.view(None)
    assert table.read("/s/SPACE/people.json").content == encode_view(view)


def test_a_question_is_found_by_any_id_that_belongs_to_it(table: Table) -> None:
    opened = table.ask("Soup?")
    assert check_page(table.read(f"/s/SPACE/hands/{opened}").text).text("h1") == "Soup?"


def test_people_are_called_what_they_call_themselves(
    table: Table, ben: Person, cal: Person
) -> None:
    table.say(ben.device, Profile("Ben the baker"))
    table.raise_hands(opened := table.ask("Soup?"), [ben, cal])
    page = table.read(f"/s/SPACE/hands/{opened}").text
    assert "Ben the baker" in page
    assert f"someone ({cal.id[:6]})" in page


def test_a_space_shows_what_is_open_and_what_was_decided(table: Table, ben: Person) -> None:
    decided = table.ask("Soup?")
    table.raise_hands(decided, [ben])
    table.close(decided)
    table.ask("Cake?")
    view = msgspec.json.decode(table.read("/s/SPACE.json").content)
    assert [(each["title"], each["state"]) for each in view["open"]] == [("Cake?", "open")]
    assert [(each["title"], each["answers"]) for each in view["decided"]] == [("Soup?", 1)]
    assert view["people"] == 2
    assert view["carrier"] == table.node.device.hex()
    page = table.read("/s/SPACE").text
    assert (
        page.index("Open now") < page.index("Cake?") < page.index("Decided") < page.index("Soup?")
    )
    assert "2 people" in page


def test_a_space_says_whose_nodes_can_close_questions(
    table: Table, ben: Person, cal: Person
) -> None:
    assert "Nodes that can close" not in table.read("/s/SPACE").text
    table.lend()
    table.keep("offer")
    table.say(table.founder.device, Profile("Ada"))
    table.say(ben.device, Profile("Ben"))
    table.say(ben.new_device("node"), Offer())
    table.say(cal.device, Vouch(ben.id))
    page = check_page(table.read("/s/SPACE").text)
    assert page.text("strong") == "AdaBen"  # in the order in which they offered
    assert "trusted from the start" in page.text("p")
    assert "1 member vouches for its keeper; 2 must, before it is drawn" in page.text("p")
    table.say(table.founder.device, Vouch(ben.id))
    assert "2 members vouch for its keeper" in check_page(table.read("/s/SPACE").text).text("p")
    offers = table.read("/s/SPACE.json").json()["offers"]
    assert [(each["named"], each["vouched_by"]) for each in offers] == [(True, 0), (False, 2)]
    assert offers == table.read("/api/spaces/SPACE").json()["offers"]


def test_a_question_names_the_persons_whose_nodes_witness(
    table: Table, ben: Person, cal: Person
) -> None:
    for person in (ben, cal):
        table.say(person.device, Profile(person.name))
    nodes = [person.new_device("node") for person in (ben, cal, Person("Dan"), Person("Eve"))]
    table.say(nodes[0], Offer())
    table.say(nodes[1], Profile(cal.name))
    terms = Terms(table.clock.now() + HOUR, tuple(each.name for each in nodes), sealed=False)
    asked = table.say(table.founder.device, HandsAsk(terms, "Soup?"))
    address = f"/s/SPACE/hands/{asked}"
    words = check_page(table.read(address).text).text("p")
    assert (
        "Waiting for 4 of the 4 nodes that shall close this question: Ben, Cal, somebody (" in words
    )
    assert "Witnessed by" not in words
    key = publish(bytes(32)).hex()
    for node in nodes[:2]:
        table.say(node, Accept(asked, key))
    words = check_page(table.read(address).text).text("p")
    assert "Witnessed by the nodes of Ben and Cal." in words
    names = [f"somebody ({each.name[:6]})" for each in nodes[2:]]
    assert (
        f"Waiting for 2 of the 4 nodes that shall close this question: {' and '.join(names)}."
        in (words)
    )


def test_what_never_opened_is_not_among_what_is_open(table: Table) -> None:
    terms = Terms(table.clock.now() + HOUR, (Person("Ben").new_device("node").name,))
    table.say(table.founder.device, HandsAsk(terms, "Soup?"))
    for passing, where, state in ((0, "open", "asked"), (HOUR, "decided", "never opened")):
        table.clock.pass_time(passing)
        view = table.read("/s/SPACE.json").json()
        listed = {name: [each["state"] for each in view[name]] for name in ("open", "decided")}
        assert listed == {"open": [], "decided": [], where: [state]}
        page = table.read("/s/SPACE").text
        assert ("never opened" in page, "data-until" in page) == (passing > 0, passing == 0)


def test_a_question_names_the_persons_for_whose_nodes_it_waits(table: Table) -> None:
    people = [Person(name) for name in ("Ann", "Bob", "Eve", "Kim")]
    nodes = [person.new_device("node") for person in people]
    for person in people:
        table.say(person.device, Profile(person.name))
    terms = Terms(table.clock.now() + HOUR, tuple(each.name for each in nodes), sealed=False)
    asked = table.say(table.founder.device, HandsAsk(terms, "Soup?"))
    key = publish(bytes(32)).hex()
    accepts = [table.say(node, Accept(asked, key)) for node in nodes]
    address = f"/s/SPACE/hands/{asked}"
    opened = table.say(table.founder.device, Open(asked, tuple(accepts)))
    assert "Waiting for" not in table.read(address).text
    for node in nodes[:2]:
        seen = table.say(node, Seen(opened, ()))
        table.say(node, Close(opened, seen))
    assert "Waiting for the nodes of Eve and Kim." in check_page(table.read(address).text).text("p")
    [space] = table.read(
        "/api/keeper/health", {"authorization": f"Bearer {table.node.token}"}
    ).json()["spaces"]
    [waiting] = space["waiting"]
    assert (waiting["title"], waiting["state"]) == ("Soup?", "closing")
    assert waiting["waiting_for"] == ["Eve", "Kim"]


def test_what_closes_soonest_comes_first(table: Table) -> None:
    for title in ("First", "Second", "Third"):
        table.ask(title)
    view = table.read("/s/SPACE.json").json()
    assert [each["title"] for each in view["open"]] == ["First", "Second", "Third"]


def test_of_many_decisions_a_space_shows_the_latest(table: Table) -> None:
    asked = [table.ask(f"Question {n}") for n in range(DECIDED + 1)]
    for opened in asked:
        table.close(opened)
    shown = table.read("/s/SPACE.json").json()["decided"]
    assert [each["title"] for each in shown] == [f"Question {n}" for n in range(DECIDED, 0, -1)]


def test_an_empty_node_says_what_to_do(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table.node, "spaces", list)
    assert "Here a group asks, answers and decides" in check_page(table.read("/").text).text("p")


def test_newcomers_and_readers_without_scripts_find_the_first_forms_open(table: Table) -> None:
    page = check_page(table.read("/").text)
    assert page.tags["details"] == 2
    assert page.values("details", "open") == ["", ""]
    assert page.values("details", "data-open-for") == ["newcomer", "newcomer"]
    assert page.values("form", "data-act")[:2] == ["found", "visit"]


def test_a_space_is_joined_in_words_that_any_name_fits(table: Table) -> None:
    assert "Join this space" in check_page(table.read("/s/SPACE").text).texts("button")


def test_who_is_not_let_in_reads_both_ways_on(table: Table, ben: Person) -> None:
    table.founder = ben
    assert table.found(Charter(admission="invitation")).status_code == 201
    page = table.read("/s/SPACE").text
    (sentence,) = re.findall('data-name="NotInvited">([^<]*)', page)
    assert "Ask a member for a link." in sentence
    for named, place in (("Carry on at another address", "/me"), ("You", "/s/SPACE")):
        assert f"“{named}”" in sentence
        assert f">{named}<" in table.read(place).text


def test_who_has_left_is_only_counted(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    table.say(ben.device, Leave())
    page = table.read("/s/SPACE/people").text
    assert "Ben" not in page
    assert "1 person has left" in page


def test_people_come_a_pageful_at_a_time(table: Table) -> None:
    for n in range(PEOPLE):
        table.say(Person(f"Guest {n}").device, Profile(f"Guest {n}"))
    first = table.read("/s/SPACE/people").text
    assert "Guest 98<" in first
    assert "Guest 99<" not in first
    assert f'rel="next" href="/s/{table.name}/people?start={PEOPLE}"' in first
    last = table.read(f"/s/SPACE/people?start={PEOPLE}").text
    check_page(last)
    assert "Guest 99<" in last
    assert 'rel="next"' not in last
    assert 'rel="prev"' in last


def test_a_space_by_invitation_says_so(table: Table) -> None:
    assert "Anyone may join" in table.read("/s/SPACE/people").text
    table.found(Charter(admission="invitation"))
    assert "by invitation" in table.read("/s/SPACE/people").text


def test_times_are_for_machines_too(table: Table) -> None:
    table.ask("Soup?")
    [closes] = [each["closes"] for each in table.read("/s/SPACE.json").json()["open"]]
    assert table.clock.now() < closes < table.clock.now() + HOUR
    assert '<time datetime="2027-01-15T09:00:00Z">15 January 2027, 09:00 UTC</time>' in (
        table.read("/s/SPACE").text
    )


def test_what_is_not_there_has_a_page_with_a_way_on(table: Table) -> None:
    for path in (
        "/nothing",
        "/s/0",
        "/s/" + "01" * 32,
        "/s/SPACE/nothing",
        "/s/SPACE/hands/0",
        "/s/SPACE/hands/" + "01" * 32,
        "/s/SPACE/nothing/" + "01" * 32,
    ):
        answer = table.read(path)
        assert answer.status_code == 404, path
        page = check_page(answer.text)
        assert page.text("h1") == "Not found"
        assert page.values("a", "href")[-1] == "/"
        data = table.read(path + ".json")
        assert data.status_code == 404, path
        assert data.json()["error"], path


def test_a_question_is_not_found_under_another_tool(table: Table) -> None:
    opened = table.ask("Soup?")
    assert table.read(f"/s/SPACE/people/{opened}").status_code == 404


def test_a_page_can_be_asked_for_without_its_content(table: Table) -> None:
    answer = table.client.head(f"/s/{table.name}")
    assert answer.status_code == 200
    assert answer.content == b""


def test_files_have_a_new_address_when_they_change(table: Table) -> None:
    page = check_page(table.read("/").text)
    for address in page.values("link", "href")[:2] + page.values("script", "src"):
        start, digest, name = address.removeprefix("/").split("/", 2)
        assert (start, len(digest)) == ("static", 16)
        answer = table.read(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "max-age=31536000, immutable"
        assert table.read(f"/static/{digest[::-1]}/{name}").status_code == 404
