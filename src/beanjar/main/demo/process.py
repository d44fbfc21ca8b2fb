"""A node as a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from beanjar.base.errors import BeanjarError

PATIENCE = 20
"""Seconds that a node has to stop by itself."""


class NodeFailed(BeanjarError):
    """A node that did not come up."""


class NodeProcess:
    """A node that runs as long as the `with` block; it listens on a free port of this machine."""

    def __init__(self, data: Path, per_address: int) -> None:
        """Start the node on the folder and wait until it answers. Raises `NodeFailed`."""
        options = ["--data", str(data), "--port", "0", "--per-address", str(per_address), "--json"]
        command = [sys.executable, "-m", "beanjar", "up", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this very program
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        if not ready:
            raise NodeFailed(f"The node on {data} did not start; it says why above.")
        self.url: str = json.loads(ready)["url"]

    def __enter__(self) -> Self:
        """Return the running node."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Stop the node."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def peak_memory(self) -> float | None:
        """Return the most memory that the node has held, in MB, where the system tells (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            return None
        lines = status.read_text(encoding="ascii").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
