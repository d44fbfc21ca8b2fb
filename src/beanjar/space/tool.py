"""What a tool is, for the rooms below the pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from beanjar.fold.fold import Fold, FoldKind
from beanjar.ops.body import Body
from beanjar.space.answers import Fits
from beanjar.space.closing import Closing
from beanjar.space.closing_view import ClosingView
from beanjar.space.question import BODIES as QUESTION_BODIES
from beanjar.space.question import Answer, Ask
from beanjar.space.speech import Speech


class Given(Struct, frozen=True):
    """What the view of a subject is handed besides the statements.

    `now` is ms; `closing` is there when the subject is a question whose ask has arrived.
    """

    space: str
    now: int
    closing: ClosingView | None


class Tool(Struct, frozen=True, kw_only=True):
    """One kind of thing that people do in a space. A tool is one folder; this is all of its parts.

    `ask` and `answer` begin and answer its questions, `bodies` are what else can be said, `fold`
    adds up one subject, `fits` says whether an ask allows a choice, and `board` adds up the views
    of all subjects of a space, by id. `title` says in a word what its list is called. `pages` is
    for the web, which is above: no room below looks inside. `speech` is for the terminal.
    """

    name: str
    title: str
    ask: type[Ask]
    answer: type[Answer]
    bodies: tuple[type[Body], ...]
    fold: Callable[[], Fold]
    fits: Fits
    board: Callable[[Mapping[str, Any]], Struct]
    pages: object = None
    speech: Speech | None = None

    def kinds(self, space: str) -> Sequence[FoldKind]:
        """Return the folds of one subject in the space (hex): its closing and its own."""
        roots = frozenset({self.ask})
        closing = FoldKind(
            name="closing",
            make=lambda: Closing(space, self.fits),
            bodies=frozenset({self.ask, self.answer, *QUESTION_BODIES}),
            roots=roots,
            stands_alone=True,
        )
        own = FoldKind(name="own", make=self.fold, bodies=frozenset(self.bodies), roots=roots)
        return (closing, own)
