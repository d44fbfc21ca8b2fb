"""Vectors of bodies, tickets, invitations and a whole export."""

import json
from base64 import urlsafe_b64encode
from collections import defaultdict
from typing import Any

import msgspec
from msgspec import Struct

from beanjar.base.clock import DAY
from beanjar.base.ids import ZERO
from beanjar.base.limits import INTEGER
from beanjar.ops.body import Body, write_body
from beanjar.ops.device import LastWord, certify_device, revoke_device
from beanjar.ops.operation import Operation
from beanjar.space import charter, doors, offers, question
from beanjar.space.export import export_space
from beanjar.space.invitation import Invitation, invite, use_invitation
from beanjar.space.ticket import NodeAddress, Ticket, write_ticket
from beanjar.testing.clock import START
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person, make_key
from beanjar.tools.estimate import TOOL as ESTIMATE
from beanjar.tools.estimate import schema

Row = dict[str, Any]

SPACE = b"s" * 32
ADA, BEN, CAL = Person("Ada"), Person("Ben"), Person("Cal")
ON, NEXT, KEY = "0a" * 32, "0b" * 32, make_key("a one-time key").public.hex()
NODES = [make_key(f"node {number}") for number in range(4)]
CARRIERS = (
    NodeAddress(
        NODES[0].public.hex(),
        (
            "https://relay.example",
            "192.0.2.1:2327",
            "[2001:db8::1]:2327",
            "https://two.example:8443",
        ),
    ),
    NodeAddress(NODES[1].public.hex(), ("198.51.100.7:2327",)),
)


def _terms(**more: Any) -> question.Terms:  # noqa: ANN401 - whatever terms have
    return question.Terms(START + DAY, (NODES[0].public.hex(),), **more)


def _invited() -> tuple[charter.Hop, ...]:
    return use_invitation(_invite(ADA.device, ZERO), SPACE, BEN.key.public)


def _invite(
    device: Device, certified: bytes = SPACE, before: tuple[charter.Hop, ...] = ()
) -> Invitation:
    return invite(
        device.key,
        device.certificate(certified),
        SPACE,
        secret=make_key(f"a link from {device.name}").seed,
        until=START + DAY,
        before=before,
    )


def _bodies() -> list[Body]:
    """At least one of every kind, with and without the fields that may be left out."""
    word = LastWord(SPACE, BEN.device.key.public, 7, b"l" * 32)
    revoked = revoke_device(BEN.key, word)
    options = schema.Choice(("red", "blue"))
    return [
        charter.Founding("The table", ADA.device.certificate(ZERO)),
        charter.Founding(
            "The table",
            ADA.device.certificate(ZERO),
            "To guess beans",
            charter.Charter("invitation", 3),
        ),
        charter.Founding(
            "The table",
            ADA.device.certificate(ZERO),
            charter=charter.Charter(witnesses=(ADA.id, BEN.id)),
        ),
        charter.Founding("The fair", ADA.device.certificate(ZERO), example=True),
        charter.Join(BEN.device.certificate(SPACE)),
        charter.Join(BEN.device.certificate(SPACE), _invited()),
        charter.Join(certify_device(BEN.key, SPACE, NODES[0].public, node=True), node=True),
        charter.Leave(),
        charter.Profile("Ben"),
        charter.Profile("Ben", "I count beans.", KEY),
        charter.Uninvite(KEY),
        charter.Revoke(BEN.device.name, word.seq, word.last.hex(), revoked),
        charter.Erase(ON),
        doors.Door("https://beans.example"),
        doors.Door(),
        offers.Offer(),
        offers.Stop(),
        offers.Vouch(BEN.id),
        offers.Unvouch(BEN.id),
        question.Accept(ON, KEY),
        question.RollPart(ON, (ADA.id, BEN.id)),
        question.Open(ON, (NEXT,)),
        question.Open(ON, (NEXT,), (ADA.id,), (ON,)),
        question.Seen(ON, ()),
        question.Seen(ON, ((ADA.id, NEXT),), NEXT),
        question.End(ON),
        question.Close(ON, NEXT),
        question.Propose(ON, 0, (NEXT,)),
        question.Propose(ON, 2, (NEXT,), 0, (b"\x00\xff",)),
        question.Prevote(ON, 0, ()),
        question.Prevote(ON, 10_000, (NEXT,)),
        question.Precommit(ON, 0, (NEXT,)),
        question.Precommit(ON, 0, (NEXT,), (b"\x00\xff",)),
        question.Settled(ON, (b"\x00\xff",)),
        question.Key(ON, KEY),
        schema.EstimateAsk(_terms(), "How many beans?", schema.Number(), "mean"),
        schema.EstimateAsk(
            _terms(sealed=False, listed=True, asker_may_end=True, ends_when_all_answered=True),
            "How heavy is the ox?",
            schema.Number("lb", 1, 0, 20_000),
            "knowledge_weighted",
            "At the fair.",
            "It is weighed at noon.",
            others=True,
        ),
        schema.EstimateAsk(_terms(), "When?", schema.Date(0, 40_000), "median"),
        schema.EstimateAsk(_terms(), "Does it rain?", schema.Probability(1), "trimmed_mean"),
        schema.EstimateAsk(_terms(), "Which one?", options, "surprisingly_popular", others=True),
        schema.EstimateAnswer(ON),
        schema.EstimateAnswer(ON, sealed=b"sealed"),
        schema.EstimateAnswer(ON, choice=schema.Guess(850)),
        schema.EstimateAnswer(ON, choice=schema.Guess(-INTEGER, -INTEGER, 0, 12)),
        schema.EstimateAnswer(ON, choice=schema.Guess(1, shares=(40, 60))),
        schema.EstimateEdit(ON, "How many beans are in it?", "In the jar."),
        schema.EstimateResolve(ON, 850, "Counted."),
        schema.EstimateWithdraw(ON, "The jar broke."),
    ]


