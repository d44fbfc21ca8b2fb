"""What the pages of estimates show, ready to be read."""

from msgspec import Struct

from beanjar.tools.estimate.board_pictures import draw_calibration, draw_course
from beanjar.tools.estimate.figures import decimals
from beanjar.tools.estimate.inputs import Input, input_of, truth_of
from beanjar.tools.estimate.pictures import draw_split, picture
from beanjar.tools.estimate.readable import (
    name_figure,
    read_figure,
    read_kind,
    read_truth,
    read_value,
    shape_distance,
)
from beanjar.tools.estimate.remarks import headline, read_change, remarks
from beanjar.tools.estimate.schema import Choice, EstimateAnswer
from beanjar.tools.estimate.tables import FigureRow, PileRow, figure_rows, pile_rows
from beanjar.tools.estimate.telling import tell
from beanjar.tools.estimate.views import BoardView, EstimateView, Listed, Placed
from beanjar.web.language import Speaker
from beanjar.web.pages import Pages


class PlacedRow(Struct, frozen=True):
    """Someone who came closest; the person is a key in hex."""

    rank: int
    person: str
    value: str


class Judging(Struct, frozen=True):
    """What a reader's browser needs to say how close their own guess came.

    A distance of `one` or `many` is said of a `{number}` with so many `decimals`; of a choice there
    is none. `distances` are everybody's in rising order, if they are not very many.
    """

    truth: int
    decimals: int
    one: str
    many: str
    distances: tuple[int, ...]


class ChangeRow(Struct, frozen=True):
    """Something that the asker said later, at `time` (ms)."""

    time: int
    act: str
    words: str
    more: str


class ShowPage(Struct, frozen=True):
    """One estimate: its view, and beside it what is read and looked at.

    `picture` and `split` are SVG. `counts`
    names the figure that counts. What is not known is empty. A guess is typed into `guess`, and
    padded to `sealed_size` bytes; what came true into `came_true`. `judging` comes with the truth.
    """

    view: EstimateView
    state: str
    asked: str
    counts: str
    picture: str
    headline: str
    remarks: list[str]
    figures: list[FigureRow]
    piles: list[PileRow]
    truth: str
    split: str
    closest: list[PlacedRow]
    changes: list[ChangeRow]
    guess: Input
    came_true: Input
    judging: Judging | None
    sealed_size: int = EstimateAnswer.sealed_size


class ListRow(Struct, frozen=True):
    """An estimate in a list; what the crowd says and what came true are empty if not known."""

    id: str
    title: str
    state: str
    closes: int
    answers: int
    value: str
    truth: str


class ListPage(Struct, frozen=True):
    """All estimates of a space, and who tends to be right; `course` and `calibration` are SVG."""

    board: BoardView
    questions: list[ListRow]
    course: str
    calibration: str


def show_page(view: EstimateView, speaker: Speaker) -> ShowPage:
    """Return what the page of one estimate shows."""
    outcome, kind = view.outcome, view.ask.kind
    closest = outcome.closest if outcome else []
    return ShowPage(
        view=view,
        state=view.state,
        asked=read_kind(kind, speaker),
        counts=name_figure(view.ask.figure, speaker),
        picture=picture(view, speaker),
        headline=headline(view, speaker),
        remarks=remarks(view, speaker),
        figures=figure_rows(view, speaker),
        piles=pile_rows(view, speaker),
        truth=read_truth(kind, view.truth.value, speaker) if view.truth else "",
        split=draw_split(outcome.split, speaker) if outcome and outcome.split else "",
        closest=[_place(view, each, speaker) for each in closest],
        changes=[
            ChangeRow(each.time, each.act, *read_change(kind, each, speaker))
            for each in view.history
        ],
        guess=input_of(kind, speaker),
        came_true=truth_of(kind, speaker),
        judging=_judge(view, speaker),
    )


def list_page(board: BoardView, speaker: Speaker) -> ListPage:
    """Return what the list of all estimates shows."""
    return ListPage(
        board=board,
        questions=[_list(each, speaker) for each in board.questions],
        course=draw_course(board.course, speaker),
        calibration=draw_calibration(board.calibration, speaker),
    )


def _judge(view: EstimateView, speaker: Speaker) -> Judging | None:
    if view.truth is None or view.scores is None:
        return None
    kind, truth = view.ask.kind, view.truth.value
    if isinstance(kind, Choice):
        return Judging(truth, 0, "", "", ())
    return Judging(truth, decimals(kind), *shape_distance(kind, speaker), view.scores.distances)


def _list(listed: Listed, speaker: Speaker) -> ListRow:
    return ListRow(
        id=listed.id,
        title=listed.title,
        state=listed.state,
        closes=listed.closes,
        answers=listed.answers,
        value="" if listed.value is None else read_figure(listed.kind, listed.value, speaker),
        truth="" if listed.truth is None else read_truth(listed.kind, listed.truth, speaker),
    )


def _place(view: EstimateView, placed: Placed, speaker: Speaker) -> PlacedRow:
    value = read_value(view.ask.kind, placed.value, speaker)
    return PlacedRow(placed.rank, placed.person, value)


def want_truth(view: EstimateView, person: str, speaker: Speaker) -> str:
    """Want of whoever asked to say what came true."""
    settled = view.facts.state == "opened" and not (view.withdrawn or view.truth)
    return speaker.say("Say what came true") if settled and view.facts.asker == person else ""


PAGES = Pages(
    package="beanjar.tools.estimate",
    show=show_page,
    list=list_page,
    tell=tell,
    wants=want_truth,
)
