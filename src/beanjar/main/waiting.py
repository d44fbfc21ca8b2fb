"""Waiting for what a node or a crowd does, with a sign of life on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from beanjar.client.waiting import look_until
from beanjar.main.session import Session

T = TypeVar("T")
LOOK = 0.1
"""Seconds between two looks."""


def wait_for(
    session: Session, look: Callable[[], T | None], seconds: float, doing: str
) -> T | None:
    """Look until there is something, and return it; `None` after so many seconds without."""
    with _spinner(doing):
        return look_until(look, seconds, LOOK, session.pause)


def _spinner(doing: str) -> AbstractContextManager[object]:
    return Console(stderr=True).status(doing) if sys.stderr.isatty() else nullcontext()


@contextmanager
def bar(doing: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a bar; what this yields is called with how much more is done."""
    with _progress() as progress:
        task = progress.add_task(doing, total=total)
        yield lambda more: progress.advance(task, more)


@contextmanager
def gauge(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar; what this yields is called with how much is done, and of how much."""
    with _progress() as progress:
        task = progress.add_task(doing, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
