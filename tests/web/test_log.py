"""The log of a space, and one operation of it."""

import json
from hashlib import sha256

import pytest

from beanjar.base.clock import MINUTE
from beanjar.ops.alone import read_alone
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.ops.signing import verify
from beanjar.space.charter import Erase, Profile
from beanjar.testing.people import Device, Person
from beanjar.web.language import LANGUAGES, Speaker
from beanjar.web.logbook import LINES
from tests.web.hands import HandsAnswer
from tests.web.reading import Page, check_page
from tests.web.table import Table

TRICK = '<script>alert("x")</script> %(name)s \N{RIGHT-TO-LEFT OVERRIDE}'
HEADER = 2
"""How many spans stand above the lines: the name of the first page, and the other language."""


def lines(table: Table, query: str = "") -> list[dict[str, object]]:
    found: list[dict[str, object]] = table.read(f"/s/SPACE/log.json{query}").json()["lines"]
    return found


def words(table: Table, query: str = "") -> list[str]:
    """What the page says in each line, from the top."""
    page = check_page(table.read(f"/s/SPACE/log{query}").text)
    return page.texts("span")[HEADER : HEADER + len(lines(table, query))]


def nonsense(table: Table, device: Device, body: bytes) -> Operation:
    return device.write_bytes(table.id, body, table.clock.pass_time())


def test_everything_is_told_in_words_the_last_to_arrive_first(table: Table, ben: Person) -> None:
    table.say(table.founder.device, Profile("Ada"))
    table.say(ben.device, Profile("Ben"))
    opened = table.ask("Soup?")
    table.raise_hands(opened, [ben])
    table.close(opened)
    assert words(table) == [
        "Ada’s node showed that “Soup?” is settled",
        "Ada’s node voted to settle “Soup?”",
        "Ada’s node closed “Soup?”",
        "Ada’s node logged 1 answer to “Soup?”",
        "Ben answered “Soup?”",
        "Ada’s node began to log the answers to “Soup?”",
        "Ada opened “Soup?”",
        "Ada’s node agreed to witness “Soup?”",
        "Ada asked “Soup?”",
        "Ada’s node came along, to witness",
        "Ben took the name “Ben”",
        "Ben joined",
        "Ada took the name “Ada”",
        "Ada founded this space",
    ]
    told = lines(table)
    assert {each["standing"] for each in told} == {"counts"}
    assert [each["says"] for each in told][-3:] == ["space.join", "space.profile", "space.open"]


def test_the_log_is_told_in_the_language_of_the_page(table: Table) -> None:
    table.say(table.founder.device, Profile("Ada"))
    page = Page(table.read("/s/SPACE/log", {"accept-language": "fr"}).text)
    french = Speaker(LANGUAGES["fr"])
    told = [
        french.say("%(name)s took the name “%(called)s”", name="Ada", called="Ada"),
        french.say("%(name)s founded this space", name="Ada"),
    ]
    assert page.texts("span")[HEADER:][:2] == [" ".join(each.split()) for each in told]


def test_the_pages_of_the_log_stay_put_while_more_arrives(table: Table, ben: Person) -> None:
    for n in range(LINES + 20):
        table.say(ben.device, Profile(f"Ben {n}"))
    first = table.read("/s/SPACE/log.json").json()
    assert len(first["lines"]) == LINES
    assert not first["later"]
    older = table.read(f"/s/SPACE/log.json?before={first['earlier']}").json()
    assert len(older["lines"]) == 20 + 2
    assert not older["earlier"]
    for n in range(7):
        table.say(ben.device, Profile(f"Ben again {n}"))
    assert table.read(f"/s/SPACE/log.json?before={first['earlier']}").json() == older
    back = table.read(f"/s/SPACE/log.json?after={older['later']}").json()
    assert back["lines"] == first["lines"]
    newest = table.read(f"/s/SPACE/log.json?after={back['later']}").json()
    assert len(newest["lines"]) == 7
    assert not newest["later"]
    assert newest["earlier"]
    page = check_page(table.read(f"/s/SPACE/log?before={first['lines'][9]['id']}").text)
    here = f"/s/{table.name}/log?"
    links = [each for each in page.values("a", "href") if each.startswith(here)]
    assert [each.removeprefix(here).split("=")[0] for each in links] == ["after", "before"]


