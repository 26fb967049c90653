"""The drawn guess's JavaScript, run by node: strokes, handles, and what a sentence says of two curves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actlib import ELU, GELU, Softplus, Swish, activations, gelu, relu, sigmoid, tanh
from actlib.contract.activation import Elementwise
from actlib.course.widgets import DrawGuess
from actlib.course.widgets.draw_guess import POINTS
from actlib.course.widgets.parts import engine_name

Node = Callable[[str], Any]
WIDGET = DrawGuess
X = np.linspace(-4, 4, POINTS)
ALL = [
    *[f for f in activations.values() if isinstance(f, Elementwise)],
    GELU(approximate="tanh"),
    ELU(alpha=0.5),
    Swish(beta=3),
    Softplus(beta=2),
]
EMPTY = [None] * POINTS


def true(f: Elementwise, order: int = 1) -> str:
    """Return the curve as JavaScript."""
    name, parameter = engine_name(f)
    method = "derivative" if order else "value"
    given = "undefined" if parameter is None else repr(parameter)
    return f"((x) => widget.ACTIVATIONS.{name}.{method}(x, {given}))"


def sentence(node: Node, f: Elementwise, drawn: Any, order: int = 1) -> str:
    """Return what is said of a drawn curve in a plot that is 2 high."""
    heights = json.dumps(np.asarray(drawn, dtype=float).tolist())
    said = node(f"widget.missed({true(f, order)}, {heights}, [-4, 4], 2)")
    assert isinstance(said, str)
    return said


def test_python_and_the_page_have_the_same_points(node: Node) -> None:
    assert node("widget.POINTS") == POINTS


@pytest.mark.parametrize("f", ALL, ids=repr)
@pytest.mark.parametrize("order", [0, 1])
def test_the_curves_of_the_page_are_actlibs(node: Node, f: Elementwise, order: int) -> None:
    got = node(f"widget.places([-4, 4]).map({true(f, order)})")
    want = f.derivative(X) if order else f(X)
    np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-16)


def strokes(node: Node, *points: tuple[float, float], onto: Any = ()) -> Any:
    """Return the heights after a stroke through points."""
    return node(
        f"""{json.dumps(points)}.reduce(
          ([heights, last], to) => [widget.stroked(heights, last ?? to, to, [-1, 2]), to],
          [{json.dumps(list(onto))}, undefined])[0]"""
    )


def test_a_stroke_is_straight_between_the_points_that_the_browser_reports(node: Node) -> None:
    drawn = strokes(node, (10, 0), (20, 1), (40, -1))
    assert drawn[:10] == EMPTY[:10]
    assert drawn[41:] == EMPTY[41:]
    np.testing.assert_allclose(drawn[10:21], np.linspace(0, 1, 11), atol=1e-3)
    np.testing.assert_allclose(drawn[20:41], np.linspace(1, -1, 21), atol=1e-3)


def test_a_stroke_back_replaces_what_it_passes(node: Node) -> None:
    forth = strokes(node, (0, 0), (80, 0))
    back = strokes(node, (50.4, 1), (30.2, 1), onto=forth)
    assert back == [1 if 30 <= i <= 50 else 0 for i in range(POINTS)]


def test_a_stroke_stays_in_the_plot(node: Node) -> None:
    drawn = strokes(node, (-30, -5), (120, 10))
    assert None not in drawn
    assert (min(drawn), max(drawn)) == (-1, 2)


def test_what_was_left_out_is_straight_and_level_at_the_ends(node: Node) -> None:
    given = [*EMPTY]
    given[20], given[60] = 1.0, 0.0
    got = node(f"widget.filled({json.dumps(given)}, 7)")
    np.testing.assert_allclose(got, np.interp(np.arange(POINTS), [20, 60], [1, 0]), atol=1e-15)
    assert node("[widget.filled([], 7), widget.filled(new Array(81).fill(null), 7)]") == [[7] * POINTS] * 2


def test_a_handle_takes_its_neighbours_along_and_leaves_the_rest(node: Node) -> None:
    before = np.round(np.sin(X), 3)
    after = np.array(node(f"widget.bent({json.dumps(before.tolist())}, 3, 0.5, [-2, 2])"))
    rise = np.interp(np.arange(POINTS), [20, 30, 40], [0, 0.5, 0])
    np.testing.assert_allclose(after, before + rise, atol=1e-3)


@pytest.mark.parametrize("f", ALL, ids=repr)
@pytest.mark.parametrize("order", [0, 1])
def test_the_true_curve_is_right_everywhere(node: Node, f: Elementwise, order: int) -> None:
    said = sentence(node, f, f.derivative(X) if order else f(X), order)
    assert said.startswith("You drew it right to within 0 everywhere")
    # Of these only f' of a function with a kink has a jump, and they all have it at 0.
    kinked = order == 1 and f.facts.smoothness == "C0"
    assert said.endswith(", but for the jump at x = 0.") == kinked


@pytest.mark.parametrize(
    ("f", "order", "drawn", "said"),
    [
        (
            gelu,
            1,
            np.maximum(gelu.derivative(X), 0),
            "You drew it nowhere below 0; it dips to −0.129, at x = −1.41.",
        ),
        (
            gelu,
            1,
            sigmoid(2 * X),
            "The highest you drew is 1; it goes up to 1.13, at x = 1.41.",
        ),
        (
            sigmoid,
            1,
            sigmoid.derivative(X - 1.5),
            "You drew it highest at x = 1.5; it is highest at x = 0.",
        ),
        (
            sigmoid,
            1,
            sigmoid.derivative(X) - 0.2 * (np.abs(X + 2) < 1),
            "You drew it below 0, down to −0.151 at x = −2.9; it is nowhere below 0.",
        ),
        (tanh, 1, 1.4 * tanh.derivative(X), "The highest you drew is 1.4; it goes up to 1, at x = 0."),
        (
            tanh,
            0,
            tanh(X) * (1 - 0.1 * np.maximum(X, 0)),
            "At the right end you drew 0.6; it is 0.999 there.",
        ),
        (
            relu,
            1,
            np.clip((X + 2) / 4, 0, 1),
            "It jumps from 0 to 1 at x = 0; you went from 0.475 to 0.525 there.",
        ),
        (
            tanh,
            0,
            tanh(X - 1),
            "You are farthest off at x = 0.5: you drew −0.462, it is 0.462.",
        ),
        (sigmoid, 1, sigmoid.derivative(X) + 0.03, "You drew it right to within 0.03 everywhere."),
        (
            relu,
            1,
            relu.derivative(X - 0.1),
            "You drew it right to within 0 everywhere, but for the jump at x = 0.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_largest_miss_is_said(node: Node, f: Elementwise, order: int, drawn: Any, said: str) -> None:
    assert sentence(node, f, drawn, order) == said


@pytest.mark.parametrize("f", ALL, ids=repr)
@pytest.mark.parametrize("order", [0, 1])
def test_what_a_sentence_says_is_true(node: Node, f: Elementwise, order: int) -> None:
    """Of curves drawn at random every number is recomputed with actlib."""
    draw = np.random.default_rng(5)
    want = np.asarray(f.derivative(X) if order else f(X))
    fine = np.linspace(-4, 4, 10 * (POINTS - 1) + 1)
    truth = np.asarray(f.derivative(fine) if order else f(fine))
    curves = [
        np.interp(X, np.linspace(-4, 4, 6), draw.uniform(-0.5, 1.5, 6)) + scale * want
        for scale in (0, 0.5, 1, 1)
        for _ in range(4)
    ]
    said = node(
        f"{json.dumps([curve.tolist() for curve in curves])}.map((d) => "
        f"widget.missed({true(f, order)}, d, [-4, 4], 2))"
    )
    for curve, text in zip(curves, said, strict=True):
        numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]

        def at(x: float, heights: Any = want) -> float:
            return float(heights[np.abs(X - x).argmin()])

        def close(value: Any) -> Any:
            return pytest.approx(value, abs=0.006)

        if text.startswith("You are farthest"):
            x, mine, its = numbers
            assert (mine, its) == (close(at(x, curve)), close(at(x)))
            assert abs(mine - its) <= np.abs(curve - want).max() + 0.01
        elif text.startswith("You drew it nowhere"):
            _, low, x = numbers
            assert curve.min() >= 0
            assert low == close(truth.min())
            assert x == close(fine[truth.argmin()])
        elif text.startswith("You drew it below"):
            _, low, x, _ = numbers
            assert truth.min() >= 0
            assert (low, at(x, curve)) == (close(curve.min()),) * 2
        elif found := re.match(r"The (lowest|highest)", text):
            choose = np.min if found[1] == "lowest" else np.max
            mine, its, _ = numbers
            assert mine == close(choose(curve))
            assert its == close(choose(truth))
        elif found := re.match(r"You drew it (lowest|highest)", text):
            first, second = (
                int(each.argmin() if found[1] == "lowest" else each.argmax()) for each in (curve, truth)
            )
            assert numbers == [close(X[first]), close(fine[second])]
        elif found := re.match(r"At the (left|right)", text):
            end = 0 if found[1] == "left" else -1
            assert numbers == [close(curve[end]), close(want[end])]
        else:
            assert text.startswith("It jumps")
            low, high, x, before, after = numbers
            assert (low, high, x) == (
                close(at(0)),
                close(at(0.1)),
                close(0),
            )
            assert (before, after) == (
                close(at(-0.1, curve)),
                close(at(0.1, curve)),
            )


def test_a_steep_curve_has_no_jump(node: Node) -> None:
    steep = "((x) => 1 / (1 + Math.exp(-3000 * x)))"
    assert node(f"[widget.jump({steep}, -0.01, 0.012, 0.05)]") == [None]
    found = node("widget.jump((x) => (x > 0.003 ? 1 : x), -0.01, 0.012, 0.05)")
    assert found == {"x": pytest.approx(0.003), "from": pytest.approx(0.003), "to": 1}


def test_an_address_has_a_drawn_curve_or_none(node: Node) -> None:
    read = "widget.default.settings.drawn"
    good = [0.25, None, *[-0.5] * (POINTS - 2)]
    text = " ".join("null" if height is None else f"{height:g}" for height in good)
    given = [text, "", "0 1", text.replace("0.25", "7"), text.replace("0.25", "x"), text + " 0"]
    got = node(f"{json.dumps(given)}.map((text) => {read}(text, () => [-0.5, 1.5]) ?? 'refused')")
    assert got == [good, [], *["refused"] * 4]