SPELLINGS = {
    "white space": ' {\n"t": "space.profile",\t"name" : "Ben"}\r\n',
    "another order": '{"name":"Ben","t":"space.profile"}',
    "escapes": '{"\\u0074":"space\\u002eprofile","name":"B\\u0065n"}',
    "a surrogate pair": '{"t":"space.profile","name":"\\ud83e\\uded8"}',
    "a slash escaped": '{"t":"space.profile","name":"a\\/b"}',
    "minus zero": '{"t":"question.precommit","on":"' + ON + '","round":-0,"closes":[]}',
}
P = '{"t":"space.profile",'
NONSENSE: dict[str, str | bytes] = {
    "nothing": "",
    "no object": "[]",
    "no tag": '{"name":"Ben"}',
    "an unknown tag": '{"t":"space.unknown"}',
    "an unknown field": P + '"name":"Ben","age":7}',
    "a field missing": P + '"line":"Hello"}',
    "a field twice": P + '"name":"Ben","name":"Ben"}',
    "a field twice, once escaped": P + '"name":"Ben","n\\u0061me":"Ben"}',
    "the tag twice": P + '"t":"space.profile","name":"Ben"}',
    "a default spelled out": P + '"name":"Ben","line":""}',
    "a null spelled out": P + '"name":"Ben","sealing_key":null}',
    "too short": P + '"name":""}',
    "too long": P + '"name":"' + "n" * 61 + '"}',
    "a number for a text": P + '"name":7}',
    "an id in capitals": '{"t":"space.erase","target":"' + "0A" * 32 + '"}',
    "a fraction": '{"t":"question.precommit","on":"' + ON + '","round":1.0,"closes":[]}',
    "an exponent": '{"t":"question.precommit","on":"' + ON + '","round":1e1,"closes":[]}',
    "a number beyond 2^53 - 1": '{"t":"estimate.resolve","on":"'
    + ON
    + f'","truth":{INTEGER + 1}}}',
    "base64 without padding": '{"t":"estimate.answer","on":"' + ON + '","sealed":"AA"}',
    "base64 with stray bits": '{"t":"estimate.answer","on":"' + ON + '","sealed":"AB=="}',
    "a lone surrogate": P + '"name":"\\ud83d"}',
    "a byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}" + P + '"name":"Ben"}',
    "a comma too many": P + '"name":"Ben",}',
    "two values": P + '"name":"Ben"}{}',
    "bytes that are no UTF-8": P.encode() + b'"name":"\xff"}',
    "a surrogate in UTF-8": P.encode() + b'"name":"\xed\xa0\xbd"}',
    "UTF-16": (P + '"name":"Ben"}').encode("utf-16-le"),
    "nested without end": P + '"name":' + "[" * 1000 + "]" * 1000 + "}",
    "prevotes of no round": write_body(question.Propose(ON, 2, (NEXT,), 0, (b"\x00\xff",))).replace(
        b'"valid":0,', b""
    ),
    "a round without its prevotes": write_body(question.Propose(ON, 2, (NEXT,))).replace(
        b"}", b',"valid":0}'
    ),
    "a range that is empty": write_body(
        schema.EstimateAsk(_terms(), "?", schema.Number("", 0, 1, 2), "mean")
    ).replace(b'"low":1', b'"low":3'),
    "options that read the same": write_body(
        schema.EstimateAsk(_terms(), "?", schema.Choice(("a", "b")), "most_chosen")
    ).replace(b'"b"', b'"a"'),
}


