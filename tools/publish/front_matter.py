"""What the source of a page may ask of the build: a description, and nothing else.

More could be asked there: to run the page's code, to read templates with the build's own objects, to put
files of the machine on the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from myst_parser.config.main import TopmatterReadError, read_topmatter
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from yaml import YAMLError

__all__ = ["asks", "connect"]

PAGE = {"myst": {"html_meta": {"description": str}}}
NOTEBOOK = {"kernelspec": dict, "language_info": dict}
EMPTY = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
logger = logging.getLogger(__name__)


def asks(metadata: Mapping[str, Any], allowed: Mapping[str, Any] = PAGE) -> Iterator[str]:
    """Yield the keys that metadata may not have, each with the way to it.

    Examples
    --------
    >>> list(asks({"myst": {"html_meta": {"description": "A page."}, "substitutions": {}}, "orphan": True}))
    ['myst.substitutions', 'orphan']
    """
    for key, value in metadata.items():
        inner = allowed.get(key)
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            yield from (f"{key}.{name}" for name in asks(value, inner))
        elif not isinstance(value, inner or ()):
            yield str(key)


def connect(app: Sphinx) -> None:
    """Read no page that asks for more, and let no directive insert HTML or a file."""
    app.connect("source-read", _read)
    app.connect("env-before-read-docs", _forbid)


def _read(app: Sphinx, docname: str, source: list[str]) -> None:
    notebook = app.env.doc2path(docname).endswith(".ipynb")
    try:
        asked = asks(json.loads(source[0])["metadata"], NOTEBOOK) if notebook else asks(_front(source[0]))
        wrong = [f"a page may not have {key!r} in its {'metadata' if notebook else 'head'}" for key in asked]
    except (ValueError, YAMLError) as error:
        wrong = [f"the page cannot be read: {error}"]
    for what in wrong:
        logger.warning(what, location=docname)
    if wrong:
        source[0] = EMPTY if notebook else "# Refused\n"


def _front(text: str) -> Mapping[str, Any]:
    try:
        return read_topmatter(text) or {}
    except TopmatterReadError as error:
        raise ValueError(str(error)) from error


def _forbid(app: Sphinx, environment: BuildEnvironment, docnames: list[str]) -> None:
    environment.settings.update(raw_enabled=False, file_insertion_enabled=False)
