"""What of all runs of the tests on this machine only one does at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import gettempdir


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Wait until nobody else does this."""
    path = Path(gettempdir()) / f"beanjar-tests-{what}-{os.getuid()}.lock"
    with path.open("w") as lock:
        flock(lock, LOCK_EX)
        yield
