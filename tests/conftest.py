"""What several folders of tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import browser as chromium, fonts

Browsers = Callable[[str | None], Browser]
NewPage = Callable[..., Page]

PAGES = ("page_name", "text_page", "widget_page")  # the parameters of the tests of the site
TOGETHER = {
    "exact values": ("functions/test_accuracy.py", "functions/test_facts.py", "live/test_activations.py"),
    "the site's files": ("site/test_pages.py", "site/test_reference.py", "site/test_repository.py"),
}
"""Files that one worker has, since all their tests need the same tables or trees, which take long to make."""
APART = ("tools/test_build.py", "tools/test_execute.py")
"""Files whose tests take long and share nothing, so that any worker may have any of them."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a browser; share the tests out: a file, or a page of the site, to a worker.

    What takes long comes first, and what builds the site. Its pages come last, since they are many and
    short: no worker then waits long for another.
    """
    for item in items:
        if {"browsers", "firefox"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
    if not config.getoption("loadgroup", False):  # in a worker `dist` is "no", whatever the command said
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_share(item)))
    items.sort(key=_turn)


def _share(item: pytest.Item) -> str:
    if _file(item) in APART:
        return item.nodeid
    called = getattr(item, "callspec", None)
    page = [value for name, value in called.params.items() if name in PAGES] if called else []
    opened = "browsers" in getattr(item, "fixturenames", ())  # else the file is read, once for all its tests
    if page and opened:
        return f"{item.path} {page[0]}"
    return next((share for share, files in TOGETHER.items() if _file(item) in files), str(item.path))


def _file(item: pytest.Item) -> str:
    return "/".join(item.path.parts[-2:])


def _turn(item: pytest.Item) -> int:
    if item.path.name == "training.ipynb" or _share(item) in TOGETHER:  # the longest; one builds the site
        return 0
    if item.path.parent.name == "site":  # no worker waits for the other's build
        return 3
    return 1 if item.path.suffix == ".ipynb" else 2


@pytest.fixture(scope="session")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    """Return a function that gives the browser whose fonts are of a family, or the machine's own.

    One Playwright a process starts them all: it allows no second.
    """
    found = needed(chromium.find(), chromium.WANTED)
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


def needed(found: str | None, wanted: str) -> str:
    """Return a browser's path; without one a test fails in continuous integration and skips elsewhere."""
    if found is None:
        message = f"browser tests need {wanted}; found none"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def firefox() -> str:
    """Return the path of Firefox."""
    return needed(chromium.find_firefox(), chromium.FIREFOX_WANTED)


@pytest.fixture(scope="session")
def browser(browsers: Browsers) -> Browser:
    """Return the browser with the machine's own fonts."""
    return browsers(None)


@pytest.fixture(scope="session")
def new_page(browsers: Browsers) -> NewPage:
    """Return a function that opens a page, with fonts of a family and with options of Playwright's contexts.

    Pages with the same options share a context: its process and its cache take twice as long to make as a
    page. A test that changes more than its page, such as the clock, takes the page from `browsers`.
    """
    contexts: dict[str, BrowserContext] = {}

    def open_page(family: str | None = None, viewport: dict[str, int] | None = None, **options: Any) -> Page:
        key = repr((family, sorted(options.items())))
        if key not in contexts:
            contexts[key] = browsers(family).new_context(**options)
            contexts[key].new_page()  # the process ends with its last page
        page = contexts[key].new_page()
        if viewport:
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
        return page

    return open_page
