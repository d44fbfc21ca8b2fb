"""The code, and a reader that shares nothing with it, against the recorded operations."""

import json
from pathlib import Path
from typing import Any

import pytest

from beanjar.ops.alone import read_alone, write_alone
from beanjar.ops.errors import Refused
from beanjar.ops.fork import prove_fork, read_fork, write_fork
from beanjar.ops.log import Head, write_operation
from beanjar.ops.run import read_run, write_run
from beanjar.ops.signing import SigningKey, message, verify
from tests.wire import second

Row = dict[str, Any]

VECTORS = Path(__file__).parents[1] / "vectors"
OPERATIONS, RUNS, FORKS = (
    json.loads((VECTORS / name).read_text(encoding="utf-8"))
    for name in ("operations.json", "runs.json", "forks.json")
)


def rows(file: Row, part: str) -> pytest.MarkDecorator:
    assert file[part]
    return pytest.mark.parametrize("row", file[part], ids=[row["name"] for row in file[part]])


@rows(OPERATIONS, "operations")
def test_an_operation_is_written_as_recorded(row: Row) -> None:
    said = write_operation(
        SigningKey(bytes.fromhex(row["seed"])),
        bytes.fromhex(row["space"]),
        Head(row["seq"] - 1, bytes.fromhex(row["prev"]), 0),
        bytes.fromhex(row["body"]),
        salt=bytes.fromhex(row["salt"]),
        time=row["time"],
        until=row["until"],
    )
    fields = ("key", "digest", "header", "id", "signature", "effective_space")
    assert {name: getattr(said, name).hex() for name in fields} == {
        name: row[name] for name in fields
    }
    assert write_alone(said).hex() == row["alone"]


@rows(OPERATIONS, "operations")
def test_an_operation_is_read_as_recorded(row: Row) -> None:
    data = bytes.fromhex(row["alone"])
    said, again = read_alone(data), second.read_alone(data)
    assert said.id.hex() == again.id.hex() == row["id"]
    assert said.effective_space.hex() == again.space.hex() == row["effective_space"]
    assert said.body == again.body == bytes.fromhex(row["body"])
    assert (said.seq, said.time, said.until) == (row["seq"], row["time"], row["until"])


@rows(OPERATIONS, "refused")
def test_bytes_that_are_no_operation_are_refused_as_recorded(row: Row) -> None:
    data = bytes.fromhex(row["alone"])
    with pytest.raises(Refused):
        read_alone(data)
    with pytest.raises(second.Wrong):
        second.read_alone(data)


@rows(OPERATIONS, "signatures")
def test_signatures_hold_as_recorded(row: Row) -> None:
    key, signature = bytes.fromhex(row["key"]), bytes.fromhex(row["signature"])
    signed = bytes.fromhex(row["message"])
    purpose, _, parts = signed.removeprefix(b"BJ1 ").partition(b"\0")
    assert verify(key, signature, purpose, parts) is row["holds"]
    assert second.verify(key, signature, signed) is row["holds"]


@rows({"made": [row for row in OPERATIONS["signatures"] if "seed" in row]}, "made")
def test_what_is_signed_is_put_together_as_recorded(row: Row) -> None:
    parts = [bytes.fromhex(part) for part in row["parts"]]
    key, purpose = SigningKey(bytes.fromhex(row["seed"])), row["purpose"].encode()
    assert message(purpose, *parts).hex() == row["message"]
    assert key.sign(purpose, *parts).hex() == row["signature"]


@rows(RUNS, "runs")
def test_a_run_is_read_and_written_as_recorded(row: Row) -> None:
    data = bytes.fromhex(row["run"])
    log, again = read_run(data), second.read_run(data)
    assert [each.id.hex() for each in log] == [each.id.hex() for each in again] == row["ids"]
    bodies = [None if body is None else bytes.fromhex(body) for body in row["bodies"]]
    assert [each.body for each in log] == [each.body for each in again] == bodies
    assert write_run(log) == data


@rows(RUNS, "refused")
def test_bytes_that_are_no_run_are_refused_as_recorded(row: Row) -> None:
    data = bytes.fromhex(row["run"])
    with pytest.raises(Refused):
        read_run(data)
    with pytest.raises(second.Wrong):
        second.read_run(data)


@rows(FORKS, "forks")
def test_a_fork_proof_is_read_and_written_as_recorded(row: Row) -> None:
    data = bytes.fromhex(row["proof"])
    proof = read_fork(data)
    assert (proof.space.hex(), proof.key.hex(), proof.seq) == (row["space"], row["key"], row["seq"])
    for left, right in ((proof.left, proof.right), second.read_fork(data)):
        assert [each.id.hex() for each in left] == row["left"]
        assert [each.id.hex() for each in right] == row["right"]
    assert write_fork(prove_fork(proof.right, proof.left)) == data


@rows(FORKS, "refused")
def test_bytes_that_prove_no_fork_are_refused_as_recorded(row: Row) -> None:
    data = bytes.fromhex(row["proof"])
    with pytest.raises(Refused):
        read_fork(data)
    with pytest.raises(second.Wrong):
        second.read_fork(data)
