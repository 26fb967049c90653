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
from collections.abc import Iterable, Mapping
from pathlib import Path

from filelock import FileLock

from tools.follow import follow
from tools.toc import ROOT, sources

OUTPUT = ROOT / "_build"
SITE = OUTPUT / "html"
STATE = OUTPUT / "inputs"
SETTINGS = ("BOOK_REPOSITORY", "BOOK_NOTICE")
PROGRESS = re.compile(r"(reading sources|writing output)\.\.\. \[ *(\d+%)\] (.+)")


class BuildError(Exception):
    """The book did not build; the message is for the reader."""


def build() -> None:
    """Bring `_build/html` in step with the sources, one process at a time."""
    OUTPUT.mkdir(exist_ok=True)
    with FileLock(OUTPUT / "lock"):
        _build()


def _build() -> None:
    wanted = inputs()
    if SITE.exists() and STATE.exists() and STATE.read_text() == wanted:
        print("The book is up to date: _build/html/index.html")
        return
    for made in (SITE, OUTPUT / ".doctrees"):
        shutil.rmtree(made, ignore_errors=True)
    STATE.unlink(missing_ok=True)
    print("Building the book", flush=True)
    start = time.monotonic()
    run(command(ROOT, "-W", "-n", "--keep-going"))
    STATE.write_text(wanted)
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
        # The traceback of the command line that started Sphinx says nothing more.
        sys.stderr.write(text.partition('Traceback (most recent call last):\n  File "<string>"')[0])
        raise BuildError("book: not built; each WARNING or ERROR above must go")
    return text


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
