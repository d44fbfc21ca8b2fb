"""Real elections: what was counted there, and what others have found since."""

from pathlib import Path

import pytest

from beanjar.wisdom.counting.transferable import VOTE
from beanjar.wisdom.polls.methods import Counted, count
from beanjar.wisdom.polls.poll import Poll
from beanjar.wisdom.polls.reading import read_poll
from tests.data_files import data_file

LEITH_WALK = "scot_stv/edinburgh_2022_ward12.csv"
WIELICZKA = "pabulib/poland_wieliczka_2023.pb"


def read(name: str) -> tuple[Poll, Path]:
    path = data_file(name)
    return read_poll(path.name, path.read_bytes()), path


def run(method: str, poll: Poll, seats: int = 1) -> Counted:
    return count(method, poll, seats, range(len(poll.options)))


def test_burlington_elected_kiss_though_more_preferred_montroll() -> None:
    poll, _ = read("burlington2009/00005-00000002.toi")
    kiss, montroll, simpson, smith, wright, write_in = range(6)
    assert poll.voters == 8980
    run_off = run("irv", poll)
    assert run_off.winners == (kiss,)
    assert run_off.stages is not None
    first = dict(enumerate(run_off.stages[0].votes))
    assert first == {
        wright: 2951,
        kiss: 2585,
        montroll: 2063,
        smith: 1306,
        write_in: 36,
        simpson: 35,
    }
    pairs = run("schulze", poll)
    assert pairs.winners == (montroll,)
    assert pairs.pairwise is not None
    for one, other, above, below in (
        (montroll, kiss, 4067, 3477),
        (montroll, wright, 4597, 3668),
        (kiss, wright, 4314, 4064),
    ):
        assert (pairs.pairwise[one, other], pairs.pairwise[other, one]) == (above, below)


def test_leith_walk_elected_four_by_transferable_votes() -> None:
    poll, _ = read(LEITH_WALK)
    assert (poll.voters, poll.seats) == (10_996, 4)
    found = run("stv", poll, 4)
    assert found.quota == 2200
    assert found.stages is not None
    first = sorted((votes // VOTE for votes in found.stages[0].votes), reverse=True)
    assert first == [2847, 2248, 2058, 1317, 1132, 763, 135, 119, 113, 106, 98, 60]
    elected = [poll.options[each].split()[-1] for each in found.winners]
    assert elected == ["Rae", "Mcneese-Mechan", "Dalgleish", "Caldwell"]


def test_wieliczka_bought_thirty_projects_by_equal_shares() -> None:
    poll, path = read(WIELICZKA)
    assert (poll.voters, len(poll.options)) == (6586, 64)
    found = run("equal-shares", poll)
    projects = path.read_text(encoding="utf-8").split("PROJECTS\n")[1].split("VOTES")[0]
    rows = [line.split(";") for line in projects.splitlines()[1:]]
    selected = {row[0] for row in rows if row[-1] == "1"}
    assert {poll.options[each] for each in found.winners} == selected
    assert (len(selected), found.cost) == (30, 995_079)


@pytest.mark.parametrize("method", ["schulze", "irv", "approval"])
def test_ballots_without_ties_elect_somebody_by_every_method(method: str) -> None:
    poll, _ = read(LEITH_WALK)
    assert len(run(method, poll).winners) == 1
