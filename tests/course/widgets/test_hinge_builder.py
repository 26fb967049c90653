"""The hinge builder's Python side: sums, errors, text, picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actlib.course.widgets import HingeBuilder
from actlib.course.widgets.draw_guess import POINTS as DRAWN
from actlib.course.widgets.hinge_builder import OWN, TARGETS

X = np.linspace(-2, 2, 81)
THREE = [[-1.0, 1.0], [0.0, 1.0], [1.0, 1.0]]


def test_the_sum_bends_at_its_hinges_and_nowhere_else() -> None:
    made = HingeBuilder([(-1, 2), (0.5, -3)], start=(1, -0.5))
    slopes = np.diff(made.sum(X)) / np.diff(X)
    middles = (X[1:] + X[:-1]) / 2
    want = np.where(middles < -1, -0.5, np.where(middles < 0.5, 1.5, -1.5))
    np.testing.assert_allclose(slopes, want, atol=1e-12)
    assert made.sum(-2) == 1


def test_a_hinge_to_the_left_is_one_to_the_right_less_a_line() -> None:
    made = HingeBuilder([(0.5, 1)], start=(2.5, -1))
    np.testing.assert_allclose(made.sum(X), np.maximum(0.5 - X, 0), atol=1e-12)


def test_three_bends_come_as_near_to_a_parabola_as_they_can() -> None:
    made = HingeBuilder(THREE, start=(1.9375, -1.5), target="x²/2")
    largest, _, mean = made.error
    assert largest == pytest.approx(1 / 16, rel=1e-3)
    assert 0 < mean < largest


def test_the_readers_own_target_is_joined_across_gaps() -> None:
    made = HingeBuilder([], target=OWN)
    assert "no target is drawn yet" in repr(made)
    with pytest.raises(ValueError, match=r"error needs a target, .* got drawn=\[\]"):
        _ = made.error
    made.drawn = [None] * 20 + [1.0] + [None] * 39 + [0.0] + [None] * 20
    np.testing.assert_allclose(made.goal(X), np.interp(X, [-1, 1], [1, 0]))
    assert made.error[:2] == (1, -2)
    assert "the dashed curve your own" in made.picture().alt


def test_text_and_picture_say_the_same() -> None:
    made = HingeBuilder([(-0.5, 1.5), (0.75, -2)], start=(1, -0.5), target="sin 2x")
    assert repr(made) == (
        "HingeBuilder('A sum of hinges'): 1 - 0.5 (x + 2) + 1.5 relu(x + 0.5) - 2 relu(x - 0.75)\n"
        f"sin 2x from -2 to 2: largest error {made.error[0]:.3g} at x = {made.error[1]:.3g}, "
        f"mean error {made.error[2]:.3g}"
    )
    picture = made.picture()
    assert f"they differ by {made.error[0]:.3g} at most, at x = {made.error[1]:.3g}" in picture.caption
    assert "1 - 0.5 (x + 2) + 1.5 relu(x + 0.5) - 2 relu(x - 0.75)" in picture.alt


def test_one_bend_stays_selected() -> None:
    made = HingeBuilder(THREE)
    made.selected = 2
    made.hinges = THREE[:1]
    assert made.selected == 0
    made.hinges = []
    assert made.selected == 0


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_is_seen_whole(name: str) -> None:
    made = HingeBuilder(target=name)
    low, high = made.y_range
    goal = made.goal(X)
    assert goal is not None
    assert low <= goal.min()
    assert goal.max() <= high


@pytest.mark.parametrize(
    ("trait", "value", "message"),
    [
        ("hinges", [[0.0, 1.0]] * 7, r"hinges must hold at most 6 pairs, got 7"),
        ("hinges", [[0.0]], r"a hinge must be a place and a change of slope, got \[0.0\]"),
        ("hinges", [[3.0, 0.0]], r"the place of a hinge must lie between -2 and 2, got 3"),
        ("hinges", [[0.0, 11.0]], r"the change of slope of a hinge must lie between -10 and 10, got 11"),
        ("hinges", [[float("nan"), 0.0]], r"the place of a hinge must lie .*, got nan"),
        ("start", [0.0], r"start must be a height and a slope, got \[0.0\]"),
        ("start", [9.0, 0.0], r"the height of start must lie between -1.5 and 2.5, got 9"),
        ("start", [0.0, -11.0], r"the slope of start must lie between -10 and 10, got -11"),
        ("selected", 2, r"selected must lie between 0 and 1, got 2"),
        ("target", "cos", r"target must be one of \['\|x\|', 'x²/2', .*, got 'cos'"),
        ("drawn", [0.0], rf"drawn must hold {DRAWN} heights or none, got 1"),
        ("drawn", [3.0] * DRAWN, r"a height in drawn must lie between -1.5 and 2.5, got 3"),
    ],
)
def test_what_it_cannot_show_is_refused(trait: str, value: Any, message: str) -> None:
    made = HingeBuilder()
    before = made.portable()
    with pytest.raises(ValueError, match=message):
        setattr(made, trait, value)
    assert made.portable() == before


def test_a_title_must_say_something() -> None:
    with pytest.raises(ValueError, match="title must say something, got ''"):
        HingeBuilder(title="")
