"""The search of the site: the page about a thing comes first, whatever the thing is called."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from actlib import activations

__all__ = ["FILE", "connect", "names"]

FILE = "search.yml"
EVERYDAY = (
    *("{} derivative", "derivative of {}", "{} gradient", "gradient of {}", "{} function", "{} formula"),
    *("{} python", "{} in python", "{} code", "{} graph", "{} activation", "{} activation function"),
)
"""What readers ask about a function, besides its name."""
SCORER = Path(__file__).parent / "assets" / "scorer.js"


def connect(app: Sphinx) -> None:
    """Enter every page in the index of the search under all its names."""
    app.connect("config-inited", lambda _, config: config.__setattr__("html_search_scorer", str(SCORER)))
    app.connect("doctree-read", _enter)


def names(page: str, file: Path) -> Iterator[tuple[str, str]]:
    """Yield the names of a page other than its title, each with the anchor it leads to or nothing.

    Examples
    --------
    >>> ("SiLU", "") in names("swish", Path("book/search.yml"))
    True
    """
    if page in activations:
        yield page, ""
        title = activations[page].facts.title
        yield from ((asked.format(title), "") for asked in EVERYDAY)
        for framework in activations[page].facts.frameworks.values():
            yield framework.call, ""
            yield framework.call.rpartition(".")[2], ""
    for place, words in _words(file).items():
        name, _, anchor = place.partition("#")
        if name == page:
            yield from ((word, anchor) for word in words)


@cache
def _words(file: Path) -> dict[str, list[str]]:
    return dict(yaml.safe_load(file.read_text("utf-8"))) if file.exists() else {}


def _enter(app: Sphinx, document: nodes.document) -> None:
    page = app.env.docname
    titles = [title.astext() for title in document.findall(nodes.title)][:1]  # a page may have none
    found = dict(names(page, Path(app.srcdir, FILE))) | dict.fromkeys(titles, "")
    # Sphinx gives a main entry of the index more weight than a heading or the text. Index entries are in
    # lower case: a name in two spellings is one.
    entries = {word.lower(): ("single", word, anchor, "main", None) for word, anchor in found.items()}
    document.insert(0, addnodes.index(entries=list(entries.values())))
