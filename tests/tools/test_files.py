"""A damaged file is named with what to do, and a write that fails leaves the old file."""

import os
from pathlib import Path

import pytest

from tools import files, toc
from tools.book import claims
from tools.files import FileError

CONFLICT = "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> topic\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CONFLICT, "_toc.yml, line 2: a merge left two versions here; keep one of them"),
        ("root: [", "_toc.yml, line 1: this is no YAML"),
        ("- file: one", "_toc.yml must name the book's first page as its root, and does not"),
        ("", "_toc.yml must name the book's first page as its root, and does not"),
        ("root: one", "_toc.yml lists one, but book/ has no one.ipynb and no one.md; add the file"),
        (b"root: \xff", "_toc.yml is no text in UTF-8"),
        (None, "_toc.yml cannot be read: No such file or directory"),
    ],
)
def test_contents_that_cannot_be_used_are_named(tmp_path: Path, text: str | bytes | None, says: str) -> None:
    path = tmp_path / "_toc.yml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FileError) as caught:
        toc.files(path)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("text", [CONFLICT, "a: [", "SIG-1:\n  claim: c\nSIG-1:\n  claim: d\n"])
def test_a_ledger_that_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "claims.yml"
    path.write_text(text)
    with pytest.raises(FileError, match=r"claims\.yml"):
        claims(path)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    files.replace(path, "one\n")
    assert path.read_bytes() == b"one\n"

    def fail(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        files.replace(path, "two\n")
    assert path.read_bytes() == b"one\n"
    assert list(tmp_path.iterdir()) == [path]
