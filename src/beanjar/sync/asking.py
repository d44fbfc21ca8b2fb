"""When to ask for what is missing: soon at first, and ever less often while nobody has it."""

from collections.abc import Sequence

from beanjar.base.limits import MISSING_EVERY, MISSING_SELDOM


class Asking:
    """The asking for one kind of thing in one space."""

    def __init__(self) -> None:
        """Begin with asking at once."""
        self._patience = MISSING_EVERY
        self._due = 0

    def is_due(self, now: int) -> bool:
        """Say whether to look at `now` (ms) for what is missing."""
        return now >= self._due

    def ask(self, missing: Sequence[bytes], now: int) -> None:
        """Note that neighbours were asked for this, or that nothing is missing."""
        self._due = now + self._patience
        self._patience = min(2 * self._patience, MISSING_SELDOM) if missing else MISSING_EVERY

    def hurry(self) -> None:
        """Look again at the next chance: something came, or somebody who may have the rest."""
        self._patience, self._due = MISSING_EVERY, 0
