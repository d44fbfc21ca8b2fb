"""The laws of `beanjar.fold.fold`, for every fold there is, on whatever its bodies allow."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beanjar.fold.engine import Engine
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body, write_body
from beanjar.space.question import Answer, Ask, Open
from beanjar.space.space import know
from beanjar.space.tool import Tool
from beanjar.testing.people import Person
from beanjar.testing.statements import Names, statements
from tests.laws.pictures import feed, kinds_of, picture, picture_of
from tests.laws.plays import ALL, plays

Draw = Callable[[st.SearchStrategy[Any]], Any]
Cut = tuple[str, int]
"""A device, and the place in its log from which nothing counts."""

tries = settings(max_examples=max(5, settings().max_examples // 2 // len(ALL)))
every_tool = pytest.mark.parametrize("tool", ALL, ids=lambda tool: tool.name)
chances = st.randoms(use_true_random=False)


def kinds_of_body(tool: Tool) -> list[type[Body]]:
    kinds = know([tool]).kinds.values()
    return sorted(kinds, key=lambda kind: kind.__name__)


@st.composite
def talks(draw: Draw, tool: Tool) -> list[Statement]:
    """A space with nothing in it or a question or two, and anything else that people say."""
    scene: list[Statement] = []
    people = {person.device.name: person.id for person in map(Person, ("Ada", "Ben", "Cal"))}
    if draw(st.booleans()):
        gathering = draw(plays([tool]))
        read = map(gathering.space.read, gathering.operations)
        scene = [said for said in read if said is not None]
        people = {said.device: said.person for said in scene}
    asked = [said.id for said in scene if isinstance(said.body, Ask | Open)]
    names = Names((*(said.id for said in scene), *asked * 4, "00" * 32), people)
    return [*scene, *draw(statements(kinds_of_body(tool), names))]


@st.composite
def cuts_of(draw: Draw, said: Sequence[Statement]) -> list[Cut]:
    """Some devices of these, and some places in their logs but the first."""
    devices = st.sampled_from(sorted({each.device for each in said}))
    return draw(st.lists(st.tuples(devices, st.integers(1, 8)), max_size=2)) if said else []


def shuffled(said: Sequence[Statement], chance: Random) -> list[Statement]:
    return chance.sample(said, len(said))


@every_tool
@tries
@given(data=st.data(), chance=chances)
def test_the_order_makes_no_difference(tool: Tool, data: st.DataObject, chance: Random) -> None:
    said = data.draw(talks(tool))
    engine = feed(Engine(kinds_of(tool)), said)
    other = feed(Engine(kinds_of(tool)), shuffled(said, chance))
    assert picture(other) == picture(engine)


@every_tool
@tries
@given(data=st.data(), chance=chances)
def test_repeats_make_no_difference_even_to_a_fold_by_itself(
    tool: Tool, data: st.DataObject, chance: Random
) -> None:
    said = data.draw(talks(tool))
    engine = feed(Engine(kinds_of(tool)), said)
    again = shuffled([*said, *chance.choices(said, k=len(said))] if said else [], chance)
    for name, subject in [("", engine.whole), *engine.subjects.items()]:
        kinds = [kind for kind in kinds_of(tool) if kind.name in subject.folds]
        folds = {kind.name: kind.make() for kind in kinds}
        for each in again:
            for kind in kinds:
                here = not name or engine.subject_of(each) == name
                if here and type(each.body) in kind.bodies:
                    folds[kind.name].add(each)
        assert picture_of(folds) == picture_of(subject.folds)


@every_tool
@tries
@given(data=st.data(), chance=chances)
def test_a_look_in_between_makes_no_difference(
    tool: Tool, data: st.DataObject, chance: Random
) -> None:
    said = data.draw(talks(tool))
    looked_at, middle = shuffled(said, chance), chance.randint(0, len(said))
    engine = feed(Engine(kinds_of(tool)), looked_at[:middle])
    picture(engine)
    feed(engine, looked_at[middle:])
    assert picture(engine) == picture(feed(Engine(kinds_of(tool)), said))


@every_tool
@tries
@given(data=st.data(), chance=chances)
def test_a_warm_engine_shows_what_a_cold_one_shows(
    tool: Tool, data: st.DataObject, chance: Random
) -> None:
    """Devices are forked, bodies are dropped, and pages are looked at, at any time."""
    said = data.draw(talks(tool))
    cuts = data.draw(cuts_of(said))
    met, middle = shuffled(said, chance), chance.randint(0, len(said))
    gone = [each.id for each in met[:middle] if not each.body.lasting and chance.random() < 0.4]
    warm, cold = Engine(kinds_of(tool)), Engine(kinds_of(tool))
    events: list[Callable[[], object]] = [partial(warm.add, each) for each in met]
    events.insert(middle, partial(warm.drop, gone))
    sudden: list[Callable[[], object]] = [partial(picture, warm)]
    sudden += [partial(warm.cut, *cut) for cut in cuts]
    for event in sudden:
        events.insert(chance.randint(0, len(events)), event)
    for event in events:
        event()
    for cut in cuts:
        cold.cut(*cut)
    feed(cold, [each for each in said if each.id not in gone])
    assert picture(warm) == picture(cold)


@every_tool
def test_what_a_subject_hangs_on_lasts(tool: Tool) -> None:
    kinds = chain.from_iterable(kind.roots for kind in kinds_of(tool))
    extending = [kind for kind in kinds_of_body(tool) if kind.extends_subject]
    assert all(kind.lasting for kind in (*kinds, *extending))
    assert all(kind.lasting for kind in kinds_of_body(tool) if issubclass(kind, Ask | Answer))


@every_tool
@tries
@given(data=st.data())
def test_what_can_be_said_is_read_as_it_was_said(tool: Tool, data: st.DataObject) -> None:
    vocabulary = know([tool])
    for said in data.draw(talks(tool)):
        assert vocabulary.read(write_body(said.body)) == said.body


def test_no_two_bodies_share_a_tag() -> None:
    kinds = {kind for tool in ALL for kind in know([tool]).kinds.values()}
    assert len(know(ALL).kinds) == len(kinds)
