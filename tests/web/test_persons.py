"""The page of one person."""

from beanjar.ops.device import LastWord, revoke_device
from beanjar.ops.operation import Operation
from beanjar.space.charter import Charter, Leave, Profile, Revoke
from beanjar.space.invitation import invite, use_invitation
from beanjar.space.offers import Offer, Unvouch, Vouch
from beanjar.testing.people import Person, make_key
from beanjar.web.persons import DEVICES
from tests.web.reading import Page, check_page
from tests.web.table import Table


def look(table: Table, person: Person) -> Page:
    return check_page(table.read(f"/s/SPACE/people/{person.id}").text)


def data(table: Table, person: Person) -> dict[str, object]:
    found: dict[str, object] = table.read(f"/s/SPACE/people/{person.id}.json").json()
    return found


def give_up(person: Person, last: Operation) -> Revoke:
    word = LastWord(last.space, last.key, last.seq, last.id)
    return Revoke(last.key.hex(), last.seq, last.id.hex(), revoke_device(person.key, word))


def test_people_lead_to_a_page_each(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("Ben", "I bring bread."))
    links = check_page(table.read("/s/SPACE/people").text).values("a", "href")
    assert f"/s/{table.name}/people/{ben.id}" in links
    page = look(table, ben)
    assert page.text("h1") == "Ben"
    assert "I bring bread." in page.text("p")
    assert "Here since , by the open door." in page.text("p")
    assert page.texts("time")[0] == "15 January 2027"
    assert f"/s/{table.name}/log?person={ben.id}" in page.values("a", "href")


def test_who_invited_whom_leads_back_to_the_founder(table: Table, ben: Person, cal: Person) -> None:
    ada = table.founder
    table.found(Charter(admission="invitation"))
    table.say(ada.device, Profile("Ada"))
    until = table.clock.now() + 1_000_000
    by_ada = invite(
        ada.device.key,
        ada.device.certificate(bytes(32)),
        table.id,
        secret=make_key("Ada's link").seed,
        until=until,
        before=(),
    )
    hops = use_invitation(by_ada, table.id, ben.key.public)
    table.send(ben.device.join(table.id, table.clock.now(), hops))
    table.say(ben.device, Profile("Ben"))
    by_ben = invite(
        ben.device.key,
        ben.device.certificate(table.id),
        table.id,
        secret=make_key("Ben's link").seed,
        until=until,
        before=hops,
    )
    hops = use_invitation(by_ben, table.id, cal.key.public)
    table.send(cal.device.join(table.id, table.clock.now(), hops))
    assert data(table, cal)["invited_by"] == [ada.id, ben.id]
    words = look(table, cal).text("p")
    assert "let in by an invitation of Ben." in words
    assert "from the founder on: Ada and Ben." in words
    assert data(table, ben)["invited_by"] == [ada.id]
    assert data(table, ada)["invited_by"] == []
    assert "Founded this space" in look(table, ada).text("p")


def test_devices_are_listed_with_what_became_of_them(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    laptop, tablet = ben.new_device("laptop"), ben.new_device("tablet")
    table.say(tablet, Profile("Ben"))
    thief = tablet.copied()
    table.say(tablet, Profile("Benny"))
    assert table.send(table.write(thief, Profile("The thief"))).status_code == 409
    lost = table.node.find_operation(table.id, bytes.fromhex(table.say(laptop, Profile("B"))))
    assert lost is not None
    table.say(ben.device, give_up(ben, lost))
    table.send(ben.new_device("node").join_as_node(table.id, table.clock.now()))
    devices = {each["key"]: each for each in data(table, ben)["devices"]}  # type: ignore[attr-defined]
    marks = {
        name: (each["forked"], each["revoked"], each["node"]) for name, each in devices.items()
    }
    assert marks == {
        ben.device.name: (False, False, False),
        laptop.name: (False, True, False),
        tablet.name: (True, False, False),
        ben.new_device("node").name: (False, False, True),
    }
    assert [devices[each.name]["said"] for each in (laptop, tablet)] == [2, 3]
    words = look(table, ben).text("p")
    assert "Given up: what it says since counts no more." in words
    assert "two different things at one place" in words
    assert "A node that only witnesses" in words
    given_up = look(table, ben).values("form", "data-device")
    assert set(given_up) == set(devices) - {laptop.name}


def test_of_very_many_devices_some_are_shown(table: Table, ben: Person) -> None:
    for n in range(DEVICES + 3):
        table.send(table.join(ben.new_device(f"device {n}")))
    assert len(look(table, ben).values("form", "data-device")) == DEVICES
    assert data(table, ben)["device_count"] == DEVICES + 3
    assert f"These came last, of {DEVICES + 3} in all." in look(table, ben).text("p")


def test_offers_and_who_vouches_are_shown(table: Table, ben: Person, cal: Person) -> None:
    table.say(table.founder.device, Profile("Ada"))
    table.say(cal.device, Profile("Cal"))
    table.say(ben.device, Profile("Ben"))
    assert "Offers no node to witness." in look(table, ben).text("p")
    table.say(ben.new_device("node"), Offer())
    table.say(cal.device, Vouch(ben.id))
    assert "once 2 other members vouch" in look(table, ben).text("p")
    table.say(table.founder.device, Vouch(ben.id))
    words = look(table, ben).text("p")
    assert "It may be drawn." in words
    assert "Vouched for by Cal and Ada." in words
    table.say(cal.device, Unvouch(ben.id))
    assert data(table, ben)["vouched_by"] == [table.founder.id]
    table.lend()
    table.keep("offer")
    assert "trusted from the start" in look(table, table.founder).text("p")


def test_forms_are_for_those_whom_they_suit(table: Table, ben: Person, cal: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    table.say(cal.device, Vouch(ben.id))
    page = look(table, ben)
    assert {*page.values("form", "data-act")} == {"name", "revoke", "say", "leave"}
    assert page.values("form", "data-space") == [table.name] * len(page.values("form", "data-act"))
    assert page.values("form", "data-body") == [
        f'{{"person": "{ben.id}", "t": "member.vouch"}}',
        f'{{"person": "{ben.id}", "t": "member.unvouch"}}',
    ]
    nots = page.values("details", "data-not")
    assert f"{ben.id} {cal.id}" in nots  # neither oneself nor who vouches already
    assert page.values("details", "data-person") == [cal.id, ben.id]
    assert page.values("section", "data-person") == [ben.id] * 2


def test_who_has_left_still_has_a_page(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("Ben"))
    table.say(ben.device, Leave())
    page = look(table, ben)
    assert "Has left since." in page.text("p")
    assert "member.vouch" not in "".join(page.values("form", "data-body"))


def test_who_is_not_here_has_no_page(table: Table, ben: Person) -> None:
    for path in (ben.id, ben.id + ".json", "0", table.name):
        assert table.read(f"/s/SPACE/people/{path}").status_code == 404, path
    assert "Nobody here" in table.read(f"/s/SPACE/people/{ben.id}.json").json()["error"]
