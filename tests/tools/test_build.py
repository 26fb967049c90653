"""`make book` builds what changed, and never calls a broken book built."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.tools.checkout import MAY_NOT_WRITE, checkout, module, run
from tools.toc import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return checkout(tmp_path)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_a_change_is_built_and_no_change_is_not(root: Path) -> None:
    page, site = root / "book/index.md", root / "_build/html/index.html"
    always = "from tools import build, follow; follow.PAUSE = 0; build.build()"  # not a line a second
    first = run(root, sys.executable, "-c", always)
    assert first.returncode == 0, first.stdout
    assert "  reading sources 100% index\n" in first.stdout
    assert all(line.startswith(("Building", "  ", "Built in")) for line in first.stdout.splitlines())
    assert "\x1b" not in first.stdout
    assert str(root) not in site.read_text("utf-8")
    assert "up to date" in module(root, "build").stdout
    append(page, "\nA new sentence.\n")
    assert "up to date" not in module(root, "build").stdout
    assert "A new sentence." in site.read_text("utf-8")


def test_a_build_waits_for_another_and_says_so(root: Path) -> None:
    append(root / "_toc.yml", "chapters:\n  - file: gone\n")  # so that it ends soon
    (root / "_build").mkdir()
    with FileLock(root / "_build/lock"):
        command = ["timeout", "60", sys.executable, "-m", "tools.build"]
        waiting = subprocess.Popen(
            command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "Another build is at work here; waiting for it\n"
    said = waiting.communicate(timeout=60)[0]
    assert said.startswith("book: not built: _toc.yml lists gone")


@pytest.mark.parametrize("tool", ["build", "draft"])
@pytest.mark.parametrize("folder", [".", "_build"])
def test_a_folder_that_may_not_be_written_is_said(root: Path, tool: str, folder: str) -> None:
    (root / folder).mkdir(exist_ok=True)
    (root / folder).chmod(0o555)
    done = run(root, *MAY_NOT_WRITE, sys.executable, "-m", f"tools.{tool}")
    (root / folder).chmod(0o755)
    assert done.returncode == 1
    assert re.fullmatch(rf"book: not built: Permission denied: {root}/_build\S*\n", done.stdout)


def test_no_tool_needs_what_only_unix_has() -> None:
    names = [f"tools.{path.stem}" for path in (ROOT / "tools").glob("*.py")]
    hide = "import sys; sys.modules.update(dict.fromkeys(['fcntl', 'resource', 'pwd', 'grp', 'termios']))"
    done = run(ROOT, sys.executable, "-c", f"{hide}; import {', '.join(names)}")
    assert done.returncode == 0, done.stdout


def test_a_warning_fails_each_time_until_it_is_mended(root: Path) -> None:
    page = root / "book/index.md"
    good = page.read_text("utf-8")
    append(page, "\n[nowhere](nowhere.md)\n")
    for _ in range(2):
        failed = module(root, "build")
        assert failed.returncode == 1
        assert "WARNING" in failed.stdout
        assert "nowhere" in failed.stdout
        assert "Traceback" not in failed.stdout
    page.write_text(good, "utf-8")
    assert module(root, "build").returncode == 0


def test_a_removed_page_leaves_the_site(root: Path) -> None:
    (root / "book/other.md").write_text("# Other\n", "utf-8")
    toc = root / "_toc.yml"
    before = toc.read_text("utf-8")
    append(toc, "chapters:\n  - file: other\n")
    assert module(root, "build").returncode == 0
    assert (root / "_build/html/other.html").exists()
    toc.write_text(before, "utf-8")
    (root / "book/other.md").unlink()
    assert module(root, "build").returncode == 0
    assert not (root / "_build/html/other.html").exists()


@pytest.fixture
def built(root: Path) -> Path:
    """Return a project with a good site and the words that stand on it."""
    assert module(root, "build").returncode == 0
    append(root / "book/index.md", "\nA later sentence.\n")
    return root


def fails(root: Path, says: str, *before: str) -> None:
    """Build, see it fail with this as its last line, and the last good site untouched beside nothing else."""
    page = root / "_build/html/index.html"
    good = page.read_bytes()
    done = run(root, *before, sys.executable, "-m", "tools.build")
    assert done.returncode == 1
    assert re.search(says, done.stdout.splitlines()[-1]), done.stdout
    assert "Traceback" not in done.stdout.splitlines()[0]
    assert page.read_bytes() == good
    assert not (root / "_build/next").exists()


def test_a_build_that_fails_names_the_cause_last_and_leaves_the_last_site(built: Path) -> None:
    toc, page = built / "_toc.yml", built / "book/index.md"
    good_toc, good = toc.read_text("utf-8"), page.read_text("utf-8")
    append(toc, "chapters:\n  - file: gone\n")
    fails(built, r"^book: not built: _toc\.yml lists gone, but book/ has no gone\.ipynb and no gone\.md")
    (built / "book/gone.ipynb").write_text("{\n<<<<<<< HEAD\n")
    fails(built, r"^book: not built: gone\.ipynb, line 2: a merge left two versions here")
    toc.write_text(good_toc, "utf-8")
    append(page, "\n[nowhere](nowhere.md)\n")
    fails(built, r"^book: not built: book/index\.md:7: .*nowhere")
    page.write_text(good, "utf-8")
    fails(built, r"^book: not built: .*File too large", "prlimit", "--fsize=20000")
    assert module(built, "build").returncode == 0
    assert "A later sentence." in (built / "_build/html/index.html").read_text("utf-8")
