"""The examples of a node: one in each language, made when it is first asked for."""

import asyncio

from beanjar.main.example.making import Making
from beanjar.node.node import Node
from beanjar.web.language import Speaker


class Examples:
    """The examples of one node."""

    def __init__(self, node: Node) -> None:
        """Make them on this node."""
        self._node = node
        self._making = asyncio.Lock()

    async def find(self, speaker: Speaker) -> bytes:
        """Return the id of the example in the speaker's language, made if there is none.

        Only one that is whole is remembered. Raises `ExampleNotMade`, or a `StoreError`.
        """
        name = f"example {speaker.language.code}"
        async with self._making:
            known = self._node.folder.store.private(name)
            if known is not None and known in self._node.spaces():
                return known
            made = await Making(self._node, speaker).make()
            await self._node.writing.do(lambda writer: writer.keep_private(name, made))
            return made
