"""What is asked for by id: loose operations, bodies and chunks of files."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from beanjar.base.limits import ASKED_AT_ONCE
from beanjar.ops.alone import write_alone
from beanjar.ops.log import is_signed
from beanjar.sync.asking import Asking
from beanjar.sync.events import Output, TakeAlone, TakeBody, TakeChunk
from beanjar.sync.messages import (
    About,
    Chunk,
    Find,
    Found,
    HeldBody,
    Loose,
    Message,
    WantBodies,
    WantChunks,
)
from beanjar.sync.packed import Packed
from beanjar.sync.pages import cut_pages
from beanjar.sync.peer import Peer
from beanjar.sync.replica import Replica

Read = Callable[[int, bytes, bytes], Message | None]
"""Reads what is here under a name, as a message about the space of this number."""


class Lending:
    """Asks neighbours for what is missing by id, and answers what they ask."""

    def __init__(self, replica: Replica) -> None:
        """Speak for a replica."""
        self._replica = replica
        self._missing: defaultdict[bytes, Asking] = defaultdict(Asking)
        self._bodies: defaultdict[bytes, Asking] = defaultdict(Asking)
        self._chunks: defaultdict[bytes, Asking] = defaultdict(Asking)
        self.hears: dict[type[About], Callable[[Peer, bytes, Any], list[Output]]] = {
            Loose: self._hear_loose,
            Find: self._hear_find,
            Found: self._hear_found,
            WantBodies: self._hear_want_bodies,
            HeldBody: self._hear_body,
            WantChunks: self._hear_want_chunks,
            Chunk: self._hear_chunk,
        }

    def tell_loose(self, peer: Peer, space: bytes) -> None:
        """Tell what is held past forks, which comparing logs does not show."""
        if loose := self._replica.loose(space):
            packed, number = Packed(list(loose), list[bytes]), peer.number(space)
            pages = cut_pages(packed, ASKED_AT_ONCE)
            peer.reply((Loose(number, page) for page in pages), packed.size)

    def hurry(self, space: bytes) -> None:
        """Ask again at the next chance: a neighbour came who may have what is missing."""
        for kind in (self._missing, self._bodies, self._chunks):
            kind[space].hurry()

    def leave(self, space: bytes) -> None:
        """Ask for nothing of a space any more."""
        for kind in (self._missing, self._bodies, self._chunks):
            kind.pop(space, None)

    def ask(self, peers: Sequence[Peer], space: bytes, now: int) -> None:
        """Ask neighbours that carry the space for what is missing, where it is time to."""
        replica = self._replica
        for kind, message, look in (
            (self._missing, Find, replica.missing),
            (self._bodies, WantBodies, replica.wanted),
            (self._chunks, WantChunks, replica.wanted_chunks),
        ):
            if kind[space].is_due(now):
                names = tuple(look(space)[:ASKED_AT_ONCE])
                kind[space].ask(names, now)
                for peer in peers if names else ():
                    peer.say(message(peer.number(space), names))

    def _hear_loose(self, peer: Peer, space: bytes, said: Loose) -> list[Output]:
        """Ask for what is not here."""
        lacking = [each for each in said.ids if self._replica.find(space, each) is None]
        if lacking:
            peer.say(Find(peer.number(space), tuple(lacking)))
        return []

    def _hear_find(self, peer: Peer, space: bytes, said: Find) -> list[Output]:
        """Send the operations that are here with their bodies."""
        self._reply(peer, space, said.ids, self._find)
        return []

    def _hear_found(self, peer: Peer, space: bytes, said: Found) -> list[Output]:
        """Let an operation be taken in."""
        self._missing[space].hurry()
        return [TakeAlone(peer.key, space, said.operation)]

    def _hear_want_bodies(self, peer: Peer, space: bytes, said: WantBodies) -> list[Output]:
        """Send the bodies that are here."""
        self._reply(peer, space, said.ids, self._read_body)
        return []

    def _hear_body(self, peer: Peer, space: bytes, said: HeldBody) -> list[Output]:
        """Let a body be taken in."""
        self._bodies[space].hurry()
        return [TakeBody(peer.key, space, said)]

    def _hear_want_chunks(self, peer: Peer, space: bytes, said: WantChunks) -> list[Output]:
        """Send the chunks that are here."""
        self._reply(peer, space, said.hashes, self._read_chunk)
        return []

    def _hear_chunk(self, peer: Peer, space: bytes, said: Chunk) -> list[Output]:
        """Let a chunk be taken in."""
        self._chunks[space].hurry()
        return [TakeChunk(peer.key, space, said.content)]

    def _reply(self, peer: Peer, space: bytes, names: Sequence[bytes], read: Read) -> None:
        """Let what is here of these names be read and sent, if anything is."""
        number = peer.number(space)
        for place, name in enumerate(names):
            if read(number, space, name) is not None:
                packed = Packed(list(names[place:]), list[bytes])
                found = (read(number, space, each) for each in packed)
                peer.reply((each for each in found if each is not None), packed.size)
                return

    def _find(self, number: int, space: bytes, name: bytes) -> Message | None:
        found = self._replica.find(space, name)
        if found is None or found.body is None or not is_signed(found):
            return None
        return Found(number, write_alone(found))

    def _read_body(self, number: int, space: bytes, name: bytes) -> Message | None:
        found = self._replica.find(space, name)
        if found is None or found.body is None or found.salt is None:
            return None
        return HeldBody(number, name, found.salt, found.body)

    def _read_chunk(self, number: int, space: bytes, name: bytes) -> Message | None:
        content = self._replica.chunk(space, name)
        return None if content is None else Chunk(number, content)
