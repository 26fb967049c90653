"""The built site behind a local server, under a sub-path as GitHub Pages serves it, and a browser."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from actlib.course.widgets.portable import MIME
from tests.conftest import NewPage
from tools import build, toc

SUBPATH = "some/repo"
PHONE = {"width": 360, "height": 740}
COMPRESSED = (".html", ".css", ".js", ".svg", ".ipynb")


def chapters() -> list[str]:
    """Return the names of the notebooks."""
    return [path.stem for path in toc.notebooks()]


def pages() -> list[str]:
    """Return the names of the pages with text of ours."""
    return toc.pages()


def with_widgets() -> list[str]:
    """Return the names of the notebooks that show a widget."""
    return [path.stem for path in toc.notebooks() if MIME in path.read_text("utf-8")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, values in (
        ("page_name", [*pages(), "search"]),
        ("text_page", pages()),
        ("widget_page", with_widgets()),
    ):
        if name in metafunc.fixturenames:
            if only := metafunc.definition.get_closest_marker("only_pages"):
                assert set(only.args) <= set(values)
                values = list(only.args)
            metafunc.parametrize(name, values, scope="module")  # all tests of a page, then the next page


@dataclass(frozen=True)
class Site:
    """The built pages and the address they are served at."""

    folder: Path
    url: str


@pytest.fixture(scope="session")
def built() -> Path:
    """Return the folder of the built site, brought in step with its sources, without a repository."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BOOK_REPOSITORY", raising=False)
        build.build()
    return build.SITE


@pytest.fixture(scope="session")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the built site under a sub-path."""
    root = tmp_path_factory.mktemp("served")
    shutil.copytree(built, root / SUBPATH)
    with serve(root) as port:
        yield Site(root / SUBPATH, f"http://127.0.0.1:{port}/{SUBPATH}/")


class _Compressed(http.server.SimpleHTTPRequestHandler):
    """Serves text compressed, as every static host does."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in COMPRESSED:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def serve(root: Path) -> Iterator[int]:
    """Serve a folder on a free port for as long as the context lasts."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Compressed, directory=str(root))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Visit:
    """A page of the site in the browser and what happened while it was loaded and read."""

    page: Page
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def read(self) -> Visit:
        """Scroll to the end and back, so that everything on the page has been near the window."""
        self.page.evaluate(
            """async () => {
                 for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
                   scrollTo({ top, behavior: "instant" });
                   await new Promise(requestAnimationFrame);
                 }
               }"""
        )
        expect(self.page.locator(".widget:not([data-state=live])")).to_have_count(0)
        self.page.evaluate("scrollTo(0, 0)")
        self.page.wait_for_load_state("networkidle")
        return self

    def becomes(self, condition: str) -> bool:
        """Ask until the condition holds, 10 seconds at most: print media and unfolding need a frame to show.

        Playwright's wait_for_function polls with callbacks of the page, which never run without scripts and
        whose eval the policy stops.
        """
        for _ in range(200):
            if self.page.evaluate(condition):
                return True
            self.page.wait_for_timeout(50)
        return False

    def unfold(self) -> None:
        """Open all that is folded."""
        self.page.evaluate(
            "document.querySelectorAll('article details').forEach(folded => folded.open = true)"
        )


Open = Callable[..., Visit]


@contextlib.contextmanager
def opener(site: Site, new_page: NewPage) -> Iterator[Open]:
    """Give a function that opens a page of the site, without the files whose address matches a pattern.

    Other keywords go to `new_page`.
    """
    with contextlib.ExitStack() as stack:

        def open_(name: str, without: re.Pattern[str] | None = None, **options: object) -> Visit:
            page = new_page(**options)
            stack.callback(page.close)
            if without is not None:
                page.route(without, lambda route: route.abort())
            seen = Visit(page)
            page.on("request", lambda request: seen.requests.append(request.url))
            page.on("requestfailed", lambda request: seen.failed.append(request.url))
            page.on("response", lambda got: seen.failed.append(got.url) if got.status >= 400 else None)
            page.on("pageerror", lambda error: seen.complaints.append(str(error)))
            page.on(
                "console",
                lambda said: seen.complaints.append(said.text) if said.type in ("error", "warning") else None,
            )
            page.goto(f"{site.url}{name}.html")
            return seen

        yield open_


@pytest.fixture
def visit(site: Site, new_page: NewPage) -> Iterator[Open]:
    """Return a function that opens a page for one test."""
    with opener(site, new_page) as open_:
        yield open_


@pytest.fixture(scope="module")
def desktop(site: Site, new_page: NewPage, page_name: str) -> Iterator[Visit]:
    """Return a page as read on a desk, light; the tests of the page share it."""
    with opener(site, new_page) as open_:
        yield open_(page_name, color_scheme="light").read()


@pytest.fixture(scope="module")
def phone(site: Site, new_page: NewPage, page_name: str) -> Iterator[Visit]:
    """Return a page as read on a phone, dark, with everything unfolded."""
    with opener(site, new_page) as open_:
        seen = open_(page_name, color_scheme="dark", viewport=PHONE).read()
        seen.unfold()
        yield seen


@pytest.fixture(scope="module")
def still(site: Site, new_page: NewPage, text_page: str) -> Iterator[Visit]:
    """Return a page on a phone without scripts."""
    with opener(site, new_page) as open_:
        yield open_(text_page, viewport=PHONE, java_script_enabled=False)


@pytest.fixture(scope="module")
def in_use(site: Site, new_page: NewPage, widget_page: str) -> Iterator[Visit]:
    """Return a page whose widgets the tests use, one test after the other."""
    with opener(site, new_page) as open_:
        yield open_(widget_page)
