"""The list of references, marked up as a list: docutils gives its entries a role that ARIA has withdrawn."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Write entries of a bibliography as the items of a list."""
    app.add_node(nodes.citation, override=True, html=(_visit, _depart))


def _visit(writer: HTML5Translator, entry: nodes.citation) -> None:
    if not isinstance(entry.previous_sibling(), nodes.citation):
        writer.body.append('<div role="list" class="citation-list">\n')
    writer.body.append(writer.starttag(entry, "div", CLASS="citation", role="listitem"))


def _depart(writer: HTML5Translator, entry: nodes.citation) -> None:
    writer.body.append("</div>\n")
    if not isinstance(entry.next_node(descend=False, siblings=True), nodes.citation):
        writer.body.append("</div>\n")
