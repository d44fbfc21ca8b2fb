"""Passing on what is new: to every neighbour that nobody has told yet, once.

In a large network several neighbours bring the same. Links that do so become lazy: on them what is
new is no more pushed, but announced a little later, and asked for by whom it has not reached along
the others. So those come to be a tree, which mends itself.
Leitão, Pereira, Rodrigues: Epidemic broadcast trees (Plumtree), SRDS 2007.
"""

from collections.abc import Callable, Mapping
from typing import Any

from beanjar.base.limits import HEADS_AT_ONCE, LAZY_FROM, TOLD
from beanjar.ops.run import rebuild_run
from beanjar.sync.events import Output, TakeRuns, Took
from beanjar.sync.logs import Logs
from beanjar.sync.messages import SHORT, About, Heads, Lazy, Push
from beanjar.sync.overlays import Overlays
from beanjar.sync.peer import Peer
from beanjar.sync.pushes import Pushed
from beanjar.sync.tries import Tries
from beanjar.sync.walk import tell_heads


class Spreading:
    """What a node tells its neighbours of what is new. Node keys and spaces have 32 bytes."""

    def __init__(
        self, key: bytes, peers: Mapping[bytes, Peer], tries: Tries, logs: Logs, overlays: Overlays
    ) -> None:
        """Speak for the node with this key."""
        self._key = key
        self._peers = peers
        self._tries = tries
        self._logs = logs
        self._overlays = overlays
        self.hears: dict[type[About], Callable[[Peer, bytes, Any], list[Output]]] = {
            Push: lambda peer, space, said: [TakeRuns(peer.key, space, said.runs, said)],
            Lazy: self._hear_lazy,
        }

    def take(self, event: Took, now: int) -> None:
        """Pass on what is new, or tell who pushed it that it was not."""
        if event.fork is not None:
            for peer in self._sharing(event):
                peer.tell_fork(event.fork)
        if event.run and (event.peer is None or event.push is not None):
            self._pass_on(event, now)
        elif event.push is not None and event.entry is None and event.fork is None:
            self._spare(event)

    def tick(self, now: int) -> None:
        """Announce what has been new for long enough to have come otherwise."""
        for peer in self._peers.values():
            for space, keys in peer.lazy.take_due(now):
                if len(keys) > HEADS_AT_ONCE:
                    self._logs.compare(peer, space)
                else:
                    self._announce(peer, space, keys)

    def _pass_on(self, event: Took, now: int) -> None:
        told = event.push.told if event.push else ()
        to = [each for each in self._sharing(event) if each.key[:SHORT] not in told]
        eager = [each for each in to if each.gets_news(event.space)]
        ids = tuple(each.id for each in rebuild_run(event.run, 0)[0]) if eager else ()
        known = dict.fromkeys([*told, self._key[:SHORT], *(each.key[:SHORT] for each in eager)])
        for peer in to:
            if peer in eager:
                peer.push(Pushed(event.space, ids, event.run, tuple(known)[:TOLD]))
            else:
                peer.lazy.note(event.space, event.key, now)

    def _sharing(self, event: Took) -> list[Peer]:
        """Return the neighbours in the space but for who brought it."""
        peers = self._peers.values()
        return [each for each in peers if each.shares(event.space) and each.key != event.peer]

    def _announce(self, peer: Peer, space: bytes, keys: list[bytes]) -> None:
        trie = self._tries.of(space)
        held = (entry for key in keys if (entry := trie.get(key)) is not None)
        peer.say(Heads(peer.number(space), tell_heads(held)))

    def _spare(self, event: Took) -> None:
        """Let nothing be pushed any more on a link that has brought what was here already."""
        peer, space = self._peers.get(event.peer or b""), event.space
        if peer is None or not peer.shares(space) or space in peer.lazy.spaces:
            return
        if len(self._overlays.of(space).book.nodes) >= LAZY_FROM:
            peer.lazy.spaces.add(space)
            peer.say(Lazy(peer.number(space)))

    def _hear_lazy(self, peer: Peer, space: bytes, _: Lazy) -> list[Output]:
        peer.lazy.spaces.add(space)
        return []
