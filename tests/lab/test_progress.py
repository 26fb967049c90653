"""The bar shows on a terminal, late; elsewhere it must be asked for."""

import io
import sys

import pytest

from actlib.lab import progress, track


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Let every look at the clock take a second."""
    now = iter(range(1000))
    monkeypatch.setattr(progress, "monotonic", lambda: next(now))


@pytest.mark.usefixtures("clock")
def test_a_notebook_sees_nothing_unless_asked(capsys):
    for show in (None, False):
        assert list(track(range(10), show)) == list(range(10))
    assert capsys.readouterr() == ("", "")
    assert list(track(range(10), True)) == list(range(10))
    out, err = capsys.readouterr()
    assert " 3/10, 4 s" in out
    assert out.endswith(" \r")
    assert err == ""


@pytest.mark.usefixtures("clock")
def test_a_terminal_sees_the_bar_on_the_error_stream(capsys, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(track(range(10), False)) == list(range(10))
    assert terminal.getvalue() == ""
    assert list(track(range(10))) == list(range(10))
    pictures = terminal.getvalue().split("\r")
    assert pictures[1] == "######" + 24 * "." + " 2/10, 3 s"
    assert pictures[-1] == ""
    assert not pictures[-2].strip()
    assert capsys.readouterr().out == ""


def test_a_short_loop_shows_nothing(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(track(range(10))) == list(range(10))
    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("clock")
def test_an_interrupted_loop_wipes_the_bar(capsys):
    for item in track(range(10), True):
        if item == 5:
            break
    assert capsys.readouterr().out.endswith(" \r")
