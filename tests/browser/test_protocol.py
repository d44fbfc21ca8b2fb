"""What the browser's modules make is what Python makes, byte for byte, and reads."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from beanjar.main.tools import TOOLS
from beanjar.ops.body import write_body
from beanjar.ops.device import Certificate, LastWord, is_certified, revoke_device
from beanjar.ops.run import read_run
from beanjar.ops.signing import SigningKey
from beanjar.ops.words import spell
from beanjar.space.charter import Hop, Revoke
from beanjar.space.invitation import Invitation, check_invitation
from beanjar.space.sealing import Context, open_sealed
from beanjar.space.space import know
from beanjar.space.ticket import Ticket, read_ticket, write_ticket
from beanjar.testing.people import make_key
from tests.browser.modules import Thrown, ask, ask_all

Row = dict[str, Any]

VECTORS = Path(__file__).parents[1] / "vectors"


def read(name: str) -> Row:
    rows: Row = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def test_operations_are_those_that_are_recorded() -> None:
    rows = read("operations")["operations"]
    made = ask_all("operation", rows)
    assert made == [{key: row[key] for key in made[0]} for row in rows]


def test_signatures_are_those_that_are_recorded() -> None:
    rows = [row for row in read("operations")["signatures"] if row["holds"] and row["seed"]]
    made = ask_all("signature", rows)
    assert made == [{key: row[key] for key in made[0]} for row in rows]


def test_a_log_that_a_browser_writes_is_read_as_it_was_meant() -> None:
    bodies = read("bodies")["bodies"]
    times = [1_800_000_000_000 + 1_000 * place for place in range(len(bodies))]
    key = make_key("phone")
    asked = {"seed": key.seed.hex(), "space": "11" * 32, "times": times, "salt": "22" * 16}
    made = ask("log", asked | {"bodies": bodies})
    log = read_run(bytes.fromhex(made["run"]))
    assert [each.id.hex() for each in log] == made["ids"]
    assert [each.time for each in log] == times
    understood = [know(TOOLS).read(each.body or b"") for each in log]
    assert [msgspec.to_builtins(each) for each in understood] == [
        msgspec.to_builtins(know(TOOLS).read(msgspec.json.encode(body))) for body in bodies
    ]


def test_a_space_that_a_browser_founds_has_the_id_that_it_says() -> None:
    key = make_key("founder's phone")
    bodies = [{"t": "space.profile", "name": "Zoë"}, {"t": "space.leave"}]
    asked = {"seed": key.seed.hex(), "space": "00" * 32, "times": [5, 3], "salt": "22" * 16}
    first, second = read_run(bytes.fromhex(ask("log", asked | {"bodies": bodies})["run"]))
    assert second.space == first.id
    assert (first.time, second.time) == (5, 5)  # a clock that goes back is overruled


def test_a_body_that_is_too_long_is_refused_in_words() -> None:
    asked = {"seed": "11" * 32, "space": "11" * 32, "times": [1], "salt": "22" * 16}
    with pytest.raises(Thrown, match="Shorten it"):
        ask("log", asked | {"bodies": [{"t": "x", "text": "ä" * 40_000}]})


def test_devices_are_certified_and_guests_let_in_as_recorded() -> None:
    invitation = read("invitation")
    space, seeds = invitation["space"], invitation["seeds"]
    made = ask(
        "certificate",
        {"seed": seeds["Ben"]["person"], "space": space, "device": "33" * 32},
    )
    certificate = msgspec.convert(made, Certificate)
    assert is_certified(certificate, bytes.fromhex(space), bytes.fromhex("33" * 32))
    cal = SigningKey(bytes.fromhex(seeds["Cal"]["person"])).public.hex()
    asked = {"invitation": invitation["by_ben"], "space": space, "person": cal}
    assert ask("hops", asked) == invitation["hops"]


def test_a_device_that_a_browser_gives_up_is_given_up_byte_for_byte() -> None:
    person, space, lost = make_key("Ada"), b"s" * 32, make_key("Ada's phone").public
    for seq in (0, 7, 2**53 - 2):
        word = LastWord(space, lost, seq, bytes([seq % 251]) * 32)
        body = Revoke(lost.hex(), seq, word.last.hex(), revoke_device(person, word))
        asked = {"seed": person.seed.hex(), "space": space.hex(), "device": lost.hex()}
        made = bytes.fromhex(ask("revoke", asked | {"seq": seq, "id": word.last.hex()}))
        assert made == write_body(body)
        assert know(TOOLS).read(made) == body


def test_a_device_that_never_spoke_cannot_be_given_up() -> None:
    asked = {"seed": "11" * 32, "space": "22" * 32, "device": "33" * 32}
    with pytest.raises(Thrown, match="number"):
        ask("revoke", asked | {"seq": -1, "id": "00" * 32})


@pytest.mark.parametrize(("who", "by"), [("Ada", "by_ada"), ("Ben", "by_ben")])
def test_invitations_are_those_that_are_recorded(who: str, by: str) -> None:
    row = read("invitation")
    given = row[by]
    asked = {key: given[key] for key in ("certificate", "secret", "until")}
    asked |= {"before": given.get("before", []), "space": row["space"]}
    assert ask("invite", asked | {"seed": row["seeds"][who]["device"]}) == given


def test_an_invitation_made_in_a_browser_lets_somebody_in() -> None:
    row = read("invitation")
    invitation = msgspec.convert(row["by_ben"], Invitation)
    cal = SigningKey(bytes.fromhex(row["seeds"]["Cal"]["person"])).public
    asked = {"invitation": row["by_ben"], "space": row["space"], "person": cal.hex()}
    hops = msgspec.convert(ask("hops", asked), tuple[Hop, ...])
    space = bytes.fromhex(row["space"])
    founder, person = row["founder"], cal.hex()
    check_invitation(hops, space, founder=founder, person=person, time=invitation.until)


def test_answers_are_sealed_as_recorded() -> None:
    rows = read("sealing")["honest"]
    assert ask_all("seal", rows) == [row["blob"] for row in rows]


def test_an_answer_that_a_browser_sealed_opens() -> None:
    keys = [X25519PrivateKey.from_private_bytes(make_key(f"witness {i}").seed) for i in range(7)]
    public = [key.public_key().public_bytes_raw() for key in keys]
    asked = {
        "secret": "44" * 32,
        "answer": b'{"value":1355}'.hex(),
        "size": 105,
        "witness_keys": [key.hex() for key in public],
        "threshold": 5,
    }
    context = Context(bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32)
    names = {"space": context.space, "open": context.open, "author": context.author}
    blob = ask("seal", asked | {name: each.hex() for name, each in names.items()})
    private = {i: key.private_bytes_raw() for i, key in enumerate(keys) if i != 2}
    assert open_sealed(bytes.fromhex(blob), 105, public, 5, context, private) == b'{"value":1355}'


def test_an_answer_that_is_too_long_to_seal_is_refused_in_words() -> None:
    row = read("sealing")["honest"][0]
    with pytest.raises(Thrown, match="Shorten it"):
        ask("seal", row | {"answer": "20" * row["size"]})


def test_bytes_are_sealed_to_one_key_as_recorded() -> None:
    rows = read("hpke")["ours"]
    asked = [
        row
        | {
            "to": X25519PrivateKey.from_private_bytes(bytes.fromhex(row["receiver_private"]))
            .public_key()
            .public_bytes_raw()
            .hex()
        }
        for row in rows
    ]
    assert ask_all("hpke", asked) == [row["sealed"] for row in rows]


def test_nothing_is_sealed_to_a_key_that_is_not_sound() -> None:
    unsound = read("hpke")["unsound_public_keys"]
    sound = make_key("a witness")
    public = X25519PrivateKey.from_private_bytes(sound.seed).public_key().public_bytes_raw().hex()
    assert ask_all("sound", [*unsound, public]) == [False] * len(unsound) + [True]


def test_secrets_are_split_as_recorded() -> None:
    rows = read("shamir")["splits"]
    assert ask_all("shares", rows) == [row["shares"] for row in rows]


def test_tickets_are_read_as_recorded() -> None:
    rows = read("ticket")
    assert ask_all("ticket", [row["ticket"] for row in rows["tickets"]]) == [
        row["says"] for row in rows["tickets"]
    ]
    link = "http://neighbour.local:2326/#" + rows["tickets"][0]["ticket"]
    assert ask("ticket", link) == rows["tickets"][0]["says"]
    refused = ask_all("ticket", [row["ticket"] for row in rows["refused"]])
    assert all(isinstance(each, Thrown) for each in refused), refused


def test_a_ticket_that_a_browser_writes_is_read() -> None:
    ticket = Ticket("ab" * 32, ("http://nachbarin.local:2326",))
    written = ask("writeTicket", {"space": ticket.space, "doors": list(ticket.doors)})
    assert written == write_ticket(ticket)
    assert read_ticket(written) == ticket


def test_words_and_keys_are_the_same_on_paper_in_the_browser_and_in_the_terminal() -> None:
    seeds = [make_key(name).seed for name in ("Ada", "Ben", "Cal")]
    words = [spell(seed) for seed in seeds]
    assert ask_all("spell", [seed.hex() for seed in seeds]) == words
    assert ask_all("unspell", [f"  {each.upper()} " for each in words]) == [
        seed.hex() for seed in seeds
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("zoo", "There are 24 words; these are 1."),
        ("zoo " * 23 + "zebraa", "Word 24, “zebraa”, is not on the list."),
        ("zoo " * 24, "do not belong together"),
    ],
)
def test_wrong_words_are_refused_with_what_is_wrong(words: str, sentence: str) -> None:
    with pytest.raises(Thrown, match=sentence):
        ask("unspell", words)
