"""A node's connections with its neighbours: dialled, accepted, and let go."""

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Sequence
from random import Random, SystemRandom

from beanjar.base.clock import SECOND
from beanjar.base.ids import SIZE
from beanjar.base.limits import CROSSING
from beanjar.net.addresses import find_range
from beanjar.net.link import CannotReach, Endpoint, Link
from beanjar.node.absences import Absences
from beanjar.node.arrivals import Arrivals, Arriving
from beanjar.node.books import Bookcase
from beanjar.node.changes import Change
from beanjar.node.clock import EvenTime
from beanjar.node.following import follow
from beanjar.node.holders import Holders
from beanjar.node.intake import Taken
from beanjar.node.neighbour import Neighbour
from beanjar.node.node import Node
from beanjar.node.replica import StoreReplica
from beanjar.node.sightings import Sightings
from beanjar.node.strangers import Strangers
from beanjar.node.tidings import Tidings
from beanjar.node.writing import Source
from beanjar.ops.signing import SigningKey
from beanjar.space.ticket import NodeAddress
from beanjar.sync.events import (
    Came,
    Carries,
    Dial,
    Drop,
    Event,
    Holds,
    Leaves,
    Missed,
    Output,
    SeenAt,
    Sending,
    Tick,
    Vouches,
    Went,
)
from beanjar.sync.exchange import Exchange
from beanjar.sync.membership import Card
from beanjar.sync.secrecy import sign_card

log = logging.getLogger("beanjar.peers")


