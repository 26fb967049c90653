"""The skeleton of a chapter follows the plan, names what is to be written, and overwrites nothing."""

import dataclasses
import os
from pathlib import Path

import nbformat
import pytest

from tests.own_book import BOOK
from tools import book as book_files, rules
from tools.chapter import begin, skeleton

PLAN = {"form", "installs", "headings"}


def test_a_skeleton_follows_the_plan_and_the_rules_name_what_is_missing(tmp_path: Path) -> None:
    page = book_files.page(begin("sigmoid", tmp_path))
    book = dataclasses.replace(BOOK, pages=[page])
    found = {rule.__name__: list(rule(page, book)) for rule in rules.PAGE_RULES}
    assert not [message for name in PLAN for message in found[name]]
    assert len(found["finished"]) == len(rules.HEADINGS) + 1
    assert any("words of prose" in message for message in found["sizes"])


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "tanh.ipynb"
    path.write_text("mine", "utf-8")
    with pytest.raises(ValueError, match=r"tanh\.ipynb is there already; nothing was written"):
        begin("tanh", tmp_path)
    assert path.read_text("utf-8") == "mine"


def test_what_cannot_be_written_whole_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        begin("tanh", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_chapter_needs_its_function() -> None:
    with pytest.raises(ValueError, match="actlib has no function 'hardest'"):
        skeleton("hardest")


def test_its_cells_are_of_the_stored_format() -> None:
    nbformat.validate(skeleton("mish"))
