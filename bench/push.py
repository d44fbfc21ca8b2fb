"""How soon what is said at one node shows at another, beside a round trip of the bare transport.

Both nodes are in one process and one event loop, on stores of their own, with iroh over loopback
between them; so are the two ends of the bare link. What is timed for an operation: handed in at the
one, verified, on its disk, pushed, verified by the other, on its disk and in its view.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from beanjar.net.iroh import bind
from beanjar.net.link import Link
from beanjar.node.node import Node
from beanjar.ops.run import write_run
from beanjar.space.charter import Founding, Profile
from beanjar.testing.people import Device, Person
from bench.nodes import HERE, run_node, until

OPERATIONS = 300
TRIPS = 1_000
TRIP = bytes(500)
"""About as many bytes as an operation has."""


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return the median ms of a push and of a bare round trip, and how many times that it is."""
    return asyncio.run(_measure(progress))


async def _measure(progress: Callable[[str], object]) -> dict[str, float]:
    progress("push: the bare transport")
    trips = await _time_trips()
    progress("push: two nodes")
    pushes = await _time_pushes()
    return {
        "ratio": median(pushes) / median(trips),
        "push_ms": median(pushes) * 1e3,
        "push_p95_ms": quantiles(pushes, n=20)[-1] * 1e3,
        "round_trip_ms": median(trips) * 1e3,
    }


async def _time_trips() -> list[float]:
    one, other = await bind(bytes(32), HERE), await bind(bytes(31) + b"\1", HERE)
    near = await one.dial(other.key, other.addresses())
    far = await other.accept()
    echo = asyncio.create_task(_echo(far))
    trips = []
    for _ in range(TRIPS):
        start = time.perf_counter()
        await near.send(TRIP)
        await near.receive()
        trips.append(time.perf_counter() - start)
    echo.cancel()
    await asyncio.gather(one.stop(), other.stop())
    return trips


async def _echo(link: Link) -> None:
    while True:
        await link.send(await link.receive())


async def _time_pushes() -> list[float]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="beanjar-bench-")))
        near, far = [
            await stack.enter_async_context(run_node(folder / name)) for name in ("near", "far")
        ]
        device = Person("Ada").device
        now = near.node.clock.now()
        founded = device.found(Founding("A bench", device.certificate(bytes(32))), now)
        space = founded.id
        await near.node.found(write_run([founded]))
        await far.peers.carry(space, [near.address])
        await until(lambda: far.node.head(space, device.key.public).seq >= 0)
        return [
            await _time_push(near.node, far.node, device, space, place)
            for place in range(OPERATIONS)
        ]


async def _time_push(near: Node, far: Node, device: Device, space: bytes, place: int) -> float:
    said = device.write(space, Profile(f"Ada {place}", "x" * 200), near.clock.now())
    changes = far.changes()
    change = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0)  # let it listen
    start = time.perf_counter()
    await near.submit(space, write_run([said]))
    await change
    return time.perf_counter() - start