class Peers:
    """The neighbours of one node, whose key is that of its endpoint."""

    def __init__(
        self, node: Node, endpoint: Endpoint, key: SigningKey, chance: Random | None = None
    ) -> None:
        """Speak for a node by an endpoint, which has `key`. `chance` says whom to compare with."""
        self.endpoint = endpoint
        self._bookcase = Bookcase(node.folder.path / "nodes")
        self.books = self._bookcase.books
        self.holders = Holders()
        self.sightings = Sightings(endpoint)
        self.absences = Absences()
        self.neighbours: dict[bytes, Neighbour] = {}
        self._strangers = Strangers()
        self._key = key
        self._node = node
        self._time = EvenTime(node.clock)
        self._chance = chance or SystemRandom()
        self.store = node.folder.store
        self._replica = StoreReplica(
            node.device,
            self.store,
            node.carried.warm,
            self._sign,
            node.clock.now,
            takes_in=node.takes_in,
        )
        self.exchange = Exchange(endpoint.key, self._replica, self.books)
        self._arrivals = Arrivals(node)
        self._tasks: set[asyncio.Task[None]] = set()
        self._tidings = Tidings(self.absences)
        node.carried.follow(self._follow)
        node.quotas.watch(self._pause)

    async def stop(self) -> None:
        """Let all neighbours go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.endpoint.stop()
        self._bookcase.save()

    async def carry(self, space: bytes, nodes: Sequence[NodeAddress]) -> None:
        """Carry a further space, of which perhaps nothing is here yet; dial who has it."""
        await self._node.carry(space)
        told = tuple((bytes.fromhex(each.key), each.addresses) for each in nodes)
        self._strangers.forget()
        self.handle(Carries(space, told))
        self._bookcase.save()  # nobody else may ever tell again what a ticket told

    def leave(self, space: bytes) -> None:
        """Tell neighbours nothing more of a space that is carried no longer."""
        self._replica.forget(space)
        self.holders.forget(space)
        self.handle(Leaves(space))
        self._bookcase.forget(space)

    def meet(self, node: bytes, addresses: Sequence[str]) -> None:
        """Dial a node that somebody says is there, if it may be of use."""
        taken = {self.endpoint.key, *self.neighbours}
        if node not in taken and self._strangers.begin(node, self._node.clock.elapsed()):
            self._start(self._reach(Dial(node, tuple(addresses))))

    async def serve_forever(self) -> None:
        """Accept neighbours and keep time, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.accept_forever())
            while True:
                try:
                    self.tick()
                except Exception:  # whatever it is, neighbours must not wait for ever
                    log.exception("This node could not do what was due; it tries again.")
                await asyncio.sleep(SECOND / 1000)

    async def accept_forever(self) -> None:
        """Accept neighbours, until cancelled."""
        while True:
            self._start(self._meet(await self.endpoint.accept(), dialled=False))

    def tick(self) -> None:
        """Do what time brings: once a second."""
        if self._time.catch_up():
            self._begin_anew()
        for key in [key for key, each in self.neighbours.items() if each.is_sending()]:
            self.handle(Sending(key))
        self.handle(Tick())
        elapsed = self._node.clock.elapsed()
        for key in self._strangers.due(elapsed, self._shares):
            self._start(self._drop(Drop(key, "We carry no space in common.")))
        self._bookcase.save_now_and_then(elapsed)
        self._tell_pages(elapsed)

    def _begin_anew(self) -> None:
        """Let all neighbours go and meet them anew, as a node does that was just started.

        All that waits for a time would wait wrongly, and some of it stands in what was signed.
        """
        log.warning("This machine's clock was set, or it slept: its neighbours are met anew.")
        for key in self.neighbours:
            self._start(self._drop(Drop(key, "This node's clock was set.")))
        self._bookcase.renew()
        self.exchange = Exchange(self.endpoint.key, self._replica, self.books)

    def _tell_pages(self, elapsed: int) -> None:
        """Tell pages of spaces whose network has changed."""
        for space in self.store.spaces():
            near = frozenset(each.key for each in self.exchange.sharing(space))
            known = self.exchange.overlays.of(space).book.nodes
            if self._tidings.is_news(space, near, known, elapsed):
                self._node.carried.changes.tell(Change(space.hex(), None))

    def _shares(self, node: bytes) -> bool:
        """Say whether a neighbour carries a space that this node carries."""
        return node in self.exchange.peers and bool(self.exchange.peers[node].shared)

    def handle(self, event: Event) -> list[Arriving]:
        """Tell the exchange of an event; do what comes of it, and return what is to be taken in."""
        outputs = self.exchange.handle(event, self._time.now(), self._chance)
        arriving = [each for output in outputs if (each := self._do(output)) is not None]
        for key, neighbour in self.neighbours.items():
            if self.exchange.has_message(key):
                neighbour.call.set()
        return arriving

    def _do(self, output: Output) -> Arriving | None:
        """Do at once what can be done at once, or return what is to be written."""
        match output:
            case Drop():
                self._start(self._drop(output))
            case Holds():
                self.holders.note(output)
            case Vouches():
                self._node.witnesses.vouch(output.space, output.peer)
            case Dial():
                self._start(self._reach(output))
            case SeenAt():
                self.sightings.note(output.peer, output.address)
            case _:
                return output
        return None

    def _pause(self, space: bytes, full: bool) -> None:  # noqa: FBT001 - as `Watch` has it
        """Fall silent about a space that is full, or go on with one that has room again."""
        self.handle(Leaves(space) if full else Carries(space))

    def _follow(self, space: bytes, taken: Taken, source: Source | None) -> None:
        """Tell the exchange of what was taken in."""
        for event in follow(self._replica, space, taken, source):
            self.handle(event)

    def _sign(
        self, space: bytes, time: int, neighbours: tuple[bytes, ...], operations: int, root: bytes
    ) -> Card:
        addresses = self.sightings.addresses()
        card = Card(self._key.public, addresses, time, neighbours, operations, root, b"")
        return sign_card(self._key, space, card)

    async def _reach(self, dial: Dial) -> None:
        try:
            link = await self.endpoint.dial(dial.peer, dial.addresses)
        except CannotReach as error:
            log.info("A node could not be reached. %s", error)
            self._strangers.note_lost(dial.peer, self._node.clock.elapsed())
            self.absences.note_missed(dial.peer)
            self.handle(Missed(dial.peer))
        else:
            await self._meet(link, dialled=True)

    async def _meet(self, link: Link, *, dialled: bool) -> None:
        """Speak with a node, on one connection of the two that may have been made at once.

        Who has a connection does not dial. So one who dials again has lost it, as a node has that
        was killed and is back before its death was noticed; unless both have just dialled.
        """
        while (old := self.neighbours.get(link.peer)) is not None:  # several may wait for it
            if self._crosses(old, dialled=dialled) and old.dialled == self._dials_for(link.peer):
                await link.close("There is a connection already.")
                return
            await old.link.close("There is another connection.")
            await old.over.wait()
        since = self._node.clock.elapsed()
        await self._talk(Neighbour(link, self.exchange, since, dialled=dialled))

    def _crosses(self, old: Neighbour, *, dialled: bool) -> bool:
        """Say whether one of two connections was dialled here, the other there, both just now."""
        return dialled != old.dialled and self._node.clock.elapsed() - old.since < CROSSING

    def _dials_for(self, peer: bytes) -> bool:
        """Say whether the connection that both keep, of two that cross, is the one dialled here."""
        return self.endpoint.key < peer

    async def _talk(self, neighbour: Neighbour) -> None:
        key = neighbour.link.peer
        self.neighbours[key] = neighbour
        self.absences.note_here(key)
        address = neighbour.link.address
        nonce = secrets.token_bytes(SIZE)
        self.handle(Came(key, nonce, neighbour.dialled, find_range(address), address))
        try:
            reason = await neighbour.talk(self._arrivals, self.handle)
        finally:
            del self.neighbours[key]
            self.absences.note_lost(key, self._node.clock.now())
            if not self._shares(key):
                self._strangers.note_useless(key, self._node.clock.elapsed())
            self.sightings.forget(key)
            self.handle(Went(key))
            neighbour.over.set()
        log.info("The connection with node %s… has ended. %s", key.hex()[:8], reason)
        await neighbour.link.close(reason)

    async def _drop(self, drop: Drop) -> None:
        neighbour = self.neighbours.get(drop.peer)
        if neighbour is not None:
            log.info("Node %s… is let go. %s", drop.peer.hex()[:8], drop.reason)
            await neighbour.link.close(drop.reason)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._note_end)

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Something between neighbours failed unforeseen.", exc_info=error)
