"""The first cell of a notebook, run where a reader may open it; a stand-in for pip says what it is told."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.execute import KERNEL_ENVIRONMENT
from tools.install_cell import CELL, filled
from tools.toc import ROOT

SOURCE = "https://example.org/someone/some-book/archive/{}.zip"
# Runs the cell in IPython without the checkout's own actlib; `pip install` makes one if it is to work.
RUN = """
import json, os, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell

cell, checkout, works = json.loads(sys.argv[1])
packages = Path("packages").resolve()
sys.path[:] = [str(packages), *(path for path in sys.path if path not in ("", checkout))]
shell, told = InteractiveShell.instance(), []

def pip(line):
    told.append(line)
    if works and line.startswith("install"):
        (packages / "actlib").mkdir(parents=True, exist_ok=True)
        (packages / "actlib/__init__.py").touch()

shell.register_magic_function(pip)
os.chdir("book")
result = shell.run_cell(cell)
threads = {name: os.environ[name] for name in os.environ if name.endswith("_NUM_THREADS")}
print(json.dumps([told, str(result.error_in_exec or ""), threads, "numpy" in sys.modules]))
"""


@dataclass(frozen=True)
class Outcome:
    pip: list[str]
    error: str
    threads: dict[str, str]
    has_numpy: bool
    says: str


def opened(folder: Path, cell: str = CELL, works: bool = True, **environment: str) -> Outcome:
    """Run the cell in `folder`/book."""
    (folder / "book").mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps([cell, str(ROOT), works])],
        cwd=folder,
        env={**clean, "PYTHONPATH": "", "IPYTHONDIR": str(folder / "ipython"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    says, _, last = done.stdout.strip().rpartition("\n")
    return Outcome(*json.loads(last), says)


def installed(folder: Path, url: str) -> None:
    """Put an actlib there that pip got from `url`."""
    (folder / "packages/actlib").mkdir(parents=True)
    (folder / "packages/actlib/__init__.py").touch()
    about = folder / "packages/actlib-0.1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: actlib\nVersion: 0.1.0\n")
    (about / "direct_url.json").write_text(json.dumps({"url": url}))


def test_where_actlib_is_it_does_nothing(tmp_path: Path) -> None:
    installed(tmp_path, "file:///somewhere")
    for cell in (CELL, filled(SOURCE.format("abc"))):
        folder = tmp_path / str(len(cell))
        folder.mkdir()
        (folder / "packages").symlink_to(tmp_path / "packages")
        found = opened(folder, cell)
        assert (found.pip, found.error, found.says) == ([], "", "")


def test_in_a_checkout_it_installs_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "actlib"\n')
    found = opened(tmp_path)
    assert found.pip == [f'install --quiet --editable "{tmp_path}[course]"']
    assert found.error == ""
    assert "reload this page" in found.says


@pytest.mark.parametrize("project", ['[project]\nname = "my-homework"\n', None])
def test_it_never_installs_another_project(project: str | None, tmp_path: Path) -> None:
    if project:
        (tmp_path / "pyproject.toml").write_text(project)
    (tmp_path / "setup.py").write_text("raise SystemExit('run')")
    found = opened(tmp_path)
    assert found.pip == []
    assert found.error.startswith(
        "This page needs actlib: open it in the folder book/ of the course files, or"
    )


def test_a_published_copy_gets_its_own_release(tmp_path: Path) -> None:
    found = opened(tmp_path, filled(SOURCE.format("new")))
    assert found.pip == [f'install --quiet "actlib[course] @ {SOURCE.format("new")}"']
    assert "reload this page" in found.says


def test_a_newer_release_replaces_an_older_and_the_same_stays(tmp_path: Path) -> None:
    installed(tmp_path, SOURCE.format("old"))
    found = opened(tmp_path, filled(SOURCE.format("new")))
    assert [line.split()[0] for line in found.pip] == ["uninstall", "install"]
    again = tmp_path / "again"
    installed(again, SOURCE.format("new"))
    assert opened(again, filled(SOURCE.format("new"))).pip == []


def test_an_install_that_fails_is_said_in_one_sentence(tmp_path: Path) -> None:
    found = opened(tmp_path, filled(SOURCE.format("new")), works=False)
    assert found.error.startswith("This page needs actlib")


def test_one_thread_before_numpy_unless_the_reader_chose(tmp_path: Path) -> None:
    installed(tmp_path, "file:///somewhere")
    found = opened(tmp_path, OMP_NUM_THREADS="2")
    assert found.threads == {**KERNEL_ENVIRONMENT, "OMP_NUM_THREADS": "2"}
    assert not found.has_numpy
