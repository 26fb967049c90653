"""Citations, which a page's Markdown has as links to its own list, and the list of all references."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

__all__ = ["CITATION", "connect"]

CITATION = "cite"
"""The class of a link that cites."""


def connect(app: Sphinx) -> None:
    """Link citations to their entries, and write a bibliography as a list."""
    app.add_transform(_Entries)
    # docutils gives the entries of a bibliography a role that ARIA has withdrawn.
    app.add_node(nodes.citation, override=True, html=(_visit, _depart))


class _Entries(SphinxTransform):
    """Make the anchors of a list of references, ``<a id="Key"></a>``, targets that Sphinx checks."""

    default_priority = 870  # before MyST-Parser looks for targets, at 879

    def apply(self, **kwargs: Any) -> None:
        keys = set()
        for raw in list(self.document.findall(nodes.raw)):
            if found := re.fullmatch(r'<a id="(\w+)">', raw.astext()):
                key = found[1]
                keys.add(f"#{key}")
                target = nodes.target("", "", ids=[key], names=[key])
                self.document.note_explicit_target(target)
                after = raw.next_node(nodes.raw, descend=False, siblings=True)
                raw.parent.remove(after)  # </a>
                raw.replace_self(target)
        for link in self.document.findall(nodes.reference):
            if link.get("refuri") in keys:
                link["classes"].append(CITATION)


def _visit(writer: HTML5Translator, entry: nodes.citation) -> None:
    if not isinstance(entry.previous_sibling(), nodes.citation):
        writer.body.append('<div role="list" class="citation-list">\n')
    writer.body.append(writer.starttag(entry, "div", CLASS="citation", role="listitem"))


def _depart(writer: HTML5Translator, entry: nodes.citation) -> None:
    writer.body.append("</div>\n")
    if not isinstance(entry.next_node(descend=False, siblings=True), nodes.citation):
        writer.body.append("</div>\n")
