"""Citations become links that read well anywhere, and a page lists what it cites."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.tools.checkout import FULL_DISK, checkout, module, prepared
from tools import references

BIB = r"""
@misc{Roe1986, author = {Roe, Ann and {van Doe}, Bo}, title = {An LSTM for ImageNet},
  year = 1986, doi = {10.1/a_b(c)}}
@misc{Roe1986b, author = {Roe, Ann and {van Doe}, Bo}, title = {Again}, year = 1986}
@misc{lib12, author = {{lib contributors}}, title = {lax.py},
  howpublished = {\url{https://example.org/a_b.py}}, year = 2020}
@misc{Two, author = {{lib contributors}}, title = {Two places},
  howpublished = {\url{https://example.org/a_b/} and \url{https://example.org/c}}, year = 2021}
@misc{Many, author = {Poe, A. and Coe, B. and Loe, C.}, title = {Many}}
"""


@pytest.fixture
def known(tmp_path: Path) -> dict[str, references.Reference]:
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    return references.bibliography(tmp_path / "references.bib")


def test_labels(known: dict[str, references.Reference]) -> None:
    assert {key: each.label for key, each in known.items()} == {
        "Roe1986": "Roe and van Doe, 1986a",
        "Roe1986b": "Roe and van Doe, 1986b",
        "lib12": "lib contributors, 2020",
        "Two": "lib contributors, 2021",
        "Many": "Poe et al.",
    }


def test_texts_keep_capitals_and_their_links(known: dict[str, references.Reference]) -> None:
    assert known["Roe1986"].text == (
        "Ann Roe and Bo van Doe. An LSTM for ImageNet. 1986. [doi:10.1/a_b(c)](https://doi.org/10.1/a_b(c))."
    )
    assert known["lib12"].text == "lib contributors. lax.py. <https://example.org/a_b.py>, 2020."
    assert known["Two"].text.endswith(" <https://example.org/a_b/> and <https://example.org/c>, 2021.")


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("It grows {cite}`Many`.", "It grows ([Poe et al.](#Many))."),
        (
            "It grows {cite:t}`Many, lib12`.",
            "It grows ([Poe et al.](#Many); [lib contributors, 2020](#lib12)).",
        ),
        ("As in {cite}`Many`, it", "As in [Poe et al.](#Many), it"),
        ("Of $x$ {cite}`Many`", "Of $x$ ([Poe et al.](#Many))"),
        ("(measured by all {cite}`Many`)", "(measured by all [Poe et al.](#Many))"),
        ("| cited: {cite}`Many` |", "| cited: [Poe et al.](#Many) |"),
        (
            "[Old name](#Many) and [a heading](#many-heads)",
            "[Poe et al.](#Many) and [a heading](#many-heads)",
        ),
        ("No such {cite}`Nobody1`, [N](#Nobody1)", "No such {cite}`Nobody1`, [N](#Nobody1)"),
    ],
)
def test_a_citation_is_a_link(text: str, linked: str, known: dict[str, references.Reference]) -> None:
    assert references.written([text], known) == [linked]
    assert references.written([linked], known) == [linked]


def test_the_list_has_what_the_page_cites_by_label(known: dict[str, references.Reference]) -> None:
    page = ["{cite}`Roe1986b` {cite}`Many`", "So.\n\n## References\n\n```{bibliography}\n```"]
    _, last = references.written(page, known)
    head, *items = last.split("\n- ")
    assert head == "So.\n\n## References\n"
    assert [item.partition(".**")[0] for item in items] == [
        '<a id="Many"></a>**Poe et al.',
        '<a id="Roe1986b"></a>**Roe and van Doe, 1986b',
    ]
    assert list(references.cited(page[0])) == ["Roe1986b", "Many"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with a page and a long notebook that cite."""
    root = checkout(tmp_path)
    (root / "book/references.bib").write_text(BIB, "utf-8")
    (root / "book/index.md").write_text("So {cite}`Many`.\n", "utf-8")
    cells = [new_markdown_cell("So {cite}`Many`.", id="a"), new_markdown_cell("x" * 200_000, id="b")]
    nbformat.write(new_notebook(cells=cells), root / "book/one.ipynb")
    return root


def test_the_command_writes_pages_and_notebooks(root: Path) -> None:
    done = module(root, "references")
    assert (done.returncode, done.stdout) == (0, "references: index.md\nreferences: one.ipynb\n")
    assert (root / "book/index.md").read_text("utf-8") == "So ([Poe et al.](#Many)).\n"
    assert nbformat.read(root / "book/one.ipynb", 4).cells[0].source == "So ([Poe et al.](#Many))."
    assert module(root, "references").stdout == ""


def test_a_full_disk_leaves_the_notebook_as_it_was(root: Path) -> None:
    path = root / "book/one.ipynb"
    before = path.read_bytes()
    done = subprocess.run(
        prepared(FULL_DISK, sys.executable, "-m", "tools.references"),
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == "references: one.ipynb is not stored and as it was: File too large\n"
    assert path.read_bytes() == before
    assert sorted(path.name for path in (root / "book").iterdir()) == [
        "index.md",
        "one.ipynb",
        "references.bib",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{\n<<<<<<< HEAD\n "a": 1\n', "one.ipynb, line 2: a merge left two versions"),
        ('{\n "cells": [\n', "one.ipynb, line 3: this is no JSON (Expecting value)"),
    ],
)
def test_a_damaged_notebook_is_named_in_one_line_and_kept(root: Path, text: str, says: str) -> None:
    path = root / "book/one.ipynb"
    path.write_text(text, "utf-8")
    done = module(root, "references")
    assert done.returncode == 1
    assert f"references: {says}" in done.stdout.splitlines()[-1]
    assert "Traceback" not in done.stdout
    assert path.read_text("utf-8") == text
