"""Several nodes with folders of their own, joined within one event loop by wires in memory."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from beanjar.base.clock import SECOND
from beanjar.net.link import Endpoint
from beanjar.net.memory import Switchboard
from beanjar.node.arrivals import Arriving
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.node.standing import look_at_operation, look_at_space
from beanjar.ops.device import certify_device
from beanjar.ops.signing import SigningKey
from beanjar.space.charter import Charter
from beanjar.space.ticket import NodeAddress
from beanjar.sync.events import Event
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from tests.node.house import House
from tests.seeded import seeded
from tests.space.tiny import TINY

PATIENCE = 60
"""Seconds after which a test gives up; nothing that works takes long."""
TURNS = 600
"""Seconds on the clock after which it gives up what time has to bring."""

ROUNDS, HOPS = 3, 20
"""How often, and for how many turns of the event loop, nodes are let speak within a second."""

Bind = Callable[[SigningKey], Awaitable[Endpoint]]
Story = Callable[["Street"], Awaitable[None]]
Live = Callable[[Story], None]


class WatchedPeers(Peers):
    """The neighbours of a node, and a call whenever something happens to them."""

    def __init__(
        self, node: Node, endpoint: Endpoint, key: SigningKey, call: Callable[[], None]
    ) -> None:
        self._call = call
        super().__init__(node, endpoint, key, seeded(key.public.hex()))
        node.carried.notice(lambda *_: call())

    def handle(self, event: Event) -> list[Arriving]:
        arriving = super().handle(event)
        self._call()
        return arriving


class Home(House):
    """A node on the street."""

    def __init__(self, node: Node, clock: HandClock, ada: Person, peers: Peers) -> None:
        super().__init__(node, clock, ada)
        self.peers = peers

    @property
    def key(self) -> bytes:
        """The key by which other nodes know this one."""
        return self.peers.endpoint.key

    @property
    def ticket(self) -> NodeAddress:
        """Where the node is, as a ticket says it."""
        return NodeAddress(self.key.hex(), self.peers.endpoint.addresses())

    @property
    def root(self) -> str:
        return look_at_space(self.peers, self.id).root

    async def carry(self, space: bytes, *others: "Home") -> None:
        """Carry a space, of which others have more."""
        self.id = space
        await self.peers.carry(space, [other.ticket for other in others])

    async def lend(self, person: Person) -> None:
        """Let the node take part as somebody's."""
        device = self.node.device
        await self.node.keep(self.id, certify_device(person.key, self.id, device, node=True))

    def others(self, name: str) -> int:
        """Return how many other nodes are known to hold an entry (its id in hex)."""
        store = self.peers.store
        return look_at_operation(store, self.peers, self.id, bytes.fromhex(name)).others

    def has(self, name: str) -> bool:
        return self.node.find_operation(self.id, bytes.fromhex(name)) is not None

    def own_log(self) -> list[str]:
        """Return what this node's device has said, by id, as far as it is here."""
        log = self.peers.store.read_log(self.id, self.node.device)
        return [each.id.hex() for each in log]


class Street:
    """The nodes, the wires between them, and the one clock that all look at."""

    def __init__(self, top: Path, empty_store: Path) -> None:
        self.board = Switchboard()
        self.clock = HandClock()
        self.homes: list[Home] = []
        self.top = top
        self._empty_store = empty_store
        self._news = asyncio.Event()
        self._stack = AsyncExitStack()
        self._stops: dict[Home, AsyncExitStack] = {}

    async def open(self, name: str, bind: Bind | None = None) -> Home:
        """Start the node in the folder of this name, which is made if it is not there."""
        path = self.top / name
        if not path.exists():
            path.mkdir()
            shutil.copy(self._empty_store, path)
        stack = await self._stack.enter_async_context(AsyncExitStack())
        folder = Folder(path)
        node = Node(folder, [TINY], self.clock)
        stack.push_async_callback(node.stop)
        endpoint = await (bind or self._bind)(folder.network)
        peers = WatchedPeers(node, endpoint, folder.network, self._news.set)
        stack.push_async_callback(peers.stop)
        await node.start()
        accepting = asyncio.create_task(peers.accept_forever())
        stack.callback(accepting.cancel)
        home = Home(node, self.clock, Person("Ada"), peers)
        self.homes.append(home)
        self._stops[home] = stack
        return home

    async def _bind(self, key: SigningKey) -> Endpoint:
        return self.board.endpoint(key.public)

    async def open_all(self, names: str, charter: Charter | None = None) -> list[Home]:
        """Start nodes that carry one space, which is founded at the first of them."""
        first, *others = [await self.open(name) for name in names]
        await first.found(charter)
        for home in others:
            await home.carry(first.id, first)
        await self.until(self.is_agreed)
        return [first, *others]

    async def close(self, home: Home) -> Path:
        """Stop a node; return its folder."""
        self.homes.remove(home)
        await self._stops.pop(home).aclose()
        return home.node.folder.path

    def at_the_end(self, stop: Callable[[], Awaitable[None]]) -> None:
        """Let this be done after the nodes are stopped."""
        self._stack.push_async_callback(stop)

    async def close_all(self) -> None:
        await self._stack.aclose()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once something is so; it comes about without any time on the clock."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def in_time(self, condition: Callable[[], bool]) -> None:
        """Return once something is so, letting time pass as it takes."""
        for _ in range(TURNS):
            await self.pass_time()
            if condition():
                return
        raise AssertionError("It did not come about, however much time passed.")

    async def pass_time(self, milliseconds: int = SECOND) -> None:
        """Let time pass, and what was said since arrive."""
        self.clock.pass_time(milliseconds)
        for home in list(self.homes):
            home.peers.tick()
            await home.node.tick()
        await self.settle()

    async def settle(self) -> None:
        """Let what was said arrive and be written, and the answers, and what follows from them."""
        for _ in range(ROUNDS):
            for _ in range(HOPS):
                await asyncio.sleep(0)
            for home in list(self.homes):
                await home.node.writing.do(lambda _: None)  # waits for all that was to be written

    def is_agreed(self) -> bool:
        """Say whether all hold the same of their space."""
        return len({home.root for home in self.homes}) == 1 and self.homes[0].has(
            self.homes[0].id.hex()
        )


@asynccontextmanager
async def open_street(top: Path, empty_store: Path) -> AsyncIterator[Street]:
    """Make a street; stop all its nodes in the end."""
    street = Street(top, empty_store)
    try:
        yield street
    finally:
        await street.close_all()
