"""`beanjar up`: runs a node, and the door to it, until it is stopped."""

import asyncio
import contextlib
import signal
import socket
from pathlib import Path
from typing import Any

import click

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import ADDRESS_CHARACTERS, OPERATIONS_PER_ADDRESS
from beanjar.base.places import PORT, node_folder
from beanjar.main.serving import ALL, LOOPBACK, Running, Wishes
from beanjar.main.sizes import Size
from beanjar.net.addresses import plain_relay
from beanjar.node.folder import Folder

MOST_PORT = 2**16 - 1


class CannotListen(BeanjarError):
    """An address or port that this machine does not give."""


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The node's own folder.")
@click.option(
    "--host",
    help=f"Where the pages are served; {LOOPBACK}, or with --lan all addresses, unless said.",
)
@click.option(
    "--port",
    type=click.IntRange(0, MOST_PORT),
    default=PORT,
    show_default=True,
    help="0 takes any free port.",
)
@click.option(
    "--listen",
    metavar="IP:PORT",
    help="Where other nodes reach this one (UDP); all addresses and the next port, unless said.",
)
@click.option(
    "--relay",
    "relays",
    multiple=True,
    metavar="URL",
    help="A relay by which nodes reach this one that cannot directly; may be given again.",
)
@click.option(
    "--no-local",
    "local",
    is_flag=True,
    flag_value=False,
    default=True,
    help="Do not let nodes on this network find this one by themselves.",
)
@click.option("--lan", is_flag=True, help="Let everyone on this network open the pages.")
@click.option(
    "--name", help="With --lan: what the node is called here; the machine's name, unless said."
)
@click.option(
    "--public",
    metavar="NAME",
    help="The pages are served as https://NAME by a proxy on this machine.",
)
@click.option("--alone", is_flag=True, help="Speak with no other nodes: only serve pages.")
@click.option(
    "--per-address",
    type=click.IntRange(1),
    default=OPERATIONS_PER_ADDRESS,
    show_default=True,
    help="How many entries one network address may hand in within an hour.",
)
@click.option(
    "--quota",
    type=Size(),
    metavar="SIZE",
    help="How much of the disk each space may take, as 500MB; see also: beanjar space quota.",
)
@click.option(
    "--quota-in-all", type=Size(), metavar="SIZE", help="How much all spaces may take together."
)
@click.option("--open", "opens", is_flag=True, help="Open the page in this machine's browser.")
@click.option("--json", "as_json", is_flag=True, help="Say as JSON where the node listens.")
def up(**given: Any) -> None:  # noqa: ANN401 - each option its own type
    """Run a node with its web page on this machine. Stop it with Ctrl-C, or by SIGTERM.

    Other nodes can reach it from elsewhere; its pages are for this machine, unless you say --lan.

    Example: beanjar up --lan
    """
    if given["name"] is not None and not given["lan"]:
        raise click.UsageError("A --name is for this network: say --lan too.")
    for relay in given["relays"]:
        _check_relay(relay)
    given["host"] = given["host"] or (ALL if given["lan"] else LOOPBACK)
    wishes = Wishes(**given)
    folder = Folder(wishes.data or node_folder())
    running = Running(wishes, folder, _listen(wishes.host, wishes.port))
    # Whoever looks after programs ends them so, and it is to be as good an end as Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(running.serve())


def _check_relay(address: str) -> None:
    if len(plain_relay(address)) > ADDRESS_CHARACTERS:
        raise click.UsageError(
            f"Other nodes are told no address of more than {ADDRESS_CHARACTERS} characters, and "
            f"{address} is longer. Name a relay with a shorter one."
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
