from collections.abc import Iterator
from pathlib import Path

import pytest

from beanjar.store import Store
from tests.store.signed import SPACE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "node" / "spaces.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A store that carries one space, in which nobody has spoken."""
    opened = Store.open(path)
    with opened.writing() as writer:
        writer.add_space(SPACE)
    yield opened
    opened.close()
