"""Begin the chapter of a function: python -m tools.chapter NAME.

It writes ``book/NAME.ipynb`` with the headings of the plan and the cells that each chapter has. What is
to be written is marked with `PLACEHOLDER`, which `tools.rules` names until nothing of it is left.
"""

import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from actlib import activations
from tools.execute import METADATA, kept
from tools.files import reason, replace
from tools.install_cell import CELL
from tools.rules import HEADINGS, PLACEHOLDER
from tools.toc import BOOK

OWN = "The chapter's own experiment"
"""Stands where the plan leaves the heading to the chapter."""


def skeleton(name: str) -> NotebookNode:
    """Return a notebook that has everything of a chapter but its content.

    Raises
    ------
    ValueError
        If actlib has no function of that name.
    """
    if name not in activations:
        raise ValueError(f"actlib has no function {name!r}; a chapter begins with actlib/functions/{name}.py")
    title = activations[name].facts.title
    cells = [
        new_markdown_cell(f"# {title}\n\n{PLACEHOLDER} what it is, in one plain sentence."),
        new_code_cell(CELL, metadata={"tags": ["install", "remove-cell"]}),
        new_code_cell(
            f"from actlib import {name}\nfrom actlib.course import fact_card",
            metadata=kept(["hide-input"]),
        ),
    ]
    for heading in HEADINGS:
        cells.append(new_markdown_cell(f"## {heading or OWN}\n\n{PLACEHOLDER} this section."))
        if heading == HEADINGS[0]:
            cells.append(new_code_cell(f"fact_card.show({name})"))
    return new_notebook(cells=cells, metadata=METADATA)


def begin(name: str, folder: Path = BOOK) -> Path:
    """Write the skeleton of a chapter, unless there is a page of that name."""
    notebook = skeleton(name)
    for path in (folder / f"{name}.ipynb", folder / f"{name}.md"):
        if path.exists():
            raise ValueError(f"{path.name} is there already; nothing was written")
    path = folder / f"{name}.ipynb"
    replace(path, nbformat.writes(notebook) + "\n")
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("chapter: say which function: make chapter NAME=selu")
    try:
        written = begin(sys.argv[1])
    except ValueError as error:
        sys.exit(f"chapter: {error}")
    except OSError as error:
        sys.exit(f"chapter: {reason(error)}")
    print(f"Wrote book/{written.name}. Add a line to _toc.yml; make check names what is left to write.")