def test_the_newest_page_of_the_log_follows_what_happens_and_an_older_one_does_not(
    table: Table, ben: Person
) -> None:
    for n in range(LINES + 20):
        table.say(ben.device, Profile(f"Ben {n}"))
    lives = "data-live"
    assert lives in table.read("/s/SPACE/log").text
    assert lives in table.read(f"/s/SPACE/log?person={ben.id}").text
    place = lines(table)[9]["id"]
    assert lives not in table.read(f"/s/SPACE/log?before={place}").text
    assert lives in table.read(f"/s/SPACE/log?after={place}").text
    first = table.node.space(table.id).id.hex()
    assert lives not in table.read(f"/s/SPACE/log?after={first}").text


def test_the_log_of_one_person_is_that_of_all_their_devices(
    table: Table, ben: Person, cal: Person
) -> None:
    laptop = ben.new_device("laptop")
    table.say(ben.device, Profile("Ben"))
    for n in range(LINES):
        table.say(cal.device, Profile(f"Cal {n}"))
    table.say(laptop, Profile("Benjamin"))
    query = f"?person={ben.id}"
    assert words(table, query) == [
        "Benjamin took the name “Benjamin”",
        "Benjamin came along with one more device",
        "Benjamin took the name “Ben”",
        "Benjamin joined",
    ]
    assert {each["person"] for each in lines(table, query)} == {ben.id}
    links = check_page(table.read(f"/s/SPACE/log?person={cal.id}").text).values("a", "href")
    [earlier] = [each for each in links if "before=" in each]
    assert f"person={cal.id}&before=" in earlier
    assert len(lines(table, "?" + earlier.split("?")[1])) == 1
    assert "Nothing is here." in table.read(f"/s/SPACE/log?person={'05' * 32}").text


def test_a_place_in_the_log_that_is_not_here_is_not_found(table: Table) -> None:
    for query in (f"before={'01' * 32}", f"after={'01' * 32}", "before=1", "person=me"):
        answer = table.read(f"/s/SPACE/log?{query}")
        assert answer.status_code == 404, query
        check_page(answer.text)
    assert table.read(f"/s/SPACE/log/{'01' * 32}").status_code == 404
    assert table.read(f"/s/{'02' * 32}/log").status_code == 404


