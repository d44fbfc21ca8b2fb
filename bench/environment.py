"""Environments of their own, for peers whose packages do not go together with ours."""

import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from beanjar.base.errors import BeanjarError


class NotInstalled(BeanjarError):
    """A peer that cannot be installed here."""


@contextmanager
def install_apart(name: str, pinned: Path) -> Iterator[Path]:
    """Make an environment with what a file pins, and return its Python; it goes in the end.

    Raises `NotInstalled`, which calls the peer by its `name`.
    """
    with TemporaryDirectory(prefix="beanjar-bench-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "bin", "python")
        installing = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(pinned)]
        done = subprocess.run([python, *installing], check=False, capture_output=True, text=True)  # noqa: S603 - its own Python
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it does not say why."])[-1]
            raise NotInstalled(f"{name} cannot be installed for Python {sys.version}: {last}")
        yield python
