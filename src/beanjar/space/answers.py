"""The answer that counts for each person, and how that came about step by step."""

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from beanjar.fold.statement import Stamp, Statement
from beanjar.space.question import Answer, Ask, read_choice

Fits = Callable[[Ask, Struct], bool]
"""Says whether an ask allows a choice; a choice that it does not allow is void."""


Standing = Literal["given", "withdrawn", "void"]


class Entry(Struct, frozen=True, gc=False):
    """One person's answer. `choice` is there once it can be read, if it was given and fits."""

    person: str
    answer: str
    stamp: Stamp
    standing: Standing
    choice: Struct | None = None


class Answers:
    """Of each person the entry with the highest stamp.

    `changes` lists every (entry before or `None`, entry now) in the order of arrival, so that
    whoever adds the answers up can go on from where it was. It is there for speed only: `current`
    says it all.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Begin with the given entries."""
        self.current: dict[str, Entry] = {}
        self.changes: list[tuple[Entry | None, Entry]] = []
        self._standings: dict[Standing, int] = {"given": 0, "withdrawn": 0, "void": 0}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take the entry if it is its person's latest."""
        before = self.current.get(entry.person)
        if before is None or entry.stamp > before.stamp:
            self.current[entry.person] = entry
            self._standings[entry.standing] += 1
            if before is not None:
                self._standings[before.standing] -= 1
            self.changes.append((before, entry))

    def count(self, standing: Standing) -> int:
        """Return how many persons' answers stand so."""
        return self._standings[standing]

    def choices(self) -> dict[str, Struct]:
        """Return each person's choice, of those who made one, in the order of the persons."""
        entries = sorted(self.current.values(), key=lambda entry: entry.person)
        return {entry.person: entry.choice for entry in entries if entry.choice is not None}


def read_open_answer(asked: Ask, person: str, said: Statement, fits: Fits) -> Entry:
    """Return what an answer to an unsealed question comes to."""
    assert isinstance(said.body, Answer)
    choice = getattr(said.body, "choice", None)
    if said.body.sealed or (choice is not None and not fits(asked, choice)):
        return Entry(person, said.id, said.stamp, "void")
    if choice is None:
        return Entry(person, said.id, said.stamp, "withdrawn")
    return Entry(person, said.id, said.stamp, "given", choice)


def read_closed_answer(person: str, said: Statement) -> Entry:
    """Return what a sealed answer comes to before it is opened; one in the clear is void."""
    assert isinstance(said.body, Answer)
    if getattr(said.body, "choice", None) is not None:
        return Entry(person, said.id, said.stamp, "void")
    return Entry(person, said.id, said.stamp, "given" if said.body.sealed else "withdrawn")


def read_unsealed_answer(
    asked: Ask, person: str, said: Statement, held: bytes | None, fits: Fits
) -> Entry:
    """Return what a sealed answer comes to, now that it is known to hold `held`."""
    entry = read_closed_answer(person, said)
    if entry.standing != "given":
        return entry
    choice = read_choice(type(said.body), held) if held is not None else None  # type: ignore[arg-type]
    if choice is None or not fits(asked, choice):
        return Entry(person, said.id, said.stamp, "void")
    return Entry(person, said.id, said.stamp, "given", choice)
