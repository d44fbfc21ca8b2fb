"""How fast a crowd's opinions are mapped, beside PyPI's `red-dwarf` on the same votes.

Both begin with decoded votes and work out all: axes, places, groups, what is shared and what is
typical. The votes are those of a conversation that Polis mapped, as the tests have it, and, where
its export is at hand, those of vTaiwan's on Uber. And how long it takes until the map is there
again once one more vote has come, of a hundred thousand.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from beanjar.wisdom.opinions.axes import find_axes
from beanjar.wisdom.opinions.opinion_map import OpinionMap, find_opinion_map
from beanjar.wisdom.opinions.polis import COMMENTS, TABLE, read_conversation
from beanjar.wisdom.opinions.running import RunningVotes
from beanjar.wisdom.opinions.votes import AGREE, Votes
from bench.environment import NotInstalled, install_apart

PINNED = Path(__file__).with_name("reddwarf.txt")
PROGRAM = Path(__file__).with_name("mapper.py")
TESTED = Path(__file__).parents[1] / "tests" / "data" / "polis" / "above-100.json"
BESIDE_THE_REPOSITORY = Path(__file__).parents[2] / "shared" / "data"
EXPORT = "polis/vtaiwan.uberx"
ROUNDS = 3
PEOPLE, STATEMENTS, EACH = 2_500, 200, 40
"""A hundred thousand votes, each person's on 40 statements drawn by chance."""
MORE = 20
SEED = 850
ALIKE = 0.999
"""How close axes have to be (the cosine between them) to be the same."""

Cast = list[tuple[int, int, int]]
Progress = Callable[[str], None]


def measure(progress: Progress) -> dict[str, float | dict[str, float]]:
    """Return seconds for each conversation on both sides, and ms for one more vote."""
    figures: dict[str, float | dict[str, float]] = dict(_measure_one_more(progress))
    progress("installing red-dwarf")
    with install_apart("red-dwarf", PINNED) as python:
        for name, cast, hidden in _read_conversations():
            progress(f"mapping {name}")
            figures[name] = _compare(python, cast, hidden)
    return figures


def _read_conversations() -> Iterator[tuple[str, Cast, list[int]]]:
    told = json.loads(TESTED.read_text(encoding="utf-8"))
    yield "above_100", [tuple(each) for each in told["votes"]], told["hidden"]
    folder = Path(os.environ.get("BEANJAR_DATA", BESIDE_THE_REPOSITORY)) / EXPORT
    if folder.is_dir():
        files = {each: (folder / each).read_text(encoding="utf-8") for each in (TABLE, COMMENTS)}
        read = read_conversation(files)
        people, statements = np.nonzero(read.votes.seen)
        cast = [
            (int(person), int(read.statements[on]), int(read.votes.signs[person, on]))
            for person, on in zip(people, statements, strict=True)
        ]
        yield "uber", cast, [int(read.statements[each]) for each in read.hidden]


def _compare(python: Path, cast: Cast, hidden: list[int]) -> dict[str, float]:
    told = json.dumps({"votes": cast, "hidden": hidden, "rounds": ROUNDS})
    done = subprocess.run(  # noqa: S603 - its own Python
        [python, PROGRAM], input=told, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise NotInstalled(f"red-dwarf failed: {done.stderr.strip() or done.returncode}")
    theirs = json.loads(done.stdout)
    statements = theirs["statements"]
    votes = _gather(cast, statements)
    places = [statements.index(each) for each in hidden if each in statements]
    seconds, found = _time(votes, places)
    _check_axes(votes, places, theirs["axes"])
    for each in found.consensus:
        if each.side == AGREE:
            assert (
                abs(float(each.chance) - theirs["agreed"][str(statements[each.statement])]) < 1e-4
            )
    return {
        "votes": len(cast),
        "seconds": seconds,
        "red_dwarf_seconds": theirs["seconds"],
        "times_as_fast": theirs["seconds"] / seconds,
        "groups": len(found.groups),
        "red_dwarf_groups": len(theirs["groups"]),
    }


def _gather(cast: Cast, statements: list[int]) -> Votes:
    people = {person: row for row, person in enumerate(sorted({person for person, _, _ in cast}))}
    columns = {statement: column for column, statement in enumerate(statements)}
    return Votes.of(
        [(people[person], columns[on], sign) for person, on, sign in cast],
        len(people),
        len(statements),
    )


def _time(votes: Votes, hidden: list[int]) -> tuple[float, OpinionMap]:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        find_opinion_map(votes, hidden)
        times.append(time.perf_counter() - start)
    return min(times), find_opinion_map(votes, hidden)


def _check_axes(votes: Votes, hidden: list[int], theirs: list[list[float]]) -> None:
    ours = find_axes(votes.hiding(np.array(hidden, np.int64))).directions.astype(float)
    for axis, other in zip(ours, theirs, strict=True):
        cosine = axis @ other / np.linalg.norm(axis) / np.linalg.norm(other)
        assert abs(cosine) >= ALIKE, f"axes are {cosine:.4f} alike"


def _measure_one_more(progress: Progress) -> dict[str, float]:
    progress(f"casting {PEOPLE * EACH:,} votes")
    chance = np.random.default_rng(SEED)
    names = [f"statement {place:03}" for place in range(STATEMENTS)]
    running = RunningVotes()
    for person in range(PEOPLE):
        for on in chance.choice(STATEMENTS, EACH, replace=False).tolist():
            lean = 1 if (person + on) % 3 else -1
            running.vote(f"person {person:04}", names[on], lean if chance.random() < 0.7 else -lean)
    progress("letting one more come")
    times = []
    for place in range(MORE):
        start = time.perf_counter()
        running.vote("person 0000", names[place], place % 3 - 1)
        _, votes, moments = running.look(names)
        find_opinion_map(votes, (), moments)
        times.append(1_000 * (time.perf_counter() - start))
    return {"votes": PEOPLE * EACH, "one_more_ms": median(times)}
