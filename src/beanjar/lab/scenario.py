"""What a simulation is told: a scenario, written in TOML."""

from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from beanjar.base.errors import BeanjarError
from beanjar.space.question import QUORUMS

Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]
Range = tuple[Count, Count]
"""The least and the most, both of them possible."""


class BadScenario(BeanjarError):
    """A scenario that cannot be played."""


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a scenario says."""


class Conditions(Part, frozen=True):
    """How the links are.

    `latency` is one way, in ms, and `jitter` comes on top, anew for each message. What is lost is
    sent again, and what comes after it waits. `bandwidth` is kB a second, 0 for any. Messages that
    come twice, or out of their order, are worse than any link that is used.
    """

    latency: Range = (20, 80)
    jitter: Count = 0
    loss: Share = 0.0
    doubled: Share = 0.0
    reordered: Share = 0.0
    bandwidth: Count = 0


class People(Part, frozen=True):
    """Who says how much: so many operations a second, of all persons of a space together.

    A share of what they say is `erased` by whoever said it, seconds later; a share is `expiring`
    as soon. The clocks of so many are a year `ahead`, of so many a year `behind`; the asker's is
    right.
    """

    persons: Annotated[int, Meta(ge=1)] = 12
    ahead: Count = 0
    behind: Count = 0
    rate: Annotated[float, Meta(ge=0)] = 1.0
    erased: Share = 0.0
    expiring: Share = 0.0


class Question(Part, frozen=True):
    """A question in the first space: asked, and closed, so many seconds after the beginning.

    `lying` of its witnesses lie.
    """

    at: Seconds
    closes: Seconds
    witnesses: Literal[1, 4, 7] = 4
    answers: Count = 8
    lying: Count = 0
    sealed: bool = False


class Parting(Part, frozen=True, tag_field="kind", tag="parting"):
    """The network falls apart: `share` of the nodes on one side, the others on the other."""

    at: Seconds
    until: Seconds
    share: Share = 0.5


class Kill(Part, frozen=True, tag_field="kind", tag="kill"):
    """Nodes are killed at once; they are `back` so many seconds later, or never.

    Either a share of all or so many witnesses of the first question.
    """

    at: Seconds
    share: Share = 0.0
    witnesses: Count = 0
    back: Seconds | None = None


class Churn(Part, frozen=True, tag_field="kind", tag="churn"):
    """Every so often a node is killed, and started again after it was `down` for a while."""

    at: Seconds
    until: Seconds
    every: Annotated[float, Meta(gt=0)]
    down: Seconds


class Skew(Part, frozen=True, tag_field="kind", tag="skew"):
    """The clocks of a share of the nodes are wrong, by up to so many seconds either way."""

    share: Share
    seconds: Seconds


class Years(Part, frozen=True, tag_field="kind", tag="years"):
    """The clocks of so many nodes are a year ahead, of so many others a year behind.

    They are right again so many seconds `until` after the beginning, when these nodes are started
    anew; or never. One that is behind can agree with nobody before.
    """

    ahead: Count = 0
    behind: Count = 0
    until: Seconds | None = None


Fault = Parting | Kill | Churn | Skew | Years

Habit = Literal[
    "withholder",
    "flooder",
    "slow reader",
    "liar about heads",
    "endless walker",
    "replayer",
    "forker",
    "stripper",
]
Pretence = Literal["eclipse", "liar about copies", "minter", "refuser"]


class Hostile(Part, frozen=True):
    """Actors who mean harm, `links` each; those of an eclipse all have them with the same nodes.

    All that honest nodes together send to one of them is at most `cost` kB a second; what a node
    says at most before it lets one go (4 MB) comes on top.
    """

    kind: Habit | Pretence
    count: Annotated[int, Meta(ge=1)] = 1
    links: Annotated[int, Meta(ge=1)] = 4
    cost: Count = 64


class Scenario(Part, frozen=True):
    """A network, what people do in it, and what befalls it.

    It goes on for so many `seconds`; then all is well, and after `calm` seconds more everything
    must be as it should. Each node has `known` of so many others since it began. `sync` is how
    long, in ms, a write to the disk takes. With `folds` every node adds up what it holds, and
    witnesses.
    """

    about: str
    nodes: Annotated[int, Meta(ge=2, le=100_000)]
    seconds: Seconds
    calm: Seconds = 60.0
    seed: int = 1
    spaces: Annotated[int, Meta(ge=1, le=8)] = 1
    known: Annotated[int, Meta(ge=1)] = 4
    sync: Range = (1, 20)
    folds: bool = True
    network: Conditions = Conditions()
    people: People = People()
    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()
    hostile: tuple[Hostile, ...] = ()


def list_scenarios() -> dict[str, Scenario]:
    """Return the scenarios that come with the program, by name."""
    folder = resources.files("beanjar.lab") / "scenarios"
    found = (each for each in folder.iterdir() if each.name.endswith(".toml"))
    return {
        each.name.removesuffix(".toml"): read_scenario(each.read_text("utf-8"), each.name)
        for each in sorted(found, key=lambda each: each.name)
    }


def find_scenario(name: str) -> Scenario:
    """Return a scenario by its name, or from a file, or raise `BadScenario`."""
    known = list_scenarios()
    if name in known:
        return known[name]
    path = Path(name)
    if not path.is_file():
        raise BadScenario(
            f"There is no scenario “{name}”. Give one of these, or a TOML file: {', '.join(known)}."
        )
    return read_scenario(path.read_text("utf-8"), name)


def read_scenario(text: str, name: str) -> Scenario:
    """Return what a TOML text says, or raise `BadScenario`, which names what is wrong."""
    try:
        scenario = msgspec.toml.decode(text, type=Scenario)
    except msgspec.DecodeError as error:
        raise BadScenario(f"{name} is no scenario. {error}.") from None
    for question in scenario.questions:
        _check(question, scenario, name)
    return scenario


def _check(question: Question, scenario: Scenario, name: str) -> None:
    """Raise `BadScenario` where a question cannot come to a result."""
    n, lying = question.witnesses, question.lying
    if not scenario.folds or n > scenario.nodes:
        raise BadScenario(
            f"{name} has a question with {n} witnesses. Give it as many nodes, and let them fold."
        )
    if lying > n - QUORUMS[n]:
        raise BadScenario(
            f"In {name} {lying} of {n} witnesses lie. At most {n - QUORUMS[n]} may: with more, "
            "nothing is promised."
        )
