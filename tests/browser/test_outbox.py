"""What waits in a browser goes out in runs that every door takes, and all of it."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beanjar.base.limits import BODY_BYTES, ROLL_PART, RUN_BODY_BYTES, RUN_OPERATIONS
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run
from beanjar.ops.split import split_runs
from tests.browser.modules import ask, ask_all
from tests.ops.logs import write_log

HALF = BODY_BYTES // 2


def split(sizes: list[int]) -> list[int]:
    """Return how many operations Python puts into each run."""
    return [len(run) for run in split_runs(write_log([bytes(size) for size in sizes]))]


def read(runs: list[list[str]]) -> list[Operation]:
    """Read what a door was handed, as a node reads it."""
    return list(chain.from_iterable(read_run(bytes.fromhex(run)) for _, run in runs))


def test_a_browser_ends_its_runs_where_python_does() -> None:
    logs = [
        [],
        [1],
        [BODY_BYTES] * 16,
        [BODY_BYTES] * 17,
        [1, *[BODY_BYTES] * 16],
        [HALF, *[BODY_BYTES] * 15, HALF, 0, 1],
        [1] * RUN_OPERATIONS,
        [1] * (RUN_OPERATIONS + 1),
        [*[BODY_BYTES] * 40, *[0] * RUN_OPERATIONS],
    ]
    assert ask_all("runs", logs) == [split(sizes) for sizes in logs]


@settings(max_examples=3)
@given(st.lists(st.lists(st.sampled_from([0, 1, HALF - 1, HALF, BODY_BYTES]), max_size=60)))
def test_any_log_is_split_alike(logs: list[list[int]]) -> None:
    assert ask_all("runs", logs) == [split(sizes) for sizes in logs]


def test_a_roll_of_more_people_than_one_run_holds_reaches_the_door() -> None:
    persons = [f"{n:064x}" for n in range(18 * ROLL_PART)]
    starts = range(0, len(persons), ROLL_PART)
    bodies = [
        {"t": "question.roll", "on": "0a" * 32, "persons": persons[at : at + ROLL_PART]}
        for at in starts
    ]
    sent = ask("sent", {"bodies": bodies, "last": 1})
    [first, both] = sent["tries"]
    assert [path for path, _ in both["runs"]] == [
        "/api/spaces",
        f"/api/spaces/{sent['space']}/runs",
    ]
    log = read(both["runs"])
    assert sum(each.size for each in log) > RUN_BODY_BYTES
    assert [each.seq for each in log] == list(range(1 + len(bodies)))
    assert (first["left"], both["left"]) == (len(log) - len(read(first["runs"])), 0)


def test_only_what_a_door_took_counts_as_sent() -> None:
    bodies = [{"t": "x", "n": n} for n in range(RUN_OPERATIONS + 5)]
    [none, all_of_it] = ask("sent", {"bodies": bodies, "last": 1})["tries"]
    assert [len(read([run])) for run in none["runs"]] == [RUN_OPERATIONS]
    assert none["left"] == 6
    assert [each.seq for each in read(all_of_it["runs"])] == list(range(RUN_OPERATIONS + 6))
    assert all_of_it["left"] == 0


def test_a_long_run_has_time_to_travel_on_a_slow_network() -> None:
    bodies = [{"t": "x", "text": "x" * 65_000}] * 16
    [tried, _] = ask("sent", {"bodies": bodies, "last": 2, "pace": 20})["tries"]
    assert len(read(tried["runs"])) == 17
    assert tried["left"] == 0


@pytest.mark.parametrize("says", [{}, {"seq": "many", "id": "00" * 32}, {"seq": 7, "id": 7}])
def test_what_is_no_node_keeps_nothing_from_the_nodes(says: dict[str, object]) -> None:
    [[path, run]] = ask("elsewhere", {"says": says, "body": {"t": "space.leave"}})
    assert path.endswith("/runs")
    assert [each.seq for each in read_run(bytes.fromhex(run))] == [0, 1]
