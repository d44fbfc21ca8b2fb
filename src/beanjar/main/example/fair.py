"""What there is to see in the example: a village fair, its made-up people and their four jars."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from beanjar.main.demo.guesses import GALTON, read_guesses
from beanjar.ops.device import Certificate
from beanjar.space.charter import Founding
from beanjar.space.question import Terms
from beanjar.tools.estimate.schema import Choice, EstimateAsk, Number, Probability
from beanjar.web.language import Speaker


class Guest(NamedTuple):
    """Somebody at the fair: which stall, what chance of rain in percent, how many beans."""

    name: str
    stall: int
    rain: int
    beans: int


PEOPLE = (
    Guest("Mara", 0, 20, 1450),
    Guest("Hugo", 0, 35, 980),
    Guest("Salomé", 1, 10, 2100),
    Guest("Tom", 0, 50, 1200),
    Guest("Nadia", 3, 25, 1730),
    Guest("Félix", 2, 40, 640),
    Guest("Iris", 0, 15, 1500),
    Guest("Karim", 1, 30, 2600),
    Guest("Léa", 0, 60, 1100),
    Guest("Victor", 2, 20, 1850),
    Guest("Rosa", 0, 5, 1320),
    Guest("Simon", 3, 45, 900),
    Guest("Yara", 1, 25, 1666),
    Guest("Oscar", 0, 70, 3000),
    Guest("Élise", 2, 30, 1250),
    Guest("Martin", 0, 20, 750),
    Guest("Aïcha", 1, 35, 2024),
    Guest("Paul", 0, 10, 1400),
    Guest("Clara", 2, 55, 1580),
    Guest("David", 0, 30, 1150),
)
"""The first founds the space and asks."""
OX, RAIN = 1198, 0
"""What came true: the ox's weight in pounds, and a chance of rain."""


class Question(Struct, frozen=True):
    """A question, what each person guesses (in their order), what came true and how it is known.

    Of who says nothing the guess is `None`, as the truth is where nobody knows it yet.
    """

    ask: EstimateAsk
    guesses: Sequence[int | None]
    truth: int | None = None
    note: str = ""


def tell_fair(speaker: Speaker, certificate: Certificate) -> Founding:
    """Return what founds the space."""
    purpose = speaker.say(
        "The people here are made up; how their guesses are sealed, closed and counted is real. "
        "Look around, and join in if you like."
    )
    name = speaker.say("Example: the village fair")
    return Founding(name, certificate, purpose, example=True)


def tell_questions(speaker: Speaker, ended: Terms, left_open: Terms) -> list[Question]:
    """Return all questions: three whose asker ends them, and one that is left open."""
    return [
        _tell_ox(speaker, ended),
        _tell_stall(speaker, ended),
        _tell_rain(speaker, ended),
        _tell_beans(speaker, left_open),
    ]


def _tell_ox(speaker: Speaker, terms: Terms) -> Question:
    """Return the one question whose guesses nobody made up; whoever asks it does not guess."""
    ask = EstimateAsk(
        terms,
        speaker.say("What does the ox weigh, slaughtered and dressed?"),
        Number(unit=speaker.say("pounds"), low=0),
        "mean",
        details=speaker.say(
            "These guesses are real. At a fair in Plymouth in 1906, 787 people guessed the weight "
            "of an ox, and Francis Galton published every fifth centile of what they wrote: the 19 "
            "guesses in this jar (“Vox Populi”, Nature 75, 1907, pages 450 and 451)."
        ),
        resolution=speaker.say("The scales at the fair tell."),
    )
    note = speaker.say("The scales showed 1,198 pounds; Galton’s article says 1,197.")
    return Question(ask, [None, *read_guesses(GALTON).values], OX, note)


def _tell_stall(speaker: Speaker, terms: Terms) -> Question:
    say = speaker.say
    ask = EstimateAsk(
        terms,
        say("Which stall will be sold out first?"),
        Choice((say("Cakes"), say("Honey"), say("Cider"), say("Old books"))),
        "most_chosen",
    )
    return Question(ask, [each.stall for each in PEOPLE])


def _tell_rain(speaker: Speaker, terms: Terms) -> Question:
    ask = EstimateAsk(
        terms,
        speaker.say("Will it rain before the raffle is drawn?"),
        Probability(),
        "mean",
        resolution=speaker.say("One drop on the raffle drum is rain."),
    )
    note = speaker.say("It stayed dry.")
    return Question(ask, [each.rain for each in PEOPLE], RAIN, note)


def _tell_beans(speaker: Speaker, terms: Terms) -> Question:
    ask = EstimateAsk(
        terms,
        speaker.say("How many beans are in the jar at the gate?"),
        Number(unit=speaker.say("beans"), low=1),
        "mean",
        details=speaker.say(
            "A two-litre jar, filled to the brim with dry beans. Nobody sees a guess before the "
            "jar is opened, and nobody can open it early."
        ),
    )
    return Question(ask, [each.beans for each in PEOPLE])
