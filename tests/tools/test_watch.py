"""`make watch` builds what one writes and the open page shows it; its draft never hides a warning."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.tools.checkout import checkout, module
from tests.tools.test_serve import free_port


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = checkout(tmp_path)
    (root / "book/other.md").write_text("# Other\n\n[nowhere](nowhere.md)\n", "utf-8")
    with (root / "_toc.yml").open("a") as toc:
        toc.write("chapters:\n  - file: other\n")
    return root


def test_a_change_is_built_and_the_open_page_shows_it_and_a_page_that_is_named_warns_again(
    root: Path, browser: Browser
) -> None:
    address = f"http://127.0.0.1:{(port := free_port())}/"
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.watch", str(port)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process, contextlib.ExitStack() as stack:
        stack.callback(process.terminate)
        assert process.stdout is not None
        first = ""
        while address not in first:
            first += process.stdout.readline()
        assert "book/other.md:3: WARNING: 'myst' cross-reference target not found: 'nowhere.md'" in first
        reader = browser.new_page()
        stack.callback(reader.close)
        reader.goto(address)
        with (root / "book/index.md").open("a") as page:
            page.write("\nA new sentence.\n")
        expect(reader.get_by_text("A new sentence.")).to_be_visible(timeout=90_000)
        process.terminate()
        said = process.communicate(timeout=30)[0]
        assert "Building index\n" in said
        assert "other" not in said
    again = module(root, "draft", "other")
    assert again.returncode == 1
    assert "book/other.md:3: WARNING" in again.stdout.splitlines()[-1]
