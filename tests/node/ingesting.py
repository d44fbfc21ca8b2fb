"""A node that takes in answers until it is killed: `python -m tests.node.ingesting FOLDER TURN`.

Each id that it prints is acknowledged: it must still be there when the folder is opened again.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

from beanjar.testing.people import Person
from tests.node.house import House, open_house
from tests.space.tiny import TINY

AT_ONCE = 6


async def speak(house: House, question: str, name: str) -> None:
    """Let a person join and answer, and say so once it is acknowledged."""
    print(await house.answer(Person(name), question, len(name)), flush=True)  # noqa: T201 - what the test reads


async def ingest(folder: Path, turn: str) -> None:
    async with open_house(folder) as house:
        if not house.node.spaces():
            await house.found()
            await house.keep()
            await house.ask(sealed=False)
        [question] = house.space.subjects(TINY)
        opened = (await house.facts(question)).open
        assert opened is not None
        for batch in count():
            names = [f"{turn} {batch} {number}" for number in range(AT_ONCE)]
            await asyncio.gather(*(speak(house, opened, name) for name in names))
            if batch % 2:
                await house.node.tick()


if __name__ == "__main__":
    asyncio.run(ingest(Path(sys.argv[1]), sys.argv[2]))
