import asyncio
import json
import random
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from beanjar.store import Store
from tests.seeded import seeded

TOP = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds after which the test gives up waiting for nodes to agree."""
DEVICES = 200
"""Devices whose logs, of ten entries each, come at once."""
DEATHS_PER_SPACE = 10
"""Deaths after which a new space begins, so that nodes stay quick to start."""
FEW = 2
"""Deaths in a run for which somebody waits; forty-five times as many otherwise."""


class Standing(NamedTuple):
    """The root of what a node holds, how many entries that is, and how many others it is with."""

    root: str
    operations: int
    neighbours: int


class Life:
    """A node process: what it said, from each of its starts on."""

    def __init__(self, folder: Path, news: asyncio.Event) -> None:
        self.folder = folder
        self.acknowledged: list[str] = []
        self.safe: list[str] = []
        self.key = self.address = self.space = ""
        self._standings: list[Standing] = []
        self.lines = 0
        self._news = news
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        command = [sys.executable, "-m", "tests.node.syncing", str(self.folder)]
        self.address = ""
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=TOP, stdin=PIPE, stdout=PIPE, limit=2**20
        )
        self._reading = asyncio.create_task(self._read())
        await self.until(lambda: bool(self.address))

    async def kill(self) -> None:
        """Kill it with SIGKILL, and read what it had said."""
        assert self._process is not None
        assert self._reading is not None
        self._process.kill()
        await self._process.wait()
        await self._reading

    def tell(self, *words: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{' '.join(words)}\n".encode())

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def look(self) -> Standing:
        """Return how it stands."""
        self._standings.clear()
        self.tell("look")
        await self.until(lambda: bool(self._standings))
        return self._standings[-1]

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if line.endswith(b"\n"):
                self._note(json.loads(line))
                self._news.set()

    def _note(self, said: dict[str, object]) -> None:
        self.lines += 1
        match said:
            case {"acknowledged": list(names)}:
                self.acknowledged += names
            case {"safe": str(name)}:
                self.safe.append(name)
            case {"standing": [str(root), int(operations), int(neighbours)]}:
                self._standings.append(Standing(root, operations, neighbours))
            case {"key": str(key), "address": str(address)}:
                self.key, self.address = key, address
            case {"space": str(space)}:
                self.space = space


class Three:
    """Three nodes that carry one space, each of which talks all the time."""

    def __init__(self, top: Path, chance: random.Random) -> None:
        self.deaths = 0
        self._chance = chance
        news = asyncio.Event()
        self.lives = [Life(top / name, news) for name in "abc"]

    async def open(self) -> None:
        """Start all, and let the first found the space."""
        for life in self.lives:
            await life.start()
        first, *others = self.lives
        first.tell("found")
        await first.until(lambda: bool(first.space))
        for life in others:
            life.space = first.space
            self.join(life)
        await self.agree()

    def join(self, life: Life) -> None:
        """Let a node carry the space, and know where the others are now."""
        others = (
            word for each in self.lives if each is not life for word in (each.key, each.address)
        )
        life.tell("carry", life.space, *others)

    async def die(self, turn: int) -> None:
        """Kill one of two nodes at some moment of their sync, perhaps twice; then let all agree."""
        sender, receiver = self._chance.sample(self.lives, 2)
        for place, life in enumerate(self.lives):
            life.tell("talk", f"talk-{turn}-{place}")
        sender.tell("burst", f"burst-{turn}", str(DEVICES))
        victim = self._chance.choice([sender, receiver])
        await self.kill(victim, receiver, self._chance.randrange(2 * DEVICES))
        if self._chance.random() < 0.5:
            victim.tell("talk", f"again-{turn}")
            await self.kill(victim, victim, self._chance.randrange(DEVICES))
        await self.agree()

    async def kill(self, victim: Life, observed: Life, lines: int) -> None:
        """Kill a node once another, or itself, has said so many lines; start it again."""
        moment = observed.lines + lines
        await observed.until(lambda: observed.lines >= moment)
        await victim.kill()
        self.deaths += 1
        self.check(victim)
        await victim.start()
        self.join(victim)

    def check(self, dead: Life) -> None:
        """Check that a dead node's disk holds what it acknowledged, and what any called safe."""
        promised = [*dead.acknowledged, *(name for life in self.lives for name in life.safe)]
        store = Store.open(dead.folder / "beanjar.db")
        space = bytes.fromhex(dead.space)
        held = {operation.id.hex() for _, operation in store.scan(space)}
        store.close()
        assert not [name for name in promised if name not in held]

    async def agree(self) -> None:
        """Let all be silent until they hold the same, which is all that was acknowledged.

        They know one another again then, so that what is said next may become safe.
        """
        for life in self.lives:
            life.tell("hush")
        async with asyncio.timeout(PATIENCE):
            standings = set[Standing]()
            while len(standings) != 1 or {each.neighbours for each in standings} != {2}:
                standings = {await life.look() for life in self.lives}
        assert standings.pop().operations >= len(set(self._acknowledged()))

    async def close(self) -> None:
        """Kill all, and check that nothing is missing anywhere."""
        for life in self.lives:
            await life.kill()
        for life in self.lives:
            life.acknowledged = self._acknowledged()
            self.check(life)

    def _acknowledged(self) -> list[str]:
        return [name for life in self.lives for name in life.acknowledged]


def test_nothing_is_lost_nor_called_safe_falsely_when_nodes_are_killed_while_they_sync(
    tmp_path: Path, scale: int
) -> None:
    chance, deaths = seeded("sudden sync"), FEW if scale == 1 else 45 * FEW

    async def story(folder: Path) -> None:
        three = Three(folder, chance)
        await three.open()
        turn = 0
        while three.deaths < min(deaths, DEATHS_PER_SPACE):
            await three.die(turn := turn + 1)
        await three.close()
        assert sum(len(life.safe) for life in three.lives) > DEVICES

    for number in range(max(1, deaths // DEATHS_PER_SPACE)):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        asyncio.run(story(folder))
        shutil.rmtree(folder)
