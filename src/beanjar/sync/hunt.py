"""Finding where two copies of a log part, by asking for ids at ever closer places."""

from collections.abc import Mapping

PROBES = 16
"""How many places are asked for at once."""


def probe(low: int, high: int) -> tuple[int, ...]:
    """Return at most 16 places from `low` to `high`, both among them, evenly apart."""
    span = high - low
    if span < PROBES:
        return tuple(range(low, high + 1))
    return tuple(low + span * step // (PROBES - 1) for step in range(PROBES))


def narrow(theirs: Mapping[int, bytes], ours: Mapping[int, bytes]) -> tuple[int, int] | None:
    """Return the last place known to be equal before the first that differs, and that place.

    The first is -1 where no equal one is known. `None` if none of the places differs.
    """
    both = sorted(theirs.keys() & ours.keys())
    differing = [seq for seq in both if theirs[seq] != ours[seq]]
    if not differing:
        return None
    high = differing[0]
    return max((seq for seq in both if seq < high), default=-1), high
