"""Lots: an order that nobody chose, for whatever is tied."""

from collections.abc import Sequence
from hashlib import sha256

Lot = Sequence[int]
"""All options, from 0, in the order in which they win ties. The last of a tie loses it."""


def cast_lot(seed: bytes, names: Sequence[bytes]) -> tuple[int, ...]:
    """Return the places of `names` in the order of SHA-256(seed ‖ name): the first wins ties.

    Whoever knows the seed can repeat it; whoever does not know it cannot foresee it.
    """
    return tuple(
        sorted(range(len(names)), key=lambda place: (sha256(seed + names[place]).digest(), place))
    )


def find_turns(lot: Lot) -> dict[int, int]:
    """Return for each option its place in the lot, from 0: the smaller wins."""
    return {option: turn for turn, option in enumerate(lot)}
