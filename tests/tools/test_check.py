"""`make lint` and `make check` say each step and its verdict, and take what has changed."""

import os
from pathlib import Path

import pytest

from tests.tools.checkout import checkout, module, run
from tools import check, lint, tidy
from tools.toc import ROOT


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", None),
        (b"text\n=======\n\n", "must end in one line feed"),
        (b"text", "must end in one line feed"),
        (b"one\n<<<<<<< HEAD\ntwo\n", "line 2: a merge conflict is left"),
        (b"one\n=======\n", "line 2: a merge conflict is left"),
        (b"A title\n========\n", None),
        (b"one\r\n", "has a carriage return; lines must end in a line feed alone"),
        (b"x" * 1_000_001 + b"\n", "is 1.0 MB; a file must have at most 1 MB"),
        (b"\0\r", None),
    ],
)
def test_what_no_file_may_have(content: bytes, fault: str | None) -> None:
    found = list(tidy.faults(content))
    assert found == [] if fault is None else fault in found


def test_every_file_is_looked_at() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in tidy.files()}
    assert {"Makefile", ".gitignore", ".ci/run", "book/tanh.ipynb", "actlib/functions/tanh.py"} <= names
    assert not [name for name in names if name.startswith((".venv/", "_build/", ".git/"))]


def test_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = ["json.tool", "--help"], ["json.tool", "no such file"]
    assert lint.verdicts({"good": good})
    assert not lint.verdicts({"bad": bad, **{f"good {n}": good for n in range(4)}})
    said = capsys.readouterr().out
    assert said.count("ok ") == 5
    assert said.count("FAILED") == 1
    assert "no such file" in said


def test_every_step_of_lint_runs_and_a_fault_is_found(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    assert module(root, "lint", "nothing").stdout == (
        f"lint: no step 'nothing'; the steps are {', '.join(lint.STEPS)}\n"
    )
    (root / "book/index.md").write_text("# Small\n\nA sentance.\n", "utf-8")  # codespell:ignore
    (root / "actlib/bad.py").write_text("import os\n", "utf-8")
    (root / "actlib/long.py").write_text("x  =  1\n", "utf-8")
    (root / "mine.txt").write_text("no end", "utf-8")
    done = module(root, "lint", "style", "format", "spelling", "files")
    assert done.returncode == 1
    for fault in (
        "`os` imported but unused",
        "File would be reformatted\n --> actlib/long.py",
        "sentance ==> sentence",  # codespell:ignore
    ):
        assert fault in done.stdout
    assert "mine.txt: must end in one line feed" in done.stdout


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("actlib/functions/gelu.py", ["tests/functions/test_gelu.py"]),
        ("tools/build.py", ["tests/tools/test_build.py"]),
        ("tests/lab/test_data.py", ["tests/lab/test_data.py"]),
        ("tests/conftest.py", []),
        ("actlib/__init__.py", []),
        ("Makefile", []),
        ("book/tanh.ipynb", []),
    ],
)
def test_the_tests_of_a_file(path: str, tests: list[str]) -> None:
    assert check.tests_of(ROOT / path) == tests


def test_what_git_says_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "ROOT", tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(OSError, match="not a git repository"):
        check.changed()
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@localhost")
    for name in ("same", "edited", "gone", "with ü"):
        (tmp_path / name).write_text("")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "first")):
        assert run(tmp_path, *git, *command).returncode == 0
    (tmp_path / "gone").unlink()
    for name in ("edited", "new", "with ü"):
        (tmp_path / name).write_text("changed")
    assert sorted(path.name for path in check.changed()) == ["edited", "new", "with ü"]


def test_an_unknown_page_is_one_clear_line(tmp_path: Path) -> None:
    done = module(checkout(tmp_path), "check", "tahn")  # codespell:ignore
    assert done.returncode == 1
    assert done.stdout == "check: no page 'tahn'; the pages are index\n"  # codespell:ignore
