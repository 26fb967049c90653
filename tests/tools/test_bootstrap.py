"""The set-up says in one line what is wrong, on any Python."""

import ast
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.checkout import checkout, run
from tools import bootstrap, follow
from tools.toc import ROOT

SOURCES = [Path(module.__file__).read_text("utf-8") for module in (bootstrap, follow)]
UV = next(line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if "uv==" in line)
COMMAND = (sys.executable, "-m", "tools.bootstrap")
OFFLINE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_NO_CACHE_DIR": "1",
    "UV_NO_CACHE": "1",
    "UV_HTTP_RETRIES": "0",
}
CUT = ["unshare", "--net", "--map-root-user"]
"""What a command begins with so that it has no network, where the machine allows it."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return checkout(tmp_path)


@pytest.mark.parametrize("source", SOURCES, ids=["bootstrap", "follow"])
def test_an_old_python_can_read_it(source: str) -> None:
    ast.parse(source, feature_version=(3, 6))
    imported = {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("version", ["3.6.15", "3.10.13", "3.15.0"])
def test_a_python_that_does_not_fit(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", tuple(int(part) for part in version.split(".")))
    with pytest.raises(bootstrap.SetupError, match=f"3.11 to 3.14 is needed, but python9 is {version}"):
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
    done = run(root, *COMMAND, PYTHONPATH=str(root))
    assert done.returncode == 1
    assert done.stdout.startswith("setup: Python 3.")
    assert "has no venv module. On Debian or Ubuntu: sudo apt install python3." in done.stdout
    assert done.stdout.count("\n") == 1
    assert not (root / ".venv").exists()


def test_no_network_is_one_clear_line(root: Path) -> None:
    (root / "requirements.txt").write_text(UV)
    done = run(root, *COMMAND, **OFFLINE)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        "setup: the packages could not be downloaded. Is there a network? Details: .venv/install.log"
    )
    assert "Traceback" not in done.stdout


def test_no_network_for_uv_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bootstrap, "LOG", str(tmp_path / "install.log"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    nowhere = {"UV_DEFAULT_INDEX": OFFLINE["PIP_INDEX_URL"], "UV_NO_CACHE": "1", "UV_NO_CONFIG": "1"}
    with pytest.raises(bootstrap.SetupError, match="could not be downloaded"):
        bootstrap.run([*bootstrap.UV, "--dry-run", "no-such-package"], nowhere)
    assert "no-such-package" in (tmp_path / "install.log").read_text("utf-8")


@pytest.fixture
def ready(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout that was set up: its Python is this one, which has pip and uv."""
    python = root / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (root / "requirements.txt").write_text(UV)
    monkeypatch.setattr(bootstrap, "ROOT", str(root))
    key = bootstrap.key("{}.{}.{}".format(*sys.version_info))
    (root / ".venv/ready").write_text(f"{key}\nbook")
    return root


def cut_off(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command without network: every index is at a closed port, and no other host is there."""
    allowed = shutil.which(CUT[0]) and not subprocess.run([*CUT, "true"], capture_output=True).returncode
    return run(root, *(CUT if allowed else []), *command, **OFFLINE)


def test_a_second_start_needs_no_network(ready: Path) -> None:
    done = cut_off(ready, *COMMAND)
    assert (done.returncode, done.stdout) == (0, "")
    (ready / "tools/serve.py").write_text("print('served')\n")
    done = cut_off(ready, "make", "serve")
    assert (done.returncode, done.stdout) == (0, "served\n")


def test_new_pins_without_network_are_one_clear_line(ready: Path) -> None:
    stamp = (ready / ".venv/ready").read_text()
    (ready / "pyproject.toml").write_text(
        '[project]\nname = "small"\nversion = "1"\ndependencies = ["no-such-package"]\n'
        "[dependency-groups]\nbook = []\n"
    )
    done = cut_off(ready, *COMMAND)
    assert done.returncode == 1
    first, last = done.stdout.splitlines()
    assert first == "Installing what the book needs"
    assert last.startswith("setup: the packages could not be downloaded. Is there a network?")
    # uv it was, not pip, that found no network; and the next start tries again.
    assert "no-such-package" in (ready / ".venv/install.log").read_text()
    assert (ready / ".venv/ready").read_text() == stamp


def test_uv_gets_the_settings_of_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("PIP_", "UV_", "SSL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert bootstrap.settings() == {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "/one /two")
    monkeypatch.setenv("PIP_CERT", "/a/certificate")
    monkeypatch.setenv("SSL_CERT_FILE", "/another")
    assert bootstrap.settings() == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_DEFAULT_INDEX": "https://mirror/simple",
        "UV_FIND_LINKS": "/one,/two",
    }


def test_a_reader_installs_less_and_nothing_is_installed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / "ready"))
    monkeypatch.setattr(bootstrap, "install", installed.append)
    for groups in (["book"], ["book"], ["book", "test"], ["book"], ["book", "test"]):
        bootstrap.make_ready("", groups)
    assert installed == [["book"], ["book", "test"]]


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
    assert first.startswith("setup: no-such-python not found. Install Python 3.11 to 3.14")
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


WRITERS = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] if os.geteuid() == 0 else []


def test_a_second_set_up_waits_for_the_first(root: Path) -> None:
    first = os.open(root, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.bootstrap"],
        cwd=root,
        env={**os.environ, "PYTHON": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Another set-up is at work here; waiting for it\n"
        assert process.poll() is None
        os.close(first)
        assert process.communicate(timeout=120)[0].startswith("Making .venv with Python")


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (["prlimit", "--fsize=1000"], "setup: the disk is full: .venv needs about 1 GB. Make room"),
        (WRITERS, "setup: nothing can be written in"),
    ],
    ids=["full", "read-only"],
)
def test_a_folder_that_cannot_be_written_is_one_clear_line(root: Path, before: list[str], says: str) -> None:
    if before == WRITERS:
        root.chmod(0o555)
    done = run(root, *before, sys.executable, "-m", "tools.bootstrap")
    root.chmod(0o755)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith(says)
    assert "Traceback" not in done.stdout
