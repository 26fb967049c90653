"""The Content-Security-Policy of a page: the site itself and the inline scripts that the page has.

It stands in the page because a static host need not let us set headers.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx

__all__ = ["apply", "connect", "policy"]

CHARSET = '<meta charset="utf-8" />'
META = re.compile(r'\s*<meta http-equiv="Content-Security-Policy"[^>]*>')


class _Inline(HTMLParser):
    """Collects the text of inline scripts and styles and refuses what a policy cannot allow."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: dict[str, list[str]] = {"script": [], "style": []}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        handlers = [name for name in given if name.startswith("on")]
        if handlers:
            raise ValueError(f"a page must have no inline event handler, got {handlers[0]} on <{tag}>")
        runs = tag == "style" or (
            tag == "script" and "src" not in given and "json" not in (given.get("type") or "")
        )
        self._open = tag if runs else None
        if runs:
            self.found[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[self._open][-1] += data


def policy(page: str) -> str:
    """Return the policy for a page's HTML.

    Scripts are the site's own files and, by their hash, the page's inline ones; so are style sheets.
    Style attributes are allowed: rendered formulas and figures are made of them.

    Raises
    ------
    ValueError
        If an element has an event handler, which would need 'unsafe-inline'.
    """
    inline = _Inline()
    inline.feed(page)
    inline.close()
    sources = {
        kind: " ".join(["'self'", *dict.fromkeys(map(_hash, texts))]) for kind, texts in inline.found.items()
    }
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {sources['script']}",
            f"style-src-elem {sources['style']}",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


def apply(page: str) -> str:
    """Return the page with its policy as the first thing in its head that the browser obeys."""
    page = META.sub("", page, count=1)
    if CHARSET not in page:
        raise ValueError(f"a page must declare its charset as {CHARSET}, got none")
    meta = f'{CHARSET}\n    <meta http-equiv="Content-Security-Policy" content="{policy(page)}" />'
    return page.replace(CHARSET, meta, 1)


def connect(app: Sphinx) -> None:
    """Give every page its policy once it is final."""
    if "BOOK_DRAFT" not in os.environ:
        app.connect("build-finished", _apply_all, priority=950)


def _apply_all(app: Sphinx, exception: Exception | None) -> None:
    if exception:
        return
    for path in Path(app.outdir).rglob("*.html"):
        if "_static" not in path.parts:
            path.write_text(apply(path.read_text("utf-8")), "utf-8", newline="\n")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
