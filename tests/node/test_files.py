"""Files that operations name: kept by whoever is handed them, fetched by who wants to see them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from beanjar.base.ids import Hex
from beanjar.base.limits import CHUNK_BYTES
from beanjar.net.memory import Switchboard
from beanjar.node.files import Fetched, NoSuchFile, NotNamed
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.ops.body import Body
from beanjar.ops.run import write_run
from beanjar.space.charter import Charter, Erase, Founding
from beanjar.space.files import Files, split_file
from beanjar.space.ticket import NodeAddress
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from tests.seeded import seeded
from tests.space.tiny import TINY

CONTENT = seeded("a photo").randbytes(3 * CHUNK_BYTES + 17)


class Photo(Body, frozen=True, tag="tiny.photo"):
    """Something to see."""

    on: Hex
    files: Files


TOOL = msgspec.structs.replace(TINY, bodies=(*TINY.bodies, Photo))
FILE, CHUNKS = split_file(CONTENT, "image/png")


class Street:
    """Two nodes that are neighbours, and the space that Ada founded at the first."""

    def __init__(self, near: Node, far: Node, peers: list[Peers]) -> None:
        self.near, self.far, self.peers = near, far, peers
        self.ada = Person("Ada").device
        founding = Founding("The table", self.ada.certificate(bytes(32)), "", Charter())
        self.founded = self.ada.found(founding, near.clock.now())
        self.id = self.founded.id

    async def say(self, body: Body) -> bytes:
        said = self.ada.write(self.id, body, self.near.clock.now())
        await self.near.submit(self.id, write_run([said]))
        return said.id

    async def fetch(self, node: Node, name: bytes, place: int = 0) -> Fetched:
        said = node.find_statement(self.id, name)
        assert said is not None
        return await node.files.fetch(self.id, said, place)

    async def until_far_has(self, name: bytes) -> None:
        while self.far.find_operation(self.id, name) is None:  # noqa: ASYNC110 - bounded by the story
            await asyncio.sleep(0)


@asynccontextmanager
async def open_street(path: Path) -> AsyncIterator[Street]:
    board, clock = Switchboard(), HandClock()
    nodes = [Node(Folder(path / name), [TOOL], clock) for name in ("near", "far")]
    peers = []
    for node in nodes:
        await node.start()
        network = node.folder.network
        peers.append(Peers(node, board.endpoint(network.public), network, seeded("peers")))
    serving = [asyncio.create_task(each.serve_forever()) for each in peers]
    street = Street(nodes[0], nodes[1], peers)
    await street.near.found(write_run([street.founded]))
    near = peers[0].endpoint
    address = NodeAddress(near.key.hex(), near.addresses())
    await peers[1].carry(street.id, [address])
    await street.until_far_has(street.id)
    try:
        yield street
    finally:
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        for each in peers:
            await each.stop()
        for node in nodes:
            await node.stop()


def test_a_file_is_fetched_by_a_node_where_somebody_wants_to_see_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_street(tmp_path) as street:
            name = await street.say(Photo(street.id.hex(), (FILE,)))
            for chunk in CHUNKS:
                await street.near.files.keep(street.id, chunk)
            await street.until_far_has(name)
            await street.far.tick()
            assert not street.far.folder.store.wanted_chunks(street.id)
            assert await street.fetch(street.far, name) == Fetched(FILE, None, len(CHUNKS))
            while (await street.fetch(street.far, name)).content is None:
                street.peers[1].tick()
                await asyncio.sleep(0)
            assert (await street.fetch(street.far, name)).content == CONTENT

    asyncio.run(asyncio.wait_for(story(), 20))


def test_a_chunk_that_nothing_names_is_refused_and_one_handed_in_twice_is_kept(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with open_street(tmp_path) as street:
            with pytest.raises(NotNamed):
                await street.near.files.keep(street.id, CHUNKS[0])
            name = await street.say(Photo(street.id.hex(), (FILE,)))
            kept = [await street.near.files.keep(street.id, CHUNKS[0]) for _ in range(2)]
            assert kept == [FILE.chunks[0]] * 2
            with pytest.raises(NoSuchFile):
                await street.fetch(street.near, name, 1)

    asyncio.run(asyncio.wait_for(story(), 20))


def test_a_file_goes_with_what_named_it_also_where_it_was_fetched(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_street(tmp_path) as street:
            name = await street.say(Photo(street.id.hex(), (FILE,)))
            for chunk in CHUNKS:
                await street.near.files.keep(street.id, chunk)
            erasure = await street.say(Erase(name.hex()))
            await street.near.tick()
            await street.until_far_has(erasure)
            await street.far.tick()
            for node in (street.near, street.far):
                store = node.folder.store
                assert store.chunk(street.id, bytes.fromhex(FILE.chunks[0])) is None
                assert node.find_statement(street.id, name) is None
                assert not store.wanted_chunks(street.id)

    asyncio.run(asyncio.wait_for(story(), 20))


def test_a_node_that_was_restarted_still_knows_what_its_chunks_belong_to(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_street(tmp_path) as street:
            await street.say(Photo(street.id.hex(), (FILE,)))
            space = street.id
        node = Node(Folder(tmp_path / "near"), [TOOL], HandClock())
        await node.start()
        node.space(space)
        assert await node.files.keep(space, CHUNKS[0]) == FILE.chunks[0]
        await node.stop()

    asyncio.run(asyncio.wait_for(story(), 20))
