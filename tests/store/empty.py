"""Empty stores for tests that need many: making one anew takes longer."""

import tempfile
from functools import cache
from pathlib import Path

from beanjar.store import Store


def open_empty(path: Path, *spaces: bytes) -> Store:
    """Return a store at `path` that carries the spaces, in which nobody has spoken."""
    path.write_bytes(_make_empty(spaces))
    return Store.open(path)


@cache
def _make_empty(spaces: tuple[bytes, ...]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder, "empty.sqlite3"))
        with store.writing() as writer:
            for space in spaces:
                writer.add_space(space)
        store.close()
        return Path(folder, "empty.sqlite3").read_bytes()
