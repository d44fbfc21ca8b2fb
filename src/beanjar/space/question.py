"""What a question is made of: the bodies that every question shares, whatever its tool.

An ask says what is asked and who shall witness; each witness accepts with a one-time key; the
asker opens by naming the accepts and the roll. Answers, and all that follows, name the open.
"""

from functools import cache
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta, Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import Hex
from beanjar.base.limits import (
    BATCH_PAIRS,
    PRECOMMIT_BYTES,
    PREVOTE_BYTES,
    ROLL_PART,
    ROUNDS,
    WITNESSES,
)
from beanjar.ops.body import Body, check_integers, read_strictly
from beanjar.space.charter import Time

QUORUMS = {1: 1, 4: 3, 7: 5}
"""How many of n witnesses must agree. With n - k of them lying or gone, a result still holds."""

Sealed = Annotated[bytes, Meta(max_length=32 * 1024)]
Round = Annotated[int, Meta(ge=0, le=ROUNDS)]
Closes = Annotated[tuple[Hex, ...], Meta(max_length=WITNESSES)]
"""A set of closes, by id in rising order. None at all says: nothing in this round."""
Prevotes = Annotated[
    tuple[Annotated[bytes, Meta(max_length=PREVOTE_BYTES)], ...], Meta(max_length=WITNESSES)
]
"""Prevotes for one set in one round, each whole (see `beanjar.ops.alone`)."""
Precommits = Annotated[
    tuple[Annotated[bytes, Meta(max_length=PRECOMMIT_BYTES)], ...],
    Meta(min_length=1, max_length=WITNESSES),
]


class Terms(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a question closes.

    `closes` is the deadline in ms. `witnesses` are the devices of 1, 4 or 7 nodes, no two of one
    person. `sealed`: nobody reads an answer before it is settled. `listed`: only who is on the
    roll may answer, else any member. The asker may end it early, or it ends once all on the roll
    have answered, if the ask says so.
    """

    closes: Time
    witnesses: Annotated[tuple[Hex, ...], Meta(min_length=1, max_length=WITNESSES)]
    sealed: bool = True
    listed: bool = False
    asker_may_end: bool = False
    ends_when_all_answered: bool = False


class Ask(Body, frozen=True):
    """A question is put. Each tool adds what it asks."""

    lasting = True

    terms: Terms


class Answer(Body, frozen=True):
    """The choice of one person: in the clear, sealed, or neither, which withdraws it.

    A tool's answer adds the field `choice`, of the type `choice_type` or `None`. A sealed choice
    is padded to `sealed_size` bytes, so that its length tells nothing.
    """

    lasting = True
    choice_type: ClassVar[type[Struct]]
    sealed_size: ClassVar[int]

    on: Hex
    sealed: Sealed = b""


class Accept(Body, frozen=True, tag="question.accept"):
    """A witness agrees to serve, with a one-time X25519 key made for this ask alone."""

    lasting = True

    on: Hex
    key: Hex


class RollPart(Body, frozen=True, tag="question.roll"):
    """Some of the persons who may answer, where there are too many for one operation."""

    lasting = True

    on: Hex
    persons: Annotated[tuple[Hex, ...], Meta(min_length=1, max_length=ROLL_PART)]


class Open(Body, frozen=True, tag="question.open"):
    """The asker opens: by whom it is witnessed, and, on a listed roll, who may answer.

    `accepts` name one accept of each witness, in the order in which the ask names them.
    """

    lasting = True
    extends_subject = True

    on: Hex
    accepts: Annotated[tuple[Hex, ...], Meta(min_length=1, max_length=WITNESSES)]
    roll: Annotated[tuple[Hex, ...], Meta(max_length=ROLL_PART)] = ()
    parts: Annotated[tuple[Hex, ...], Meta(max_length=ROLL_PART)] = ()


class Seen(Body, frozen=True, tag="question.seen"):
    """A witness has seen these pairs (person, answer) while the question was open.

    `before` is its batch before this one, empty for the first, which says which open it serves.
    """

    lasting = True

    on: Hex
    pairs: Annotated[tuple[tuple[Hex, Hex], ...], Meta(max_length=BATCH_PAIRS)]
    before: Hex | None = None


class End(Body, frozen=True, tag="question.end"):
    """The asker asks the witnesses to close now, where the ask allows it."""

    lasting = True

    on: Hex


class Close(Body, frozen=True, tag="question.close"):
    """A witness admits nothing more. `last` is its last batch, which pins all that it admits."""

    lasting = True

    on: Hex
    last: Hex


class Senseless(BeanjarError, ValueError):
    """A word that fits the limits but makes no sense, and so means nothing to anybody."""


class Propose(Body, frozen=True, tag="question.propose"):
    """The witness whose turn the round is proposes a set of closes.

    A set that a quorum has backed before comes with the latest such round before this one,
    `valid`, and with that quorum's prevotes.
    """

    lasting = True

    on: Hex
    round: Round
    closes: Closes
    valid: Round | None = None
    prevotes: Prevotes = ()

    def __post_init__(self) -> None:
        """Raise `Senseless` for prevotes of no round, or a round without them."""
        if (self.valid is None) == bool(self.prevotes):
            raise Senseless("A proposal carries prevotes just when it names their round.")


class Prevote(Body, frozen=True, tag="question.prevote"):
    """A witness holds all that these closes reach and may settle on them; none: it may not."""

    lasting = True

    on: Hex
    round: Round
    closes: Closes


class Precommit(Body, frozen=True, tag="question.precommit"):
    """A witness's last word in a round: these closes, which a quorum has backed, or none.

    `prevotes` are that quorum's.
    """

    lasting = True

    on: Hex
    round: Round
    closes: Closes
    prevotes: Prevotes = ()


class Settled(Body, frozen=True, tag="question.settled"):
    """The precommits of a quorum, each whole (see `beanjar.ops.alone`): it convinces by itself."""

    lasting = True

    on: Hex
    precommits: Precommits


class Key(Body, frozen=True, tag="question.key"):
    """After a sealed question is settled: the private half of a witness's one-time key."""

    lasting = True

    on: Hex
    secret: Hex


BODIES: tuple[type[Body], ...] = (
    Accept,
    RollPart,
    Open,
    Seen,
    End,
    Close,
    Propose,
    Prevote,
    Precommit,
    Settled,
    Key,
)


WITNESSED = (Accept, Seen, Close, Propose, Prevote, Precommit, Settled, Key)
"""What a witness says."""

LOOSE = BODIES
"""What is passed on by itself where its log is forked, so that forks keep no question unsettled."""


def read_choice(kind: type[Answer], data: bytes) -> Struct | None:
    """Return the choice that a sealed answer of this kind held, or `None` if it held none."""
    return read_strictly(data, _choice_decoder(kind))


@cache
def _choice_decoder(kind: type[Answer]) -> msgspec.json.Decoder[Struct]:
    check_integers(kind.choice_type)
    return msgspec.json.Decoder(kind.choice_type)
