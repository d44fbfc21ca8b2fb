"""How a question was opened: by whom it is witnessed and who may answer."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from beanjar.fold.statement import Statement
from beanjar.space import hpke
from beanjar.space.question import QUORUMS, Accept, Ask, Open, RollPart


class Opening(Struct, frozen=True):
    """A proper open: the witnesses, each in its place, and the roll.

    `accepts` are ids, `keys` the X25519 keys to which answers are sealed.

    `roll` holds the persons who may answer, `None` where any member may.
    """

    said: Statement
    accepts: tuple[str, ...]
    persons: tuple[str, ...]
    devices: tuple[str, ...]
    keys: tuple[str, ...]
    roll: frozenset[str] | None

    @property
    def quorum(self) -> int:
        """How many witnesses must agree."""
        return QUORUMS[len(self.devices)]

    @property
    def need(self) -> int:
        """How many of the settled closes must admit an answer: more than liars can supply."""
        return len(self.devices) - self.quorum + 1

    def admits(self, person: str) -> bool:
        """Say whether the person may answer."""
        return self.roll is None or person in self.roll


def is_sound(ask: Ask) -> bool:
    """Say whether the witnesses that the ask names are of a number that has a quorum."""
    witnesses = ask.terms.witnesses
    return len(witnesses) in QUORUMS and len(set(witnesses)) == len(witnesses)


def named_by(opened: Statement) -> tuple[str, ...]:
    """Return the ids of the accepts and of the parts of the roll that an open names."""
    assert isinstance(opened.body, Open)
    return (*opened.body.accepts, *opened.body.parts)


def read_opening(
    opened: Statement,
    asked: Statement,
    accepts: Mapping[str, Statement],
    parts: Mapping[str, Statement],
) -> Opening | None:
    """Return what the open says, or `None` if it is improper or something it names is missing.

    It is proper when the asker made it and it names, in the order of the ask, one accept of each
    witness, no two of one person, each with a key to which one can seal. `accepts` and `parts` are
    those on this ask, by id.
    """
    assert isinstance(opened.body, Open)
    assert isinstance(asked.body, Ask)
    named = [accepts[each] for each in opened.body.accepts if each in accepts]
    roll = _read_roll(opened, parts) if asked.body.terms.listed else None
    if (
        opened.person != asked.person
        or tuple(accept.device for accept in named) != asked.body.terms.witnesses
        or len({accept.person for accept in named}) < len(named)
        or (asked.body.terms.listed and not roll)
        or not all(hpke.is_sound(bytes.fromhex(key)) for key in _keys(named))
    ):
        return None
    return Opening(
        said=opened,
        accepts=opened.body.accepts,
        persons=tuple(accept.person for accept in named),
        devices=tuple(accept.device for accept in named),
        keys=tuple(_keys(named)),
        roll=roll,
    )


def _keys(accepts: Iterable[Statement]) -> Iterable[str]:
    for accept in accepts:
        assert isinstance(accept.body, Accept)
        yield accept.body.key


def _read_roll(opened: Statement, parts: Mapping[str, Statement]) -> frozenset[str] | None:
    assert isinstance(opened.body, Open)
    roll = set(opened.body.roll)
    for name in opened.body.parts:
        part = parts.get(name)
        if part is None or part.person != opened.person or not isinstance(part.body, RollPart):
            return None
        roll.update(part.body.persons)
    return frozenset(roll)
