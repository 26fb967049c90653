"""Node, Chromium and Firefox compute the same numbers, and these are the stored ones, bit for bit."""

from __future__ import annotations

import http.server
import json
import mimetypes
import queue
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import browser as browsers_of_tests
from tests.live.node import sources
from tests.live.same_bits import FOLDER, of_node, stored
from tools.toc import ROOT

SECONDS = 120


class Served:
    """A server of this checkout that keeps what a page posts."""

    def __init__(self) -> None:
        self.posted: queue.Queue[Any] = queue.Queue()
        posted = self.posted

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(ROOT))

            def do_POST(self) -> None:
                posted.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/tests/live/same_bits.html"


@pytest.fixture
def served() -> Iterator[Served]:
    mimetypes.add_type("text/javascript", ".js")  # a Windows registry may say something else
    served = Served()
    with served.server:
        thread = threading.Thread(target=served.server.serve_forever, daemon=True)
        thread.start()
        yield served
        served.server.shutdown()
        thread.join()


def test_every_module_has_a_part_in_the_digests() -> None:
    reached, waiting = set(), [FOLDER / "same_bits.js"]
    while waiting:
        file = waiting.pop()
        names = re.findall(r'from "([^"]+)"', file.read_text("utf-8"))
        waiting += [path for name in names if (path := (file.parent / name).resolve()) not in reached]
        reached.update(waiting)
    assert set(sources()) <= reached


def test_node_computes_the_stored_bits() -> None:
    assert of_node() == stored(), "if the change is meant, run: python -m tests.live.same_bits"


def test_chromium_computes_the_stored_bits(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(served.address)
    assert served.posted.get(timeout=SECONDS) == stored()
    page.close()


def test_firefox_computes_the_stored_bits(firefox: str, served: Served, tmp_path: Path) -> None:
    with browsers_of_tests.firefox(firefox, tmp_path, served.address):
        assert served.posted.get(timeout=SECONDS) == stored()
