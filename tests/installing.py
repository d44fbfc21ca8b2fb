"""Programs that tests need: found on this machine, or installed where that is possible."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from tests.alone import alone

PATIENCE = 600
"""Seconds that another program may take to install what it does."""


class NotThere(Exception):
    """A program that is not on this machine, and could not be installed."""


def find(names: Sequence[str], package: str) -> str:
    """Return the path of the first of these programs, having installed its package if need be."""
    return _look(names) or _install(names, package)


def _look(names: Sequence[str]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _install(names: Sequence[str], package: str) -> str:
    if shutil.which("apt-get") and os.geteuid() == 0:
        with alone("install"):
            if not _look(names):
                _apt("update")
                _apt("install", "-y", package)
    found = _look(names)
    if found is None:
        raise NotThere(
            f"Some tests need {names[0]}, and it is not on this machine. Install it, as in: "
            f"apt-get install {package}."
        )
    return found


def _apt(*command: str) -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # Others install things too: on a machine that has just started, the machine itself.
    patient = f"-oDPkg::Lock::Timeout={PATIENCE}"
    subprocess.run(["apt-get", "-qq", patient, *command], check=True, env=quiet)
