"""Whether what the library copies byte by byte is copied at once, and only where that is safe."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from beanjar.net.copying import BUFFER, BUILDER, FIELDS, copy_at_once

TOP = Path(__file__).parents[2]

RACE = """
import json, time
from iroh import iroh_ffi as ffi
from beanjar.net.copying import copy_at_once

DATA = bytes(range(256)) * 512

def written():
    builder = ffi._UniffiRustBufferBuilder()
    builder.write_u8(7)
    builder.write_i32(-2)
    builder.write_u64(2**63 + 1)
    builder.write_double(0.5)
    builder.write(DATA)
    builder.write(b"")
    builder.write(memoryview(DATA)[:1000])
    buffer = builder.finalize()
    found = buffer.data[: buffer.len]
    buffer.free()
    return found

def race():
    times = []
    for _ in range(5):
        start = time.perf_counter()
        found = written()
        times.append(time.perf_counter() - start)
    return found, min(times)

slow, slow_seconds = race()
changed = copy_at_once(ffi)
fast, fast_seconds = race()
print(json.dumps([changed, slow == fast, len(slow), slow_seconds / fast_seconds]))
"""


def test_the_library_writes_the_same_bytes_and_much_faster() -> None:
    command = [sys.executable, "-c", RACE]
    said = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout
    changed, same, length, ratio = json.loads(said)
    assert changed
    assert same
    assert length == 21 + 256 * 512 + 1000
    assert ratio > 10


class Builder:
    def _reserve(self, num_bytes: int) -> None:
        raise NotImplementedError(num_bytes)

    def _pack_into(self, size: int, format: str, value: float) -> None:  # noqa: A002
        raise NotImplementedError

    def write(self, value: bytes) -> None:
        raise NotImplementedError


def flush(self: Builder, value: bytes, *, flush: bool = False) -> None:
    raise NotImplementedError


def generated(fields: object = FIELDS, **others: object) -> ModuleType:
    """A module like those that UniFFI generates, but for what is said."""
    module = ModuleType("generated")
    setattr(module, BUFFER, type("Buffer", (), {"_fields_": fields}))
    setattr(module, BUILDER, type("Builder", (), {**vars(Builder), **others}))
    return module


def test_what_has_the_known_shape_is_changed() -> None:
    module = generated()
    assert copy_at_once(module)
    assert getattr(module, BUILDER).write is not Builder.write


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(ModuleType("generated"), id="nothing there"),
        pytest.param(generated(FIELDS[1:]), id="other fields"),
        pytest.param(generated(write=flush), id="other parameters"),
        pytest.param(generated(_reserve=None), id="a method that is missing"),
    ],
)
def test_what_is_not_known_is_left_alone_and_told(
    module: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    before = dict(vars(getattr(module, BUILDER, object)))
    with caplog.at_level(logging.WARNING):
        assert not copy_at_once(module)
    assert dict(vars(getattr(module, BUILDER, object))) == before
    [said] = caplog.messages
    assert "generated is not known" in said
