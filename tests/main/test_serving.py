"""A node serves: it keeps connections open, and where a part of it fails it ends and says so."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from beanjar.main.cli import main
from beanjar.main.serving import Server
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from tests.main.network import LOOPBACK

WHY = "this has no end that anybody foresaw"


async def fail(*_: object) -> None:
    raise RuntimeError(WHY)


def test_connections_are_kept_for_longer_than_clients_and_proxies_keep_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[float] = []

    async def look(server: Server, sockets: object) -> None:
        del sockets
        kept.append(server.config.timeout_keep_alive)

    monkeypatch.setattr(Server, "serve", look)
    there = ("--alone", "--port", "0", "--host", LOOPBACK, "--data", str(tmp_path))
    assert CliRunner().invoke(main, ["up", *there]).exit_code == 0
    ours, caddys = 5, 120
    assert kept[0] > max(ours, caddys)


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
