"""Committees from approval ballots: seven rules, exact, with all committees that tie.

M. Lackner and P. Skowron, Multi-Winner Voting with Approval Preferences (Springer 2023), says what
each is for. The names of the rules are theirs.
"""

from collections import Counter
from collections.abc import Callable, Collection
from fractions import Fraction
from itertools import combinations, islice
from math import comb, lcm

from beanjar.wisdom.counting.lots import Lot, find_turns
from beanjar.wisdom.counting.scores import Points
from beanjar.wisdom.counting.sequential import (
    MOST_TIES,
    Approvals,
    Committee,
    add_most,
    buy_seats,
    follow,
    share_loads,
)
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import check_someone

Rule = Callable[[Approvals, int, int, Lot], set[Committee]]
WORK = 2_000_000
"""Rules that look for the best of all committees look at no more committees times ballots."""


def elect(rule: str, ballots: Points, seats: int, lot: Lot | None = None) -> tuple[Committee, ...]:
    """Return all committees that a rule of `RULES` elects, in ascending order.

    Who gives an option more than 0 points approves it. Where more than `MOST_TIES` tie, only those
    are returned that the lot favours. Raises `NoFigure` where nobody voted, for a rule that is not
    there, and where there are too few options, or too many committees to look at.
    """
    check_someone(ballots.voters)
    if rule not in RULES:
        raise NoFigure(f"There is no rule “{rule}”; there are {', '.join(sorted(RULES))}.")
    if not 1 <= seats <= ballots.options:
        raise NoFigure(f"{seats} seats cannot be filled from {ballots.options} options.")
    order = range(ballots.options) if lot is None else lot
    return tuple(sorted(RULES[rule](_gather(ballots), ballots.options, seats, order)))


def choose_by_lot(committees: Collection[Committee], lot: Lot) -> Committee:
    """Return the committee with the options that the lot favours."""
    turns = find_turns(lot)
    return min(committees, key=lambda committee: sorted(turns[each] for each in committee))


def _gather(ballots: Points) -> Approvals:
    alike: Approvals = Counter()
    for count, row in zip(ballots.counts.tolist(), ballots.points.tolist(), strict=True):
        alike[frozenset(option for option, points in enumerate(row) if points > 0)] += count
    return alike


def _add_up(worth: Callable[[int], Fraction]) -> Rule:
    """Return the rule by which those win who are worth most to all who approve of them.

    `worth` says how much one of so many whom somebody approves is worth to them.
    """

    def elect(ballots: Approvals, options: int, seats: int, lot: Lot) -> set[Committee]:
        sizes: list[Counter[int]] = [Counter() for _ in range(options)]
        for ballot, count in ballots.items():
            for option in ballot:
                sizes[option][len(ballot)] += count
        totals = [
            sum((count * worth(size) for size, count in each.items()), Fraction(0))
            for each in sizes
        ]
        last = sorted(totals, reverse=True)[seats - 1]
        sure = [option for option, total in enumerate(totals) if total > last]
        tied = [option for option in lot if totals[option] == last]
        rest = islice(combinations(tied, seats - len(sure)), MOST_TIES)
        return {tuple(sorted((*sure, *each))) for each in rest}

    return elect


def _search(worth: Callable[[int, int], int]) -> Rule:
    """Return the rule by which the best of all committees are elected.

    `worth` says what a committee of so many seats is worth to whoever approves so many of it.
    """

    def elect(ballots: Approvals, options: int, seats: int, lot: Lot) -> set[Committee]:
        if comb(options, seats) * len(ballots) > WORK:
            raise NoFigure(
                "There are too many committees to compare all of them. Choose a rule that elects "
                "one after the other, such as seqpav or equal-shares."
            )
        worths = [worth(hits, seats) for hits in range(seats + 1)]
        totals = {
            committee: sum(
                count * worths[len(ballot.intersection(committee))]
                for ballot, count in ballots.items()
            )
            for committee in combinations(range(options), seats)
        }
        best = max(totals.values())
        found = {committee for committee, total in totals.items() if total == best}
        return follow(found, lot, lambda committee: committee)

    return elect


def _harmonic(hits: int, seats: int) -> int:
    """Return 1 + 1/2 + ... + 1/hits, times what makes that whole for any number of the seats."""
    whole = lcm(*range(1, seats + 1))
    return sum(whole // place for place in range(1, hits + 1))


RULES: dict[str, Rule] = {
    "av": _add_up(lambda _: Fraction(1)),
    "sav": _add_up(lambda size: Fraction(1, size)),
    "cc": _search(lambda hits, _: int(hits > 0)),
    "pav": _search(_harmonic),
    "seqpav": add_most,
    "seqphragmen": share_loads,
    "equal-shares": buy_seats,
}
