"""Caddy, the proxy that `docs/running-a-door.md` tells of: found or installed, and run here."""

import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.installing import find

CADDY = ("caddy",), "caddy"
PATIENCE = 30
DOCUMENT = Path(__file__).parents[2] / "docs/running-a-door.md"
WRITTEN = re.compile(r"^```caddyfile\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAME, DOOR = "jar.example.org", "127.0.0.1:2326"
"""What the document has for the names that people put in."""
# Nothing but our own port is opened, and nothing outside the test's folder is trusted or written.
AROUND = """{{
	admin off
	auto_https disable_redirects
	skip_install_trust
	storage file_system {folder}
	log {{
		level DEBUG
		include tls
	}}
}}
"""
SERVES = b"added certificate to cache"
"""What Caddy notes once it can serve with its certificate."""
INSIDE = "bind 127.0.0.1\n\ttls internal\n\t"


class CaddyFailed(Exception):
    """A Caddy that ended before it served anything."""


def find_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        port: int = trying.getsockname()[1]
        return port


def write_site(port: int, door: str) -> str:
    """Return what the document says of a site, for this machine alone."""
    found = WRITTEN.search(DOCUMENT.read_text(encoding="utf-8"))
    assert found is not None
    site = found[1].replace(f"{NAME} {{\n\t", f"https://{NAME}:{port} {{\n\t{INSIDE}")
    site = site.replace(DOOR, door)
    assert INSIDE in site
    assert door in site
    return site


@contextmanager
def proxied(folder: Path, port: int, door: str) -> Iterator[ssl.SSLContext]:
    """Serve a door as https://NAME:PORT; give what a browser has that trusts this Caddy alone."""
    folder.mkdir()
    file = folder / "Caddyfile"
    file.write_text(AROUND.format(folder=folder) + write_site(port, door), encoding="utf-8")
    command = [find(*CADDY), "run", "--config", str(file), "--adapter", "caddyfile"]
    home = os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=home, bufsize=0) as process:
        try:
            _wait_for_certificate(process)
            root = folder / "pki/authorities/local/root.crt"
            yield ssl.create_default_context(cafile=str(root))
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def _wait_for_certificate(process: "subprocess.Popen[bytes]") -> None:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if SERVES in line:
            return
    raise CaddyFailed(b"".join(said).decode())
