"""Other browsers than Chromium: Firefox, and what WebKit is on Linux.

Both take the few commands of W3C WebDriver that a journey needs. Firefox listens for them itself
(Marionette), which saves a driver that Debian does not have; WebKit brings one.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import httpx

from tests.installing import find

FIREFOX = ("firefox-esr", "firefox"), "firefox-esr"
WEBKIT = ("WebKitWebDriver",), "webkit2gtk-driver"
SCREEN = ("Xvfb",), "xvfb"
LISTENS = "Listening on port "
PREFERENCES = {
    "marionette.port": 0,  # any that is free
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
"""A browser that asks nobody for anything by itself."""
PATHS = {
    "Navigate": "url",
    "SetWindowRect": "window/rect",
    "ExecuteScript": "execute/sync",
    "ElementClick": "element/{id}/click",
    "ElementClear": "element/{id}/clear",
    "ElementSendKeys": "element/{id}/value",
}
"""Where the driver of WebKit takes the commands that Firefox knows by name."""
SLOW = 60
"""Seconds after which a browser does not answer any more."""


class NotDone(Exception):
    """A command that a browser could not carry out, in its own words."""


class Driver(Protocol):
    """Carries out the commands of WebDriver, by their names."""

    def call(self, command: str, **given: Any) -> Any:  # noqa: ANN401 - as it comes, in JSON
        """Return what a command brings. Raises `NotDone`."""


class Firefox:
    """Speaks Marionette: messages in JSON, each behind its length."""

    def __init__(self, port: int) -> None:
        """Begin a session with the Firefox that listens there."""
        with socket.create_connection(("127.0.0.1", port), SLOW) as connection:
            self._wire = connection.makefile("rwb")
        self._numbers = count()
        self._hear()  # a greeting
        self.call("NewSession")

    def call(self, command: str, **given: Any) -> Any:  # noqa: ANN401 - as it comes, in JSON
        """Return what a command brings. Raises `NotDone`."""
        said = json.dumps([0, next(self._numbers), f"WebDriver:{command}", given]).encode()
        self._wire.write(b"%d:%s" % (len(said), said))
        self._wire.flush()
        _, _, problem, found = self._hear()
        if problem:
            raise NotDone(f"{problem['error']}: {problem['message']}")
        return found.get("value")

    def _hear(self) -> Any:  # noqa: ANN401 - as it comes, in JSON
        length = b""
        while (digit := self._wire.read(1)) != b":":
            length += digit
        return json.loads(self._wire.read(int(length)))


class WebKit:
    """Speaks to the driver of WebKit, over http."""

    def __init__(self, client: httpx.Client) -> None:
        """Begin a session with the browser that the driver starts."""
        self._client = client
        wished = {"webkitgtk:browserOptions": {"args": ["--automation"]}}
        session = self._post("session", {"capabilities": {"alwaysMatch": wished}})
        self._session = f"session/{session['sessionId']}"

    def call(self, command: str, **given: Any) -> Any:  # noqa: ANN401 - as it comes, in JSON
        """Return what a command brings. Raises `NotDone`."""
        return self._post(f"{self._session}/{PATHS[command].format_map(given)}", given)

    def stop(self) -> None:
        """End the session, and the browser with it."""
        self._client.delete(self._session)

    def _post(self, path: str, given: dict[str, Any]) -> Any:  # noqa: ANN401 - as it comes, in JSON
        answer = self._client.post(path, json=given)
        found = answer.json()["value"]
        if answer.is_error:
            raise NotDone(f"{found['error']}: {found['message']}")
        return found


@contextmanager
def open_firefox(folder: Path, language: str) -> Iterator[Firefox]:
    """Run Firefox without a window, on a profile of its own."""
    profile = folder / "firefox"
    profile.mkdir()
    wished = PREFERENCES | {"intl.accept_languages": language}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(is_)});" for name, is_ in wished.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    firefox = find(*FIREFOX)
    command = [firefox, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with _run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        ports = (line.split(LISTENS)[1] for line in process.stdout if LISTENS in line)
        yield Firefox(int(next(ports)))


@contextmanager
def open_webkit() -> Iterator[WebKit]:
    """Run WebKit's MiniBrowser on a screen that nobody sees."""
    driver = find(*WEBKIT)
    with _open_screen() as screen, socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
        asking.close()
        seen = os.environ | {"DISPLAY": screen}
        transport = httpx.HTTPTransport(retries=6)  # until the driver listens
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=SLOW
        )
        with _run([driver, f"--port={port}"], env=seen), client:
            webkit = WebKit(client)
            try:
                yield webkit
            finally:
                webkit.stop()


@contextmanager
def _open_screen() -> Iterator[str]:
    """Open a screen; yields its name."""
    xvfb = find(*SCREEN)
    told, tell = os.pipe()
    command = [xvfb, "-displayfd", str(tell), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with _run(command, pass_fds=[tell], stderr=subprocess.DEVNULL):
        os.close(tell)
        with os.fdopen(told, encoding="ascii") as name:
            yield f":{name.readline().strip()}"


@contextmanager
def _run(command: list[str], **how: Any) -> Iterator[subprocess.Popen[str]]:  # noqa: ANN401
    """Run a program beside the journey."""
    with subprocess.Popen(command, **how) as process:
        try:
            yield process
        finally:
            process.terminate()
