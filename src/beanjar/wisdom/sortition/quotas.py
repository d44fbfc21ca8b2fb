"""What a panel should look like, and who is in the pool it is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from beanjar.wisdom.errors import NoFigure

MOST_PEOPLE = 100_000
MOST_KINDS = 500
"""Kinds of people: those with the same features are of one kind."""

Features = tuple[str, ...]
"""A person's feature in each category, in the order of the categories."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many with one feature there are on a panel, at least and at most."""

    category: str
    feature: str
    least: int
    most: int


@dataclass(frozen=True)
class Pool:
    """Those who may be drawn, and what a panel of so many `seats` should look like."""

    people: tuple[Features, ...]
    categories: tuple[str, ...]
    quotas: tuple[Quota, ...]
    seats: int

    @classmethod
    def of(cls, people: Sequence[Mapping[str, str]], quotas: Sequence[Quota], seats: int) -> "Pool":
        """Return a checked pool; each person is given by category.

        Raises `NoFigure` where somebody lacks a feature, or has one without a quota, and where
        numbers are out of bounds.
        """
        categories = tuple(dict.fromkeys(each.category for each in quotas))
        known = {(each.category, each.feature) for each in quotas}
        if len(known) != len(quotas):
            raise NoFigure("Give every feature one quota.")
        if not 1 <= seats <= len(people) <= MOST_PEOPLE:
            raise NoFigure(f"{seats} cannot be drawn from {len(people)}; at most {MOST_PEOPLE:,}.")
        if any(not 0 <= each.least <= each.most <= MOST_PEOPLE for each in quotas):
            raise NoFigure(
                "The least of a quota is at least 0 and not more than its most, which is at most "
                f"{MOST_PEOPLE:,}."
            )
        for number, person in enumerate(people, start=1):
            for category in categories:
                if (category, person.get(category, "")) not in known:
                    raise NoFigure(
                        f"Person {number} has “{person.get(category, '')}” for {category}, "
                        "for which there is no quota."
                    )
        rows = (tuple(person.get(each, "") for each in categories) for person in people)
        pool = cls(tuple(rows), categories, tuple(quotas), seats)
        if len(pool.kinds) > MOST_KINDS:
            raise NoFigure(
                f"There are more than {MOST_KINDS:,} kinds of people: leave out a category, or "
                "put features together."
            )
        return pool

    @cached_property
    def kinds(self) -> dict[Features, tuple[int, ...]]:
        """People of the same features, by their places from 0; in the order of their features."""
        found: dict[Features, list[int]] = {}
        for place, features in enumerate(self.people):
            found.setdefault(features, []).append(place)
        return {kind: tuple(found[kind]) for kind in sorted(found)}

    def members(self, quota: Quota) -> tuple[int, ...]:
        """Return the kinds that a quota counts, by their places from 0."""
        column = self.categories.index(quota.category)
        return tuple(
            place for place, kind in enumerate(self.kinds) if kind[column] == quota.feature
        )

    def fits(self, counts: Sequence[int]) -> bool:
        """Say whether a panel with so many of each kind has all seats filled and all quotas met."""
        sizes = [len(people) for people in self.kinds.values()]
        return (
            sum(counts) == self.seats
            and all(0 <= count <= size for count, size in zip(counts, sizes, strict=True))
            and all(
                quota.least <= sum(counts[kind] for kind in self.members(quota)) <= quota.most
                for quota in self.quotas
            )
        )
