"""Takes bodies away whose erasure is valid or whose time is up, from disk and views."""

from collections.abc import Mapping

from beanjar.base.clock import MINUTE
from beanjar.fold.statement import Statement
from beanjar.node.carried import Carried
from beanjar.node.writing import Writing
from beanjar.space.charter import Erase


class Removal:
    """What is to be removed on one node."""

    def __init__(self, writing: Writing, carried: Mapping[bytes, Carried]) -> None:
        """Remove with `writing` from the spaces that are `carried`, now or later."""
        self._writing = writing
        self._carried = carried
        self._asked: set[tuple[bytes, str]] = set()
        self._next_expiry = 0

    def look_over(self, space: bytes) -> None:
        """Ask again for all that was ever asked for in a space that has just been read."""
        targets = self._carried[space].space.erasures.targets()
        self._asked.update((space, name) for name in targets)

    def notice(self, space: bytes, said: Statement) -> bool:
        """Note an erasure that a statement asks for, or falls under; say whether there is work."""
        if isinstance(said.body, Erase):
            self._asked.add((space, said.body.target))
        if said.id in self._carried[space].space.erasures.targets():
            self._asked.add((space, said.id))
        return bool(self._asked)

    async def run(self, now: int) -> None:
        """Do what is due at `now` (ms); expiry is looked for once a minute."""
        asked, self._asked = self._asked, set()
        for space, name in asked:
            carried = self._carried[space]
            target = carried.find_operation(name)
            if target is not None and carried.space.erases(target):
                await self._drop(space, target.id)
        if now >= self._next_expiry:
            self._next_expiry = now + MINUTE
            await self._expire(now)

    async def _drop(self, space: bytes, name: bytes) -> None:
        await self._writing.do(lambda writer: writer.drop_bodies(space, [name]))
        self._carried[space].space.drop([name])

    async def _expire(self, now: int) -> None:
        for space, name in await self._writing.do(lambda writer: writer.drop_expired(now)):
            if space in self._carried:
                self._carried[space].space.drop([name])
