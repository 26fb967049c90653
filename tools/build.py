"""Build the site into `_build/html`, warnings as errors: python -m tools.build.

Does nothing when no input has changed, else builds everything anew: Sphinx would not repeat the
warnings of a page that it thinks is done, nor remove a page that is gone.
"""

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tools import toc
from tools.files import FileError, notebook, reason, replace
from tools.follow import follow
from tools.toc import ROOT, sources

OUTPUT = ROOT / "_build"
SITE = OUTPUT / "html"
STATE = OUTPUT / "inputs"
NEXT = OUTPUT / "next"
SETTINGS = ("BOOK_REPOSITORY", "BOOK_NOTICE")
PROGRESS = re.compile(r"(reading sources|writing output)\.\.\. \[ *(\d+%)\] (.+)")
FAULT = re.compile(r"^(.*: |)(?:WARNING|ERROR|CRITICAL|SEVERE): (.+)$", re.M)
RAISED = re.compile(r"\(exception: (.+)\)$|^(?:[\w.]+\.)?(\w+(?:Error|Exception): .+)$", re.M)


class BuildError(Exception):
    """The book did not build; the message is for the reader."""


def build() -> None:
    """Bring `_build/html` in step with the sources, one process at a time.

    A site is made beside the last one and takes its place when it is whole: one that fails leaves that
    as it was, and no page of its own.

    Raises
    ------
    BuildError
        If there is no new site; the message says why in one line.
    """
    with alone(OUTPUT / "lock"):
        _build()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one process at a time build; say that it waits, and in one line what ends it.

    Raises
    ------
    BuildError
        If a file cannot be read or written.
    """
    try:
        lock.parent.mkdir(exist_ok=True)
        held = FileLock(lock)
        try:
            mine = held.acquire(timeout=1)
        except Timeout:
            print("Another build is at work here; waiting for it", flush=True)
            mine = held.acquire()
        with mine:
            yield
    except FileError as error:
        raise BuildError(f"book: not built: {error}") from None
    except OSError as error:
        raise BuildError(f"book: not built: {reason(error)}") from None


def _build() -> None:
    wanted = inputs()
    if SITE.exists() and STATE.exists() and STATE.read_text() == wanted:
        print("The book is up to date: _build/html/index.html")
        return
    for path in toc.notebooks():
        notebook(path)
    print("Building the book", flush=True)
    start = time.monotonic()
    shutil.rmtree(NEXT, ignore_errors=True)
    try:
        run(command(NEXT, "-W", "-n", "--keep-going"))
        STATE.unlink(missing_ok=True)
        shutil.rmtree(SITE, ignore_errors=True)
        (NEXT / "_build/html").rename(SITE)
        replace(STATE, wanted)
    finally:
        shutil.rmtree(NEXT, ignore_errors=True)
    print(f"Built in {time.monotonic() - start:.0f} s: _build/html/index.html", flush=True)


def inputs() -> str:
    """Return a hash of the names and contents of all that the site is made of, and its settings."""
    return "\n".join([digest(files()), *(os.environ.get(name, "") for name in SETTINGS)])


def files() -> list[Path]:
    """Return the files that the site is made of."""
    settings = [ROOT / name for name in ("_config.yml", "_toc.yml", "requirements.txt")]
    return [*sources(ROOT / "book"), *sources(ROOT / "actlib"), *sources(ROOT / "tools"), *settings]


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of the names and contents of files."""
    sums = [f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def command(output: Path, *options: str) -> list[str]:
    """Return the command that builds the book into `_build/html` under `output`."""
    return [
        *(sys.executable, "-c", "from jupyter_book.cli.main import main; main()"),
        *("build", "book", "--config", "_config.yml", "--path-output", str(output)),
        *("--toc", str(ROOT / "_toc.yml")),  # a relative one would be sought in book/
        *options,
    ]


def run(command: list[str], environment: Mapping[str, str] | None = None) -> str:
    """Run Sphinx with a line of progress now and then; return all that it said, or show it if it fails."""
    failed, text = follow(command, str(ROOT), progress, {"PYTHONUNBUFFERED": "1", **(environment or {})})
    if failed:
        sys.stderr.writelines(line for line in text.splitlines(True) if not PROGRESS.match(line))
        raise BuildError(f"book: not built: {cause(text)}")
    return text


def cause(text: str) -> str:
    r"""Return the first thing that Sphinx found wrong, where, and how many more there are.

    >>> cause("reading\ntanh.ipynb:3: WARNING: undefined label\nindex.md: ERROR: no title")
    'tanh.ipynb:3: undefined label (and 1 more above)'
    """
    found = [f"{where}{what}".replace(f"{ROOT}/", "") for where, what in FAULT.findall(text)]
    if not found:
        # What ends the build comes first; what fails because of it, after.
        found = [next(filter(None, raised)) for raised in RAISED.findall(text)[:1]] or [
            "Sphinx failed, see above"
        ]
        if steps := PROGRESS.findall(text):
            found[0] += f" ({steps[-1][0]}: {steps[-1][2]})"
    return found[0] + (f" (and {len(found) - 1} more above)" if len(found) > 1 else "")


def progress(line: str) -> str:
    """Return how far a line of Sphinx says that it is, or ''."""
    step = PROGRESS.match(line)
    return f"{step[1]} {step[2]} {step[3].strip()}" if step else ""


if __name__ == "__main__":
    try:
        build()
    except BuildError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nbook: stopped")
