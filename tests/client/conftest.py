from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.programs import Programs


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    programs = Programs(tmp_path)
    yield programs
    programs.client.close()
    programs.node.stop()
