"""The browser that journeys are made in: the system's Chromium, found or installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.installing import find

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser of root's has no sandbox of its own; it opens nothing but our own pages.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]


def find_chromium() -> str:
    """Return the path of Chromium, installed first where that is possible."""
    return os.environ.get("BEANJAR_BROWSER") or find(NAMES, "chromium")


@contextmanager
def open_chromium(chromium: str, *flags: str) -> Iterator[Browser]:
    """Run the Chromium at this path, without a window, with these flags."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *flags])
        yield browser
        browser.close()
