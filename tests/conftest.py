"""What several folders of tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import browser as chromium, fonts

Browsers = Callable[[str | None], Browser]


@pytest.fixture(scope="session")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    """Return a function that gives the browser whose fonts are of a family, or the machine's own.

    One Playwright a process starts them all: it allows no second.
    """
    found = chromium.find()
    if found is None:
        message = f"browser tests need {chromium.WANTED}; found none"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    started: dict[str | None, Browser] = {}
    with sync_playwright() as playwright:

        def browser_of(family: str | None) -> Browser:
            if family not in started:
                environ = fonts.environment(family, tmp_path_factory.mktemp("fonts")) if family else None
                started[family] = chromium.launch(playwright, found, environ)
            return started[family]

        yield browser_of
        for browser in started.values():
            browser.close()


@pytest.fixture(scope="session")
def browser(browsers: Browsers) -> Browser:
    """Return the browser with the machine's own fonts."""
    return browsers(None)
