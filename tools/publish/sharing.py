"""What other sites show of a page, and what a site with an address has: its map, and a page for wrong ones.

The address is Sphinx's `html_baseurl`, which `repository` sets. Without one there is no canonical address,
no picture, whose address must be whole, no map of the site and no 404.html.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

import numpy as np
from matplotlib.figure import Figure
from sphinx.application import Sphinx

from actlib import activations
from actlib.contract.activation import Elementwise
from actlib.course.figures import PALETTE

__all__ = ["connect", "rooted"]

CARD, ICON = "card.png", "icon.png"
CARD_SIZE = (1200, 630)
NOT_FOUND = "404"
DESCRIPTION = re.compile(r'<meta (?=[^>]*name="description")[^>]*content="([^"]*)"')
RELATIVE = re.compile(r'((?:href|src|action|data-content_root)=")(?!#|/|\w+:)(?:\./)?')
TEXT = """
<h1>No page here</h1>
<p>The address is wrong, or the page has moved. The contents stand at the side,
and the <a href="search.html">search</a> knows every page by its names.</p>
"""


def connect(app: Sphinx) -> None:
    """Describe every page to other sites."""
    app.connect("html-collect-pages", _missing)
    app.connect("html-page-context", _describe)  # after `description`
    app.connect("build-finished", _draw)
    app.connect("build-finished", _map, priority=960)  # of checked pages: see `policy`


def _describe(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    address, described = app.config.html_baseurl, DESCRIPTION.search(context["metatags"])
    shown = {
        "og:type": "website",
        "og:site_name": app.config.html_title,
        "og:title": re.sub("<.*?>", "", html.unescape(context.get("title", page.title()))),
        "og:description": html.unescape(described[1]) if described else "",
    }
    if address:
        url = context["pageurl"] = urljoin(address, "" if page == app.config.root_doc else f"{page}.html")
        width, height = map(str, CARD_SIZE)
        shown |= {"og:url": url, "og:image": urljoin(address, f"_static/{CARD}")}
        shown |= {"og:image:width": width, "og:image:height": height}
        shown |= {"og:image:alt": f"The curves of the functions, and the title: {app.config.html_title}"}
    shown["twitter:card"] = "summary_large_image" if address else "summary"
    context["sharing"] = list(shown.items())


def _missing(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.config.html_baseurl:
        yield NOT_FOUND, {"title": "No page here", "body": TEXT}, "page.html"


def rooted(page: str, root: str) -> str:
    """Return a page's HTML with every relative address below `root`, so that it works at any address.

    >>> rooted('<a href="a.html"><a href="#b"><a href="https://c">', "/book/")
    '<a href="/book/a.html"><a href="#b"><a href="https://c">'
    """
    return RELATIVE.sub(rf"\g<1>{root}", page)


def _map(app: Sphinx, exception: Exception | None) -> None:
    address = app.config.html_baseurl
    if exception or not address:
        return
    folder = Path(app.outdir)
    missing = folder / f"{NOT_FOUND}.html"
    missing.write_text(rooted(missing.read_text("utf-8"), urlsplit(address).path), "utf-8")
    pages = sorted(f"{page}.html" for page in app.env.found_docs if page != app.config.root_doc)
    places = "".join(f"<url><loc>{escape(urljoin(address, page))}</loc></url>\n" for page in ["", *pages])
    (folder / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n',
        "utf-8",
    )
    (folder / "robots.txt").write_text(
        f"User-agent: *\nSitemap: {urljoin(address, 'sitemap.xml')}\n", "utf-8"
    )


def _draw(app: Sphinx, exception: Exception | None) -> None:
    """Draw the picture of a shared link and the icon of a bookmark."""
    if exception:
        return
    static = Path(app.outdir, "_static")
    x = np.linspace(-4, 4, 400)
    curves = [f(x) for f in activations.values() if isinstance(f, Elementwise)]
    colours = [PALETTE[name] for name in ("blue", "vermilion", "green", "purple", "ochre", "rose")]
    for name, (width, height), few in ((CARD, CARD_SIZE, len(curves)), (ICON, (180, 180), 3)):
        made = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor="white")
        axes = made.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-4, 4), ylim=(-1.4, 2.6))
        axes.axis("off")
        for at, y in enumerate(curves[:few]):
            axes.plot(x, y, color=colours[at % len(colours)], linewidth=5)
        if name == CARD:
            made.text(0.05, 0.8, app.config.html_title, fontsize=40, color=PALETTE["ink"])
        made.savefig(static / name)
