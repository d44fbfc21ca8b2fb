"""`beanjar up`: runs a node, and the door to it, until it is stopped."""

import asyncio
import contextlib
import json
import socket
from pathlib import Path

import click
import uvicorn

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.places import PORT, node_folder
from beanjar.main.tools import TOOLS
from beanjar.node.clock import MachineClock
from beanjar.node.folder import Folder
from beanjar.node.node import Node
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
    "--per-address",
    default=OPERATIONS_PER_ADDRESS,
    show_default=True,
    help="How many entries one network address may hand in within an hour.",
)
@click.option("--json", "as_json", is_flag=True, help="Say as JSON where the node listens.")
def up(data: Path | None, host: str, port: int, per_address: int, *, as_json: bool) -> None:
    """Run a node with its web page on this machine. Stop it with Ctrl-C.

    Example: beanjar up --port 2326
    """
    folder = Folder(data or node_folder())
    listening = _listen(host, port)
    url = f"http://{host if ':' not in host else f'[{host}]'}:{listening.getsockname()[1]}"
    ready = json.dumps({"url": url, "data": str(folder.path)}) if as_json else _greet(url, host)
    # A node that the whole network may reach goes by names that it cannot know.
    app_names = ("*",) if host in EVERYWHERE else (host,)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(folder, listening, ready, hosts=app_names, per_address=per_address))


async def _serve(
    folder: Folder,
    listening: socket.socket,
    ready: str,
    *,
    hosts: tuple[str, ...],
    per_address: int,
) -> None:
    node = Node(folder, TOOLS, MachineClock())
    await node.start()
    app = make_app(node, hosts=hosts, per_address=per_address)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE)
    )
    ticking = asyncio.create_task(node.tick_forever())
    try:
        click.echo(ready)
        await server.serve(sockets=[listening])
    finally:
        ticking.cancel()
        await node.stop()


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


def _greet(url: str, host: str) -> str:
    who = "Only this machine" if host in {LOOPBACK, "::1", "localhost"} else "Whoever can reach it"
    return f"Your node is up: {url}\n{who} can open it. Stop it with Ctrl-C; nothing is lost."
