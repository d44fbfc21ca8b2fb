"""`beanjar lab run` and `beanjar lab list`: scenarios played in virtual time."""

import logging
import shlex
import time
from collections.abc import Sequence

import click

from beanjar.base.clock import SECOND
from beanjar.lab.laboratory import Outcome, play
from beanjar.lab.scenario import find_scenario, list_scenarios
from beanjar.main.command import Command
from beanjar.main.peers import write_size
from beanjar.main.session import Session
from beanjar.main.told import Rows, Told
from beanjar.main.waiting import bar

HEAD = ("seed", "", "agreed after", "messages", "bytes", "median delay", "worst delay")


@click.command(cls=Command, example="lab run churn --seeds 20")
@click.argument("scenario")
@click.option("--seeds", type=click.IntRange(1), default=1, help="How many seeds to try.")
@click.option("--seed", type=int, help="The first seed; otherwise the scenario says it.")
def run(session: Session, scenario: str, seeds: int, seed: int | None) -> Told:
    """Play a scenario: the name of one that comes with the program, or a TOML file.

    What follows depends on the scenario and the seed alone. If something does not hold that must,
    the seed is told, and the program ends with 1.
    """
    del session
    # Simulated nodes say in their logs what befalls them, and here it is meant to.
    logging.getLogger("beanjar.node").addHandler(logging.NullHandler())
    told = find_scenario(scenario)
    first, began = told.seed if seed is None else seed, time.monotonic()
    outcomes: list[Outcome] = []
    for each in range(first, first + seeds):
        with bar(f"{scenario}, seed {each}", 100) as advance:
            shown = 0

            def progress(share: float) -> None:
                nonlocal shown
                advance(int(100 * share) - shown)
                shown = int(100 * share)

            outcomes.append(play(scenario, told, each, progress))
    return Told(outcomes, _put_in_words(outcomes, time.monotonic() - began), _have_failed(outcomes))


@click.command(cls=Command, example="lab list")
def list_(session: Session) -> Told:
    """Show the scenarios that come with the program."""
    del session
    known = list_scenarios()
    about = {name: each.about for name, each in known.items()}
    rows = [(name, str(each.nodes), each.about) for name, each in known.items()]
    return Told(about, [Rows(rows, ("scenario", "nodes", ""))])


def _have_failed(outcomes: Sequence[Outcome]) -> bool:
    return any(each.broken for each in outcomes)


def _put_in_words(outcomes: Sequence[Outcome], seconds: float) -> list[str | Rows]:
    events = sum(each.events for each in outcomes)
    words: list[str | Rows] = [Rows([_describe(each) for each in outcomes], HEAD)]
    for each in outcomes:
        if each.broken:
            again = shlex.join(["beanjar", "lab", "run", each.scenario, "--seed", str(each.seed)])
            words.append(f"Seed {each.seed} failed. {each.broken} Play it again: {again}")
    words.append(f"{events:,} events, {round(events / max(seconds, 0.001)):,} a second.")
    return words


def _describe(each: Outcome) -> tuple[str, ...]:
    delays = (each.delay_median, each.delay_worst)
    return (
        str(each.seed),
        "failed" if each.broken else "good",
        "" if each.converged is None else f"{each.converged / SECOND:.0f} s",
        f"{each.messages:,}",
        write_size(each.bytes),
        *("" if delay is None else f"{delay:,} ms" for delay in delays),
    )
