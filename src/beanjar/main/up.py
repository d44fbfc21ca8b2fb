"""`beanjar up`: runs a node, and the door to it, until it is stopped."""

import asyncio
import contextlib
import json
import socket
from pathlib import Path
from typing import NamedTuple

import click
import uvicorn

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.places import PORT, node_folder
from beanjar.main.tools import TOOLS
from beanjar.net.iroh import bind
from beanjar.net.link import CannotReach, NotInstalled
from beanjar.node.clock import MachineClock
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.node.standing import look_around
from beanjar.web.app import make_app

LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - to know it when the keeper asks for it
GRACE = 3
"""Seconds that open connections have to end when the node is stopped."""


class CannotListen(BeanjarError):
    """An address or port that this machine does not give."""


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The node's own folder.")
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, show_default=True, help="0 takes any free port.")
@click.option(
    "--listen",
    metavar="IP:PORT",
    help="Where other nodes reach this one (UDP); the same host and the next port, unless said.",
)
@click.option("--alone", is_flag=True, help="Speak with no other nodes: only serve pages.")
@click.option(
    "--per-address",
    default=OPERATIONS_PER_ADDRESS,
    show_default=True,
    help="How many entries one network address may hand in within an hour.",
)
@click.option("--json", "as_json", is_flag=True, help="Say as JSON where the node listens.")
def up(
    data: Path | None,
    host: str,
    port: int,
    listen: str | None,
    per_address: int,
    *,
    alone: bool,
    as_json: bool,
) -> None:
    """Run a node with its web page on this machine. Stop it with Ctrl-C.

    Example: beanjar up --port 2326
    """
    folder = Folder(data or node_folder())
    listening = _listen(host, port)
    url = f"http://{_bracket(host)}:{listening.getsockname()[1]}"
    reached = None if alone else listen or f"{_bracket(host)}:{port + 1 if port else 0}"
    running = Running(folder, listening, url, host, reached, per_address, as_json)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(running.serve())


class Running(NamedTuple):
    """One node and its door. `reached` is where it listens for other nodes, if it does."""

    folder: Folder
    listening: socket.socket
    url: str
    host: str
    reached: str | None
    per_address: int
    as_json: bool

    async def serve(self) -> None:
        """Serve until it is stopped."""
        node = Node(self.folder, TOOLS, MachineClock())
        await node.start()
        peers = await self._meet(node)
        # A node that the whole network may reach goes by names that it cannot know.
        names = ("*",) if self.host in EVERYWHERE else (self.host,)
        app = make_app(node, peers, hosts=names, per_address=self.per_address)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE
        )
        working = [asyncio.create_task(node.tick_forever())]
        if peers is not None:
            working.append(asyncio.create_task(peers.serve_forever()))
        try:
            click.echo(self._greet(peers))
            await uvicorn.Server(config).serve(sockets=[self.listening])
        finally:
            for task in working:
                task.cancel()
            if peers is not None:
                await peers.stop()
            await node.stop()

    async def _meet(self, node: Node) -> Peers | None:
        """Listen for other nodes, where this machine can."""
        if self.reached is None:
            return None
        try:
            endpoint = await bind(self.folder.network.seed, self.reached)
        except (NotInstalled, CannotReach) as error:
            click.echo(str(error), err=True)
            return None
        return Peers(node, endpoint, self.folder.network)

    def _greet(self, peers: Peers | None) -> str:
        if self.as_json:
            standing = look_around(peers) if peers is not None else None
            return json.dumps(
                {
                    "url": self.url,
                    "data": str(self.folder.path),
                    "key": standing and standing.key,
                    "addresses": standing and standing.addresses,
                }
            )
        near = self.host in {LOOPBACK, "::1", "localhost"}
        who = "Only this machine" if near else "Whoever can reach it"
        return (
            f"Your node is up: {self.url}\n{who} can open it. Stop it with Ctrl-C; nothing is lost."
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, or asyncio leaves small answers waiting for the other side's acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotListen(
            f"This machine does not let the node listen on {host} port {port}: {error.strerror}. "
            "Is a node running there already? Choose another with --port."
        ) from error
    listening.listen(1024)
    return listening


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host
