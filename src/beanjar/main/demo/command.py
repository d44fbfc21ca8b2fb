"""`beanjar demo`: a crowd of real keys answers one sealed question on a real node."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from beanjar.main.demo.guesses import BadFile, Guesses, read_guesses
from beanjar.main.demo.process import NodeProcess
from beanjar.main.demo.story import Story
from beanjar.node.folder import read_token
from beanjar.space.export import Export
from beanjar.tools.estimate.views import EstimateView, Guessed

GALTON = Path(__file__).with_name("galton.csv")
GALTONS_OX = "1198"
ROOM = 1_000_000
"""Entries an hour that the node takes from this machine: the whole crowd speaks from here."""


@click.command()
@click.option("--guesses", type=click.Path(path_type=Path), default=GALTON, help="A CSV file.")
@click.option("--truth", default=GALTONS_OX, show_default=True, help="What was guessed at.")
@click.option("--keep", type=click.Path(path_type=Path), help="Leave node and export here.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def demo(guesses: Path, truth: str, keep: Path | None, *, as_json: bool) -> None:
    """Let a crowd guess: every line of a CSV file of numbers is a person with keys of their own.

    A node of its own takes the sealed guesses, closes the jar, opens it and adds them up. Without
    --guesses the crowd is Galton's, at the ox of 1906: the 19 centiles that he published.

    Example: beanjar demo --guesses guesses.csv --truth 1355 --keep /tmp/jar
    """
    read = read_guesses(guesses)
    try:
        value = read.to_units(Decimal(truth))
    except InvalidOperation:
        raise BadFile(f"The truth is a number, and “{truth}” is none.") from None
    with _folder(keep) as folder:
        figures = _Demonstration(read, value, folder).run()
    if as_json:
        click.echo(json.dumps(figures))
    else:
        _tell(figures, keep)


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


class _Demonstration:
    """One run of the demonstration in a folder."""

    def __init__(self, guesses: Guesses, truth: int, folder: Path) -> None:
        self._guesses = guesses
        self._truth = truth
        self._data = folder / "node"
        self._export = folder / "space.export"
        self._seconds: dict[str, float] = {}

    def run(self) -> dict[str, Any]:
        """Return the figures by name."""
        with self._timing("start"):
            process = NodeProcess(self._data, ROOM)
        with process as node:
            story = Story(node.url, read_token(self._data) or "", self._guesses, self._truth)
            view = self._tell_story(story)
            served = story.json()
            memory = node.peak_memory()
        with self._export.open("rb") as file:
            operations = len(Export(file))
        stored = sum(file.stat().st_size for file in self._data.glob("beanjar.db*"))
        return {
            "people": len(self._guesses.values),
            **self._figures(view),
            "results": [sha256(served).hexdigest()],
            "admitted": view.facts.answers + view.facts.void,
            "void": view.facts.void,
            "seconds": self._seconds,
            "bytes_per_op": round(stored / operations, 1),
            "node_memory_mb": memory,
        }

    def _tell_story(self, story: Story) -> EstimateView:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            with self._timing("ask"):
                story.ask()
            task = progress.add_task("People answer", total=len(self._guesses.values))
            with self._timing("answer"):
                story.answer(lambda: progress.advance(task))
        with self._timing("close_and_open"):
            story.close()
        view = story.resolve()
        export = story.client.export(story.space)
        with self._timing("export"), self._export.open("wb") as file, export as pieces:
            file.writelines(pieces)
        return view

    def _figures(self, view: EstimateView) -> dict[str, Any]:
        crowd, outcome = view.crowd, view.outcome
        assert isinstance(crowd, Guessed)
        assert outcome is not None
        by_name = {figure.name: figure for figure in crowd.figures}
        mean = by_name["mean"]
        return {
            "mean": _number(mean.value),
            "median": _number(by_name["median"].value),
            "trimmed_mean": _number(by_name["trimmed_mean"].value),
            "truth": self._truth / 10**self._guesses.decimals,
            "crowd_error": _number(mean.error),
            "beats_share": (mean.beats or 0) / outcome.people,
        }

    @contextmanager
    def _timing(self, phase: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._seconds[phase] = round(time.perf_counter() - start, 2)


def _number(figure: str | None) -> float | None:
    return None if figure is None else float(figure)


def _tell(figures: dict[str, Any], keep: Path | None) -> None:
    say = Console().print
    people, seconds = figures["people"], sum(figures["seconds"].values())
    say(f"{people:,} people guessed into one closed jar; {figures['void']} guesses were void.")
    say(f"The mean of their guesses is [bold]{figures['mean']:,.1f}[/bold], ", end="")
    say(f"the median {figures['median']:,.1f}, the truth {figures['truth']:,.1f}.")
    say(f"The mean was closer than {figures['beats_share']:.1%} of them.")
    say(f"It took {seconds:.0f} s and {figures['bytes_per_op']:.0f} bytes on disk an entry.")
    say(f"The result is {figures['results'][0]}.", soft_wrap=True)
    if keep is not None:
        say(f"Check it, without the node: beanjar space verify {keep / 'space.export'}")
