"""`beanjar space verify`: works a space out anew from its export, without any node."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click
from msgspec import Struct

from beanjar.main.command import Command
from beanjar.main.questions import SHORT
from beanjar.main.session import Session
from beanjar.main.stages import say_state
from beanjar.main.told import Told
from beanjar.main.tools import TOOLS
from beanjar.main.waiting import bar
from beanjar.space.export import BadExport
from beanjar.space.unsealing import Job, Unsealed, unseal_all
from beanjar.space.verification import Report, Verification

FEW = 2_000
"""So many answers are opened on the spot: starting other processes would take longer."""
SHARE = 256
"""How many answers a process is handed at a time."""


class Failure(Struct, frozen=True):
    """A file that is not a whole export; `problems` says where it ends to be one."""

    problems: list[str]


@click.command(cls=Command, example="space verify market.beanjar")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(session: Session, file: Path) -> Told:
    """Check every signature in FILE and compute every result anew, trusting nobody."""
    try:
        report = _verify(file)
    except BadExport as problem:
        session.note(f"This does not hold. {problem}")
        return Told(Failure([str(problem)]), [], failed=True)
    for sentence in report.problems:
        session.note(f"This does not hold. {sentence}")
    return Told(
        report, list(_put_in_words(report, session.clock.now())), failed=bool(report.problems)
    )


def _verify(file: Path) -> Report:
    with file.open("rb") as content:
        verification = Verification(content, TOOLS)
        with bar("Entries", len(verification.export)) as more:
            return verification.run(unseal_in_parallel, more)


def unseal_in_parallel(jobs: list[Job]) -> Unsealed:
    """Open sealed answers on all processors."""
    if len(jobs) <= FEW:
        return unseal_all(jobs)
    shares = [jobs[at : at + SHARE] for at in range(0, len(jobs), SHARE)]
    unsealed: Unsealed = {}
    # Ctrl-C reaches every process; this one stops the others, so they need not complain.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    spawn = get_context("spawn")
    with (
        ProcessPoolExecutor(os.cpu_count(), spawn, signal.signal, ignore) as pool,
        bar("Answers", len(jobs)) as more,
    ):
        for opened in pool.map(unseal_all, shares):
            unsealed.update(opened)
            more(len(opened))
    return unsealed


def _put_in_words(report: Report, now: int) -> Iterator[str]:
    yield (
        f"“{report.name}”: {report.operations:,} entries in {report.logs:,} logs; "
        f"{report.people:,} people are in it."
    )
    if report.forks:
        yield f"{report.forks:,} logs are forked, and do not count from there on."
    for each in report.questions:
        state = say_state(each.facts, now)
        yield f"{each.tool} {each.id[:SHORT]}: {state} Its result is {each.result}."
    if not report.problems:
        yield (
            "All of it holds: every signature that counts, every chain, every admission, every "
            "certificate and every opened answer. The results are computed anew."
        )
