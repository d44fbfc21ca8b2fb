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
        self._asked: dict[tuple[bytes, str], None] = {}
        self._erased: dict[tuple[bytes, str], None] = {}
        self._next_expiry = 0

    def look_over(self, space: bytes) -> None:
        """Ask again for all that is asked for in a space that has just been read, or a log cut."""
        targets = self._carried[space].space.erasures.targets()
        self._asked |= dict.fromkeys((space, name) for name in targets)
        self._asked |= dict.fromkeys(each for each in self._erased if each[0] == space)

    def notice(self, space: bytes, said: Statement) -> bool:
        """Note an erasure that a statement asks for, or falls under; say whether there is work."""
        if isinstance(said.body, Erase):
            self._asked[space, said.body.target] = None
        if said.id in self._carried[space].space.erasures.targets():
            self._asked[space, said.id] = None
        return bool(self._asked)

    def forget(self, space: bytes) -> None:
        """Keep nothing in mind of a space that was left."""
        self._erased = dict.fromkeys(each for each in self._erased if each[0] != space)

    async def run(self, now: int) -> None:
        """Do what is due at `now` (ms); expiry is looked for once a minute.

        What fails, as on a full disk, stays due.
        """
        while self._asked:
            (space, name), _ = self._asked.popitem()
            try:
                await self._judge(space, name)
            except BaseException:
                self._asked[space, name] = None
                raise
        if now >= self._next_expiry:
            self._next_expiry = now + MINUTE
            await self._expire(now)

    async def _judge(self, space: bytes, name: str) -> None:
        """Drop what is erased, or want again what is no more."""
        carried = self._carried.get(space)
        if carried is None:
            return  # it was left meanwhile
        target = carried.find_operation(name)
        if target is not None and carried.space.erases(target):
            await self._drop(carried, target.id)
            self._erased[space, name] = None
        elif (space, name) in self._erased and name not in carried.space.erasures.targets():
            await self._want_again(space, name)

    async def _drop(self, carried: Carried, name: bytes) -> None:
        space = carried.space.id
        await self._writing.do(lambda writer: writer.drop_bodies(space, [name]))
        carried.space.drop([name])

    async def _want_again(self, space: bytes, name: str) -> None:
        """Let neighbours be asked for a body whose erasure does not count any more."""
        await self._writing.do(lambda writer: writer.want_again(space, [bytes.fromhex(name)]))
        self._erased.pop((space, name), None)

    async def _expire(self, now: int) -> None:
        for space, name in await self._writing.do(lambda writer: writer.drop_expired(now)):
            if space in self._carried:
                self._carried[space].space.drop([name])
