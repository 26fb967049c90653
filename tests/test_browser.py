"""A browser is found where people have it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import browser, fonts
from tests.conftest import Browsers, needed
from tools.toc import ROOT

WIDTH = """family => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `100px ${family}`;
  return pen.measureText("Mm−0.25 × 10").width;
}"""


def nothing(name: str) -> None:
    return None


@pytest.mark.parametrize(
    ("platform", "environ", "path"),
    [
        ("darwin", {}, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("darwin", {"HOME": "/u"}, "/u/Applications/Chromium.app/Contents/MacOS/Chromium"),
        ("win32", {"ProgramFiles": "P"}, "P/Google/Chrome/Application/chrome.exe"),
        ("win32", {"ProgramFiles": "P", "LocalAppData": "L"}, "L/Google/Chrome/Application/chrome.exe"),
        ("win32", {"ProgramFiles(x86)": "X"}, "X/Microsoft/Edge/Application/msedge.exe"),
    ],
)
def test_found_where_an_installer_puts_it(platform: str, environ: dict[str, str], path: str) -> None:
    def found(*there: str) -> str | None:
        return browser.find(platform, environ, nothing, lambda file: file.as_posix() in there)

    assert found(path) == str(Path(path))
    assert found("elsewhere") is None


def test_one_on_path_comes_first(tmp_path: Path) -> None:
    for name in ("google-chrome", "chromium"):
        (tmp_path / name).write_text("a browser")

    def which(name: str) -> str | None:
        return str(tmp_path / name) if (tmp_path / name).exists() else None

    assert browser.find("linux", {}, which) == str(tmp_path / "chromium")
    (tmp_path / "chromium").write_text("#!/bin/sh\necho 'Command requires: snap install chromium'\n")
    assert browser.find("linux", {}, which) == str(tmp_path / "google-chrome")
    (tmp_path / "google-chrome").unlink()
    assert browser.find("linux", {}, which) is None


def test_a_firefox_that_is_a_snap_is_none(tmp_path: Path) -> None:
    def which(name: str) -> str | None:
        return str(tmp_path / name) if (tmp_path / name).exists() else None

    assert browser.find_firefox(which) is None
    (tmp_path / "firefox").write_text("#!/bin/sh\nexec /snap/bin/firefox\n")
    assert browser.find_firefox(which) is None
    assert browser.find_firefox(lambda name: f"/snap/bin/{name}") is None
    (tmp_path / "firefox").write_text("a browser")
    assert browser.find_firefox(which) == str(tmp_path / "firefox")
    (tmp_path / "firefox-esr").write_text("a browser")
    assert browser.find_firefox(which) == str(tmp_path / "firefox-esr")


def test_without_firefox_its_tests_skip_but_not_in_continuous_integration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert needed("/usr/bin/firefox", "Firefox") == "/usr/bin/firefox"
    with pytest.raises(pytest.skip.Exception, match="browser tests need Firefox; found none"):
        needed(None, "Firefox")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="browser tests need Firefox; found none"):
        needed(None, "Firefox")


@fonts.in_every_font
def test_a_browser_uses_the_font_that_it_was_started_with(browsers: Browsers, family: str) -> None:
    page = browsers(family).new_page()
    widths = {generic: page.evaluate(WIDTH, generic) for generic in (f'"{family}"', *fonts.GENERIC)}
    page.close()
    assert len(set(widths.values())) == 1, widths


def test_without_its_package_a_font_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FAMILIES", {"Nowhere Sans": "fonts-nowhere"})
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="font Nowhere Sans: install the package fonts-nowhere"):
        fonts.environment("Nowhere Sans", tmp_path)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(pytest.fail.Exception, match="font Nowhere Sans"):
        fonts.environment("Nowhere Sans", tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(pytest.skip.Exception, match="font Nowhere Sans"):
        fonts.environment("Nowhere Sans", tmp_path)


def test_without_what_is_marked_no_test_needs_a_browser() -> None:
    """As the weekly jobs of other systems select tests; a font is needed for a browser alone."""
    files = ["tests/course/widgets/test_geometry.py", "tests/live/test_same_bits.py", "tests/test_browser.py"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    command += ["-m", "not browser", *files]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert "test_found_where_an_installer_puts_it" in found
    assert "test_node_computes" in found
    assert not re.search("test_geometry|DejaVu Sans|test_firefox_computes", found)
