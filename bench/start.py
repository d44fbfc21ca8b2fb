"""How soon a node answers after `beanjar up`, and how much memory it holds when idle."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.process import NodeProcess

ROUNDS = 5


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return the median `seconds` from start to first answer, and `idle_mb` of memory."""
    seconds, memory = [], []
    for turn in range(ROUNDS):
        progress(f"start: round {turn + 1} of {ROUNDS}")
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            with NodeProcess(Path(folder), OPERATIONS_PER_ADDRESS) as node:
                httpx.get(node.url).raise_for_status()
                seconds.append(time.perf_counter() - start)
                memory.append(node.peak_memory() or 0)
    return {"seconds": statistics.median(seconds), "idle_mb": max(memory)}
