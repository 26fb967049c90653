"""The one producer of stored outputs: the same bytes each time, and none from a run that fails."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests import coroutines
from tests.tools.checkout import FULL_DISK, MAY_NOT_WRITE, checkout, module, prepared, run
from tools import execute
from tools.execute import LIVE, METADATA, PORTABLE, NotebookError

GOOD = [
    "import numpy as np\n\nprint({word for word in ['one']}, end='')\nprint('!')",
    f"display({{{PORTABLE!r}: {{'state': {{}}}}, {LIVE!r}: {{'model_id': str(id(np))}}}}, raw=True)",
    "from pathlib import Path\n\nPath('beside.txt').read_text()",
]
WAITING = "import os, time\n\nopen('kernel', 'w').write(str(os.getpid()))\ntime.sleep({})"


def write(path: Path, *sources: str) -> Path:
    notebook = new_notebook(cells=[new_code_cell(s, id=f"cell-{n}") for n, s in enumerate(sources)])
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"name": "python3", "display_name": "mine"}, "x": 1}
    )
    for cell, tag in zip(notebook.cells, ("install", "hide-input"), strict=False):
        cell.metadata = nbformat.from_dict({"tags": [tag], "scrolled": True})
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project whose one notebook, `one`, prints a word."""
    root = checkout(tmp_path)
    write(root / "book/one.ipynb", "print('one')")
    list_pages(root, "one")
    return root


def list_pages(root: Path, *names: str) -> None:
    lines = "".join(f"  - file: {name}\n" for name in names)
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{lines}", "utf-8")


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def becomes(condition: object, seconds: float = 30) -> bool:
    """Ask until the condition holds."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not (held := bool(condition())) and time.monotonic() < end:
        time.sleep(0.05)
    return held


def test_two_runs_give_the_same_clean_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beside.txt").write_text("found")
    path = write(tmp_path / "good.ipynb", *GOOD)
    path.chmod(0o640)
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    first = coroutines.result(execute.execute(path))
    with pytest.raises(NotebookError, match=r"^the file is not what a run gives"):
        coroutines.result(execute.check(path))
    coroutines.result(execute.store(path))
    assert path.read_bytes() == first.encode()
    assert path.stat().st_mode & 0o777 == 0o640
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    coroutines.result(execute.check(path))

    notebook = nbformat.reads(first, as_version=4)
    assert notebook.metadata == METADATA
    assert [cell.id for cell in notebook.cells] == ["cell-0", "cell-1", "cell-2"]
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    folded = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
    assert [dict(cell.metadata) for cell in notebook.cells] == [{"tags": ["install"]}, folded, {}]
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
        coroutines.result(execute.store(path))
    assert "\x1b" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_result_that_differs_between_runs_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "random.ipynb", "import time\n\ntime.time_ns()")
    with pytest.raises(NotebookError, match=r"^two runs differ"):
        coroutines.result(execute.check(path))


def test_the_command(root: Path) -> None:
    write(root / "book/two.ipynb", "1 / 0")
    list_pages(root, "one", "two")
    done = module(root, "execute")
    assert done.returncode == 1
    assert "book/one.ipynb" in done.stdout
    assert "ZeroDivisionError" in done.stdout
    assert "execute: 1 of 2 failed" in done.stdout
    assert module(root, "execute", "one").returncode == 0
    unknown = module(root, "execute", "three")
    assert unknown.stdout == "execute: _toc.yml lists no notebook 'three', only one, two\n"
    list_pages(root, "one", "two", "three")
    missing = module(root, "execute", "three")
    assert missing.stdout == (
        "execute: _toc.yml lists three, but book/ has no three.ipynb and no three.md; "
        "add the file or take the line out\n"
    )


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sent: sent.name)
def test_when_it_is_ended_its_kernel_ends_and_nothing_is_stored(root: Path, sent: signal.Signals) -> None:
    path, kernel = write(root / "book/one.ipynb", WAITING.format(4)), root / "book/kernel"
    before = path.read_bytes()
    process = subprocess.Popen(
        # A shell starts what runs in the background deaf to Ctrl-C.
        prepared(
            "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)",
            *(sys.executable, "-m", "tools.execute", "one"),
        ),
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        assert becomes(lambda: kernel.exists() and kernel.read_text())
        os.kill(process.pid, sent)
        said = process.communicate(timeout=30)[0]
    if sent == signal.SIGKILL:
        assert process.returncode == -sent
    else:
        assert process.returncode == 1
        assert said.splitlines() == ["Running 1 notebook", "", "execute: stopped"]
    assert becomes(lambda: not alive(int(kernel.read_text())))
    time.sleep(max(0, kernel.stat().st_mtime + 6 - time.time()))  # by when a survivor would have stored
    assert path.read_bytes() == before
    assert sorted(path.name for path in (root / "book").iterdir()) == ["index.md", "kernel", "one.ipynb"]


def test_a_full_disk_leaves_the_file_as_it_was(root: Path) -> None:
    path = write(root / "book/one.ipynb", "print('some words\\n' * 20_000)")
    before = path.read_bytes()
    done = subprocess.run(
        prepared(FULL_DISK, sys.executable, "-m", "tools.execute"),
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "not stored, the file is as it was: File too large" in done.stdout
    assert done.stderr == "execute: 1 of 1 failed\n"
    assert path.read_bytes() == before
    assert sorted(path.name for path in (root / "book").iterdir()) == ["index.md", "one.ipynb"]
    assert module(root, "execute").returncode == 0
    assert path.read_bytes() != before


def test_a_folder_that_may_not_be_written_is_said(root: Path) -> None:
    path = root / "book/one.ipynb"
    before = path.read_bytes()
    (root / "book").chmod(0o555)
    done = run(root, *MAY_NOT_WRITE, sys.executable, "-m", "tools.execute")
    (root / "book").chmod(0o755)
    assert done.returncode == 1
    assert "not stored, the file is as it was: Permission denied" in done.stdout
    assert path.read_bytes() == before
    assert module(root, "execute").returncode == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{\n<<<<<<< HEAD\n "a": 1\n=======\n "a": 2\n>>>>>>> topic\n}', "line 2: a merge left two versions"),
        ('{\n "cells": [\n', "line 3: this is no JSON (Expecting value)"),
        ("{}", "is no notebook of format 4"),
        (
            '{"cells": 1, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "no valid notebook: 1 is not",
        ),
    ],
    ids=["conflict", "json", "empty", "invalid"],
)
def test_a_file_that_is_no_notebook_is_named(root: Path, text: str, says: str) -> None:
    path = root / "book/one.ipynb"
    path.write_text(text)
    done = module(root, "execute")
    assert done.returncode == 1
    assert "one.ipynb" in done.stdout
    assert says in done.stdout
    assert "Traceback" not in done.stdout
    assert done.stdout.count("\n") == 3
    assert path.read_text() == text
