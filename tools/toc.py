"""What the book consists of: the pages that `_toc.yml` lists, and the files of a folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.files import FileError, settings

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """Return the names of the book's pages in reading order."""
    listed = settings(toc)
    if not isinstance(listed, dict) or "root" not in listed:
        raise FileError(f"{toc.name} must name the book's first page as its root, and does not")
    return list(_files(listed))


def files(toc: Path = ROOT / "_toc.yml") -> list[Path]:
    """Return the files of the book's pages in reading order.

    Raises
    ------
    FileError
        If a page has no file.
    """
    found = []
    for page in pages(toc):
        names = [f"{page}.ipynb", f"{page}.md"]
        there = [path for path in (toc.parent / "book" / name for name in names) if path.exists()]
        if not there:
            raise FileError(
                f"{toc.name} lists {page}, but book/ has no {' and no '.join(names)}; "
                f"add the file or take the line out"
            )
        found.append(there[0])
    return found


def notebooks(toc: Path = ROOT / "_toc.yml") -> list[Path]:
    """Return the book's notebooks in reading order."""
    return [path for path in files(toc) if path.suffix == ".ipynb"]


def sources(folder: Path) -> list[Path]:
    """Return the files under a folder, in order, without what tools leave there."""
    left = re.compile(r"(^|/)(\.|__pycache__/)")
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in paths if not left.search(path.relative_to(folder).as_posix())]


def _files(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _files(child)
    elif isinstance(node, dict):
        yield from (Path(node[key]).stem for key in ("root", "file") if key in node)
        for child in node.values():
            yield from _files(child) if isinstance(child, (list, dict)) else ()
