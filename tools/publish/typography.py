"""Keeps on one line what belongs together: 12 345, and a formula with the mark beside it."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["connect", "hold", "whole_numbers"]

THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
OPENING = re.compile(r"[(\[“‘]+$")
CLOSING = re.compile(r"^[^\s\w(\[“‘]+")
AS_WRITTEN = (nodes.FixedTextElement, nodes.literal, nodes.math, nodes.math_block, nodes.raw)


def connect(app: Sphinx) -> None:
    """Set every page so."""
    app.connect("doctree-resolved", lambda app, document, page: hold(document))


def whole_numbers(text: str) -> str:
    r"""Return `text` with a no-break space before every three digits of a number.

    >>> whole_numbers("from 12 345 on")
    'from 12\xa0345 on'
    """
    return THOUSANDS.sub("\N{NO-BREAK SPACE}", text)


def hold(document: nodes.Element) -> None:
    """Keep the numbers of a document on one line, and each formula with the marks around it.

    A formula is a box to a browser, and a line may end between a box and the full stop after it. So
    formula and marks become one `inline` of the class ``held``, which the style sheet does not break.
    """
    parents = [node for node in document.findall(nodes.Element) if not isinstance(node, AS_WRITTEN)]
    for parent in parents:
        for at, child in enumerate(parent.children):
            if isinstance(child, nodes.Text):
                parent[at] = nodes.Text(whole_numbers(child))
    for parent in parents:
        # By position: docutils takes two texts that say the same for one.
        for at, child in enumerate(parent.children):
            if isinstance(child, nodes.math):
                marks = _take(parent, at - 1, OPENING), _take(parent, at + 1, CLOSING)
                if any(marks):
                    opening, closing = map(nodes.Text, marks)
                    parent[at] = nodes.inline("", "", opening, child, closing, classes=["held"])


def _take(parent: nodes.Element, at: int, marks: re.Pattern[str]) -> str:
    """Cut off the marks where the text at this place has them, and return them."""
    text = parent[at] if 0 <= at < len(parent) else None
    if not isinstance(text, nodes.Text) or not (found := marks.search(text)):
        return ""
    parent[at] = nodes.Text(text[: found.start()] + text[found.end() :])
    return found[0]
