"""Cuts what is long into messages of a bounded length."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def cut_pages(items: Iterable[T], most: int) -> Iterator[tuple[T, ...]]:
    """Yield the items in tuples of at most `most`, none of them empty."""
    rest = iter(items)
    while page := tuple(islice(rest, most)):
        yield page
