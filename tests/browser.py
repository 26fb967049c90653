"""The browser of the tests and benchmarks: whichever Chromium is installed."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Return the path of the first Chromium on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def required() -> str:
    """Return the path of the first Chromium on PATH, or say that there is none."""
    found = find()
    if found is None:
        raise SystemExit(f"a browser is needed: one of {', '.join(NAMES)} on PATH, found none")
    return found


@contextlib.contextmanager
def start(executable: str) -> Iterator[Browser]:
    """Run the browser for as long as the context lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()
