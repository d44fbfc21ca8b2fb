"""What the client says when things go wrong on the other side."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest

from beanjar.client import Client, NodeAway, NodeRambles, NodeRefuses
from beanjar.ops.alone import write_alone
from tests.main.running import RunningNode
from tests.main.terminal import Terminal


class Stranger(BaseHTTPRequestHandler):
    """A web server that is no node, and says the same to everybody."""

    says = b"<h1>Hello</h1>"
    fails = 404

    def do_GET(self) -> None:
        self.send_response(self.fails if self.path.endswith(("0", "export")) else 200)
        self.end_headers()
        self.wfile.write(self.says)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[Client]:
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    client = Client(f"http://127.0.0.1:{server.server_port}")
    yield client
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(shared_node: RunningNode) -> Iterator[Client]:
    client = Client(shared_node.url)
    yield client
    client.close()


def test_where_nobody_listens_one_is_told_how_to_start_a_node() -> None:
    client = Client("http://127.0.0.1:9")
    with pytest.raises(NodeAway, match="beanjar up"):
        client.about()
    assert not client.answers()
    client.close()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "ftp://127.0.0.1",
        "http://[",
        "http://exa mple",
        f"http://{'a' * 300}",
        "http://",
    ],
)
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(NodeAway):
        Client(url).about()


def test_a_server_that_is_no_node_is_told_apart(stranger: Client) -> None:
    with pytest.raises(NodeRambles, match="does not understand"):
        stranger.about()
    with pytest.raises(NodeRefuses, match="not as a node does"):
        stranger.space(bytes(32))
    with pytest.raises(NodeRefuses, match="not as a node does"), stranger.export(bytes(32)):
        pass


def test_a_proxy_without_its_node_counts_as_no_node(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stranger, "fails", 502)
    with pytest.raises(NodeAway, match="Try again later"):
        stranger.space(bytes(32))


def test_what_fails_in_a_programs_own_hands_is_not_put_down_to_the_node(
    client: Client, ada: Terminal
) -> None:
    (log,) = ada.home.logs()

    def fail() -> None:
        raise httpx.ConnectError("my own")

    with pytest.raises(httpx.ConnectError, match="own"), client.export(log.space):
        fail()


def test_at_a_server_that_is_no_node_every_command_ends_in_a_sentence(
    ada: Terminal, stranger: Client
) -> None:
    ada.url = stranger.url
    for words in (("list",), ("show", "ab" * 32)):
        assert "not understand" in ada.refused("estimate", *words)


def test_a_node_says_no_in_its_own_sentence(client: Client) -> None:
    with pytest.raises(NodeRefuses, match="does not carry that space"):
        client.head(bytes(32), bytes(32))


def test_an_entry_is_taken_only_under_its_own_name_and_signature(
    client: Client, stranger: Client, ada: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (log,) = ada.home.logs()
    asked, other = bytes.fromhex("ab" * 32), write_alone(log.read(1))
    assert client.operation(log.space, log.head.id) == log.read(1)
    monkeypatch.setattr(Stranger, "says", other)
    with pytest.raises(NodeRambles, match="another entry"):
        stranger.operation(log.space, asked)
    monkeypatch.setattr(Stranger, "says", other[:-1] + b"!")
    with pytest.raises(NodeRambles, match="false entry"):
        stranger.operation(log.space, asked)
