"""What a fold is, and the four laws that every one of them obeys.

For any set of statements: the view is the same in whatever *order* they were added, with any of
them *repeated*, when the set was added in *two halves* with a look at the view in between, and
*warm* (kept for long, added to bit by bit) as *cold* (rebuilt from all of them at once). A fold
reads no clock, no chance, no database and no network: what it needs besides is handed to `view`.
"""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from beanjar.fold.statement import Statement
from beanjar.ops.body import Body


class Fold(Protocol):
    """Adds up statements; folds only ever add."""

    def add(self, said: Statement) -> None:
        """Take one more statement, of one of the kinds that the fold asked for."""
        ...

    def view(self, given: Any) -> Any:  # noqa: ANN401 - each fold states what it is given
        """Return what the statements add up to, as plain data."""
        ...


class FoldKind(msgspec.Struct, frozen=True, kw_only=True):
    """How an engine makes and feeds one kind of fold.

    With `roots`, there is one fold for each subject, which a body of one of these types begins;
    without, one for the space. `stands_alone` folds are fed cut statements too.
    """

    name: str
    make: Callable[[], Fold]
    bodies: frozenset[type[Body]]
    roots: frozenset[type[Body]] = frozenset()
    stands_alone: bool = False
