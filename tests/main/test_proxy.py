"""A node behind a proxy that serves it to everyone: by which name it goes, and whom it counts."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from beanjar.node.clock import MachineClock
from beanjar.ops.run import write_run
from beanjar.space.charter import Founding
from beanjar.testing.people import Person
from tests.main.caddy import NAME, find_port, proxied
from tests.main.started import started

BYTES = {"content-type": "application/octet-stream"}
FORGED = {"x-forwarded-for": "203.0.113.9"}
ONE_ENTRY = ("--per-address", "1")


class Behind(NamedTuple):
    """A node's public address, its own one, and whom a browser trusts."""

    public: str
    near: str
    trusted: ssl.SSLContext

    def ask(self, path: str) -> httpx.Response:
        """Open a page by the public name."""
        with self._browse("127.0.0.1") as browser:
            return browser.send(self._address(browser.build_request("GET", path)))

    def found(self, who: str, source: str, headers: dict[str, str] | None = None) -> int:
        """Found a space from one of this machine's addresses; return the status of the answer."""
        more = BYTES | (headers or {})
        with self._browse(source) as browser:
            asked = browser.build_request(
                "POST", "/api/spaces", content=founding(who), headers=more
            )
            return browser.send(self._address(asked)).status_code

    def _browse(self, source: str) -> httpx.Client:
        here = f"https://127.0.0.1:{httpx.URL(self.public).port}"
        transport = httpx.HTTPTransport(verify=self.trusted, local_address=source)
        return httpx.Client(transport=transport, base_url=here)

    def _address(self, asked: httpx.Request) -> httpx.Request:
        """Ask for the public name, which leads here only in this test."""
        asked.headers["host"] = httpx.URL(self.public).netloc.decode()
        asked.extensions["sni_hostname"] = NAME
        return asked


def founding(who: str) -> bytes:
    """The run with which somebody founds a space now."""
    device = Person(who).device
    body = Founding("The market", device.certificate(bytes(32)))
    return write_run([device.found(body, MachineClock().now())])


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """A node of which one address may hand in one entry an hour, served by Caddy."""
    folder, port = tmp_path_factory.mktemp("behind"), find_port()
    public = f"{NAME}:{port}"
    with (
        started(folder / "node", "--public", public, *ONE_ENTRY) as node,
        proxied(folder / "caddy", port, node["url"]) as trusted,
    ):
        yield Behind(f"https://{public}", node["url"], trusted)


def test_a_node_is_served_by_its_public_name_over_https(behind: Behind) -> None:
    answer = behind.ask("/api")
    assert answer.status_code == 200
    assert answer.json()["doors"] == [
        {"url": behind.near, "open_to": "this machine"},
        {"url": behind.public, "open_to": "everyone"},
    ]
    assert answer.headers["strict-transport-security"]
    assert "Beanjar" in behind.ask("/").text


def test_a_node_behind_a_proxy_goes_by_no_other_name(behind: Behind) -> None:
    for host, status in ((NAME, 200), ("other.example.org", 421)):
        assert httpx.get(f"{behind.near}/api", headers={"host": host}).status_code == status


def test_behind_a_proxy_each_person_is_counted_and_nobody_passes_for_another(
    behind: Behind,
) -> None:
    assert behind.found("Ada", "127.0.0.2") == 201
    assert behind.found("Ben", "127.0.0.2") == 429
    assert behind.found("Ben", "127.0.0.2", FORGED) == 429
    assert behind.found("Cal", "127.0.0.3", {"x-forwarded-for": "127.0.0.2"}) == 201
    assert behind.found("Dan", "127.0.0.3", {"forwarded": "for=203.0.113.9"}) == 429


def test_with_no_proxy_nobody_is_believed_about_where_they_are(tmp_path: Path) -> None:
    with started(tmp_path, *ONE_ENTRY) as node:
        statuses = [
            httpx.post(
                f"{node['url']}/api/spaces",
                content=founding(who),
                headers=BYTES | {"x-forwarded-for": address},
            ).status_code
            for who, address in (("Ada", "203.0.113.9"), ("Ben", "203.0.113.10"))
        ]
    assert statuses == [201, 429]


def test_from_another_address_than_the_machines_own_no_proxy_is_believed(tmp_path: Path) -> None:
    # All of 127.0.0.0/8 leads here; 127.0.0.2 stands for a neighbour on the network.
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with (
        started(tmp_path, "--public", NAME, *ONE_ENTRY) as node,
        httpx.Client(transport=transport, base_url=node["url"]) as neighbour,
    ):
        statuses = [
            neighbour.post(
                "/api/spaces",
                content=founding(who),
                headers=BYTES | {"x-forwarded-for": address},
            ).status_code
            for who, address in (("Ada", "203.0.113.9"), ("Ben", "203.0.113.10"))
        ]
    assert statuses == [201, 429]