def test_what_does_not_count_is_shown_and_says_so(table: Table, ben: Person, cal: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    thief = ben.device.copied()
    table.say(ben.device, Profile("Benny"))
    assert table.send(table.write(thief, Profile("The thief"))).status_code == 409
    table.say(cal.device, Profile("Cal"))
    brief = table.write(cal.device, Profile("Callie"), until=table.clock.now() + MINUTE)
    later = table.write(cal.device, Profile("Calvin")).without_body()
    erased = table.write(cal.device, Profile("Caligula"))
    run = [brief, later, erased, nonsense(table, cal.device, b'{"t":"poems.recite"}')]
    run += [nonsense(table, cal.device, b'{"t":"space.profile"}')]
    run += [nonsense(table, cal.device, b"\xff"), table.write(cal.device, Erase(erased.id.hex()))]
    assert table.send(*run).status_code == 201
    table.clock.pass_time(2 * MINUTE)
    table.tick()
    standings = {
        "senseless": "Cal’s device sent something that means nothing",
        "unknown": "Cal said something that this node does not know: update it to see this",
        "erased": "What Cal said here was erased",
        "missing": "What Cal said here has not arrived yet",
        "expired": "What Cal said here was meant to be forgotten by now",
        "forked": "Ben took the name “Benny”",
    }
    told = dict(zip([each["standing"] for each in lines(table)], words(table), strict=True))
    assert {name: told[name] for name in standings} == standings
    assert "two different things at one place" in table.read("/s/SPACE/log").text
    for each in lines(table):
        answer = table.read(f"/s/SPACE/log/{each['id']}")
        assert answer.status_code == 200
        check_page(answer.text)


def test_what_people_write_is_no_part_of_the_page(table: Table, ben: Person) -> None:
    own = check_page(table.read("/s/SPACE/log").text).tags["script"]
    table.say(ben.device, Profile(TRICK[:60]))
    opened = table.ask(TRICK)
    table.say(ben.device, HandsAnswer(opened))
    for path in ("log", "people", "rules", f"people/{ben.id}", f"log?person={ben.id}"):
        page = check_page(table.read(f"/s/SPACE/{path}").text)
        assert page.tags["script"] == own, path
    told = words(table)
    assert [each for each in told if each.endswith(f"answered “{TRICK}”")]
    text = table.read("/s/SPACE/log").text
    assert "“<bdi>&lt;script&gt;" in text
    for each in lines(table):
        page = check_page(table.read(f"/s/SPACE/log/{each['id']}").text)
        assert page.tags["script"] == own
        assert page.tags["bdi"]


def test_an_operation_is_shown_to_the_byte(table: Table, ben: Person) -> None:
    name = table.say(ben.device, Profile("Ben"))
    view = table.read(f"/s/SPACE/log/{name}.json").json()
    whole = read_alone(table.read(f"/api/spaces/SPACE/operations/{name}").content)
    assert view["line"] == {
        "id": name,
        "person": ben.id,
        "device": ben.device.name,
        "seq": 1,
        "time": table.clock.now(),
        "says": "space.profile",
        "standing": "counts",
    }
    assert json.loads(view["body"]) == {"t": "space.profile", "name": "Ben"}
    body = bytes.fromhex(view["salt"]) + view["body"].encode()
    assert sha256(b"\1" + body).hexdigest() == view["digest"] == whole.digest.hex()
    assert (view["prev"], view["until"], view["size"]) == (whole.prev.hex(), 0, whole.size)
    assert verify(whole.key, bytes.fromhex(view["signature"]), b"sign", bytes.fromhex(name))
    assert view["signed"]
    assert view["holding"] == {"others": 0, "safe": False, "here": True, "neighbours": 0}
    page = table.read(f"/s/SPACE/log/{name}").text
    shown = (name, view["prev"], view["digest"], view["signature"], view["salt"], ben.device.name)
    assert not [each for each in shown if f"<code>{each}</code>" not in page]
    assert "{&#34;t&#34;:&#34;space.profile&#34;,&#34;name&#34;:&#34;Ben&#34;}" in page


def test_an_operation_whose_signature_was_spoilt_is_vouched_for_by_the_next(
    table: Table, ben: Person
) -> None:
    joined = table.join(ben.device)
    spoilt = table.write(ben.device, Profile("Ben"))
    last = table.write(ben.device, Profile("Benny"))
    data = write_run([joined, spoilt, last])
    assert table.post(data.replace(spoilt.signature, bytes(64))).status_code == 201
    page = check_page(table.read(f"/s/SPACE/log/{spoilt.id.hex()}").text)
    assert "a later entry of this log vouches for it" in page.text("p")
    assert not table.read(f"/s/SPACE/log/{spoilt.id.hex()}.json").json()["signed"]


def test_an_operation_leads_to_its_question_and_its_author(table: Table, ben: Person) -> None:
    opened = table.ask("Soup?")
    answer = table.say(ben.device, HandsAnswer(opened))
    links = check_page(table.read(f"/s/SPACE/log/{answer}").text).values("a", "href")
    root = table.node.space(table.id).find(opened)[0]
    assert f"/s/{table.name}/hands/{root}" in links
    assert f"/s/{table.name}/log?person={ben.id}" in links
    assert f"/api/spaces/{table.name}/operations/{answer}" in links


def test_the_log_says_how_to_take_it_along_and_check_it(table: Table) -> None:
    page = check_page(table.read("/s/SPACE/log").text)
    assert f"/api/spaces/{table.name}/export" in page.values("a", "href")
    assert page.text("code") == f"beanjar space verify {table.name[:8]}.beanjar"


@pytest.mark.parametrize("deep", [b"[" * 60_000, b'{"t":' * 10_000])
def test_a_body_that_is_deeper_than_any_is_shown_as_it_is(
    table: Table, ben: Person, deep: bytes
) -> None:
    table.send(table.join(ben.device))
    odd = nonsense(table, ben.device, deep)
    table.send(odd)
    assert lines(table)[0]["standing"] == "senseless"
    assert table.read(f"/s/SPACE/log/{odd.id.hex()}.json").json()["body"] == deep.decode()
