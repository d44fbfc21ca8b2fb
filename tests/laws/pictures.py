"""All that nodes must agree on, as plain data that can be compared."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from beanjar.fold.engine import Engine
from beanjar.fold.fold import Fold, FoldKind
from beanjar.fold.statement import Statement
from beanjar.space.answers import Answers
from beanjar.space.charter import Leave
from beanjar.space.closing import Closing
from beanjar.space.erasure import ERASURES, Erasures
from beanjar.space.members import MEMBERS, Members, NotFounded
from beanjar.space.offers import OFFERS, Offers
from beanjar.space.question import Answer
from beanjar.space.space import Space
from beanjar.space.tool import Given, Tool
from beanjar.testing.clock import START

SPACE = "5a" * 32
NOW = START


def kinds_of(tool: Tool) -> list[FoldKind]:
    """Return the kinds of fold of a space with this tool."""
    return [MEMBERS, ERASURES, OFFERS, *tool.kinds(SPACE)]


def picture(engine: Engine) -> dict[str, Any]:
    """Return the view of every fold of every subject."""
    return {
        name: picture_of(subject.folds)
        for name, subject in [("", engine.whole), *engine.subjects.items()]
    }


def picture_of(folds: dict[str, Fold]) -> dict[str, Any]:
    """Return the views of the folds of one subject, which look at its closing."""
    closing = folds.get("closing")
    given = Given(SPACE, NOW, closing.view(None) if closing else None)
    pictures = {name: plain(fold, given) for name, fold in folds.items() if name != OFFERS.name}
    members, offers = folds.get(MEMBERS.name), folds.get(OFFERS.name)
    if isinstance(members, Members) and isinstance(offers, Offers):
        pictures[OFFERS.name] = msgspec.json.encode(offers.view(members.has))
    return pictures


def plain(fold: Fold, given: Given) -> Any:  # noqa: ANN401 - whatever the fold's view is
    """Return what a fold shows, and what else a closing tells nodes."""
    try:
        view = msgspec.json.encode(fold.view(given), enc_hook=_write_answers)
    except NotFounded:
        return "not founded"
    if isinstance(fold, Closing):
        opening = fold.opening()
        answers = fold.about(opening, Answer) if opening else []
        receipts = sorted((said.id, fold.receipts(said.id)) for said in answers)
        ids = sorted(_ids(fold.accepts())), [each.said.id for each in fold.openings()]
        return view, *ids, receipts, fold.is_finished(), sorted(fold.counted())
    if isinstance(fold, Erasures):
        return view, [
            fold.covers(_passing(target), _is_member) for target in sorted(fold.targets())
        ]
    return view


def picture_of_space(space: Space) -> dict[str, Any]:
    """Return what the pages of a space show."""
    pictures: dict[str, Any] = {
        "members": plain(space.members, Given("", NOW, None)),
        "present": len(space.members),
        "erasures": plain(space.erasures, Given("", NOW, None)),
        "offers": msgspec.json.encode(space.offers()),
    }
    for tool in space.tools:
        pictures[tool.name] = msgspec.json.encode(space.board(tool, NOW))
        for name in space.subjects(tool):
            closing = plain(space.closing(name), Given("", NOW, None))
            pictures[name] = closing, msgspec.json.encode(space.view(name, NOW))
    return pictures


def feed(engine: Engine, said: Iterable[Statement]) -> Engine:
    """Feed the statements and return the engine."""
    for each in said:
        engine.add(each)
    return engine


def _write_answers(answers: object) -> list[Any]:
    assert isinstance(answers, Answers)
    return sorted(msgspec.to_builtins(tuple(answers.current.values())), key=str)


def _is_member(person: str) -> bool:
    return bool(person)


def _passing(name: str) -> Statement:
    """Something that nobody here said and that may be erased."""
    return Statement(name, "", "", 1, NOW, Leave())


def _ids(said: dict[str, Statement]) -> Iterator[str]:
    return (each.id for each in said.values())
