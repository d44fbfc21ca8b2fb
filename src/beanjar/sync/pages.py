"""Cuts what is long into messages of a bounded length."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from beanjar.base.limits import MESSAGE_BYTES, RUNS_AT_ONCE

T = TypeVar("T")


def cut_pages(items: Iterable[T], most: int) -> Iterator[tuple[T, ...]]:
    """Yield the items in tuples of at most `most`, none of them empty."""
    rest = iter(items)
    while page := tuple(islice(rest, most)):
        yield page


def cut_runs(runs: Iterable[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Yield the runs in tuples for one message each, which end once they hold `MESSAGE_BYTES`."""
    page: list[bytes] = []
    size = 0
    for run in runs:
        page.append(run)
        size += len(run)
        if size >= MESSAGE_BYTES or len(page) == RUNS_AT_ONCE:
            yield tuple(page)
            page, size = [], 0
    if page:
        yield tuple(page)
