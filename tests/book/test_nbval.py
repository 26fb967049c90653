"""The comparison of stored outputs is strict: what nbval lets pass, book/conftest.py does not."""

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from tests import coroutines
from tests.book.strict import Comparison, compare
from tools import execute

SOURCES = [
    "print('as stored')",
    "display({'text/html': '<p>caption</p>'}, raw=True)",
    "never_executed = 1",
    "display({'image/svg+xml': '<svg>' + '<path d=\"M 0.125 0.25\"/>\\n' * 500 + '</svg>'}, raw=True)",
    f"display({{{execute.PORTABLE!r}: {{'state': {{'x': 1.5, 'y': [1, 2]}}}}, 'text/plain': 'w'}}, raw=True)",
    "import warnings\nwarnings.warn('new')",
    "print('still as stored')",
]


@pytest.fixture(scope="module")
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """One run over a notebook whose cells are stored truly or with one change each."""
    folder = tmp_path_factory.mktemp("strict")
    path = folder / "true.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in SOURCES[:5]]), path)
    path.write_text(coroutines.result(execute.execute(path)), "utf-8")
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells
    cells[1].outputs[0].data["text/html"] = "<p>another</p>"
    cells[2].execution_count = None
    cells[3].outputs[0].data["image/svg+xml"] = (
        cells[3].outputs[0].data["image/svg+xml"].replace("0.125", "0.126", 1)
    )
    cells[4].outputs[0].data[execute.PORTABLE]["state"]["y"] = [1, 3]
    cells += [executed(SOURCES[5], 6), executed(SOURCES[6], 7, "still as stored\n")]
    return compare(notebook, folder)


def executed(source: str, count: int, text: str = "") -> NotebookNode:
    outputs = [nbformat.v4.new_output("stream", text=text)] if text else []
    return new_code_cell(source, execution_count=count, outputs=outputs)


def test_an_output_that_is_what_the_cell_gives_passes(tampered: Comparison) -> None:
    assert tampered.cells == len(SOURCES)
    assert not {0, 6} & tampered.failed, tampered.text


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (1, "text/html differs"),
        (2, "never executed: run make execute"),
        (3, "0.126"),
        (4, ".state.y[1]: 3"),
        (5, "stderr"),
    ],
    ids=["caption", "unexecuted", "figure", "widget", "warning"],
)
def test_what_is_changed_fails(tampered: Comparison, cell: int, message: str) -> None:
    assert cell in tampered.failed
    assert message in tampered.text


def test_a_difference_is_short_enough_to_read(tampered: Comparison) -> None:
    assert "\x1b" not in tampered.text
    assert len(tampered.text.splitlines()) < 150
    assert max(len(line) for line in tampered.text.splitlines()) < 300
