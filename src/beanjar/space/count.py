"""Which answers count once a question is settled: a function of what the certificate reaches.

It reads no membership, no fork and no clock, so every node that holds the certificate counts the
same. A pair (person, answer) counts when n - k + 1 of the settled closes admit it: more than the
n - k liars can supply, so that none slips in a late answer, and few enough that they cannot shut
out an answer that the honest have seen.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from beanjar.base.errors import BeanjarError
from beanjar.fold.statement import Statement
from beanjar.space.question import Answer, Close, Seen

Pair = tuple[str, str]


class NotHere(BeanjarError):
    """Something that the count needs has not arrived; `missing` names it by id."""

    def __init__(self, missing: Iterable[str]) -> None:
        """Name what is missing."""
        self.missing = tuple(sorted(missing))
        count = len(self.missing)
        what = "An entry has" if count == 1 else f"{count} entries have"
        super().__init__(f"{what} not arrived yet, so nothing is counted.")


def admitted(close: Statement, batches: Mapping[str, Statement]) -> set[Pair]:
    """Return the pairs that a witness's close admits: those of its last batch and all before.

    Raises `NotHere` if a batch is missing. A batch that is another's, or on another question,
    ends the chain: its witness could not have meant it.
    """
    assert isinstance(close.body, Close)
    pairs: set[Pair] = set()
    name: str | None = close.body.last
    while name is not None:
        batch = batches.get(name)
        if batch is None:
            raise NotHere([name])
        if not isinstance(batch.body, Seen) or not _is_same(batch, close):
            break
        pairs.update(batch.body.pairs)
        name = batch.body.before
    return pairs


def _is_same(batch: Statement, close: Statement) -> bool:
    assert isinstance(batch.body, Seen)
    assert isinstance(close.body, Close)
    return batch.device == close.device and batch.body.on == close.body.on


def count_pairs(admissions: Iterable[set[Pair]], need: int) -> set[Pair]:
    """Return the pairs that at least `need` of the closes admit; `need` is n - k + 1."""
    admitting = Counter(pair for pairs in admissions for pair in pairs)
    return {pair for pair, closes in admitting.items() if closes >= need}


def choose(
    pairs: Iterable[Pair], answers: Mapping[str, Statement], opened: str
) -> dict[str, Statement]:
    """Return of each person the counted answer with the highest stamp.

    `opened` is the open that the answers must name. Raises `NotHere` if an answer is missing.
    """
    pairs = list(pairs)
    missing = [answer for _, answer in pairs if answer not in answers]
    if missing:
        raise NotHere(missing)
    chosen: dict[str, Statement] = {}
    for person, name in pairs:
        said = answers[name]
        held = chosen.get(person)
        if _answers(said, opened) and (held is None or said.stamp > held.stamp):
            chosen[person] = said
    return chosen


def _answers(said: Statement, opened: str) -> bool:
    return isinstance(said.body, Answer) and said.body.on == opened
