"""A command that takes long is never silent, and what it says is kept."""

import re
import sys
from pathlib import Path

import pytest

from tools import follow

CODE = """
import time
print("\\x1b[32mone\\x1b[0m", flush=True)
time.sleep(2)
print("two", flush=True)
time.sleep(1.2)
print("three")
raise SystemExit(3)
"""


def test_what_is_noticed_is_told_and_silence_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for silence in (60, 2):
        monkeypatch.setattr(follow, "SILENCE", silence)
        done = follow.follow([sys.executable, "-c", CODE], str(tmp_path), lambda line: line.strip().upper())
        assert done == (3, "one\ntwo\nthree\n")
        told.append(capsys.readouterr().out)
    assert "  TWO\n  THREE\n" in told[0]
    assert "at work" not in told[0]
    assert re.search(r"^  at work, \d+ s so far$", told[1], re.M)
