import asyncio
import subprocess
import sys
from pathlib import Path

from tests.node.house import House, open_house
from tests.seeded import seeded
from tests.space.tiny import TINY

TOP = Path(__file__).parents[2]


def live_and_die(folder: Path, turn: int, lines: int) -> list[str]:
    """Let a node take in answers and kill it after so many; return what it acknowledged."""
    command = [sys.executable, "-m", "tests.node.ingesting", str(folder), str(turn)]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdout is not None
        told = [node.stdout.readline() for _ in range(lines)]
        node.kill()
        told += node.stdout.readlines()
    return [line.strip() for line in told if line.endswith("\n")]


async def check(house: House, acknowledged: list[str]) -> None:
    """Check that all that was acknowledged is here, and that the view is what it adds up to."""
    names = [bytes.fromhex(name) for name in acknowledged]
    assert not [name for name in names if house.node.find_operation(house.id, name) is None]
    [question] = house.space.subjects(TINY)
    report = house.verify()
    assert (report.problems, report.forks) == ([], 0)
    assert [each.result for each in report.questions] == [await house.digest(question)]


def test_nothing_acknowledged_is_lost_when_a_node_is_killed(tmp_path: Path, scale: int) -> None:
    chance = seeded("sudden death")
    acknowledged: list[str] = []

    async def come_back(*, at_last: bool) -> None:
        async with open_house(tmp_path) as house:
            await check(house, acknowledged)
            if at_last:
                [question] = house.space.subjects(TINY)
                await house.close(question)
                await check(house, acknowledged)
                counted = house.space.closing(question).counted()
                assert {said.id for said in counted.values()} >= set(acknowledged)

    kills = 5 if scale == 1 else 50
    for turn in range(kills):
        acknowledged += live_and_die(tmp_path, turn, chance.randrange(1, 40))
        assert acknowledged
        asyncio.run(come_back(at_last=turn == kills - 1))
