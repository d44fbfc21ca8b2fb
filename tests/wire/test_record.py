import pytest

from tests.wire.record import FILES, VECTORS, record


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return dict(record())


@pytest.mark.parametrize("name", [*FILES, "export.bin"])
def test_a_recorded_file_is_what_is_written_today(name: str, written: dict[str, bytes]) -> None:
    assert (VECTORS / name).read_bytes() == written[name], (
        f"A format has changed: {name} is written differently now. If that is meant, say so in "
        "docs/WIRE.md and record anew: python -m tests.wire.record"
    )
