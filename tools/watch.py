"""Serve the draft of the book; build a page as it changes, and reload it: python -m tools.watch [PORT]."""

import contextlib
import sys
import threading
import time
from functools import partial
from pathlib import Path

from tools import build, serve
from tools.draft import SITE, draft, page_files
from tools.toc import ROOT

EVERY = 0.5  # seconds between two looks at the files
SCRIPT = b"""\
fetch("/reload").then(() => location.reload(), () => {});
"""
LINK = b'<script src="/reload.js"></script>'


class News:
    """Tells those who wait that the draft is new."""

    def __init__(self) -> None:
        self._new = threading.Condition()

    def tell(self) -> None:
        """Let everyone go on."""
        with self._new:
            self._new.notify_all()

    def wait(self) -> None:
        """Return when there is a new draft."""
        with self._new:
            self._new.wait()


class Handler(serve.Handler):
    """Serves the draft with a script in each page that waits for the next one."""

    def __init__(self, news: News, *arguments: object, **named: object) -> None:
        self.news = news
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        """Answer with a page and the script, with the script, or with any file."""
        path = Path(self.translate_path(self.path.partition("?")[0]))
        page = path / "index.html" if path.is_dir() else path
        if self.path == "/reload":
            self.news.wait()
            self._send(b"", "text/plain")
        elif self.path == "/reload.js":
            self._send(SCRIPT, "text/javascript")
        elif page.suffix == ".html" and page.exists():
            self._send(page.read_bytes().replace(b"</body>", LINK + b"</body>"), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def stamps() -> dict[Path, int]:
    """Return when each file of the site was changed last."""
    found = {}
    for path in build.files():
        with contextlib.suppress(FileNotFoundError):  # an editor is just replacing it
            found[path] = path.stat().st_mtime_ns
    return found


def refresh(changed: set[Path]) -> None:
    """Build the draft and say what came of it."""
    start = time.monotonic()
    known = page_files()
    names = [known[path] if path in known else str(path.relative_to(ROOT)) for path in sorted(changed)]
    print(f"Building {', '.join(names) or 'the book'}", flush=True)
    try:
        for warning in draft():
            print(f"  {warning}")
        print(f"Built in {time.monotonic() - start:.0f} s", flush=True)
    except build.BuildError as error:
        print(error, flush=True)


def main(port: str = "8000") -> None:
    """Watch until Ctrl-C."""
    news = News()
    with serve.listen(port, partial(Handler, news, directory=str(SITE))) as server:
        before = stamps()
        refresh(set())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(
            f"\nThe draft is at http://127.0.0.1:{port}/ and follows what you write.\nStop with Ctrl-C.",
            flush=True,
        )
        while True:
            time.sleep(EVERY)
            now = stamps()
            changed = {path for path, _ in now.items() ^ before.items()}
            if changed:
                before = now
                refresh(changed)
                news.tell()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except KeyboardInterrupt:
        print("\nStopped.")
