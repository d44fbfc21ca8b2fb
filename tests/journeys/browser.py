"""The browser that journeys are made in: the system's Chromium, found or installed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"])
# A browser of root's has no sandbox of its own; it opens nothing but our own pages.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]


class NoBrowser(Exception):
    """A machine without a browser, on which none could be installed."""


def find_chromium() -> str:
    """Return the path of Chromium, installed first where that is possible."""
    return _look() or _install()


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Run Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def _look() -> str | None:
    named = os.environ.get("BEANJAR_BROWSER")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> str:
    if shutil.which("apt-get") and os.geteuid() == 0:
        for command in INSTALL:
            subprocess.run(
                command, check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            )
    found = _look()
    if found is None:
        raise NoBrowser(
            "The journeys need Chromium, and there is none. Install it (apt-get install chromium), "
            "or say where it is: BEANJAR_BROWSER=/path/to/it make test."
        )
    return found