def bodies() -> Row:
    """Record what bodies of every kind look like, and what means nothing."""
    said = [json.loads(write_body(body)) for body in _bodies()]
    return {
        "about": "'bodies' are read, spelled like this or otherwise. 'spellings' are texts that "
        "are read as well. 'nonsense', bytes in hex, means nothing.",
        "bodies": said,
        "spellings": [{"name": name, "text": text} for name, text in SPELLINGS.items()],
        "nonsense": [
            {"name": name, "bytes": (text if isinstance(text, bytes) else text.encode()).hex()}
            for name, text in NONSENSE.items()
        ],
    }


def tickets() -> Row:
    """Record tickets and what they say."""
    doors = ("https://beans.example", "http://ada.local:8470")
    named = {
        "a space alone": Ticket(SPACE.hex()),
        "with doors": Ticket(SPACE.hex(), doors),
        "with nodes, each at several addresses and relays": Ticket(SPACE.hex(), nodes=CARRIERS),
        "with an invitation": Ticket(SPACE.hex(), doors, _invite(ADA.device, ZERO)),
        "with an invitation by a guest": Ticket(
            SPACE.hex(), doors[:1], _invite(BEN.device, before=_invited())
        ),
    }
    good = write_ticket(named["with doors"])
    return {
        "about": "'says' is the JSON in a ticket.",
        "tickets": [
            {"name": name, "ticket": write_ticket(each), "says": _plain(each)}
            for name, each in named.items()
        ],
        "refused": [
            {"name": "cut off", "ticket": good[:-9]},
            {"name": "no space", "ticket": "beanjar:e30"},
            {"name": "another scheme", "ticket": good.replace("beanjar", "bean")},
            {"name": "not base64", "ticket": "beanjar:????"},
            {"name": "a secret that is no key", "ticket": _spoil(named, "secret", "00")},
            {"name": "a node without a key", "ticket": write_ticket(_with_nodes(key="00"))},
            {
                "name": "too many addresses",
                "ticket": write_ticket(_with_nodes(addresses=("",) * 9)),
            },
            {
                "name": "an address too long",
                "ticket": write_ticket(_with_nodes(addresses=("a" * 65,))),
            },
            {
                "name": "too many nodes",
                "ticket": write_ticket(Ticket(SPACE.hex(), nodes=CARRIERS * 9)),
            },
            {"name": "an unknown field", "ticket": _spoil(named, "uses", 1)},
        ],
    }


def _with_nodes(**more: Any) -> Ticket:  # noqa: ANN401 - whatever a node has
    """Return a ticket whose node has other values."""
    return Ticket(SPACE.hex(), nodes=(msgspec.structs.replace(CARRIERS[0], **more),))


