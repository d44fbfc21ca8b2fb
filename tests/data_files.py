"""Where tests find real data: beside them, or elsewhere where its licence is not free."""

import os
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BESIDE_THE_REPOSITORY = TESTS.parent.parent / "shared" / "data"


def data_file(name: str) -> Path:
    """Return the path of a data file such as "galton/VoxPopuli.csv", or skip the test without it.

    Looks in tests/data, then in the folder that the environment variable BEANJAR_DATA names, else
    in ../shared/data beside the repository.
    """
    elsewhere = Path(os.environ.get("BEANJAR_DATA", BESIDE_THE_REPOSITORY))
    for folder in (TESTS / "data", elsewhere):
        if (folder / name).is_file():
            return folder / name
    pytest.skip(
        f"This test needs the data file {name}, which is not part of the repository. "
        "Put it in a folder and name that folder in the environment variable BEANJAR_DATA."
    )
