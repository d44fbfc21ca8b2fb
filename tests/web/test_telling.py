"""Whatever can be said has its sentence, and what people wrote stays text in it."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from beanjar.fold.statement import Statement
from beanjar.main.tools import TOOLS
from beanjar.ops.body import Body
from beanjar.ops.device import LastWord, revoke_device
from beanjar.space.charter import Charter, Join, Leave, Profile, Revoke, Uninvite
from beanjar.space.doors import Door
from beanjar.space.invitation import invite, use_invitation
from beanjar.space.offers import Offer, Stop, Unvouch, Vouch
from beanjar.space.question import Key, Prevote
from beanjar.space.space import know
from beanjar.space.tool import Tool
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person, make_key
from beanjar.testing.statements import Names, bodies
from beanjar.web.language import ENGLISH, LANGUAGES
from beanjar.web.telling import tell, tell_wordless
from beanjar.web.typesetting import typesetter_of
from tests.laws.plays import plays

SPEAKERS = [typesetter_of(language) for language in LANGUAGES.values()]
LACKING = {str(tell_wordless("Ada", ENGLISH)), ""}


def kinds_of(tool: Tool) -> list[type[Body]]:
    return sorted(know([tool]).kinds.values(), key=lambda kind: kind.__name__)


@pytest.mark.parametrize(
    ("tool", "kind"),
    [(tool, kind) for tool in TOOLS for kind in kinds_of(tool)],
    ids=lambda each: each.name if isinstance(each, Tool) else each.__name__,
)
@settings(max_examples=4)
@given(data=st.data())
def test_every_kind_of_body_has_a_sentence(
    tool: Tool, kind: type[Body], data: st.DataObject
) -> None:
    ada = Person("Ada")
    table = Gathering(ada, [tool])
    table.add_witness(ada)
    table.say(ada.device, Profile("Ada"))
    devices = {ada.device.name: ada.id}
    ask = data.draw(bodies(tool.ask, Names(("00" * 32,), devices)))
    opened = table.ask(ada, msgspec.structs.replace(ask, terms=table.terms()))
    names = Names((opened,), devices)
    said = Statement("11" * 32, ada.device.name, ada.id, 1, 5, data.draw(bodies(kind, names)))
    words = tell(table.space, said, ENGLISH)
    assert words not in LACKING
    assert "does not belong there" not in words
    assert all(isinstance(tell(table.space, said, each), Markup) for each in SPEAKERS)


@settings(max_examples=15)
@given(plays(TOOLS))
def test_all_that_a_crowd_says_is_told(table: Gathering) -> None:
    read = filter(None, map(table.space.read, table.operations))
    told = [tell(table.space, said, speaker) for said in read for speaker in SPEAKERS]
    assert all(isinstance(each, Markup) for each in told)


def say(table: Gathering, device: Device, body: Body) -> str:
    said = table.space.read(table.find_operation(table.say(device, body)))
    assert said is not None
    return tell(table.space, said, ENGLISH)


def test_who_comes_and_goes_is_told(ada: Person, ben: Person, cal: Person) -> None:
    table = Gathering(ada, TOOLS)
    table.say(ada.device, Profile("Ada"))
    assert say(table, ben.device, Profile("Ben")) == "Ben took the name “Ben”"
    assert say(table, ben.device, Leave()) == "Ben left"
    again = Join(ben.device.certificate(table.space.id))
    assert say(table, ben.device, again) == "Ben came back"
    assert say(table, ben.device, Vouch(ada.id)) == "Ben vouched for Ada"
    assert say(table, ben.device, Unvouch(ada.id)) == "Ben vouches for Ada no more"
    assert say(table, ben.device, Uninvite("05" * 32)) == "Ben took an invitation back"
    lost = table.find_operation(table.say(ben.new_device("old"), Offer()))
    word = LastWord(table.space.id, lost.key, lost.seq, lost.id)
    body = Revoke(lost.key.hex(), lost.seq, lost.id.hex(), revoke_device(ben.key, word))
    assert say(table, ben.device, body) == "Ben gave up a device"
    stranger = f"someone ({cal.id[:6]})"
    words = f"{stranger} passed on that a device of Ben is given up"
    assert say(table, cal.device, body) == words
    table.say(cal.device, Profile("Ben"))  # who is called the same is not the same
    words = "Ben passed on that a device of Ben is given up"
    assert say(table, cal.device, body) == words


def test_what_nodes_do_is_told(ada: Person) -> None:
    table = Gathering(ada, TOOLS)
    table.say(ada.device, Profile("Ada"))
    node = ada.new_device("node")
    assert say(table, node, Offer()) == "Ada’s node offered to witness"
    assert say(table, node, Stop()) == "Ada’s node offers no more to witness"
    door = Door("http://ada.local:2326")
    assert say(table, node, door) == "Ada’s node shows these pages at http://ada.local:2326"
    assert say(table, node, Door()) == "Ada’s node shows these pages no more"


def test_what_is_about_nothing_that_is_here_is_told_so(ada: Person) -> None:
    table = Gathering(ada, TOOLS)
    table.say(ada.device, Profile("Ada"))
    for body in (Key("06" * 32, "07" * 32), Prevote("06" * 32, 0, ())):
        words = "Ada said something about a question that has not arrived here"
        assert say(table, ada.device, body) == words


@pytest.mark.parametrize(
    ("admission", "words"), [("invitation", "Ben joined, invited by Ada"), ("open", "Ben joined")]
)
def test_who_invited_whom_is_told_where_that_is_checked(
    ada: Person, ben: Person, admission: str, words: str
) -> None:
    table = Gathering(ada, TOOLS, msgspec.convert({"admission": admission}, Charter))
    table.say(ada.device, Profile("Ada"))
    space = table.space.id
    certificate = ada.device.certificate(bytes(32))
    secret, until = make_key("link").seed, table.now + 1_000_000
    link = invite(ada.device.key, certificate, space, secret=secret, until=until, before=())
    hops = use_invitation(link, space, ben.key.public)
    joined = table.take(ben.device.join(space, table.now, hops))
    table.say(ben.device, Profile("Ben"))
    said = table.space.read(table.find_operation(joined))
    assert said is not None
    assert tell(table.space, said, ENGLISH) == words


def test_what_fills_a_sentence_of_a_page_is_escaped_and_set_apart() -> None:
    for speaker in SPEAKERS:
        words = speaker.say("%(name)s left", name="<b>&%(x)s")
        assert "<bdi>&lt;b&gt;&amp;%(x)s</bdi>" in words
        nested = speaker.say("%(name)s left", name=words)
        assert nested.count("<bdi>") == 1
        many = speaker.count("%(num)s person", "%(num)s people", 1234)
        assert "<bdi>" in many
