"""The browser that journeys are made in: the system's Chromium, found or installed.

Without the windows that nobody looks at it takes a third less of the machine, for the same pages.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.installing import find

WITHOUT_WINDOWS = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser of root's has no sandbox of its own; it opens nothing but our own pages.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]


def find_chromium() -> str:
    """Return the path of Chromium, installed first where that is possible."""
    names = (WITHOUT_WINDOWS, *WHOLE)
    return os.environ.get("BEANJAR_BROWSER") or find(names, WITHOUT_WINDOWS)


def find_whole_chromium() -> str:
    """Return the path of a Chromium that knows how to install pages, likewise."""
    return find(WHOLE, "chromium")


@contextmanager
def open_chromium(chromium: str, *flags: str) -> Iterator[Browser]:
    """Run the Chromium at this path, without a window, with these flags."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *flags])
        yield browser
        browser.close()
