"""The examples of a node: one in each language, made when it is first asked for."""

import asyncio

from beanjar.main.example.making import LEFT_OPEN, Making
from beanjar.node.node import Node
from beanjar.web.language import Speaker


class Examples:
    """The examples of one node."""

    def __init__(self, node: Node) -> None:
        """Make them on this node."""
        self._node = node
        self._making = asyncio.Lock()

    async def find(self, speaker: Speaker) -> bytes:
        """Return the id of the example in the speaker's language, made if none has an open jar.

        Only one that is whole is remembered. Raises `ExampleNotMade`, or a `StoreError`.
        """
        name = f"example {speaker.language.code}"
        async with self._making:
            known = self._node.folder.store.private(name)
            if known is not None and self._is_fresh(known):
                return known
            made = await Making(self._node, speaker).make()
            await self._node.writing.do(lambda writer: writer.keep_private(name, made))
            return made

    def _is_fresh(self, space: bytes) -> bool:
        """Say whether the example is here, and has something left to answer."""
        if space not in self._node.spaces():
            return False
        founded = self._node.space(space).members.view(None).founded
        return self._node.clock.now() < founded + LEFT_OPEN
