"""A node that lacks what it cannot do without says so and ends, and does not stand there deaf."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from beanjar.main.cli import main
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from tests.main.network import LOOPBACK

WHY = "this has no end that anybody foresaw"


async def fail(*_: object) -> None:
    raise RuntimeError(WHY)


@pytest.mark.parametrize(("owner", "part"), [(Node, "tick_forever"), (Peers, "serve_forever")])
def test_a_node_of_which_a_part_failed_ends_and_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: type,
    part: str,
) -> None:
    monkeypatch.setattr(owner, part, fail)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    there = ("--port", "0", "--host", LOOPBACK, "--no-local", "--data", str(tmp_path))
    ended = CliRunner().invoke(main, ["up", *there])
    assert ended.exit_code == 1
    assert "A part of this node failed that it cannot do without" in ended.stderr
    assert WHY in caplog.text
