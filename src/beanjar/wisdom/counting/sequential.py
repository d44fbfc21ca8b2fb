"""Committees that are elected one member after the other, following every way that ties."""

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from heapq import nsmallest
from typing import TypeVar

from beanjar.wisdom.counting.lots import Lot, find_turns

MOST_TIES = 1_000
"""Where more ways tie, those are followed that the lot favours."""

WORK = 2_000_000
"""Ways times options times kinds of ballots that are looked at in one step, at most."""

Committee = tuple[int, ...]
"""Options from 0, in ascending order."""
Approvals = Counter[frozenset[int]]
"""How many people approve just these options."""
Way = TypeVar("Way")
State = tuple[Fraction, ...]
"""What each kind of ballot carries or has left, in the order of the ballots."""


def add_most(ballots: Approvals, options: int, seats: int, lot: Lot) -> set[Committee]:
    """Sequential PAV: each next one adds most, 1 / (hits + 1) for each who approves it."""
    found: set[Committee] = {()}
    for _ in range(seats):
        further = {
            tuple(sorted((*committee, option)))
            for committee in found
            for option in _find_most(ballots, options, committee)
        }
        found = follow(further, lot, lambda committee: committee, len(ballots))
    return found


def _find_most(ballots: Approvals, options: int, committee: Committee) -> list[int]:
    adds = {
        option: sum(
            Fraction(count, len(ballot.intersection(committee)) + 1)
            for ballot, count in ballots.items()
            if option in ballot
        )
        for option in range(options)
        if option not in committee
    }
    most = max(adds.values())
    return [option for option, added in adds.items() if added == most]


def share_loads(ballots: Approvals, options: int, seats: int, lot: Lot) -> set[Committee]:
    """Sequential Phragmén: supporters of a seat share a load of 1; who is loaded least wins."""
    return _fill(ballots, options, seats, lot, {((), (Fraction(0),) * len(ballots))})


def _fill(
    ballots: Approvals, options: int, seats: int, lot: Lot, starts: set[tuple[Committee, State]]
) -> set[Committee]:
    done: set[Committee] = set()
    while starts:
        done |= {committee for committee, _ in starts if len(committee) == seats}
        further = {
            after
            for committee, loads in starts
            if len(committee) < seats
            for after in _load_least(ballots, options, committee, loads)
        }
        starts = follow(further, lot, lambda way: way[0], len(ballots))
    return follow(done, lot, lambda committee: committee)


def _load_least(
    ballots: Approvals, options: int, committee: Committee, loads: State
) -> list[tuple[Committee, State]]:
    after: dict[int, Fraction] = {}
    for option in set(range(options)).difference(committee):
        supporters = sum(count for ballot, count in ballots.items() if option in ballot)
        carried = sum(
            count * load
            for (ballot, count), load in zip(ballots.items(), loads, strict=True)
            if option in ballot
        )
        if supporters:
            after[option] = Fraction(1 + carried, supporters)
    if not after:
        unwanted = set(range(options)).difference(committee)
        return [(tuple(sorted((*committee, option))), loads) for option in unwanted]
    least = min(after.values())
    return [
        (
            tuple(sorted((*committee, option))),
            tuple(
                least if option in ballot else load
                for ballot, load in zip(ballots, loads, strict=True)
            ),
        )
        for option, load in after.items()
        if load == least
    ]


def buy_seats(ballots: Approvals, options: int, seats: int, lot: Lot) -> set[Committee]:
    """Equal shares: a seat costs 1, everybody has seats / voters; the rest by Phragmén's loads."""
    share = Fraction(seats, ballots.total())
    buying: set[tuple[Committee, State]] = {((), (share,) * len(ballots))}
    starts: set[tuple[Committee, State]] = set()
    while buying:
        following = set()
        for committee, purses in buying:
            after = _buy_cheapest(ballots, options, committee, purses)
            following.update(after)
            if not after:
                starts.add((committee, tuple(-purse for purse in purses)))
        buying = follow(following, lot, lambda way: way[0], len(ballots))
    return _fill(
        ballots, options, seats, lot, follow(starts, lot, lambda way: way[0], len(ballots))
    )


def _buy_cheapest(
    ballots: Approvals, options: int, committee: Committee, purses: State
) -> list[tuple[Committee, State]]:
    pays = {
        option: payment
        for option in set(range(options)).difference(committee)
        if (payment := _find_payment(ballots, option, purses)) is not None
    }
    cheapest = min(pays.values(), default=None)
    return [
        (
            tuple(sorted((*committee, option))),
            tuple(
                purse - min(purse, payment) if option in ballot else purse
                for ballot, purse in zip(ballots, purses, strict=True)
            ),
        )
        for option, payment in pays.items()
        if payment == cheapest
    ]


def _find_payment(ballots: Approvals, option: int, purses: State) -> Fraction | None:
    """Return what each supporter pays at most so that all pay 1; None where they cannot."""
    supporters = sorted(
        (purse, count)
        for (ballot, count), purse in zip(ballots.items(), purses, strict=True)
        if option in ballot
    )
    missing, payers = Fraction(1), sum(count for _, count in supporters)
    for purse, count in supporters:
        if missing <= purse * payers:
            return missing / payers
        missing -= purse * count
        payers -= count
    return None


def follow(
    ways: Iterable[Way], lot: Lot, read: Callable[[Way], Committee], ballots: int = 1
) -> set[Way]:
    """Return the ways that are followed; `read` says which committee each leads to so far.

    The more kinds of `ballots` there are, the fewer are followed, but one at least.
    """
    found = set(ways)
    most = max(1, min(MOST_TIES, WORK // (len(lot) * max(ballots, 1))))
    if len(found) <= most:
        return found
    turns = find_turns(lot)

    def rank(way: Way) -> tuple[list[int], Way]:
        return sorted(turns[option] for option in read(way)), way

    return set(nsmallest(most, found, key=rank))
