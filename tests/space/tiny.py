"""The smallest question there is, how many?, and what its stories have in common."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from beanjar.base.ids import Hex
from beanjar.base.limits import INTEGER
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.ops.fork import ForkProof
from beanjar.ops.operation import Operation
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Answer, Ask
from beanjar.space.space import Space
from beanjar.space.tool import Given, Tool
from beanjar.space.view import encode_view
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person

Number = Annotated[int, Meta(ge=0, le=INTEGER)]


class Count(Struct, frozen=True, forbid_unknown_fields=True):
    """How many."""

    n: Number


class TinyAsk(Ask, frozen=True, tag="tiny.ask"):
    """How many? At most `most`."""

    most: Number = 100


class TinyAnswer(Answer, frozen=True, tag="tiny.answer"):
    """So many."""

    choice_type: ClassVar[type[Struct]] = Count
    sealed_size: ClassVar[int] = 16

    choice: Count | None = None


class Note(Body, frozen=True, tag="tiny.note"):
    """Something said beside it, which can be erased and may expire."""

    on: Hex
    text: str


class TinyView(Struct):
    """`choices` are by person, `None` while nobody may see them; `notes` in the order of time."""

    facts: ClosingFacts | None
    choices: dict[str, int] | None
    notes: list[str]


class TinyFold:
    """The fold of one question."""

    def __init__(self) -> None:
        self._notes: dict[str, Statement] = {}

    def add(self, said: Statement) -> None:
        self._notes[said.id] = said

    def view(self, given: Given) -> TinyView:
        closing = given.closing
        choices = closing.answers.choices() if closing and closing.answers else None
        notes = sorted(self._notes.values(), key=lambda said: said.stamp)
        return TinyView(
            closing.facts if closing else None,
            None if choices is None else {who: read_count(said) for who, said in choices.items()},
            [said.body.text for said in notes if isinstance(said.body, Note)],
        )


class TinyBoard(Struct):
    """How many questions there are."""

    questions: int


def read_count(choice: Struct | None) -> int:
    assert isinstance(choice, Count)
    return choice.n


def fits(ask: Ask, choice: Struct) -> bool:
    return isinstance(ask, TinyAsk) and read_count(choice) <= ask.most


def make_board(views: Mapping[str, TinyView]) -> TinyBoard:
    return TinyBoard(len(views))


TINY = Tool(
    name="tiny",
    title="Tiny",
    ask=TinyAsk,
    answer=TinyAnswer,
    bodies=(Note,),
    fold=TinyFold,
    fits=fits,
    board=make_board,
)


def gather(founder: Person, *keepers: Person) -> Gathering:
    """Return a table with one witness of each keeper, else with one of the founder's."""
    table = Gathering(founder, [TINY])
    for keeper in keepers or (founder,):
        table.add_witness(keeper)
    return table


def look(space: Space, question: str) -> TinyView:
    """Return the view of a question."""
    view = space.view(question, 0)
    assert isinstance(view, TinyView)
    return view


def facts_of(space: Space, question: str) -> ClosingFacts:
    """Return how far a question has come."""
    facts = look(space, question).facts
    assert facts is not None
    return facts


def present(space: Space) -> set[str]:
    """Return the persons who are members now."""
    return {each.person for each in space.members.view(None).members if not each.left}


def replay(
    table: Gathering,
    operations: Iterable[Operation] | None = None,
    forks: Iterable[ForkProof] | None = None,
) -> Space:
    """Return what a node makes of the operations that had never seen them: the cold view."""
    space = Space(table.space.id, table.space.tools)
    for operation in table.operations if operations is None else operations:
        space.add(operation)
    for fork in table.forks if forks is None else forks:
        space.cut(fork)
    return space


def see_all(space: Space) -> list[bytes]:
    """Return all that a space shows, as bytes to compare."""
    questions = [encode_view(look(space, name)) for name in space.subjects(TINY)]
    return [encode_view(space.members.view(None)), *questions]


def reorder(operations: Iterable[Operation], chance: random.Random) -> list[Operation]:
    """Return the operations as they could arrive elsewhere: the logs mixed, each in its order."""
    logs: defaultdict[bytes, list[Operation]] = defaultdict(list)
    for operation in operations:
        logs[operation.key].append(operation)
    turns = [key for key, log in logs.items() for _ in log]
    chance.shuffle(turns)
    waiting = {key: iter(log) for key, log in logs.items()}
    return [next(waiting[key]) for key in turns]
