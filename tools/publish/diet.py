"""Cuts the theme down to what the pages use.

All sheets become one, without the rules that match nothing on any page; the icon fonts keep the icons
in use; scripts that no page needs are not linked; files that nothing names are deleted.
"""

from __future__ import annotations

import hashlib
import logging
import os
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2
from docutils import nodes
from fontTools import subset
from sphinx.application import Sphinx

__all__ = ["bundle", "connect", "delete_unnamed", "purge", "stamp", "subset_font", "words"]

THEME_SHEETS = ("styles/theme.css", "styles/pydata-sphinx-theme.css")  # linked by the theme's own template
THEME_SCRIPT = "_static/scripts/pydata-sphinx-theme.js"
SCRIPTS = (  # in this order, of those that the extensions ask for
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "clipboard.min.js",
    "copybutton.js",
    "scripts/sphinx-book-theme.js",
)
SEARCH_SCRIPTS = ("_static/searchtools.js", "_static/language_data.js", "searchindex.js")
PAGE_SCRIPT = "_static/page.js"

WORD = re.compile(r"[\w-]+")
NAMED = re.compile(r"[.#]((?:[\w-]|\\.)+)")
OPTIONAL = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')]+)["']?\)?\s*;""")
URL = re.compile(r"""url\(\s*(["']?)(?!data:|#|https?:)([^"')?#]+)[^"')]*\1\s*\)""")
OLD_FONT = re.compile(r""",\s*url\([^)]*\.(?:woff|ttf)["']?\)\s*format\([^)]*\)""")
FORMULA = re.compile(r"<math.*?</math>", re.S)
LINKED = re.compile(r"""((?:href|src)=")((?:[\w.-]+/)*?)(_static/[^"?#]+)(?:\?[^"#]*)?(")""")


