import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from beanjar.base.limits import STREAMS_PER_ADDRESS
from beanjar.node.changes import WAITING, Change
from beanjar.node.node import Node
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.space.charter import Founding, Profile
from beanjar.testing.people import Person
from beanjar.web import streams
from beanjar.web.app import make_app
from beanjar.web.streams import PENDING, Stream

Story = Callable[[Litestar], Awaitable[None]]


class Listener:
    """A page that follows what changes."""

    def __init__(self, app: Litestar, query: str = "", address: str = "192.0.2.1") -> None:
        self.messages: asyncio.Queue[Any] = asyncio.Queue()
        self._closed = asyncio.Event()
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/events",
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")],
            "client": (address, 1),
        }
        self.task = asyncio.create_task(app(scope, self._receive, self._send))  # type: ignore[arg-type]

    async def _receive(self) -> dict[str, Any]:
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        await self.messages.put(message)
        if message["type"] == "http.response.body" and not message["more_body"]:
            self._closed.set()  # as a server has it: who was told everything is gone

    async def start(self) -> int:
        """Return the status, once all that is told before any change has come."""
        status: int = (await self.messages.get())["status"]
        if status == 200:
            assert (await self.hear()).startswith(b":")
        return status

    async def hear(self) -> bytes:
        text: bytes = (await self.messages.get())["body"]
        return text

    async def hear_changes(self) -> list[Change]:
        events = (await self.hear()).split(b"\n\n")[:-1]
        return [msgspec.json.decode(each.removeprefix(b"data: "), type=Change) for each in events]

    async def leave(self) -> None:
        self._closed.set()
        await self.task


@pytest.fixture
def live(node: Node, monkeypatch: pytest.MonkeyPatch) -> Callable[[Story], None]:
    """Runs a story at a door that passes changes on without waiting for more."""
    monkeypatch.setattr(streams, "GATHER", 0)

    def tell(story: Story) -> None:
        async def run() -> None:
            app = make_app(node)
            async with app.lifespan():
                await asyncio.sleep(0)  # the door begins to listen
                await asyncio.wait_for(story(app), 20)

        asyncio.run(run())

    return tell


async def found(node: Node, person: Person, name: str) -> Operation:
    body: Body = Founding(name, person.device.certificate(bytes(32)))
    operation = person.device.found(body, node.clock.now())
    await node.found(write_run([operation]))
    return operation


async def say(node: Node, space: bytes, person: Person, body: Body) -> None:
    await node.submit(space, write_run([person.device.write(space, body, node.clock.now())]))


def test_a_page_is_told_of_what_changes(
    live: Callable[[Story], None], node: Node, ada: Person
) -> None:
    async def story(app: Litestar) -> None:
        page = Listener(app)
        assert await page.start() == 200
        space = await found(node, ada, "The table")
        assert await page.hear_changes() == [Change(space.id.hex(), None)]
        await page.leave()

    live(story)


def test_a_page_can_follow_one_space_only(
    live: Callable[[Story], None], node: Node, ada: Person
) -> None:
    async def story(app: Litestar) -> None:
        one, other = await found(node, ada, "One"), await found(node, ada, "Other")
        page = Listener(app, f"space={one.id.hex()}")
        assert await page.start() == 200
        await say(node, other.id, ada, Profile("Ada"))
        await say(node, one.id, ada, Profile("Ada"))
        assert await page.hear_changes() == [Change(one.id.hex(), None)]
        await page.leave()

    live(story)


def test_a_door_that_closes_lets_every_page_go(live: Callable[[Story], None]) -> None:
    async def story(app: Litestar) -> None:
        here = Listener(app)
        assert await here.start() == 200
        app.state.door.streams.close()
        late = Listener(app)
        assert await late.start() == 200
        for page in (here, late):
            await page.task

    live(story)


def test_nobody_follows_what_is_no_space(live: Callable[[Story], None]) -> None:
    async def story(app: Litestar) -> None:
        assert await Listener(app, "space=0").start() == 404

    live(story)


def test_an_address_may_follow_only_so_much_at_a_time(live: Callable[[Story], None]) -> None:
    async def story(app: Litestar) -> None:
        pages = [Listener(app) for _ in range(STREAMS_PER_ADDRESS)]
        assert [await page.start() for page in pages] == [200] * STREAMS_PER_ADDRESS
        assert await Listener(app).start() == 429
        elsewhere = Listener(app, address="192.0.2.2")
        assert await elsewhere.start() == 200
        await pages.pop().leave()
        pages.append(Listener(app))
        assert await pages[-1].start() == 200
        for page in [*pages, elsewhere]:
            await page.leave()

    live(story)


def test_a_door_that_could_not_keep_up_tells_that_anything_may_have_changed(
    live: Callable[[Story], None], node: Node, ada: Person
) -> None:
    async def story(app: Litestar) -> None:
        space = await found(node, ada, "The table")
        page = Listener(app)
        assert await page.start() == 200
        for n in range(WAITING + 2):  # more than the node keeps for who does not listen
            node.carried.changes.tell(Change(space.id.hex(), f"{n}"))  # a flood
        heard: list[Change] = []
        while Change(space.id.hex(), None) not in heard:
            heard += await page.hear_changes()
        await page.leave()

    live(story)


async def next_of(stream: Stream, heartbeat: float = 20) -> bytes:
    events = stream.tell(heartbeat)
    await anext(events)
    return await anext(events)


def test_a_change_is_told_once_however_often_it_happens() -> None:
    stream = Stream(lambda _: True)
    for _ in range(1000):
        stream.offer([Change("ab", "cd")])
    assert asyncio.run(next_of(stream)) == b'data: {"space":"ab","subject":"cd"}\n\n'


def test_a_slow_page_is_told_only_which_spaces_changed() -> None:
    stream = Stream(lambda _: True)
    stream.offer([Change("ab", f"{n}") for n in range(PENDING)])
    stream.offer([Change("cd", "one more")])
    told = asyncio.run(next_of(stream))
    assert told == b'data: {"space":"ab","subject":null}\n\ndata: {"space":"cd","subject":null}\n\n'


def test_a_page_that_is_let_go_is_told_what_has_changed_so_far() -> None:
    async def listen() -> list[bytes]:
        stream = Stream(lambda _: True)
        stream.offer([Change("ab", "cd")])
        stream.end()
        return [told async for told in stream.tell()]

    assert asyncio.run(listen())[1:] == [b'data: {"space":"ab","subject":"cd"}\n\n']


def test_a_quiet_line_is_kept_open() -> None:
    assert asyncio.run(next_of(Stream(lambda _: True), heartbeat=0)).startswith(b":")


def test_pages_elsewhere_may_follow_a_space_whose_id_they_know(
    live: Callable[[Story], None], node: Node, ada: Person
) -> None:
    async def story(app: Litestar) -> None:
        space = await found(node, ada, "The table")
        for query, allowed in [(f"space={space.id.hex()}", True), ("", False)]:
            page = Listener(app, query)
            headers = dict((await page.messages.get())["headers"])
            assert (b"access-control-allow-origin" in headers) == allowed
            await page.leave()

    live(story)
