"""How much of the disk spaces may take. A space over its quota is carried no further, as a whole.

No single operation is dropped for want of room, or nodes would hold different ones for ever.
"""

from collections.abc import Callable

from msgspec import Struct

from beanjar.base.clock import MINUTE
from beanjar.base.errors import BeanjarError
from beanjar.node.intake import Taken
from beanjar.node.writing import Writing
from beanjar.store import Store

_KEPT = "quota "
_SIZE = 8
"""Bytes of a number, as it is kept; 0 is as many as there are."""

Watch = Callable[[bytes, bool], None]
"""Is told of a space whether it is full from now on."""


class OverQuota(BeanjarError):
    """A space that takes as much of the disk as its keeper lets it."""


class Quota(Struct, frozen=True):
    """Bytes that a space takes, and may take; `None` is as many as there are."""

    used: int
    limit: int | None
    full: bool


class Quotas:
    """The quotas of one node. `default` is that of each space of which nothing else was said.

    `in_all` is what all spaces together may take. A space may go beyond by what came at once.
    """

    def __init__(self, store: Store, default: int | None = None, in_all: int | None = None) -> None:
        """Begin with no space full; `look` finds out."""
        self._store = store
        self.default = default
        self.in_all = in_all
        self._own = {
            bytes.fromhex(name.removeprefix(_KEPT)): _read(store, name)
            for name in store.private_names()
            if name.startswith(_KEPT)
        }
        self._used: dict[bytes, int] = {}
        self._full: set[bytes] = set()
        self._watching: list[Watch] = []
        self._next_look = 0

    def watch(self, watch: Watch) -> None:
        """Tell `watch` whenever a space is full from now on, or has room again."""
        self._watching.append(watch)

    def is_full(self, space: bytes) -> bool:
        """Say whether a space is carried no further."""
        return space in self._full

    def check(self, space: bytes) -> None:
        """Raise `OverQuota` if a space is carried no further."""
        if space in self._full or self._is_all_taken():
            raise OverQuota(
                "This node carries this space no further: it takes as much of its disk as its "
                "keeper allows. Hand this in at another node, or ask the keeper for more room."
            )

    def look_at(self, space: bytes) -> Quota:
        """Return how much a space takes now, and may take."""
        return Quota(self._store.usage(space), self.limit(space), self.is_full(space))

    def limit(self, space: bytes) -> int | None:
        """Return how many bytes a space may take."""
        return self._own.get(space, self.default)

    async def set(self, space: bytes, limit: int | None, writing: Writing) -> None:
        """Let a space take so many bytes from now on, or as many as there are."""
        kept = (limit or 0).to_bytes(_SIZE, "big")
        await writing.do(lambda writer: writer.keep_private(name_quota(space), kept))
        self._own[space] = limit
        self.look()

    def forget(self, space: bytes) -> None:
        """Keep nothing in mind of a space that was left."""
        self._own.pop(space, None)
        self._full.discard(space)
        self.look()

    def note(self, space: bytes, taken: Taken) -> None:
        """Note that something was taken in."""
        if self.in_all is None and self.limit(space) is None:
            return
        self._used[space] = self._used.get(space, 0) + sum(each.size for each in taken.new)
        if self._is_over(space):
            self.look()  # what was erased has made room meanwhile

    def look_now_and_then(self, now: int) -> None:
        """Measure once a minute, at `now` (ms): chunks come, and what was erased makes room."""
        if now >= self._next_look:
            self._next_look = now + MINUTE
            self.look()

    def look(self) -> None:
        """Measure all spaces that have a quota, and tell whoever watches what has changed."""
        spaces = self._store.spaces()
        limited = [
            each for each in spaces if self.in_all is not None or self.limit(each) is not None
        ]
        self._used = {each: self._store.usage(each) for each in limited}
        full = {each for each in limited if self._is_over(each)}
        changed, self._full = full ^ self._full, full
        for space in changed.intersection(spaces):
            for watch in self._watching:
                watch(space, space in full)

    def _is_over(self, space: bytes) -> bool:
        limit = self.limit(space)
        return self._is_all_taken() or (limit is not None and self._used[space] >= limit)

    def _is_all_taken(self) -> bool:
        return self.in_all is not None and sum(self._used.values()) >= self.in_all


def name_quota(space: bytes) -> str:
    """Return under which name a node keeps what it lets a space take."""
    return _KEPT + space.hex()


def _read(store: Store, name: str) -> int | None:
    return int.from_bytes(store.private(name) or b"", "big") or None
