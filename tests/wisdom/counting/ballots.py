"""Ballots for tests: as words, and by chance."""

from hypothesis import strategies as st

from beanjar.wisdom.counting.rankings import Rankings

FEW = 5


def ranked(*ballots: str, options: str = "") -> Rankings:
    """Return ballots written like "12: a bc d": b and c tie, and what is missing is not ranked."""
    split = [each.split(":") for each in ballots]
    names = options or "".join(sorted(set("".join(order for _, order in split)) - {" "}))
    return Rankings.of_tiers(
        (
            (int(count), [[names.index(each) for each in tier] for tier in order.split()])
            for count, order in split
        ),
        len(names),
    )


strict_orders = st.permutations(range(FEW)).flatmap(
    lambda order: st.integers(1, FEW).map(lambda length: [[each] for each in order[:length]])
)
"""A ballot that ranks some of `FEW` options, none of them alike."""


def crowds(orders: st.SearchStrategy[list[list[int]]]) -> st.SearchStrategy[Rankings]:
    """Return crowds whose ballots are such orders."""
    cast = st.tuples(st.integers(1, 20), orders)
    return st.lists(cast, min_size=1, max_size=30).map(lambda each: Rankings.of_tiers(each, FEW))
