"""One node of gossipsub, of `libp2p`: a process that does what it reads and tells what comes.

It runs in an environment of its own, see `bench.gossipsub`, and imports nothing of Beanjar. Lines
that it reads are "connect ADDRESS", "say TEXT" and "count". Lines of JSON that it writes are its
address, when it is joined to a peer, when something came (on the machine's one clock), how many
bytes it has written on its streams, before they are multiplexed and encrypted.
"""

import json
import sys
import time

import multiaddr  # type: ignore[import-not-found]
import trio  # type: ignore[import-not-found]
from libp2p import new_host  # type: ignore[import-not-found]
from libp2p.crypto.ed25519 import create_new_key_pair  # type: ignore[import-not-found]
from libp2p.network.stream.net_stream import NetStream  # type: ignore[import-not-found]
from libp2p.peer.peerinfo import info_from_p2p_addr  # type: ignore[import-not-found]
from libp2p.pubsub.gossipsub import PROTOCOL_ID_V11, GossipSub  # type: ignore[import-not-found]
from libp2p.pubsub.pubsub import Pubsub  # type: ignore[import-not-found]
from libp2p.tools.anyio_service import (  # type: ignore[import-not-found]
    background_trio_service,
)

TOPIC = "bench"
DEGREE, LOW, HIGH = 6, 5, 12
"""Peers in the mesh: what gossipsub's specification recommends."""
HEARTBEAT = 1
"""Seconds; likewise."""


class Written:
    """Counts what is written on all streams of this process."""

    def __init__(self) -> None:
        """Begin to count."""
        self.bytes = 0
        write = NetStream.write

        async def count(stream: NetStream, data: bytes) -> None:
            self.bytes += len(data)
            await write(stream, data)

        NetStream.write = count


def tell(**said: object) -> None:
    """Write one line."""
    print(json.dumps(said), flush=True)


async def main() -> None:
    """Run until there is nothing more to read."""
    written = Written()
    host = new_host(key_pair=create_new_key_pair())
    router = GossipSub(
        protocols=[PROTOCOL_ID_V11],
        degree=DEGREE,
        degree_low=LOW,
        degree_high=HIGH,
        heartbeat_interval=HEARTBEAT,
    )
    pubsub = Pubsub(host, router)
    here = multiaddr.Multiaddr("/ip4/127.0.0.1/tcp/0")
    async with (
        host.run(listen_addrs=[here]),
        background_trio_service(pubsub),
        background_trio_service(router),
        trio.open_nursery() as nursery,
    ):
        await pubsub.wait_until_ready()
        nursery.start_soon(hear, await pubsub.subscribe(TOPIC))
        tell(address=str(host.get_addrs()[0]))
        while line := await trio.to_thread.run_sync(sys.stdin.readline):
            word, _, rest = line.strip().partition(" ")
            if word == "connect":
                await host.connect(info_from_p2p_addr(multiaddr.Multiaddr(rest)))
                tell(connected=True)
            elif word == "say":
                await pubsub.publish(TOPIC, rest.encode())
            else:
                tell(bytes=written.bytes, mesh=len(router.mesh.get(TOPIC, ())))
        nursery.cancel_scope.cancel()


async def hear(subscription) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - libp2p's own
    """Tell when anything comes."""
    while True:
        await subscription.get()
        tell(came=time.monotonic())


if __name__ == "__main__":
    trio.run(main)
