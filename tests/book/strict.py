"""Runs nbval on a notebook as `make test` does, apart from the book."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.toc import BOOK, ROOT


@dataclass(frozen=True)
class Comparison:
    """What nbval said: the numbers of the code cells that failed, from 0, and all text."""

    failed: frozenset[int]
    cells: int
    text: str


def compare(notebook: NotebookNode, folder: Path, *options: str) -> Comparison:
    """Store a notebook with the book's rules beside it in `folder` and compare it with a run.

    An `actlib` in `folder` is run in place of ours.
    """
    shutil.copy(BOOK / "conftest.py", folder)
    path = folder / "notebook.ipynb"
    nbformat.write(notebook, path)
    pytest = [sys.executable, "-m", "pytest", "--color=no", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        [*pytest, "-c", ROOT / "pyproject.toml", "--rootdir", folder, "--nbval", "--nbval-current-env", path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (folder, ROOT)))},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    counts = {kind: int(number) for number, kind in re.findall(r"(\d+) (passed|failed)", done.stdout)}
    assert counts, done.stdout + done.stderr
    failed = frozenset(int(number) for number in re.findall(r"^FAILED \S+::Cell (\d+)", done.stdout, re.M))
    assert len(failed) == counts.get("failed", 0), done.stdout
    return Comparison(failed, sum(counts.values()), done.stdout)
