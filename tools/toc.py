"""What the book consists of: the pages that `_toc.yml` lists, and the files of a folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """Return the names of the book's pages in reading order."""
    return list(_files(yaml.safe_load(toc.read_text("utf-8"))))


def notebooks(toc: Path = ROOT / "_toc.yml") -> list[Path]:
    """Return the book's notebooks in reading order."""
    paths = (toc.parent / "book" / f"{page}.ipynb" for page in pages(toc))
    return [path for path in paths if path.exists()]


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
