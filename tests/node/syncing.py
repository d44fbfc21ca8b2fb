"""A node that syncs until it is killed: `python -m tests.node.syncing FOLDER`.

It says where it is, then does what it reads, one command a line, and tells what happens as lines of
JSON. What it has acknowledged must be on its own disk for ever, and what it has called safe on the
disks of two others.
"""

import asyncio
import json
import sys
from pathlib import Path

from beanjar.net.iroh import bind
from beanjar.node.clock import MachineClock
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.node.standing import look_at_operation, look_at_space
from beanjar.ops.operation import Operation
from beanjar.space.ticket import NodeAddress
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from tests.node.house import House
from tests.node.street import WatchedPeers
from tests.space.tiny import TINY, Note

WORDS = 9
"""Entries of each device that takes part in a burst, beside its join."""
LOOKED_AT = 32
"""Entries that are looked at after each word to see whether they are safe."""


def tell(**said: object) -> None:
    print(json.dumps(said), flush=True)  # noqa: T201 - what the test reads


class Syncing:
    """One node, and what it is told to do."""

    def __init__(self, house: House, peers: Peers, changed: asyncio.Event) -> None:
        self.house = house
        self.peers = peers
        self.unsafe: list[str] = []
        self.talking: asyncio.Task[None] | None = None
        self.changed = changed
        house.node.carried.follow(lambda *_: tell(took=1))

    async def obey(self, command: str, *words: str) -> None:
        match command:
            case "found":
                await self.house.found()
                tell(space=self.house.id.hex())
            case "carry":
                self.house.id = bytes.fromhex(words[0])
                pairs = zip(words[1::2], words[2::2], strict=True)
                nodes = [NodeAddress(key, (address,)) for key, address in pairs]
                await self.peers.carry(self.house.id, nodes)
            case "burst":
                await self.burst(words[0], int(words[1]))
            case "talk":
                self.talking = asyncio.create_task(self.talk(words[0]))
            case "hush" if self.talking is not None:
                self.talking.cancel()
            case "look":
                await self.changed.wait()  # who looks again waits until there may be something new
                self.changed.clear()
                standing = look_at_space(self.peers, self.house.id)
                tell(standing=[standing.root, standing.operations, standing.neighbours])

    async def burst(self, turn: str, devices: int) -> None:
        """Hand in a log of each of so many devices."""
        runs = []
        for number in range(devices):
            device = Person(f"{turn} {number}").device
            words = [Note("ab" * 32, f"{turn} {number} {word}") for word in range(WORDS)]
            runs.append(self.house.write(device, self.house.join(device), *words))
        await asyncio.gather(*(self.hand_in(run) for run in runs))

    async def talk(self, turn: str) -> None:
        """Hand in one word after the other, and say what is safe by now."""
        device = Person(turn).device
        await self.hand_in(self.house.write(device, self.house.join(device)))
        while True:
            await self.hand_in(self.house.write(device, Note("ab" * 32, "and on")))
            self.look_for_safe()

    async def hand_in(self, run: list[Operation]) -> None:
        await self.house.take(*run)
        names = [each.id.hex() for each in run]
        self.unsafe.append(names[-1])
        tell(acknowledged=names)

    def look_for_safe(self) -> None:
        looked_at, self.unsafe = self.unsafe[:LOOKED_AT], self.unsafe[LOOKED_AT:]
        for name in looked_at:
            store, id_ = self.peers.store, bytes.fromhex(name)
            if look_at_operation(store, self.peers, self.house.id, id_).safe:
                tell(safe=name)
            else:
                self.unsafe.append(name)


async def live(path: Path) -> None:
    folder = Folder(path)
    node = Node(folder, [TINY], MachineClock())
    endpoint = await bind(folder.network.seed, "127.0.0.1:0")
    changed = asyncio.Event()
    peers = WatchedPeers(node, endpoint, folder.network, changed.set)
    await node.start()
    serving = asyncio.create_task(peers.serve_forever())
    house = House(node, HandClock(MachineClock().now()), Person("Ada"))
    syncing = Syncing(house, peers, changed)
    tell(key=endpoint.key.hex(), address=endpoint.addresses()[0])
    commands = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(commands)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await commands.readline():
        await syncing.obey(*line.decode().split())
    serving.cancel()


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1])))
