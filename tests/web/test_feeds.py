"""What feed readers, calendars and chats are told of a space."""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from beanjar.base.clock import HOUR
from beanjar.base.limits import INTEGER
from beanjar.space.charter import Profile
from beanjar.space.question import Accept, Open, Terms
from beanjar.testing.people import Person
from beanjar.web.feeds import NEWEST
from tests.space.panel import publish
from tests.web.hands import HandsAsk
from tests.web.reading import Page
from tests.web.table import Table

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/s/SPACE/feed.atom"
CALENDAR = "/s/SPACE/calendar.ics"
ODD = 'Soup; a < b, "c" & \\d?\u2028\x0b\r\n\tEND:VEVENT'


def read_feed(table: Table) -> ET.Element:
    answer = table.read(FEED)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    return ET.fromstring(answer.content)  # noqa: S314 - what this very program wrote


def texts(element: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in element.iter(f"{ATOM}{name}")]


def entries(table: Table) -> list[ET.Element]:
    return read_feed(table).findall(f"{ATOM}entry")


def titles(table: Table) -> list[str]:
    return [each.findtext(f"{ATOM}title", "") for each in entries(table)]


def unfold(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the properties of a calendar, read as RFC 5545 says."""
    assert content.endswith(b"\r\n")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    for line in lines:
        line.decode()  # a character is never cut in two
    for whole in content.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode().split("\r\n"):
        name, _, value = whole.partition(":")
        yield name, value


def unescape(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",").replace("\\\\", "\\")


def events(table: Table) -> list[dict[str, str]]:
    answer = table.read(CALENDAR)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found: list[dict[str, str]] = []
    for name, value in unfold(answer.content):
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found:
            found[-1].setdefault(name, value)
    return found


def root_of(table: Table, opened: str) -> str:
    return table.node.space(table.id).find(opened)[0]


def ask_until(table: Table, closes: int) -> None:
    """Ask what is open until a moment that no client lets anybody choose."""
    witness = table.founder.new_device("witness")
    terms = Terms(closes, (witness.name,), sealed=False)
    asked = table.say(table.founder.device, HandsAsk(terms, "For ever?"))
    accept = table.say(witness, Accept(asked, publish(bytes(32)).hex()))
    table.say(table.founder.device, Open(asked, (accept,)))


def test_a_feed_tells_of_questions_as_they_open_and_settle(table: Table, ben: Person) -> None:
    table.say(table.founder.device, Profile("Ada"))
    soup = table.ask("Soup?")
    table.raise_hands(soup, [ben])
    table.close(soup)
    table.ask("Cake?")
    feed = read_feed(table)
    assert feed.findtext(f"{ATOM}title") == "The table"
    assert feed.findtext(f"{ATOM}subtitle") == "To eat together."
    assert titles(table) == ["Open: Cake?", "Settled: Soup?", "Open: Soup?"]
    cake, settled, opened = entries(table)
    assert texts(settled, "summary") == ["1 answer counts."]
    assert texts(opened, "summary") == ["It takes answers until 15 January 2027, 09:00 UTC."]
    assert texts(cake, "name") == ["Ada"]


def test_a_feed_is_as_the_standard_wants_it(table: Table) -> None:
    table.close(table.ask("Soup?"))
    feed = read_feed(table)
    assert feed.tag == f"{ATOM}feed"
    for each in (feed, *entries(table)):
        for name in ("id", "title", "updated", "author"):
            assert len(each.findall(f"{ATOM}{name}")) == 1
    moments = [datetime.fromisoformat(each) for each in texts(feed, "updated")]
    assert moments == sorted(moments, reverse=True)
    assert {each.tzinfo for each in moments} == {UTC}
    assert moments[0] == max(moments)


def test_what_a_feed_names_has_its_name_for_good(table: Table) -> None:
    opened = table.ask("Soup?")
    root = root_of(table, opened)
    [before] = entries(table)
    table.close(opened)
    _, after = entries(table)
    for name in ("id", "updated", "title"):
        assert texts(before, name) == texts(after, name)
    assert texts(read_feed(table), "id") == [
        f"urn:beanjar:{table.name}",
        f"urn:beanjar:{table.name}:{root}:settled",
        f"urn:beanjar:{table.name}:{root}:open",
    ]


def test_what_a_feed_leads_to_is_there(table: Table) -> None:
    table.ask("Soup?")
    links = [
        (each.get("rel"), each.get("href", "")) for each in read_feed(table).iter(f"{ATOM}link")
    ]
    door = f"http://127.0.0.1:8000/s/{table.name}"
    assert links[:2] == [("self", f"{door}/feed.atom"), ("alternate", door)]
    assert table.client.get(links[2][1]).status_code == 200


def test_a_feed_of_nothing_was_changed_when_the_space_was_founded(table: Table) -> None:
    founded = table.read("/s/SPACE/people.json").json()["founded"]
    [updated] = texts(read_feed(table), "updated")
    assert datetime.fromisoformat(updated).timestamp() * 1000 == founded


def test_a_feed_has_only_the_newest(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    assert NEWEST == 50
    monkeypatch.setattr("beanjar.web.feeds.NEWEST", 2)
    for n in range(3):
        table.ask(f"Question {n}")
    assert titles(table) == ["Open: Question 2", "Open: Question 1"]


def test_a_question_that_is_not_open_yet_is_in_no_feed_and_no_calendar(table: Table) -> None:
    terms = Terms(table.clock.now() + HOUR, (bytes(32).hex(),), sealed=False)
    table.say(table.founder.device, HandsAsk(terms, "Soup?"))
    assert not entries(table)
    assert not events(table)


def test_nothing_that_somebody_wrote_breaks_a_feed(table: Table) -> None:
    table.ask(ODD)
    [title] = titles(table)
    assert title == "Open: " + ODD.replace("\x0b", "\ufffd").replace("\r\n", "\n")


def test_a_calendar_has_the_deadlines_of_what_is_open(table: Table) -> None:
    decided, opened = table.ask("Soup?"), table.ask("Cake?")
    assert {each["SUMMARY"] for each in events(table)} == {"Closes: Soup?", "Closes: Cake?"}
    table.close(decided)
    table.close(opened)
    assert not events(table)
    opened = table.ask("Bread?")
    [event] = events(table)
    root = root_of(table, opened)
    closes = table.node.space(table.id).closing(root).ask.terms.closes
    asked = datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%S%z")
    deadline = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%S%z")
    assert int(deadline.timestamp()) == closes // 1000
    assert asked < deadline
    assert event["UID"] == f"urn:beanjar:{table.name}:{root}"
    assert event["URL"] == f"http://127.0.0.1:8000/s/{table.name}/hands/{root}"


def test_a_calendar_is_named_and_says_who_may_read_it(table: Table) -> None:
    lines = list(unfold(table.read(CALENDAR).content))
    assert lines[:2] == [("BEGIN", "VCALENDAR"), ("VERSION", "2.0")]
    assert lines[-1] == ("END", "VCALENDAR")
    properties = dict(lines)
    assert properties["NAME"] == properties["X-WR-CALNAME"] == "The table"
    assert "Whoever has this address can read it" in properties["DESCRIPTION"]
    assert properties["PRODID"]


def test_nothing_that_somebody_wrote_breaks_a_calendar(table: Table) -> None:
    table.ask(ODD)
    table.ask("é" * 80)
    [odd, long] = sorted(events(table), key=lambda each: "é" in each["SUMMARY"])
    safe = ODD.replace("\u2028", "\ufffd").replace("\x0b", "\ufffd").replace("\r", "\ufffd")
    assert unescape(odd["SUMMARY"]) == f"Closes: {safe}"
    assert long["SUMMARY"] == f"Closes: {'é' * 80}"


def test_a_deadline_beyond_all_calendars_is_the_last_day_of_theirs(table: Table) -> None:
    ask_until(table, INTEGER)
    [event] = events(table)
    assert event["DTSTART"].startswith("99991231T")
    assert titles(table) == ["Open: For ever?"]


def test_pages_elsewhere_may_read_feed_and_calendar(table: Table) -> None:
    for path in (FEED, CALENDAR):
        answer = table.read(path, headers={"origin": "https://elsewhere.example"})
        assert answer.headers["access-control-allow-origin"] == "*"


def test_of_a_space_that_is_not_here_there_is_neither(table: Table) -> None:
    for path in (FEED, CALENDAR):
        assert table.read(path.replace("SPACE", "01" * 32)).status_code == 404


def test_the_pages_of_a_space_name_its_feed_and_its_calendar(table: Table) -> None:
    root = root_of(table, table.ask("Soup?"))
    for path in ("/s/SPACE", "/s/SPACE/people", f"/s/SPACE/hands/{root}"):
        page = Page(table.read(path).text)
        found = [each for each in page.values("link", "href") if each.startswith("/s/")]
        assert found[:2] == [f"/s/{table.name}/feed.atom", f"/s/{table.name}/calendar.ics"], path
    assert "feed.atom" not in table.read("/").text


def shared_as(table: Table, path: str) -> dict[str, str]:
    """Return what a chat shows of a link."""
    page = Page(table.read(path).text)
    return dict(
        zip(page.values("meta", "property"), page.values("meta", "content")[1:], strict=True)
    )


def test_a_link_to_a_space_shows_what_it_is_for(table: Table) -> None:
    table.found(purpose='To <eat> & "drink".')
    assert shared_as(table, "/s/SPACE") == {
        "og:type": "website",
        "og:title": "The table",
        "og:description": 'To <eat> & "drink".',
    }
    table.found(purpose="")
    assert shared_as(table, "/s/SPACE")["og:description"]


def test_a_link_to_a_question_shows_it_and_until_when_it_is_open(table: Table, ben: Person) -> None:
    opened = table.ask('"Soup" & <bread>?')
    table.raise_hands(opened, [ben])
    shown = shared_as(table, f"/s/SPACE/hands/{opened}")
    assert shown == {
        "og:type": "article",
        "og:title": '"Soup" & <bread>?',
        "og:description": "A question in The table, open until 15 January 2027, 09:00 UTC.",
    }
    table.close(opened)
    shown = shared_as(table, f"/s/SPACE/hands/{opened}")
    assert shown["og:description"] == "A question in The table."


def test_other_pages_are_shared_without_a_word_about_them(table: Table) -> None:
    for path in ("/", "/source", "/s/SPACE/people", "/s/SPACE/hands", "/nothing"):
        assert not Page(table.read(path).text).values("meta", "property"), path
