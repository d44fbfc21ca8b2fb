"""The simplest tool there can be, to show how the door treats one: a show of hands."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.answers import Answers
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Answer, Ask
from beanjar.space.tool import Given, Tool
from beanjar.web.language import Speaker
from beanjar.web.pages import Pages


class HandsAsk(Ask, frozen=True, tag="hands.ask"):
    title: Annotated[str, Meta(min_length=1, max_length=80)]


class Hand(Struct, frozen=True, forbid_unknown_fields=True):
    up: bool


class HandsAnswer(Answer, frozen=True, tag="hands.answer"):
    choice_type: ClassVar[type[Struct]] = Hand
    sealed_size = 20

    choice: Hand | None = None


class HandsView(Struct, frozen=True):
    title: str
    facts: ClosingFacts
    raised: list[str] | None


class HandsBoard(Struct, frozen=True):
    titles: dict[str, str]


class Counted(Struct, frozen=True):
    title: str
    state: str
    raised: list[str] | None


class Hands:
    def add(self, said: Statement) -> None:
        del said  # all there is to a show of hands is in its closing

    def view(self, given: Given) -> HandsView | None:
        closing = given.closing
        if closing is None or not isinstance(closing.ask, HandsAsk):
            return None
        raised = raised_in(closing.answers) if closing.answers is not None else None
        return HandsView(closing.ask.title, closing.facts, raised)


def raised_in(answers: Answers) -> list[str]:
    choices = answers.choices().items()
    return [person for person, hand in choices if isinstance(hand, Hand) and hand.up]


def board(views: Mapping[str, Any]) -> HandsBoard:
    return HandsBoard({name: view.title for name, view in views.items()})


def show(view: HandsView, speaker: Speaker) -> Counted:
    del speaker  # a show of hands has no words of its own
    return Counted(view.title, view.facts.state, view.raised)


def tell(body: Body, ask: HandsAsk, who: str, speaker: Speaker) -> str:
    if isinstance(body, HandsAsk):
        return speaker.say("%(name)s asked “%(title)s”", name=who, title=body.title)
    assert isinstance(body, HandsAnswer)
    return speaker.say("%(name)s answered “%(title)s”", name=who, title=ask.title)


TOOL = Tool(
    name="hands",
    title="Shows of hands",
    ask=HandsAsk,
    answer=HandsAnswer,
    bodies=(),
    fold=Hands,
    fits=lambda ask, choice: isinstance(ask, HandsAsk) and isinstance(choice, Hand),
    board=board,
    pages=Pages(package="tests.web", show=show, list=lambda view, _: view, tell=tell),
)
