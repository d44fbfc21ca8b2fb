"""Writes the recorded vectors in tests/vectors: `python -m tests.wire.record`.

Written anew, the files stay the same to the byte unless a format changes; then peers no longer
understand one another, so look twice. What each file shows is in docs/WIRE.md.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.wire import record_ops, record_space, record_sync, record_votes

VECTORS = Path(__file__).parents[1] / "vectors"

FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "operations.json": record_ops.operations,
    "runs.json": record_ops.runs,
    "forks.json": record_ops.forks,
    "bodies.json": record_space.bodies,
    "ticket.json": record_space.tickets,
    "invitation.json": record_space.invitations,
    "certificate.json": record_votes.certificates,
    "export.json": record_space.export,
    "messages.json": record_sync.record_messages,
    "comparing.json": record_sync.record_comparing,
}


def record() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every file."""
    for name, make in FILES.items():
        yield name, json.dumps(make(), indent=1, ensure_ascii=False).encode() + b"\n"
    yield "export.bin", record_space.write_export()


if __name__ == "__main__":
    for name, content in record():
        (VECTORS / name).write_bytes(content)
