"""The browser's files are linted, formatted and type-checked."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import javascript
from tools.toc import ROOT


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the files, on which the tools run."""
    for folder in ("tools/js", *javascript.SOURCES):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(javascript, "ROOT", tmp_path)
    monkeypatch.setattr(javascript, "SETTINGS", tmp_path / "tools/js")
    monkeypatch.setattr(sys, "argv", ["javascript"])
    return tmp_path


def test_the_files_are_good() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.javascript"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "actlib/course/widgets/plot.js",
            "const SETTLED = 500;",
            "const SETTLED = Settled;",
            "noUndeclaredVariables",
        ),
        (
            "actlib/course/widgets/sweep.js",
            "const get =",
            "const never = 1;\n  const get =",
            "noUnusedVariables",
        ),
        (
            "actlib/course/widgets/sweep.js",
            "  const get =",
            "      const get =",
            "Formatter would have printed",
        ),
        (
            "actlib/course/widgets/sweep.js",
            "place.right + 8",
            "place.rigth + 8",  # codespell:ignore
            "Property 'rigth' does not exist",
        ),
        (
            "tools/publish/assets/page.js",
            "menu.open = false",
            "menu.opened = false",
            "Property 'opened' does not",
        ),
    ],
)
def test_a_fault_is_found(
    root: Path, capfd: pytest.CaptureFixture[str], name: str, old: str, new: str, message: str
) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SystemExit, match="must be mended"):
        javascript.main()
    assert message in capfd.readouterr().out


def test_the_style_can_be_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root / "actlib/course/widgets/sweep.js"
    good = path.read_text("utf-8")
    path.write_text(good.replace("  const get =", "      const get =", 1), "utf-8")
    monkeypatch.setattr(sys, "argv", ["javascript", "--write"])
    javascript.main()
    assert path.read_text("utf-8") == good


def test_without_a_network_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript, "KEPT", tmp_path / "kept")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(
        SystemExit, match=r"^javascript: Biome and TypeScript could not be fetched .* network\?"
    ):
        javascript.main()
    assert list((tmp_path / "kept").iterdir()) == []