class _Diet:
    """What the pages ask for, gathered while they are written."""

    def __init__(self) -> None:
        self.sheets: tuple[str, ...] = ()

    def gather(self, app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
        ordered = sorted(context["css_files"], key=lambda sheet: sheet.priority)
        names = [posixpath.relpath(str(sheet.filename), "_static") for sheet in ordered]
        # Every page has the same sheets: what one page alone needs is linked by `renderer`.
        self.sheets = (
            *THEME_SHEETS,
            *(name for name in names if "thebe" not in name and "togglebutton" not in name),
        )
        asked = {str(getattr(script, "filename", script)) for script in context["script_files"]}
        context["scripts"] = [
            *(f"_static/{name}" for name in SCRIPTS if f"_static/{name}" in asked),
            *(SEARCH_SCRIPTS if page == "search" else ()),
            THEME_SCRIPT,
            PAGE_SCRIPT,
        ]

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        if exception or not self.sheets:  # no page was written, so nothing has changed
            return
        output = Path(app.outdir)
        static = output / "_static"
        pages = {
            path: path.read_text("utf-8") for path in output.rglob("*.html") if static not in path.parents
        }
        linked = {
            name for text in pages.values() for _, _, name, _ in LINKED.findall(text) if name.endswith(".js")
        }
        used = words([*pages.values(), *((output / name).read_text("utf-8") for name in linked)])
        style = bundle(static, self.sheets, lambda css: purge(css, used))
        icons = {ord(mark) for mark in style if ord(mark) > 0x7F}
        for font in (static / "vendor").rglob("*.woff2"):
            subset_font(font, icons)
        letters = {mark for text in pages.values() for formula in FORMULA.findall(text) for mark in formula}
        for font in (static / "math").glob("*.woff2"):
            subset_font(font, {ord(mark) for mark in letters | italics(letters)}, "ssty")
        (static / "style.css").write_text(stamp_urls(style, static), "utf-8", newline="\n")
        for path, text in pages.items():
            path.write_text(stamp(text, output), "utf-8", newline="\n")
        delete_unnamed(static, pages.values())


def words(texts: Iterable[str]) -> set[str]:
    """Return every word of the texts: a class or an id that is none of them is used nowhere."""
    return {word for text in texts for word in WORD.findall(text)}


def purge(css: str, used: set[str]) -> str:
    """Return a sheet without comments and without the selectors that need a class or id not in `used`.

    >>> purge("a { b: c } .gone, .kept { d: e }", {"kept"})
    'a{b:c}.kept{d:e}'

    Raises
    ------
    ValueError
        If a rule cannot be read; the message names its line.
    """
    return "".join(_purged(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used))


def _purged(rules: Iterable[Any], used: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "error":
            raise ValueError(f"line {rule.source_line} of a sheet cannot be read: {rule.message}")
        head = f"@{rule.at_keyword} {_tight(rule.prelude)}".strip() if rule.type == "at-rule" else ""
        if not head:
            kept = [selector for selector in _selectors(rule.prelude) if _is_used(selector, used)]
            if kept:
                yield f"{','.join(kept)}{{{_tight(rule.content)}}}"
        elif rule.content is None:
            yield f"{head};"
        elif rule.lower_at_keyword in ("media", "supports", "layer", "container"):
            within = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            inner = "".join(_purged(within, used))
            if inner:
                yield f"{head}{{{inner}}}"
        else:
            yield f"{head}{{{_tight(rule.content)}}}"


def _selectors(prelude: Iterable[Any]) -> list[str]:
    """Split a selector list at its commas; one in parentheses is within a token."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [_tight(part) for part in parts]


def _is_used(selector: str, used: set[str]) -> bool:
    names = NAMED.findall(re.sub(r"\[[^\]]*\]", "", OPTIONAL.sub("", selector)))
    return all(name.replace("\\", "") in used for name in names)


def _tight(tokens: Iterable[Any]) -> str:
    css = tinycss2.serialize([token for token in tokens if token.type != "comment"])
    return (
        re.sub(r"\s*([{};,])\s*|(?<=[\w-]):\s+(?=[^{}]*$)", lambda m: m[1] or ":", " ".join(css.split()))
        .strip()
        .rstrip(";")
    )


def bundle(static: Path, sheets: Iterable[str], keep: Callable[[str], str]) -> str:
    """Return the sheets of the folder `static` as one, each passed through `keep`.

    Imports are put in place, addresses made relative to `static`, and of a font's formats the newest
    is kept.
    """
    made = []
    for sheet in sheets:
        css = (static / sheet.partition("?")[0]).read_text("utf-8")
        folder = posixpath.dirname(sheet)

        def moved(match: re.Match[str], folder: str = folder) -> str:
            return f'url("{posixpath.normpath(posixpath.join(folder, match[2]))}")'

        imports = [posixpath.normpath(posixpath.join(folder, name)) for name in IMPORT.findall(css)]
        made.append(bundle(static, imports, keep))
        made.append(
            keep(URL.sub(moved, OLD_FONT.sub("", IMPORT.sub("", css).replace('@charset "UTF-8";', ""))))
        )
    return "".join(made)


def italics(letters: set[str]) -> set[str]:
    """Return the mathematical italics by which a browser shows a letter that is a variable.

    >>> italics({"h", "x", "1"}) == {"\N{PLANCK CONSTANT}", "\N{MATHEMATICAL ITALIC SMALL X}"}
    True
    """
    slanted = map(chr, (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)))
    return {mark for mark in slanted if unicodedata.normalize("NFKC", mark) in letters}


def subset_font(path: Path, codes: set[int], *features: str) -> None:
    """Cut a font file down to the characters with these codes and the features named."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = subset.Options(
        flavor="woff2", layout_features=features, notdef_outline=False, recalc_timestamp=False
    )
    with subset.load_font(str(path), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=codes)
        cutter.subset(font)
        subset.save_font(font, str(path), options)


def stamp(page: str, output: Path) -> str:
    """Return a page whose links to `_static` change when the linked file does."""

    def stamped(match: re.Match[str]) -> str:
        before, up, name, quote = match.groups()
        return f"{before}{up}{name}?v={_mark(output / name)}{quote}"

    return LINKED.sub(stamped, page)


def stamp_urls(css: str, static: Path) -> str:
    """Return a sheet whose addresses change when the file at them does."""

    def stamped(match: re.Match[str]) -> str:
        path = static / match[2]
        return f'url("{match[2]}?v={_mark(path)}")' if path.is_file() else match[0]

    return URL.sub(stamped, css)


def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def delete_unnamed(static: Path, pages: Iterable[str]) -> None:
    """Delete the files of `static` that no page names, nor any file that a page leads to."""
    waiting = {path for path in static.rglob("*") if path.is_file()}
    texts = list(pages)
    while texts:
        text = "\n".join(texts)
        named = {path for path in waiting if path.name in text}
        texts = [path.read_text("utf-8") for path in named if path.suffix in (".css", ".js")]
        waiting -= named
    for path in waiting:
        path.unlink()


def _drop_thebe(app: Sphinx, document: nodes.document, page: str) -> None:
    # Jupyter Book loads sphinx-thebe always, which adds its scripts whether or not a button asks for them.
    for node in list(document.findall(nodes.raw)):
        if "x-thebe-config" in node.astext() or node.astext().startswith("<script>kernelName"):
            node.parent.remove(node)


def connect(app: Sphinx) -> None:
    """Gather what the pages link and slim it down when all are written."""
    diet = _Diet()
    app.connect("doctree-resolved", _drop_thebe, priority=900)
    app.connect("html-page-context", diet.gather, priority=100)
    if "BOOK_DRAFT" not in os.environ:
        app.connect("build-finished", diet.finish, priority=900)
