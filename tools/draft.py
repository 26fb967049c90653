"""Build what has changed into `_build/draft`, in seconds: python -m tools.draft [PAGE ...].

`make check` and `make watch` look at this copy. The first time, and after a change of anything but a page,
the whole site is built. After that Sphinx reads the changed pages alone and the rest stays as it is: the
style sheet too, which is cut down to what the pages used, so `make book` has the last word.
"""

import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from tools import build
from tools.toc import BOOK, ROOT, pages

FOLDER = build.OUTPUT / "draft"
SITE = FOLDER / "_build/html"
DOCTREES = FOLDER / "_build/.doctrees"
STATE = FOLDER / "inputs"
WARNING = re.compile(r"^(?:.*: )?(?:WARNING|ERROR|CRITICAL): ")


def draft(again: Iterable[str] = ()) -> list[str]:
    """Bring the draft in step with the sources; return the warnings, of the pages `again` in any case.

    Sphinx says nothing new of a page that it thinks is done.
    """
    with build.alone(build.OUTPUT / "draft.lock"):
        wanted = inputs()
        whole = not (STATE.exists() and STATE.read_text("utf-8") == wanted)
        if whole:
            shutil.rmtree(FOLDER, ignore_errors=True)
        for page in again:
            (DOCTREES / f"{page}.doctree").unlink(missing_ok=True)
        said = build.run(build.command(FOLDER, "-n"), {} if whole else {"BOOK_DRAFT": "1"})
        STATE.write_text(wanted, "utf-8")
    return [line.replace(f"{ROOT}/", "") for line in said.splitlines() if WARNING.match(line)]


def inputs() -> str:
    """Return a hash of all that changes more than one page."""
    own = page_files()
    return build.digest(path for path in build.files() if path not in own)


def page_files() -> dict[Path, str]:
    """Return the files of the pages with their names."""
    files = {BOOK / f"{page}{suffix}": page for page in pages() for suffix in (".md", ".ipynb")}
    return {path: page for path, page in files.items() if path.exists()}


if __name__ == "__main__":
    try:
        warnings = draft(sys.argv[1:])
    except build.BuildError as error:
        sys.exit(str(error))
    if warnings:
        sys.exit("\n".join(warnings))
