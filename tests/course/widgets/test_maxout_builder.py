"""The maxout builder's Python side: best fits, state, texts, picture, errors."""

from __future__ import annotations

import gzip
import json
from typing import Any

import numpy as np
import pytest

from actlib import Maxout, softplus, tanh
from actlib.course.widgets import MaxoutBuilder
from actlib.course.widgets.maxout_builder import best_fit, largest_error
from tests.course.widgets.examples import builders


@pytest.mark.parametrize("count", range(1, 9))
def test_least_error_of_the_parabola(count: int) -> None:
    error, lines = best_fit(np.square, count)
    assert error == pytest.approx(1 / (2 * count**2), rel=1e-14)
    assert largest_error(lines, np.square)[0] == pytest.approx(error, rel=1e-12)
    x = np.linspace(-1, 1, 5001)
    pieces = np.multiply.outer(x, [w for w, _ in lines]) + [b for _, b in lines]
    drawn = Maxout(pieces=count)(pieces)[:, 0] if count > 1 else pieces[:, 0]
    assert np.abs(drawn - x**2).max() == pytest.approx(error, rel=1e-3)


def test_two_lines_are_the_absolute_value() -> None:
    assert best_fit(np.abs, 1)[0] == pytest.approx(0.5)
    for count in (2, 3, 6):
        error, lines = best_fit(np.abs, count)
        assert error == 0
        assert len(lines) == count
        assert set(lines) == {(-1.0, 0.0), (1.0, 0.0)}
    assert best_fit(np.abs, 1, (1, 2)) == (0.0, [(1.0, 0.0)])


@pytest.mark.parametrize("f", [np.exp, softplus, lambda x: np.maximum(x, x / 3) + x**4])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_best_fit_of_a_convex_function_errs_by_the_same_everywhere(f: Any, count: int) -> None:
    error, lines = best_fit(f, count, (-1.5, 2))
    assert largest_error(lines, f, (-1.5, 2))[0] == pytest.approx(error, rel=1e-6)
    x = np.linspace(-1.5, 2, 201)
    off = (np.multiply.outer(x, [w for w, _ in lines]) + [b for _, b in lines]).max(axis=1) - f(x)
    assert off.max() == pytest.approx(error, rel=2e-2)
    assert off[[0, -1]] == pytest.approx([-error] * 2, rel=1e-6)


@pytest.mark.parametrize("f", [np.square, np.exp])
def test_no_other_lines_do_better(f: Any) -> None:
    least, lines = best_fit(f, 3)
    draw = np.random.default_rng(3)
    for _ in range(300):
        moved = np.array(lines) + draw.normal(0, draw.choice([1e-3, 1e-2, 0.1]), (3, 2))
        assert largest_error(moved.tolist(), f)[0] > least


def test_state_is_what_was_given() -> None:
    state = builders()["others"].portable()["state"]
    assert state["targets"] == ["x²", "|x|", "softplus", "exp"]
    assert state["lines"] == [[0, 0.5], [1, 0], [-0.25, 1]]
    assert state["samples"][:2] == ["", ""]
    np.testing.assert_allclose(
        np.array(state["samples"][2].split(), dtype=float), softplus(np.linspace(-2, 1, 201)), rtol=1e-6
    )
    for row, f in zip(state["best"], (np.square, np.abs, softplus, np.exp), strict=True):
        for count, text in enumerate(row, 1):
            error, *flat = map(float, text.split())
            lines = np.reshape(flat, (count, 2))
            assert largest_error(lines.tolist(), f, (-2, 1))[0] == pytest.approx(error, rel=1e-5, abs=2e-6)
            for values, (low, high) in zip(lines.T, state["limits"], strict=True):
                assert np.all((low <= values) & (values <= high))


def test_question_asks_for_the_least_error() -> None:
    state = builders()["fit"].portable()["state"]
    assert (state["pieces"], state["asked"], state["answer"]) == (3, "x²", "0.05556")


def test_text_tells_the_state() -> None:
    widget = builders()["builder"]
    assert repr(widget) == (
        "MaxoutBuilder('Maxout of lines'): y = -1 x - 0.25, y = 0.5 x + 0\nx² from -1 to 1: "
        "largest error 0.50000 at x = 1, least for 2 lines 0.12500"
    )
    widget.target = "|x|"
    widget.lines = [[-1, 0], [1, 0]]
    assert repr(widget).endswith("|x| from -1 to 1: largest error 0 at x = -1, least for 2 lines 0")
    assert repr(builders()["fit"]).endswith(
        "\nWith three lines, how small can you make the largest error for x²?"
    )


