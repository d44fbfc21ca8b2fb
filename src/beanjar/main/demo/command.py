"""`beanjar demo`: a crowd of real keys answers one sealed question on several nodes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
import msgspec
from rich.console import Console

from beanjar.base.limits import ACTIVE
from beanjar.main.demo.demonstration import EXPORT, Demonstration, Figures, Plan
from beanjar.main.demo.guesses import GALTON, BadFile, read_guesses
from beanjar.space.question import QUORUMS

GALTONS_OX = "1198"


@click.command()
@click.option("--guesses", type=click.Path(path_type=Path), default=GALTON, help="A CSV file.")
@click.option("--truth", default=GALTONS_OX, show_default=True, help="What was guessed at.")
@click.option(
    "--nodes",
    type=click.IntRange(1, ACTIVE + 1),
    default=4,
    show_default=True,
    help="How many nodes, each another person's.",
)
@click.option(
    "--witnesses",
    default=4,
    show_default=True,
    help="How many of them witness what is answered: 1, 4 or 7.",
)
@click.option(
    "--threshold",
    default=3,
    show_default=True,
    help="How many witnesses must agree: 1 of 1, 3 of 4, 5 of 7.",
)
@click.option(
    "--kill",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="How many nodes, the first ones, are killed when half of the answers are in.",
)
@click.option("--keep", type=click.Path(path_type=Path), help="Leave nodes and export here.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def demo(guesses: Path, truth: str, keep: Path | None, *, as_json: bool, **numbers: int) -> None:
    """Let a crowd guess: every line of a CSV file of numbers is a person with keys of their own.

    Several nodes take the sealed guesses and pass them on to one another; some are killed
    meanwhile. The others close the jar, open it and add it up, each by itself, and so does one
    that comes late. Without --guesses the crowd is Galton's, at the ox of 1906: the 19 centiles
    that he published. One node by itself: --nodes 1 --witnesses 1 --threshold 1 --kill 0.

    Example: beanjar demo --guesses guesses.csv --truth 1355 --keep /tmp/jar
    """
    plan = Plan(**numbers)
    _check(plan)
    read = read_guesses(guesses)
    try:
        value = read.to_units(Decimal(truth))
    except InvalidOperation:
        raise BadFile(f"The truth is a number, and “{truth}” is none.") from None
    with _folder(keep) as folder:
        figures = Demonstration(plan, read, value, folder).run()
    if as_json:
        click.echo(msgspec.json.encode(figures))
    else:
        _tell(figures, keep)


def _check(plan: Plan) -> None:
    """Raise `UsageError` unless the plan can come to a result."""
    quorum = QUORUMS.get(plan.witnesses)
    if quorum is None:
        raise click.UsageError("A question has 1, 4 or 7 witnesses.")
    if plan.witnesses > plan.nodes:
        raise click.UsageError(
            f"Each witness is a node of its own: {plan.witnesses} witnesses need as many --nodes."
        )
    if plan.threshold != quorum:
        raise click.UsageError(
            f"Of {plan.witnesses} witnesses {quorum} must agree: --threshold {quorum}."
        )
    if plan.kill > plan.witnesses - quorum:
        raise click.UsageError(
            f"Too few would be left to agree: of {plan.witnesses} witnesses at most "
            f"{plan.witnesses - quorum} may be killed."
        )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    if keep.exists() and any(keep.iterdir()):
        raise BadFile(f"{keep} is not empty. Name a new folder, or empty this one.")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep


def _tell(figures: Figures, keep: Path | None) -> None:
    say, late = Console().print, figures.late_joiner
    say(f"{figures.people:,} people guessed into one closed jar, at {_name_nodes(figures)}.")
    say(f"{_name_counted(figures)} ", end="")
    say(f"Their mean is [bold]{figures.mean:,.1f}[/bold], ", end="")
    say(f"their median {figures.median:,.1f}, the truth {figures.truth:,.1f}.")
    say(f"The mean was closer than {figures.beats_share:.1%} of the people.")
    say(f"It took {sum(figures.seconds.values()):.0f} s and ", end="")
    say(f"{figures.bytes_per_op:,.0f} bytes on a node's disk an entry.")
    if late is not None:
        say(f"A node that came late fetched {late.operations:,} entries ", end="")
        say(f"in {late.seconds:.1f} s.")
    say(f"{_name_showing(figures)} {figures.results[0]}.", soft_wrap=True)
    if keep is not None:
        say(f"Check it, without any node: beanjar space verify {keep / EXPORT}")


def _name_nodes(figures: Figures) -> str:
    nodes = "1 node" if figures.nodes == 1 else f"{figures.nodes} nodes"
    if not figures.killed:
        return nodes
    killed = " and ".join(str(number) for number in figures.killed)
    which = f"node {killed} was" if len(figures.killed) == 1 else f"nodes {killed} were"
    return f"{nodes}, of which {which} killed half-way"


def _name_counted(figures: Figures) -> str:
    if figures.admitted == figures.people and not figures.void:
        return "All their guesses count."
    return f"{figures.admitted:,} guesses count, of which {figures.void:,} cannot be read."


def _name_showing(figures: Figures) -> str:
    showing = len(figures.results)
    return "It shows" if showing == 1 else f"All {showing} living nodes show the same result:"
