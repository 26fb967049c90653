"""The one producer of stored outputs: the same bytes each time, and none from a cell that fails."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.tools.checkout import checkout, module
from tools import execute
from tools.execute import LIVE, METADATA, PORTABLE, NotebookError

GOOD = [
    "import numpy as np\n\nprint({word for word in ['one']}, end='')\nprint('!')",
    f"display({{{PORTABLE!r}: {{'state': {{}}}}, {LIVE!r}: {{'model_id': str(id(np))}}}}, raw=True)",
    "from pathlib import Path\n\nPath('beside.txt').read_text()",
]


def write(path: Path, *sources: str) -> Path:
    notebook = new_notebook(cells=[new_code_cell(s, id=f"cell-{n}") for n, s in enumerate(sources)])
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"name": "python3", "display_name": "mine"}, "x": 1}
    )
    notebook.cells[0].metadata = nbformat.from_dict({"tags": ["install"], "scrolled": True})
    nbformat.write(notebook, path)
    return path


def test_two_runs_give_the_same_clean_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beside.txt").write_text("found")
    path = write(tmp_path / "good.ipynb", *GOOD)
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    first = execute.execute(path)
    assert execute.check(path).startswith("the file is not what a run gives")
    assert execute.store(path) is None
    assert path.read_text("utf-8") == first
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    assert execute.check(path) is None

    notebook = nbformat.reads(first, as_version=4)
    assert notebook.metadata == METADATA
    assert [cell.id for cell in notebook.cells] == ["cell-0", "cell-1", "cell-2"]
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert [dict(cell.metadata) for cell in notebook.cells] == [{"tags": ["install"]}, {}, {}]
    assert notebook.cells[0].outputs[0].text == "{'one'}!\n"
    assert notebook.cells[1].outputs[0].data.keys() == {PORTABLE}
    assert notebook.cells[2].outputs[0].data["text/plain"] == "'found'"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\n1 / 0", r"cell 2 raised:\n(.*\n)*ZeroDivisionError: division by zero$"),
        ("import warnings\nwarnings.warn('careful')", r"cell 2 wrote to stderr:\n.*UserWarning: careful"),
        ("import os\nos._exit(1)", "cell 2 ended the kernel"),
    ],
    ids=["raises", "warns", "dies"],
)
def test_a_cell_that_fails_is_named_and_nothing_is_stored(tmp_path: Path, source: str, message: str) -> None:
    path = write(tmp_path / "bad.ipynb", "x = 0", source, "y = 0")
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=message) as caught:
        execute.execute(path)
    assert "\x1b" not in str(caught.value)
    assert execute.store(path) is not None
    assert path.read_bytes() == before


def test_a_result_that_differs_between_runs_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "random.ipynb", "import time\n\ntime.time_ns()")
    assert execute.check(path).startswith("two runs differ")


def test_the_command(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    write(root / "book/one.ipynb", "print('one')")
    write(root / "book/two.ipynb", "1 / 0")
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text("utf-8") + "chapters:\n  - file: one\n  - file: two\n", "utf-8")
    done = module(root, "execute")
    assert done.returncode == 1
    assert "book/one.ipynb" in done.stdout
    assert "ZeroDivisionError" in done.stdout
    assert "execute: 1 of 2 failed" in done.stdout
    assert module(root, "execute", "one").returncode == 0
    unknown = module(root, "execute", "three")
    assert unknown.stdout == "execute: no notebook 'three' in _toc.yml, which has one, two\n"
