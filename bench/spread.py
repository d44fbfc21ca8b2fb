"""How soon one operation is at fifty nodes, and how many bytes they send for it.

Each node is a process of its own, with its store, its door and iroh over loopback. All share the
processors of this machine, so that what all do for an operation, one after the other, is in the
times: each checks it, puts it on its disk and adds it up. A round trip is a ping to one of these
nodes and its answer, in the same run, over a connection such as they have with one another.

Beside it stands plain flooding on the very links that the nodes have: who receives an operation
passes it on to all neighbours but the one it came from, and names nobody as told. Its bytes are
computed from the links and from the messages, as they would travel. And there is gossipsub of
`libp2p`, really run, on the same links with messages of the same size; see `bench.gossipsub`.
"""

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from beanjar.base.clock import SECOND
from beanjar.base.limits import CARD_EVERY, CARD_EVERY_NODE
from beanjar.net.frames import write_frame
from beanjar.net.iroh import bind
from beanjar.net.link import Link
from beanjar.space.charter import Profile
from beanjar.space.ticket import NodeAddress
from beanjar.sync.codec import read_message, write_message
from beanjar.sync.messages import VERSION, Got, Hello, Message, Ping, Pong, Push
from bench.arrivals import Arrivals
from bench.crowd import say
from bench.gossipsub import gossip, install
from bench.network import HERE, Links, Network, sum_sent
from bench.nodes import HERE as LOOPBACK

NODES = 50
OPERATIONS = 20
TEXT = next(say(0)).text
STEP = 7
"""From the node at which one operation is handed in to that of the next."""
NUMBER = 300
"""Of a push that flooding is computed from: a number like this has three bytes."""
TRIPS = 50
"""Round trips with each of `ASKED` nodes."""
ASKED = 5
SPOKEN = (CARD_EVERY + NODES * CARD_EVERY_NODE) // SECOND + 5
"""Seconds after which every node has said how it stands and may say it anew, if nothing has changed
meanwhile. When something does, all say so at once, and for half as long no more, so that what is
counted next is operations alone."""
IDLE, CARDS = 20, 6
"""Seconds for which nodes are watched when nothing is new, and when they say how they stand."""


def measure(progress: Callable[[str], object]) -> dict[str, float | Mapping[str, float]]:
    """Return times, and bytes of one operation for one node; of Beanjar, and of what is beside."""
    tell: Callable[[str], object] = lambda said: progress(f"spread: {said}")  # noqa: E731
    tell("installing libp2p")
    with install() as python:
        figures, links, size = _spread(tell)
        texts = [(turn * STEP % NODES, "x" * size) for turn in range(OPERATIONS)]
        beside = gossip(python, [(one, other) for one, other in links if one < other], texts, tell)
    figures["gossipsub"] = {
        **_tell_times(beside.times),
        "bytes_per_node_and_operation": beside.bytes,
        "idle_bytes_per_node_and_second": beside.idle,
        "mesh": beside.mesh,
    }
    figures["load"] = os.getloadavg()[0]
    return figures


def _spread(
    tell: Callable[[str], object],
) -> tuple[dict[str, float | Mapping[str, float]], Links, int]:
    """Return the figures of Beanjar, the links of its nodes, and the bytes of an operation."""
    with (
        TemporaryDirectory(prefix="beanjar-bench-") as folder,
        Network(Path(folder), [HERE] * NODES, tell) as network,
    ):
        arrivals = Arrivals({p: node.url for p, node in network.nodes.items()}, network.space)
        tell("round trips")
        trip = asyncio.run(_time_trips([network.nodes[place].address for place in range(ASKED)]))
        tell("waiting until no node has anything to say of itself")
        time.sleep(SPOKEN)
        idle, seconds = _count(network, lambda: time.sleep(IDLE))
        _time_one(network, arrivals, 0)
        cards, _ = _count(network, lambda: time.sleep(CARDS))
        tell(f"{OPERATIONS} operations")
        times: list[list[float]] = []
        spent, took = _count(
            network,
            lambda: times.extend(_time_one(network, arrivals, n) for n in range(OPERATIONS)),
        )
        links = network.links()
        run = network.founder.sign(network.space, Profile("Ada", TEXT)).run
    every = [each for found in times for each in found]
    beanjar = {
        **_tell_times(times),
        "median_round_trips": median(every) / trip,
        "worst_round_trips": max(every) / trip,
        "bytes_per_node_and_operation": (spent - idle / seconds * took) / OPERATIONS / NODES,
        "idle_bytes_per_node_and_second": idle / seconds / NODES,
        "card_bytes_per_node": cards / NODES,
        "neighbours": len(links) / NODES,
    }
    flooding = {"bytes_per_node_and_operation": _flood(run, len(links))}
    figures: dict[str, float | Mapping[str, float]] = {
        "nodes": NODES,
        "operation_bytes": len(run),
        "round_trip_ms": trip * 1e3,
        "beanjar": beanjar,
        "flooding": flooding,
    }
    return figures, links, len(run)


def _tell_times(times: list[list[float]]) -> dict[str, float]:
    """Return the times at single nodes, and until all were reached, of some operations."""
    every = [each for found in times for each in found]
    return {
        "median_ms": median(every) * 1e3,
        "all_reached_ms": median(found[-1] for found in times) * 1e3,
        "worst_ms": max(every) * 1e3,
    }


def _time_one(network: Network, arrivals: Arrivals, turn: int) -> list[float]:
    """Return the seconds until an operation, handed in at one node, is at each of the others."""
    places = list(network.nodes)
    origin = places[turn * STEP % len(places)]
    began = arrivals.begin()
    network.say(origin, network.founder, TEXT)
    return arrivals.wait(set(places) - {origin}, began)


def _count(network: Network, do: Callable[[], object]) -> tuple[int, float]:
    """Return the bytes that all send while something is done, and how many seconds it took."""
    before, began = network.links(), time.monotonic()
    do()
    after, seconds = network.links(), time.monotonic() - began
    return sum_sent(before, after), seconds


def _flood(run: bytes, ends: int) -> float:
    """Return the bytes of plain flooding for each node, with so many ends of links."""
    said = (Push(0, NUMBER, (), (run,)), Got((NUMBER,)))
    size = sum(len(write_frame(write_message(each))) for each in said)
    return (ends - NODES + 1) * size / NODES


async def _time_trips(addresses: list[NodeAddress]) -> float:
    """Return the median seconds of a ping and its answer with each of these nodes."""
    endpoint = await bind(secrets.token_bytes(32), LOOPBACK)
    trips: list[float] = []
    for address in addresses:
        link = await endpoint.dial(bytes.fromhex(address.key), address.addresses)
        await link.send(write_message(Hello(VERSION, secrets.token_bytes(32))))
        await _wait_for(link, Hello)
        for number in range(TRIPS):
            began = time.perf_counter()
            await link.send(write_message(Ping(number)))
            await _wait_for(link, Pong)
            trips.append(time.perf_counter() - began)
        await link.close("That was all.")
    await endpoint.stop()
    return median(trips)


async def _wait_for(link: Link, kind: type[Message]) -> None:
    while not isinstance(read_message(await link.receive()), kind):
        pass
