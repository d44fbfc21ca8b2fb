"""All that this node witnesses, in whichever spaces its device takes part."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable

from beanjar.base.limits import WITNESSES
from beanjar.node.carried import Carried
from beanjar.node.witness import Witness
from beanjar.ops.body import Body
from beanjar.store import Store

log = logging.getLogger("beanjar.node")

RESTORED = (
    "This node's own words have come from elsewhere: it had left the space, its folder is a copy, "
    "or a second node runs on one. It witnesses no more of what it had accepted."
)


class Witnesses:
    """The witnesses of one node, one in each space. Spaces and keys have 32 bytes."""

    def __init__(
        self, device: bytes, store: Store, say: Callable[[bytes, Body], Awaitable[object]]
    ) -> None:
        """Witness with the node's `device`; `say` signs a body in a space and keeps it."""
        self._device = device
        self._store = store
        self._say = say
        self._witnesses: dict[bytes, Witness] = {}
        self._vouching: defaultdict[bytes, set[bytes]] = defaultdict(set)

    def serve(self, space: bytes, carried: Carried) -> None:
        """Witness in a space from now on, if the node's device takes part in it."""
        if space not in self._witnesses and carried.space.knows(self._device):
            self._witnesses[space] = Witness(
                carried,
                self._device.hex(),
                self._store,
                lambda body: self._say(space, body),
                lambda: len(self._vouching[space]),
            )

    def leave(self, space: bytes) -> None:
        """Witness no more in a space; of its log there nobody's word counts any more."""
        self._witnesses.pop(space, None)
        self._vouching.pop(space, None)

    async def attend(self, now: int, may_speak: Callable[[bytes], bool]) -> None:
        """Say all that is due at `now` (ms), in the spaces in which this node may speak."""
        for space, witness in list(self._witnesses.items()):
            if may_speak(space):
                await witness.attend(now)

    def is_due(self, now: int) -> bool:
        """Say whether a question is to be closed before anything more is taken in."""
        return any(witness.is_due(now) for witness in self._witnesses.values())

    @property
    def vouched(self) -> list[bytes]:
        """The spaces in which two other nodes know of nothing more that this one has said."""
        return [space for space, peers in self._vouching.items() if len(peers) > 1]

    def vouch(self, space: bytes, peer: bytes) -> None:
        """Note that another node knows of nothing in this node's own log that is not here."""
        if len(self._vouching[space]) < WITNESSES:  # more are never needed
            self._vouching[space].add(peer)

    def learn_restored(self, space: bytes) -> None:
        """Take part no more in what was begun: others hold words of this node that it forgot."""
        log.error(RESTORED)
        if space in self._witnesses:
            self._witnesses[space].abstain()
