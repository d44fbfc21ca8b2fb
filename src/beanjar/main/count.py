"""`beanjar count`: ballots from a file, counted as questions are."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
from msgspec import UNSET, Struct, UnsetType

from beanjar.main.command import Command
from beanjar.main.session import Session
from beanjar.main.told import Rows, Told
from beanjar.wisdom.counting.lots import cast_lot
from beanjar.wisdom.counting.sequential import MOST_TIES
from beanjar.wisdom.counting.stages import Stage
from beanjar.wisdom.polls.methods import METHODS, Counted, count
from beanjar.wisdom.polls.poll import Poll
from beanjar.wisdom.polls.reading import read_poll

Number = int | float


class Round(Struct, frozen=True, omit_defaults=True):
    """One stage of a count, in votes; by the names of options."""

    votes: dict[str, Number]
    exhausted: Number
    elected: list[str]
    surplus: str | None = None
    excluded: str | None = None
    by_lot: list[str] = []


class Result(Struct, frozen=True):
    """What a count came to, by the names or ids of options; what a method lacks is left out."""

    method: str
    voters: int
    winners: list[str]
    ties: list[list[str]]
    seats: int | UnsetType = UNSET
    quota: int | UnsetType = UNSET
    rounds: list[Round] | UnsetType = UNSET
    pairwise: dict[str, dict[str, int]] | UnsetType = UNSET
    totals: dict[str, int] | UnsetType = UNSET
    selected: list[str] | UnsetType = UNSET
    tied_committees: int | UnsetType = UNSET
    cost: Number | UnsetType = UNSET
    budget: Number | UnsetType = UNSET


@click.command("count", cls=Command, example="count ward.csv --method stv --seats 4")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--method", type=click.Choice(list(METHODS)), required=True, help="How to count.")
@click.option("--seats", type=click.IntRange(1), help="How many are elected.  [default: 1]")
@click.option("--lot", default="", help="Words drawn in public, by which ties are decided.")
def count_file(session: Session, file: Path, method: str, seats: int | None, lot: str) -> Told:
    """Count ballots from a file, by the same methods as questions are counted.

    Reads ranked ballots of PrefLib (.soc .soi .toc .toi), budgets of Pabulib (.pb), and ballots of
    Scottish councils (.csv), which say how many seats there are. For approval, whatever somebody
    ranks at all is approved; for irv and stv, a ballot ends where it ranks two alike. Ties are
    decided by the order of SHA-256 over the words of the lot, a line feed and the option's name.
    """
    del session
    poll = read_poll(file.name, file.read_bytes())
    places = seats or poll.seats or 1
    order = cast_lot(os.fsencode(f"{lot}\n"), [name.encode() for name in poll.options])
    found = count(method, poll, places, order)
    result = _describe(method, poll, places, found)
    return Told(result, _put_in_words(result))


def _describe(method: str, poll: Poll, seats: int, found: Counted) -> Result:
    names = poll.options
    money, spends = poll.money, found.cost is not None
    winners = [names[each] for each in found.winners]
    return Result(
        method,
        poll.voters,
        winners,
        [[names[each] for each in tied] for tied in found.ties],
        seats=UNSET if spends else seats,
        quota=UNSET if found.quota is None else found.quota,
        rounds=UNSET if found.stages is None else _describe_rounds(found, names),
        pairwise=UNSET if found.pairwise is None else _describe_pairs(found, names),
        totals=UNSET if found.totals is None else dict(zip(names, found.totals, strict=True)),
        selected=winners if spends else UNSET,
        tied_committees=found.tied_committees or UNSET,
        cost=UNSET if found.cost is None or not money else _divide(found.cost, money.units),
        budget=_divide(money.budget, money.units) if money and spends else UNSET,
    )


def _describe_rounds(found: Counted, names: Sequence[str]) -> list[Round]:
    def describe(stage: Stage, left: set[int]) -> Round:
        return Round(
            {names[each]: _divide(stage.votes[each], found.unit) for each in sorted(left)},
            _divide(stage.exhausted, found.unit),
            [names[each] for each in stage.elected],
            None if stage.surplus is None else names[stage.surplus],
            None if stage.excluded is None else names[stage.excluded],
            [names[each] for each in stage.by_lot],
        )

    rounds, left = [], set(range(len(names)))
    for stage in found.stages or ():
        rounds.append(describe(stage, left))
        left.discard(-1 if stage.excluded is None else stage.excluded)
    return rounds


def _describe_pairs(found: Counted, names: Sequence[str]) -> dict[str, dict[str, int]]:
    assert found.pairwise is not None
    rows = zip(names, found.pairwise.tolist(), strict=True)
    return {
        name: {other: wins for other, wins in zip(names, row, strict=True) if other != name}
        for name, row in rows
    }


def _divide(amount: int, units: int) -> Number:
    return amount // units if amount % units == 0 else amount / units


def _put_in_words(result: Result) -> list[str | Rows]:
    won = [(f"{place}.", name) for place, name in enumerate(result.winners, start=1)]
    words: list[str | Rows] = [f"{result.voters:,} voted, counted by {result.method}.", Rows(won)]
    words += [f"Decided by lot, in this order: {', '.join(each)}." for each in result.ties]
    if result.tied_committees is not UNSET:
        least = "At least " if result.tied_committees == MOST_TIES else ""
        words.append(
            f"{least}{result.tied_committees:,} such choices are as good; the lot took this one."
        )
    if result.rounds is not UNSET:
        words += [part for each in enumerate(result.rounds, start=1) for part in _tell_round(*each)]
    if result.pairwise is not UNSET:
        words += [
            "How many rank the one on the left above the one on top:",
            _cross(result.pairwise),
        ]
    if result.totals is not UNSET:
        best = sorted(result.totals.items(), key=lambda item: -item[1])
        words.append(Rows([(name, f"{total:,}") for name, total in best]))
    if result.cost is not UNSET and result.budget is not UNSET:
        words.append(f"{result.cost:,} of {result.budget:,} are spent.")
    return words


def _tell_round(number: int, told: Round) -> list[str | Rows]:
    after = [
        f"elected: {', '.join(told.elected)}" if told.elected else "",
        f"the surplus of {told.surplus} is handed on" if told.surplus else "",
        f"{told.excluded} leaves" if told.excluded else "",
        f"by lot among {', '.join(told.by_lot)}" if told.by_lot else "",
    ]
    best = sorted(told.votes.items(), key=lambda item: -item[1])
    rows = [(name, f"{votes:,}") for name, votes in best]
    heading = f"Round {number}: {'; '.join(filter(None, after))}."
    return ["", heading, Rows([*rows, ("(no choice left)", f"{told.exhausted:,}")])]


def _cross(pairs: dict[str, dict[str, int]]) -> Rows:
    names = list(pairs)
    rows = [
        (name, *("" if name == other else f"{pairs[name][other]:,}" for other in names))
        for name in names
    ]
    return Rows(rows, ("", *names))
