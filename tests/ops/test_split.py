import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.limits import BODY_BYTES, RUN_BODY_BYTES, RUN_OPERATIONS
from beanjar.ops.errors import BadSignature
from beanjar.ops.log import check_signature
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, write_run
from beanjar.ops.split import split_runs
from tests.ops.logs import counted, unsigned, write_log

LONG = write_log([b"%d" % number for number in range(2_500)])


def sizes(log: list[Operation]) -> list[int]:
    return [len(run) for run in split_runs(log)]


def test_a_long_log_is_cut_into_as_few_runs_as_its_count_allows() -> None:
    assert sizes(LONG) == [RUN_OPERATIONS, RUN_OPERATIONS, 2_500 - 2 * RUN_OPERATIONS]


def test_a_heavy_log_is_cut_by_the_size_of_its_bodies() -> None:
    log = write_log([bytes(BODY_BYTES)] * 20 + [b"x"])
    assert sizes(log) == [RUN_BODY_BYTES // BODY_BYTES, 5]
    assert sizes([each.without_body() for each in log]) == [16, 5]


def test_no_log_is_no_runs() -> None:
    assert sizes([]) == []


def test_a_run_ends_before_a_bad_signature() -> None:
    log = [*LONG[: RUN_OPERATIONS - 3], *map(unsigned, LONG[RUN_OPERATIONS - 3 : RUN_OPERATIONS])]
    assert sizes([*log, LONG[RUN_OPERATIONS]]) == [RUN_OPERATIONS - 3, 4]


def test_a_log_with_too_few_signatures_cannot_be_cut() -> None:
    log = [LONG[0], *map(unsigned, LONG[1 : RUN_OPERATIONS + 1]), LONG[RUN_OPERATIONS + 1]]
    with pytest.raises(BadSignature, match="no signature vouches"):
        sizes(log)


def test_the_cut_itself_checks_one_signature_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as checked:
        assert len(sizes(LONG)) == 3
    assert len(checked) <= 3


@given(bad=st.sets(st.integers(0, 48)))
def test_every_run_ends_at_a_good_signature_and_nothing_is_lost(bad: set[int]) -> None:
    bodies = [bytes(BODY_BYTES // 2)] * 50
    log = [unsigned(each) if each.seq in bad else each for each in HEAVY]
    assert len(log) == len(bodies)
    try:
        runs = list(split_runs(log))
    except BadSignature:
        # 32 of these bodies fill a run, so so many bad signatures stand side by side.
        assert any(all(seq in bad for seq in range(first, first + 32)) for first in range(49))
        return
    assert [each for run in runs for each in run] == log
    for run in runs:
        check_signature(run[-1])
        assert read_run(write_run(run)) == run


HEAVY = [each.without_body() for each in write_log([bytes(BODY_BYTES // 2)] * 50)]
