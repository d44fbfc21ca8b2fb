"""Ways to merge statements so that neither order nor repetition makes a difference."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from beanjar.fold.statement import Statement

K = TypeVar("K", bound=Hashable)


class Latest(Generic[K]):
    """For each key the statement with the highest stamp."""

    def __init__(self) -> None:
        """Begin with no keys."""
        self._held: dict[K, Statement] = {}

    def add(self, key: K, said: Statement) -> bool:
        """Take the statement if it is the latest under `key`, and say whether it was."""
        held = self._held.get(key)
        if held is not None and held.stamp >= said.stamp:
            return False
        self._held[key] = said
        return True

    def get(self, key: K) -> Statement | None:
        """Return the latest statement under `key`, or `None`."""
        return self._held.get(key)

    def items(self) -> list[tuple[K, Statement]]:
        """Return all keys with their latest statements, in the order of the stamps."""
        return sorted(self._held.items(), key=lambda item: item[1].stamp)
