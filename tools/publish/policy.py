"""Every page is held against what may stand on one, and gets a Content-Security-Policy.

The policy allows the site's own files and the scripts of our templates. It stands in the page because
a static host need not let us set headers. What it cannot stop, such as a page that sends its reader
elsewhere, `tools.harmless` refuses before; the policy stands behind that, for what a parser overlooks.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from tools.harmless import PAGE, faults, wrong_titles

__all__ = ["POLICY", "SCRIPTS", "apply", "connect"]

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = tuple(
    script
    for path in sorted(TEMPLATES.glob("*.html"))
    for script in re.findall(r"<script>(.*?)</script>", path.read_text("utf-8"), re.S)
)
"""The inline scripts of our templates, of which none depends on the page."""
HASHES = " ".join(
    f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in SCRIPTS
)
# Style attributes are allowed: rendered formulas and figures are made of them.
POLICY = (
    f"default-src 'self'; script-src 'self' {HASHES}; style-src-elem 'self'; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; object-src 'none'; frame-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)
CHARSET = '<meta charset="utf-8" />'
META = f'\n    <meta http-equiv="Content-Security-Policy" content="{POLICY}" />'
# A file of another kind that a page took along could be opened by itself, and has no policy.
FILES = re.compile(
    r"_static/(.*(?<!\.html)|(sbt-)?webpack-macros\.html)|_images/[\w.-]+\.(png|jpe?g|gif|webp)"
    r"|_sources/[\w/-]+\.(md|ipynb)|objects\.inv|\.buildinfo|\.nojekyll|CNAME"
)
logger = logging.getLogger(__name__)


def apply(page: str) -> str:
    """Return the page with the policy as the first thing in its head that the browser obeys.

    Raises
    ------
    ValueError
        If the page does not begin with its charset, before which nothing may stand.
    """
    head, charset, rest = page.partition(CHARSET)
    if not charset or "<script" in head:
        raise ValueError(f"a page must begin with its charset, {CHARSET}, got {page[:80]!r}")
    return page if rest.startswith(META) else f"{head}{charset}{META}{rest}"


def connect(app: Sphinx) -> None:
    """Check every page once it is final, and give it the policy; what is refused is no page."""
    app.connect("build-finished", _finish, priority=950)


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception:
        return
    output = Path(app.outdir)
    for path in sorted(path for path in output.rglob("*") if path.is_file()):
        name = path.relative_to(output).as_posix()
        wrong: list[tuple[str, str]] = []
        if path.suffix == ".html" and not name.startswith("_static/"):
            page = path.read_text("utf-8")
            with_policy = apply(page)
            if page == with_policy:  # a draft keeps the pages that have not changed
                continue
            found = dict.fromkeys(faults(page, PAGE, SCRIPTS))
            wrong += [(name.removesuffix(".html"), fault) for fault in found]
            path.write_text(with_policy, "utf-8", newline="\n")
        elif name == "searchindex.js":
            wrong += wrong_titles(path.read_text("utf-8"))
        elif not FILES.fullmatch(name):
            wrong.append((name, "a file of this kind may not be part of the site"))
        for where, fault in wrong:
            logger.warning(fault, location=where)
        if wrong:
            path.unlink()
