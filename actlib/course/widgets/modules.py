"""A widget's JavaScript and style sheets, in the two forms that front ends take.

A widget's module imports what it shares with others (`plot.js` and, from `actlib/live`, what computes).
The book serves each file by itself, so that a page gets it once; `files` names them. A front end of
Jupyter takes one module without imports; `bundle` joins them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["bare", "bundle", "files", "in_order", "style"]

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"([^"]*)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?:function\*?|const|class) (\w+)", re.MULTILINE)
OTHER = re.compile(r"^(?:import\b.*|export (?!function\b|const \w|class\b).*)", re.MULTILINE)
"""Forms of import and export that `bundle` does not know."""


def bare(text: str) -> str:
    """Return JavaScript or CSS without indentation, empty lines and comments; ``//`` begins a line."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"^\s*(?://.*\n\s*)*", "", text, flags=re.MULTILINE)


def in_order(script: str | Path) -> dict[Path, str]:
    """Return a module of this folder and all that it imports, as `bare` texts, the imported ones first.

    Raises
    ------
    ValueError
        If modules import each other in a circle.
    """
    texts: dict[Path, str] = {}

    def add(path: Path, way: tuple[Path, ...]) -> None:
        if path in way:
            raise ValueError(f"modules must not import each other in a circle, got {path.name} twice")
        if path in texts:
            return
        text = bare(path.read_text("utf-8"))
        for _, other in IMPORT.findall(text):
            add((path.parent / other).resolve(), (*way, path))
        texts[path] = text

    add((HERE / script).resolve(), ())
    return texts


def bundle(script: str | Path) -> str:
    """Return a module of this folder with all that it imports as one module without imports.

    Each imported module is a function that returns what it exports, so that equal names do not meet.

    Raises
    ------
    ValueError
        If a module has a form of import or export that is not known here, or two have one name.
    """
    *imported, (last, text) = in_order(script).items()
    parts = [_function(path, source) for path, source in imported]
    names = [path.stem for path, _ in imported]
    if len(set(names)) < len(names):
        raise ValueError(f"imported modules must have different names, got {names}")
    return "".join(parts) + _bound(last, text)


def files(script: str | Path) -> dict[str, str]:
    """Return the files of a module of this folder and of all that it imports, its own last.

    A file's name changes with its text, so that no browser keeps an old one.
    """
    named: dict[Path, str] = {}
    made = {}
    for path, text in in_order(script).items():
        folder = path.parent
        source = IMPORT.sub(
            lambda found, folder=folder: (  # type: ignore[misc]
                f'import {{{found[1]}}} from "./{named[(folder / found[2]).resolve()]}";\n'
            ),
            text,
        )
        named[path] = _named(path, source)
        made[named[path]] = source
    return made


def style(names: Iterable[str]) -> dict[str, str]:
    """Return style sheets of this folder by a name that changes with the text."""
    texts = {HERE / name: bare((HERE / name).read_text("utf-8")) for name in names}
    return {_named(path, text): text for path, text in texts.items()}


def _named(path: Path, text: str) -> str:
    mark = base64.b32encode(hashlib.sha256(text.encode()).digest())[:12].decode().lower()
    return f"{path.stem}-{mark}{path.suffix}"


def _function(path: Path, text: str) -> str:
    body = re.sub(r"^export ", "", _bound(path, text), flags=re.MULTILINE)
    return f"const ${path.stem} = (() => {{\n{body}return {{ {', '.join(EXPORT.findall(text))} }};\n}})();\n"


def _bound(path: Path, text: str) -> str:
    """Return a module's text with a constant for each import, from the function above it."""
    body = IMPORT.sub(
        lambda found: f"const {{{found[1].replace(' as ', ': ')}}} = ${Path(found[2]).stem};\n", text
    )
    for found in OTHER.finditer(body):
        if not found[0].startswith("export default {"):
            raise ValueError(f"{path.name} must import and export by name, got {found[0]!r}")
    return body
