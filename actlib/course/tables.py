"""Tables of Markdown, for what stands side by side: a notebook shows them, and so does the site.

Numbers have six digits and are plain text, so that they can be searched for and copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isinf
from typing import Any

from actlib.contract.activation import Activation
from actlib.contract.facts import Extremum, FrameworkName
from actlib.course.numerals import number

__all__ = ["Table", "call", "extremum", "link", "markdown", "show"]


@dataclass(frozen=True)
class Table:
    """A head and rows of as many cells, each a line of Markdown with LaTeX between dollar signs."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.head):
                raise ValueError(f"a row must have {len(self.head)} cells as the head has, got {row}")

    def __repr__(self) -> str:
        return markdown(self.head, self.rows)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": repr(self)}


def show(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Display a table."""
    from IPython.display import display

    display(Table(head, list(rows)))


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a table as Markdown; a bar, which would end a cell, becomes ``\vert``.

    Examples
    --------
    >>> print(markdown(["f", "slope"], [["$|x|$", "1"]]))
    | f | slope |
    | --- | --- |
    | $\vert x\vert $ | 1 |
    """
    lines = [[cell.replace("|", r"\vert ") for cell in line] for line in (head, *rows)]
    lines.insert(1, ["---"] * len(head))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def link(f: Activation) -> str:
    """Return the title of an activation, linked to its chapter.

    Examples
    --------
    >>> from actlib import relu
    >>> link(relu)
    '[ReLU](relu.ipynb)'
    """
    return f"[{f.facts.title}]({f.name}.ipynb)"


def extremum(found: Extremum | None, mirrored: bool = False, kinked: bool = False) -> str:
    """Return a value with the place where it is taken or approached.

    `mirrored`: also at minus x; `kinked`: on one side of x alone.

    Examples
    --------
    >>> extremum(Extremum(0.0, 0.25)), extremum(Extremum(float("inf"), 0.0), mirrored=True)
    ('0.25 at 0', '0 towards ±∞')
    """
    if found is None:
        return "none"
    sign = "±" if mirrored and found.x else ""
    where = "towards" if isinf(found.x) else "beside" if kinked else "at"
    return f"{number(found.value)} {where} {sign}{number(found.x)}"


def call(name: FrameworkName) -> str:
    """Return what a framework calls a function, with the defaults of its parameters, as code.

    A name that no test runs is marked.

    Examples
    --------
    >>> call(FrameworkName("torch.nn.ELU", {"alpha": 1.0}))
    '`torch.nn.ELU(alpha=1.0)`'
    >>> call(FrameworkName("tf.nn.elu"))
    '`tf.nn.elu` (not run)'
    """
    defaults = ", ".join(f"{key}={value!r}" for key, value in name.defaults.items())
    shown = f"`{name.call}({defaults})`" if defaults else f"`{name.call}`"
    return shown if name.run else f"{shown} (not run)"
