"""`tools.lowest` tries the whole package, and a notebook that fails is a failure."""

import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from tests.tools.checkout import checkout, run
from tools import lowest
from tools.toc import ROOT, notebooks


def test_the_tests_of_every_part_of_the_package_run() -> None:
    parts = {path.parent.name for path in (ROOT / "actlib").glob("*/__init__.py")}
    assert {Path(folder).name for folder in lowest.TESTS} >= parts
    assert all((ROOT / folder).is_dir() for folder in lowest.TESTS)
    assert set(lowest.CHAPTERS) <= {path.stem for path in notebooks()}


@pytest.mark.parametrize(("source", "code"), [("1 / 0", 1), ("1 / 1", 0)])
def test_a_notebook_that_fails_is_a_failure(tmp_path: Path, source: str, code: int) -> None:
    root = checkout(tmp_path)
    (root / "book/one.ipynb").write_text(writes(new_notebook(cells=[new_code_cell(source)])), "utf-8")
    done = run(root, sys.executable, "-c", lowest.EXECUTE, "one")
    assert done.returncode == code
    assert ("ZeroDivisionError" in done.stdout) == bool(code)
