"""A node that everyone reaches over https, by a proxy: there its pages can be installed."""

import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from playwright.sync_api import Browser

from beanjar.main.demo.process import NodeProcess
from tests.journeys.browser import find_whole_chromium, open_chromium
from tests.journeys.traveller import Traveller
from tests.main.caddy import NAME, find_port, proxied


class Public(NamedTuple):
    """A node, the address that everyone has of it, and by what a browser knows its key."""

    node: NodeProcess
    url: str
    pin: str


@pytest.fixture
def public(
    tmp_path: Path, start_node: Callable[..., NodeProcess], doors: set[str]
) -> Iterator[Public]:
    """A node behind Caddy, as `docs/running-a-door.md` says."""
    port = find_port()
    node = start_node("home", "--public", f"{NAME}:{port}")
    doors.add(url := f"https://{NAME}:{port}")
    with proxied(tmp_path / "caddy", port, node.url) as trusted:
        yield Public(node, url, pin(port, trusted))


def pin(port: int, trusted: ssl.SSLContext) -> str:
    """Return the hash of the key with which a proxy on this machine serves, trusted as it is."""
    with (
        socket.create_connection(("127.0.0.1", port)) as line,
        trusted.wrap_socket(line, server_hostname=NAME) as sealed,
    ):
        certificate = load_der_x509_certificate(sealed.getpeercert(binary_form=True) or b"")
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(sha256(key).digest()).decode()


@pytest.fixture
def browser(public: Public) -> Iterator[Browser]:
    """A browser that finds the public name here, and trusts its certificate."""
    flags = (
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
        f"--ignore-certificate-errors-spki-list={public.pin}",
    )
    with open_chromium(find_whole_chromium(), *flags) as browser:
        yield browser


def test_over_https_a_page_is_installed_and_opens_while_its_node_is_gone(
    public: Public, travel: Callable[[str], Traveller]
) -> None:
    ada = travel("Ada")
    space = ada.found(public.url, "The market")
    assert space.startswith(public.url)
    ada.ask("How many beans?")
    ada.wait_until_kept()
    asking = ada.context.new_cdp_session(ada.page)
    found = asking.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A browser that forgets installs nothing; about the pages it has nothing to say.
    assert [each["errorId"] for each in found] == ["in-incognito"]
    public.node.kill()
    ada.answer_unheard("700")
    ada.look()
