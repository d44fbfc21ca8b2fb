"""Panels and how often to draw each, so that the least likely person is as likely as can be.

B. Flanigan, P. Gölz, A. Gupta, B. Hennig, A. D. Procaccia, Fair algorithms for selecting citizens'
assemblies, Nature 596:548-552 (2021): a linear programme over panels, to which the panel that helps
most is added until none does. People of one kind are alike to it, so a panel is a number of each
kind, and who of a kind is drawn is left to the lot.

What solvers of such programmes return differs in its last digits between machines. So a lottery is
made of whole tickets, which are published before the draw: that every panel fits, and how likely
everybody is, is then checked with whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.sortition.programme import Floats, maximize
from beanjar.wisdom.sortition.quotas import Pool

TICKETS = 1_000
MOST_TICKETS = 1_000_000
MOST_PANELS = 1_000
ROUNDS = 200
"""Panels that are looked for at most; what is found by then is taken, and told how good it is."""
ENOUGH = 1e-7
"""A panel that would raise the smallest probability by less is not looked for."""

Panel = tuple[int, ...]
"""How many of each kind, in the order of the pool's kinds."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """Panels, and how many of the tickets each has."""

    panels: tuple[Panel, ...]
    tickets: tuple[int, ...]

    def chances(self, pool: Pool) -> tuple[Fraction, ...]:
        """Return how likely somebody of each kind is drawn, exactly."""
        total = sum(self.tickets)
        expected = [
            sum(
                panel[kind] * tickets
                for panel, tickets in zip(self.panels, self.tickets, strict=True)
            )
            for kind in range(len(pool.kinds))
        ]
        return tuple(
            Fraction(count, total * len(people))
            for count, people in zip(expected, pool.kinds.values(), strict=True)
        )

    def smallest_chance(self, pool: Pool) -> Fraction:
        """Return how likely the least likely person is drawn, exactly."""
        return min(self.chances(pool))

    def check(self, pool: Pool) -> None:
        """Raise `NoFigure` unless all its panels fit the quotas and its tickets can be drawn."""
        if len(self.panels) != len(self.tickets) or not 1 <= len(self.panels) <= MOST_PANELS:
            raise NoFigure(f"A lottery has from 1 to {MOST_PANELS:,} panels, each with tickets.")
        if any(each < 1 for each in self.tickets) or sum(self.tickets) > MOST_TICKETS:
            raise NoFigure(
                f"Each panel has a ticket or more, all together {MOST_TICKETS:,} at most."
            )
        for number, panel in enumerate(self.panels, start=1):
            if len(panel) != len(pool.kinds) or not pool.fits(panel):
                raise NoFigure(f"Panel {number} of the lottery does not fit the quotas.")


@dataclass(frozen=True, slots=True)
class Found:
    """A lottery, and how good any could be."""

    lottery: Lottery
    bound: float
    """No lottery has a smallest chance above this, up to the rounding of the solver."""


def find_lottery(pool: Pool, tickets: int = TICKETS) -> Found:
    """Return a lottery whose smallest chance is as large as can be, up to rounding to tickets.

    With many kinds of people it may be a little smaller, as `bound` tells. Raises `NoFigure` where
    no panel fits the quotas.
    """
    if not 1 <= tickets <= MOST_TICKETS:
        raise NoFigure(f"A lottery has from 1 to {MOST_TICKETS:,} tickets.")
    panels = [_find_panel(pool, np.zeros(len(pool.kinds)))]
    shares, values, smallest = _balance(pool, panels)
    bound = 1.0
    for _ in range(ROUNDS):
        further = _find_panel(pool, values)
        bound = min(bound, float(values @ further))
        if bound - smallest <= ENOUGH or further in panels:
            break
        panels.append(further)
        shares, values, smallest = _balance(pool, panels)
    return Found(_print_tickets(panels, shares, tickets), bound)


def _find_panel(pool: Pool, values: Floats) -> Panel:
    """Return the panel whose kinds are worth most together, by the value of one of each."""
    sizes = np.array([len(people) for people in pool.kinds.values()], np.float64)
    table = np.ones((1 + len(pool.quotas), len(sizes)))
    low, high = np.full(len(table), float(pool.seats)), np.full(len(table), float(pool.seats))
    for row, quota in enumerate(pool.quotas, start=1):
        table[row] = 0
        table[row, list(pool.members(quota))] = 1
        low[row], high[row] = quota.least, quota.most
    found = maximize(values, (np.zeros_like(sizes), sizes), table, (low, high), whole=True)
    if found is None:
        raise NoFigure(
            "No panel fits all quotas. Lower the least of a quota, raise the most of one, or find "
            "more people of a kind that is rare in the pool."
        )
    return tuple(np.rint(found.values).astype(int).tolist())


def _balance(pool: Pool, panels: Sequence[Panel]) -> tuple[Floats, Floats, float]:
    """Return the share of each panel, what one of each kind is worth, and the smallest chance.

    What kinds are worth is what a further panel would have to exceed the smallest chance with.
    """
    sizes = np.array([len(people) for people in pool.kinds.values()], np.float64)
    chances = np.array(panels, np.float64).T / sizes[:, None]
    width = len(panels) + 1
    table = np.zeros((len(sizes) + 1, width))
    table[:-1, :-1], table[:-1, -1] = chances, -1  # everybody's chance is at least the smallest
    table[-1, :-1] = 1
    low = np.append(np.zeros(len(sizes)), 1.0)
    high = np.append(np.full(len(sizes), np.inf), 1.0)
    gains = np.append(np.zeros(len(panels)), 1.0)
    found = maximize(gains, (np.zeros(width), np.full(width, np.inf)), table, (low, high))
    assert found is not None  # any shares of the panels will do
    return found.values[:-1], np.abs(found.duals[:-1]) / sizes, float(found.values[-1])


def _print_tickets(panels: Sequence[Panel], shares: Floats, tickets: int) -> Lottery:
    """Share tickets out by largest remainder; panels without any are left out."""
    exact = shares / shares.sum() * tickets
    given = np.floor(exact).astype(int)
    order = np.argsort(given - exact, kind="stable")
    given[order[: tickets - int(given.sum())]] += 1
    kept = sorted((panel, int(count)) for panel, count in zip(panels, given, strict=True) if count)
    return Lottery(tuple(panel for panel, _ in kept), tuple(count for _, count in kept))
