"""The set-up says in one line what is wrong, on any Python."""

import ast
import os
import sys
from pathlib import Path

import pytest

from tests.tools.checkout import checkout, run
from tools import bootstrap

SOURCE = Path(bootstrap.__file__).read_text("utf-8")
OFFLINE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_NO_CACHE_DIR": "1",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return checkout(tmp_path)


def test_an_old_python_can_read_it() -> None:
    ast.parse(SOURCE, feature_version=(3, 6))
    imported = {
        alias.name
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("version", ["3.6.15", "3.10.13", "3.14.0"])
def test_a_python_that_does_not_fit(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", tuple(int(part) for part in version.split(".")))
    with pytest.raises(bootstrap.SetupError, match=f"3.11, 3.12 or 3.13 is needed, but python9 is {version}"):
        bootstrap.choose("python9")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(bootstrap.SetupError, match=f"but python3 is {version}"):
        bootstrap.choose("")


def test_another_python_is_taken_where_python3_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = "{}.{}".format(*sys.version_info)
    (tmp_path / f"python{here}").symlink_to(sys.executable)
    (tmp_path / "python3.13").exists() or (tmp_path / "python3.13").write_text("not a program")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    command, version = bootstrap.choose("")
    assert command == f"python{here}"
    assert version.startswith(here)
    assert f"python3 is 3.10.1; taking python{here}" in capsys.readouterr().out


def test_a_missing_venv_module_is_one_clear_line(root: Path) -> None:
    (root / "ensurepip.py").write_text("raise ImportError")
    done = run(root, sys.executable, "tools/bootstrap.py", PYTHONPATH=str(root))
    assert done.returncode == 1
    assert done.stdout.startswith("setup: Python 3.")
    assert "has no venv module. On Debian or Ubuntu: sudo apt install python3." in done.stdout
    assert done.stdout.count("\n") == 1
    assert not (root / ".venv").exists()


def test_no_network_is_one_clear_line(root: Path) -> None:
    (root / "requirements.txt").write_text("numpy==2.4.6\n")
    done = run(root, sys.executable, "tools/bootstrap.py", **OFFLINE)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        "setup: the packages could not be downloaded. Is there a network? Details: .venv/install.log"
    )
    assert "Traceback" not in done.stdout


def test_what_the_environment_depends_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", str(root))
    keys = [bootstrap.key("3.12.1"), bootstrap.key("3.13.0")]
    for name in ("requirements.txt", "pyproject.toml"):
        (root / name).write_text("# changed\n")
        keys.append(bootstrap.key("3.12.1"))
    assert len(set(keys)) == 4
    assert keys[-1] == bootstrap.key("3.12.1")


@pytest.mark.parametrize("target", ["setup", "serve", "test", "book"])
def test_make_without_python_is_one_clear_line(root: Path, target: str) -> None:
    done = run(root, "make", target, "PYTHON=no-such-python")
    assert done.returncode == 2
    first, last = done.stdout.splitlines()
    assert first.startswith("setup: no-such-python not found. Install Python 3.11, 3.12 or 3.13")
    assert last.startswith("make: ***")


def test_make_in_another_folder_is_one_clear_line(root: Path) -> None:
    done = run(root / "book", "make", "-f", "../Makefile", "serve")
    assert done.returncode == 2
    assert "run make in the folder that holds this Makefile" in done.stdout
    assert done.stdout.count("\n") == 1


def test_make_lists_every_command(root: Path) -> None:
    listed = [line.split()[1] for line in run(root, "make").stdout.splitlines()]
    phony = next(line for line in (root / "Makefile").read_text().splitlines() if line.startswith(".PHONY"))
    assert sorted(listed) == sorted(phony.split()[1:])
