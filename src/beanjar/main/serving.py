"""A node and its door, as they run until they are stopped."""

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple

import click
import uvicorn
from litestar import Litestar

from beanjar.base.clock import SECOND
from beanjar.base.errors import BeanjarError
from beanjar.base.limits import DOOR_IDLE
from beanjar.main.announcing import Announcer, CannotAnnounce, find_address
from beanjar.main.example.finding import Examples
from beanjar.main.greeting import greet, report
from beanjar.main.naming import settle_name
from beanjar.main.tools import TOOLS
from beanjar.net.addresses import is_dialable, is_loopback
from beanjar.net.iroh import bind
from beanjar.net.link import CannotReach, NotInstalled
from beanjar.net.local import LocalNetwork
from beanjar.node.clock import MachineClock
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.node.quotas import Quotas
from beanjar.node.standing import look_around
from beanjar.web.app import make_app
from beanjar.web.door import Door
from beanjar.web.reach import DoorAddress, Reach, reach_at, reach_near, reach_public

log = logging.getLogger("beanjar.main")

LOOPBACK = "127.0.0.1"
ALL = "0.0.0.0"  # noqa: S104 - to know it when the keeper asks for it
EVERYWHERE = {ALL: LOOPBACK, "::": "::1"}
"""All addresses of the machine, and the one of them at which it reaches itself."""
PROXIES = [LOOPBACK, "::1"]
"""Who is believed about whom a request comes from, where the door is behind a proxy."""
GRACE = 3
"""Seconds that open connections have to end when the node is stopped."""


class CannotGoOn(BeanjarError):
    """A node without a part that it cannot do without."""


class Wishes(NamedTuple):
    """What the keeper said on the command line."""

    data: Path | None
    host: str
    port: int
    listen: str | None
    relays: tuple[str, ...]
    local: bool
    name: str | None
    public: str | None
    per_address: int
    quota: int | None
    quota_in_all: int | None
    lan: bool
    alone: bool
    opens: bool
    as_json: bool