def _spoil(named: dict[str, Ticket], field: str, value: object) -> str:
    """Return a ticket whose invitation has another value in a field."""
    said = _plain(named["with an invitation"])
    said["invitation"][field] = value
    return "beanjar:" + urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def invitations() -> Row:
    """Record an invitation by the founder and one by her guest, each step by step."""
    first, guest = _invite(ADA.device, ZERO), _invite(BEN.device, before=_invited())
    cal = use_invitation(guest, SPACE, CAL.key.public)
    return {
        "about": "Ada founded the space and invites Ben, who invites Cal. Seeds are the private "
        "keys; 'hops' is what Cal's join carries.",
        "space": SPACE.hex(),
        "until": START + DAY,
        "founder": ADA.id,
        "seeds": {
            name: {"person": person.key.seed.hex(), "device": person.device.key.seed.hex()}
            for name, person in (("Ada", ADA), ("Ben", BEN), ("Cal", CAL))
        },
        "by_ada": _plain(first),
        "by_ben": _plain(guest),
        "hops": _plain(cal),
        "refused": [
            {"name": name, "founder": founder, "person": person, "time": time, "hops": _plain(hops)}
            for name, founder, person, time, hops in [
                ("none", ADA.id, CAL.id, START, ()),
                ("it has run out", ADA.id, CAL.id, START + DAY + 1, cal),
                ("it is for another person", ADA.id, BEN.id, START, cal),
                ("it leads back to somebody else", CAL.id, BEN.id, START, cal[:1]),
                ("the first hop is missing", ADA.id, CAL.id, START, cal[1:]),
                ("the hops are in another order", ADA.id, CAL.id, START, cal[::-1]),
            ]
        ],
    }


def export() -> Row:
    """Record what the export holds."""
    table = _table()
    logs = _logs(table)
    return {
        "about": "What export.bin holds: a space with a sealed question that was settled and "
        "opened, a body that was erased, and a forked log. Bytes in hex.",
        "space": table.space.id.hex(),
        "name": table.space.members.founding.name,
        "logs": [
            {"key": log[0].key.hex(), "count": len(log), "head": log[-1].id.hex()} for log in logs
        ],
        "forks": [{"key": fork.key.hex(), "seq": fork.seq} for fork in table.forks],
        "erased": [each.id.hex() for each in table.operations if each.body is None],
        "counted": _counted(table),
    }


def write_export() -> bytes:
    """Return the export."""
    table = _table()
    return b"".join(export_space(table.space.id, _logs(table), table.forks))


def _table() -> Gathering:
    """Ada asks; Ben, Cal and Ada answer; Ben erases a line of his; Cal's phone is copied."""
    ada, ben, cal = Person("Ada"), Person("Ben"), Person("Cal")
    table = Gathering(ada, [ESTIMATE])
    table.add_witness(ada)
    erased = table.say(ben.device, charter.Profile("Ben", "I regret this line."))
    table.say(ben.device, charter.Erase(erased))
    ask = schema.EstimateAsk(table.terms(), "How many beans?", schema.Number(low=0), "mean")
    opened = table.ask(ada, ask)
    for person, value in ((ben, 790), (cal, 1000), (ada, 850), (ben, 800)):
        table.answer(person.device, opened, schema.Guess(value))
    table.close(opened)
    thief = cal.device.copied().write(table.space.id, charter.Leave(), table.now)
    table.fork(thief, table.find_operation(table.say(cal.device, charter.Profile("Cal"))))
    at = next(place for place, each in enumerate(table.operations) if each.id.hex() == erased)
    table.operations[at] = table.operations[at].without_body()
    return table


def _logs(table: Gathering) -> list[list[Operation]]:
    logs: defaultdict[bytes, list[Operation]] = defaultdict(list)
    for operation in table.operations:
        logs[operation.key].append(operation)
    founders = logs.pop(table.operations[0].key)
    return [founders, *(logs[key] for key in sorted(logs))]


def _counted(table: Gathering) -> dict[str, int]:
    """The value that counts for each person."""
    space = table.space
    (question_id,) = space.subjects(ESTIMATE)
    view = space.closing(question_id).view(None)
    assert view is not None
    assert view.answers is not None
    choices = view.answers.choices().items()
    return {person: guess.value for person, guess in choices if isinstance(guess, schema.Guess)}


def _plain(said: Struct | tuple[Struct, ...]) -> Any:  # noqa: ANN401 - JSON
    return json.loads(msgspec.json.encode(said))
