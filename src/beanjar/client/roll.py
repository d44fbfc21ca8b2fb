"""The roll of a question: how long ones are said, and whether one counts a person."""

from collections.abc import Sequence

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import ROLL_PART
from beanjar.client.question import Question
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import RollPart

WHY_NOT = {
    "late": (
        "You came after this question was asked, so it does not count you. You can watch, and you "
        "are counted on the next one."
    ),
    "unnamed": (
        "This question counts only people whom its asker named, and you are not among them. You "
        "can watch."
    ),
}


class NotCounted(BeanjarError):
    """Somebody whom a question does not count, so that they need not answer."""


def part_roll(question: str, persons: Sequence[str]) -> list[RollPart]:
    """Return a roll that is too long for one operation in parts, else none."""
    if len(persons) <= ROLL_PART:
        return []
    starts = range(0, len(persons), ROLL_PART)
    return [RollPart(question, tuple(persons[each : each + ROLL_PART])) for each in starts]


def check_roll(question: Question, facts: ClosingFacts, person: str) -> None:
    """Check that an answer of this person (hex) would count; raise `NotCounted` if not."""
    if facts.roll is None:
        return  # it counts any member
    found = question.client.roll(question.space, question.id, person)
    if found.who != "counted":
        raise NotCounted(WHY_NOT[found.who])