class Server(uvicorn.Server):
    """A server that says so once people can come in; Ctrl-C ends it well from then on."""

    def __init__(self, config: uvicorn.Config, door: Door, greet: Callable[[], None]) -> None:
        """Serve the door as the config says, and call `greet` once it is served."""
        super().__init__(config)
        self._door = door
        self._greet = greet

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        if self.started:
            self._greet()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of the pages that follow what happens, which no other would ever do, and end."""
        self._door.streams.close()
        await super().shutdown(sockets)


class Running:
    """One node and its door."""

    def __init__(self, wishes: Wishes, folder: Folder, listening: socket.socket) -> None:
        """Serve what is in the folder on the socket, as wished."""
        self._wishes = wishes
        self._folder = folder
        self._listening = listening
        self._port: int = listening.getsockname()[1]
        self._near = reach_at(EVERYWHERE.get(wishes.host, wishes.host), self._port)
        self._spare: str | None = None
        self._server: Server | None = None
        self._is_broken = False
        self._leaving = AsyncExitStack()
        self._leaving.callback(listening.close)

    async def serve(self) -> None:
        """Serve until it is stopped; raise `CannotGoOn` if a part fails that it needs."""
        async with self._leaving:
            wishes = self._wishes
            quotas = Quotas(self._folder.store, wishes.quota, wishes.quota_in_all)
            node = Node(self._folder, TOOLS, MachineClock(), quotas)
            self._leaving.push_async_callback(node.stop)
            await node.start()
            peers = await self._meet(node)
            reach = await self._find_reach()
            node.door = reach.widest
            app = make_app(
                node,
                peers,
                reach=reach,
                per_address=wishes.per_address,
                find_example=Examples(node).find,
            )
            self._work(node.tick_forever(), is_needed=True)
            if peers is not None:
                self._work(peers.serve_forever(), is_needed=True)
                self._find_others(peers)
            await self._open(app, lambda: self._greet(reach, peers))

    async def _meet(self, node: Node) -> Peers | None:
        """Listen for other nodes, where this machine can."""
        wishes = self._wishes
        if wishes.alone:
            return None
        # Whoever may open the pages, nodes are for one another; see docs/decisions/0010.
        listen = wishes.listen or f"{ALL}:{wishes.port + 1 if wishes.port else 0}"
        try:
            endpoint = await bind(self._folder.network.seed, listen, relays=wishes.relays)
        except (NotInstalled, CannotReach) as error:
            click.echo(str(error), err=True)
            return None
        peers = Peers(node, endpoint, self._folder.network)
        self._leaving.push_async_callback(peers.stop)
        return peers

    def _find_others(self, peers: Peers) -> None:
        """Let nodes on this machine's network and this one find each other, unless unwished."""
        if self._wishes.local:
            network = LocalNetwork(peers.endpoint.key, peers.endpoint.addresses, peers.meet)
            self._leaving.push_async_callback(network.stop)
            self._work(network.follow())

    async def _find_reach(self) -> Reach:
        """Return where the door is reached, having told the network its name if that is wished."""
        wishes = self._wishes
        doors = [self._near]
        if wishes.lan:
            doors += await self._announce()
        elif wishes.host in EVERYWHERE and (address := find_address()):
            doors.append(reach_at(address, self._port))
        if wishes.public is not None:
            doors.append(reach_public(wishes.public))
        # A node that the whole network may reach goes by names that it cannot know.
        return Reach(tuple(doors), any_name=wishes.host in EVERYWHERE and not wishes.lan)

    async def _announce(self) -> list[DoorAddress]:
        """Return the addresses that the network knows, by name if it can be announced."""
        find = find_address if self._wishes.host in EVERYWHERE else lambda: self._wishes.host
        announcer = Announcer(settle_name(self._folder.path, self._wishes.name), self._port, find)
        self._leaving.push_async_callback(announcer.stop)
        try:
            await announcer.look()
        except CannotAnnounce as error:
            click.echo(str(error), err=True)
        else:
            self._work(announcer.follow())
        address = find()
        plain = [reach_at(address, self._port)] if address else []
        if announcer.address is None:
            return plain
        self._spare = plain[0].url
        # Where the address itself is open to the whole world, that is not to go unsaid.
        wide = [each for each in plain if each.open_to == "everyone"]
        return [reach_near(announcer.name, self._port), *wide]

    def _greet(self, reach: Reach, peers: Peers | None) -> None:
        wishes = self._wishes
        if wishes.as_json:
            standing = look_around(peers) if peers is not None else None
            click.echo(report(self._near.url, self._folder.path, reach, standing))
        else:
            found = wishes.local and peers is not None and _is_near(peers)
            click.echo(greet(reach, drawn=wishes.lan, spare=self._spare, found=found))
        if wishes.opens:
            click.launch(self._near.url)

    async def _open(self, app: Litestar, greet: Callable[[], None]) -> None:
        """Let people in, and greet the keeper, until somebody stops the node."""
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=DOOR_IDLE // SECOND,
            timeout_graceful_shutdown=GRACE,
            # Whoever is no proxy of ours could say that they come from anywhere.
            proxy_headers=self._wishes.public is not None,
            forwarded_allow_ips=PROXIES,
        )
        self._server = Server(config, app.state.door, greet)
        self._server.should_exit = self._is_broken
        await self._server.serve(sockets=[self._listening])
        with suppress(asyncio.CancelledError):
            # The server hands on the Ctrl-C that ended it. Here it arrives, and ends no farewell.
            await asyncio.sleep(0)
        if self._is_broken:
            raise CannotGoOn(
                "A part of this node failed that it cannot do without, so it has stopped; nothing "
                "is lost. Start it again. What failed is said above: please report it."
            )

    def _work(self, work: Coroutine[Any, Any, None], *, is_needed: bool = False) -> None:
        """Let something go on beside, until the node is stopped, or end it if it is needed."""
        task = asyncio.create_task(work)
        self._leaving.callback(task.cancel)
        task.add_done_callback(lambda task: self._note_end(task, is_needed=is_needed))

    def _note_end(self, task: asyncio.Task[None], *, is_needed: bool) -> None:
        if task.cancelled():
            return
        log.error("A part of this node has ended.", exc_info=task.exception())
        if is_needed:
            self._is_broken = True
            if self._server is not None:
                self._server.should_exit = True


def _is_near(peers: Peers) -> bool:
    """Say whether other machines can dial a node, as far as it knows."""
    direct = (each for each in peers.endpoint.addresses() if is_dialable(each))
    return not all(is_loopback(each.rpartition(":")[0]) for each in direct)
