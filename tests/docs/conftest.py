"""The repository as the tests of its documents see it."""

import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def top() -> Path:
    """The top folder of the repository."""
    return TOP


@pytest.fixture(scope="session")
def texts() -> dict[Path, str]:
    """Every text file of the repository that git would keep, by path."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout
    paths = [TOP / name for name in listed.split("\0") if name]
    return {path: text for path in paths if path.is_file() and (text := read(path)) is not None}


def read(path: Path) -> str | None:
    """The text of a file, or None if it holds something else."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