def test_picture_says_what_it_shows_and_follows_the_state() -> None:
    widget = builders()["builder"]
    picture = widget.picture()
    assert (
        "the largest of 2 lines (thick) and x² (dashed); they differ most, by 0.5, at x = 1."
        in picture.caption
    )
    assert "thin grey lines with slope -1, intercept -0.25; slope 0.5, intercept 0;" in picture.alt
    widget.target = "|x|"
    assert widget.picture().source != picture.source


@pytest.mark.parametrize("name", builders())
def test_a_page_pays_little(name: str) -> None:
    assert len(gzip.compress(json.dumps(builders()[name].portable()).encode(), 6)) <= 3 * 1024


def refuse(error: type[Exception], message: str, *lines: Any, **given: Any) -> Any:
    return pytest.param(lines, given, error, message, id=message)


@pytest.mark.parametrize(
    ("lines", "given", "error", "message"),
    [
        refuse(TypeError, r"lines must be pairs of real numbers, got 3", 3),
        refuse(TypeError, r"lines must be pairs of real numbers, got \[\(1, 'b'\)\]", [(1, "b")]),
        refuse(TypeError, r"others must be a mapping of names to functions, got 3", others=3),
        refuse(ValueError, r"lines must hold 1 to 6 pairs, got 0", []),
        refuse(ValueError, r"lines must hold 1 to 6 pairs, got 7", [(0, 0)] * 7),
        refuse(ValueError, r"a finite slope and a finite intercept, got \[1.0\]", [(1,)]),
        refuse(ValueError, r"a finite slope and a finite intercept, got \[nan, 0.0\]", [(np.nan, 0)]),
        refuse(ValueError, r"the slope of a line must lie between -3 and 3, got 4", [(4, 0)]),
        refuse(ValueError, r"the intercept of a line must lie between -2 and 2, got -5", [(0, -5)]),
        refuse(ValueError, r"target must be one of \['x²', '\|x\|'\], got 'x'", target="x"),
        refuse(ValueError, r"others must not be named .*, got 'x²'", others={"x²": np.exp}),
        refuse(
            ValueError, r"target 'tanh' must be convex between -1 and 1, got a bend", others={"tanh": tanh}
        ),
        refuse(ValueError, r"target 'f' must have a finite height", others={"f": lambda x: x / 0 * x[0]}),
        refuse(ValueError, r"x_range must be two finite numbers, .*, got \(1, 1\)", x_range=(1, 1)),
        refuse(ValueError, r"title must say something, got ''", title=""),
        refuse(ValueError, r"question and pieces must come together, got 'Why' and None", question="Why"),
        refuse(ValueError, r"question and pieces must come together, got None and 3", pieces=3),
        refuse(ValueError, r"pieces must lie between 1 and 6, got 7", question="?", pieces=7),
        refuse(ValueError, r"tolerance must be positive and finite, got 0", tolerance=0),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_errors_name_argument_rule_and_value(
    lines: Any, given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        MaxoutBuilder(*lines, **given)


def test_best_fit_needs_a_line() -> None:
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        best_fit(np.square, 0)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("selected", 2, r"selected must lie between 0 and 1, got 2"),
        ("target", "x", r"target must be one of \['x²', '\|x\|'\], got 'x'"),
        ("guess", -1, r"guess must be an error, 0 or more and finite, got -1"),
        ("guess", np.nan, r"guess must be an error, 0 or more and finite, got nan"),
    ],
)
def test_state_must_stay_sound(name: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        setattr(builders()["builder"], name, value)


def test_lines_may_be_an_array_and_one_of_them_stays_selected() -> None:
    widget = builders()["others"]
    widget.selected = 2
    widget.lines = np.array([[0.5, 0.25], [1, -0.5]])
    assert (widget.lines, widget.selected) == ([[0.5, 0.25], [1, -0.5]], 1)


def test_the_least_error_is_told_after_the_guess() -> None:
    widget = builders()["fit"]
    assert "least" not in repr(widget)
    assert "least" not in widget.picture().caption + widget.picture().alt
    widget.guess = 0.5
    assert "least for 2 lines 0.12500" in repr(widget)
