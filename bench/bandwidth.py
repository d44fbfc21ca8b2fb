"""What it costs one node to be in a network: in the laboratory, so that every run says the same.

Bytes that a node sends, as frames, while nobody says anything and while one operation a second is
said, and how soon it is elsewhere; in networks of different sizes. Beside it stands plain flooding:
the same nodes, on which no link becomes lazy (see `beanjar.sync.spreading`).
"""

from collections.abc import Callable, Mapping
from unittest.mock import patch

import msgspec

from beanjar.lab.laboratory import Outcome, play
from beanjar.lab.scenario import find_scenario
from beanjar.sync import spreading

SIZES = (50, 300)
BEGINNING, LATER = 60, 120
"""Seconds until every node has said where it is, and until all is over."""
FLOODING = 10**9
"""Nodes known from which on links become lazy: never."""


def measure(progress: Callable[[str], object]) -> dict[str, float | Mapping[str, float]]:
    """Return bytes that one node sends in a second, and delays of operations."""
    figures: dict[str, float | Mapping[str, float]] = {}
    for nodes in SIZES:
        progress(f"bandwidth: {nodes} nodes")
        figures[f"{nodes} nodes"] = _measure(nodes)
        progress(f"bandwidth: {nodes} nodes that only flood")
        with patch.object(spreading, "LAZY_FROM", FLOODING):
            figures[f"{nodes} nodes that only flood"] = _measure(nodes)
    return figures


def _measure(nodes: int) -> dict[str, float]:
    quiet, busy = (
        [_play(nodes, seconds, rate=rate) for seconds in (BEGINNING, LATER)] for rate in (0, 1)
    )
    return {
        "idle_bytes_per_second": _rate(*quiet) / nodes,
        "busy_bytes_per_second": _rate(*busy) / nodes,
        "median_ms": float(busy[1].delay_median or 0),
        "worst_ms": float(busy[1].delay_worst or 0),
    }


def _rate(before: Outcome, after: Outcome) -> float:
    return (after.bytes - before.bytes) / (after.virtual - before.virtual) * 1_000


def _play(nodes: int, seconds: float, *, rate: float) -> Outcome:
    scenario = find_scenario("ten-thousand")
    people = msgspec.structs.replace(scenario.people, rate=rate)
    changed = msgspec.structs.replace(scenario, nodes=nodes, seconds=seconds, people=people)
    return play("bandwidth", changed, 1)
