"""What several folders of tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import browser as chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser a process: Playwright allows no second."""
    found = chromium.find()
    if found is None:
        message = f"browser tests need one of {', '.join(chromium.NAMES)} on PATH, found none"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with chromium.start(found) as started:
        yield started
