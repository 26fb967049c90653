"""The description of a page: what a search engine shows below its title."""

from __future__ import annotations

import html
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from tools.publish.bibliography import CITATION

__all__ = ["LONGEST", "connect", "first_paragraph", "shorten"]

VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
LONGEST = 160
"""Characters; search engines cut what is longer."""


def connect(app: Sphinx) -> None:
    """Give every page a description."""
    app.connect("html-page-context", _describe)


def first_paragraph(document: nodes.document) -> str:
    """Return the first paragraph of running text as plain text, without citations."""
    for paragraph in document.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            return re.sub(r" \([; ]*\)", "", _plain(paragraph))
    return ""


def shorten(text: str) -> str:
    """Return `text` in at most `LONGEST` characters, whole sentences if one fits, else whole words.

    >>> shorten("One. Two.")
    'One. Two.'
    """
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    head = text[:LONGEST]
    sentence = head.rfind(". ") + 1
    return head[:sentence] if sentence > LONGEST // 3 else head[: head.rfind(" ")].rstrip(",;:") + "…"


def _plain(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.math):
        return node.astext().translate({ord(mark): None for mark in "\\{}"})
    if isinstance(node, nodes.footnote_reference | nodes.citation_reference):
        return ""
    if isinstance(node, nodes.reference) and CITATION in node["classes"]:
        return ""
    return "".join(_plain(child) for child in node.children).replace(" .", ".").replace(" ,", ",")


def _describe(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    context["metatags"] = VIEWPORT.sub("", context.get("metatags", ""))  # the theme writes it too
    if 'name="description"' in context.get("metatags", ""):
        return  # the page's own front matter says it
    text = app.env.metadata.get(page, {}).get("description") or (
        first_paragraph(document) if document else ""
    )
    text = shorten(text or f"{context.get('title', page)}: {app.config.html_title}")
    context["metatags"] = (
        f'{context.get("metatags", "")}\n    <meta name="description" content="{html.escape(text)}" />'
    )
