"""All estimates of a space, and who tends to be right: people, and the crowd among them."""

from collections.abc import Mapping

from beanjar.tools.estimate.records import course, read_records
from beanjar.tools.estimate.schema import Choice, Probability
from beanjar.tools.estimate.standings import calibrate, rank_forecasters, rank_guessers
from beanjar.tools.estimate.views import BoardView, Chosen, EstimateView, Listed


def board(views: Mapping[str, EstimateView]) -> BoardView:
    """Return the board of these questions, by id."""
    records = read_records(views)
    chances = [each for each in records if isinstance(each.kind, Probability | Choice)]
    numbers = [each for each in records if not isinstance(each.kind, Probability | Choice)]
    listed = [_list(name, view) for name, view in views.items()]
    return BoardView(
        questions=sorted(listed, key=_by_what_is_open),
        chances=len(chances),
        forecasters=rank_forecasters(chances),
        numbers=len(numbers),
        guessers=rank_guessers(numbers),
        course=course(chances),
        calibration=calibrate(chances),
    )


def _by_what_is_open(listed: Listed) -> tuple[bool, int, str]:
    """What takes answers first, soonest deadline at the top; then the rest, the newest first."""
    takes_answers = listed.state in {"asked", "open"}
    return not takes_answers, listed.closes if takes_answers else -listed.closes, listed.id


def _list(name: str, view: EstimateView) -> Listed:
    return Listed(
        id=name,
        title=view.title,
        state=view.state,
        closes=view.facts.closes,
        answers=view.facts.answers,
        kind=view.ask.kind,
        figure=view.ask.figure,
        value=_value(view),
        truth=view.truth.value if view.truth else None,
    )


def _value(view: EstimateView) -> str | None:
    """Return what the crowd says by the figure that counts, if that is known."""
    if view.crowd is None:
        return None
    if isinstance(view.crowd, Chosen):
        picked = next(each.options for each in view.crowd.figures if each.counts)
        return " / ".join(view.crowd.options[place].label for place in picked) or None
    return next(each.value for each in view.crowd.figures if each.counts)
