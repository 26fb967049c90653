"""The drawn guess's Python side: state, text, picture, errors."""

from __future__ import annotations

import gzip
import json
from typing import Any, cast

import numpy as np
import pytest

from actlib import ELU, GELU, PReLU, Swish, activations, gelu, relu, softmax, swish, tanh
from actlib.contract.activation import Elementwise
from actlib.course.widgets import DrawGuess, modules
from actlib.course.widgets.draw_guess import POINTS
from actlib.course.widgets.parts import engine_name
from tests.course.widgets.examples import Gated, guesses
from tests.reference import elementwise

X = np.linspace(-4, 4, POINTS)
LEVEL = [0.5] * POINTS


def test_the_state_is_the_settings_alone() -> None:
    assert DrawGuess(swish).portable()["state"] == {
        "title": "Swish",
        "symbol": "f",
        "question": "Draw f′, the slope of f at every x.",
        "function": "swish",
        "parameter": 1.0,
        "order": 1,
        "x_range": [-4.0, 4.0],
        "y_range": [-0.5, 1.5],
        "drawn": [],
        "guess": None,
    }


def test_the_page_pays_little() -> None:
    own = [text for name, text in modules.files("draw_guess.js").items() if name.startswith("draw")]
    own += modules.style(("drawing.css", "draw_guess.css")).values()
    assert sum(len(gzip.compress(text.encode(), 6)) for text in own) <= 8 * 1024
    made = DrawGuess(gelu)
    made.drawn = made.guess = np.round(gelu.derivative(X), 4).tolist()
    assert len(json.dumps(made.portable())) <= 2048


@pytest.mark.parametrize(
    ("f", "name"),
    [
        *[(f, (f.name, None)) for f in elementwise if f.name in ("sigmoid", "relu", "mish", "gelu")],
        (GELU(approximate="tanh"), ("gelu_tanh", None)),
        (Swish(beta=2), ("swish", 2.0)),
        (PReLU(negative_slope=0), ("prelu", 0.0)),
    ],
)
def test_the_page_s_name_of_a_function(f: Elementwise, name: Any) -> None:
    assert engine_name(f) == name


@pytest.mark.parametrize("f", elementwise, ids=lambda f: f.name)
@pytest.mark.parametrize("order", [0, 1])
def test_every_function_of_the_book_can_be_drawn(f: Elementwise, order: int) -> None:
    made = DrawGuess(f, order, question="A description.")
    low, high = made.y_range
    true = f.derivative(X) if order else f(X)
    assert low < true.min()
    assert true.max() < high


def test_the_title_has_a_parameter_that_is_not_the_default() -> None:
    assert DrawGuess(ELU(alpha=0.5)).title == "ELU with alpha = 0.5"
    assert DrawGuess(GELU(approximate="tanh")).title == "GELU, tanh form"
    assert DrawGuess(gelu, title="Which is it?").title == "Which is it?"


def test_the_distance_is_that_of_the_two_curves() -> None:
    made = DrawGuess(gelu)
    made.drawn = made.guess = LEVEL
    off = np.abs(gelu.derivative(X) - 0.5)
    assert made.distance == pytest.approx((off.mean(), off.max(), X[off.argmax()]))
    made = DrawGuess(tanh, 0, question="?")
    made.drawn = made.guess = LEVEL
    assert made.distance[0] == pytest.approx(np.abs(tanh(X) - 0.5).mean())


@pytest.mark.parametrize("name", guesses())
def test_nothing_tells_the_answer_before_it_is_asked_for(name: str) -> None:
    made = guesses()[name]

    def forms() -> list[str]:
        picture = made.picture()
        return [repr(made), picture.caption, picture.alt, picture.source]

    before = forms()
    assert not any("true" in text or "distance" in text for text in before[:3])
    # Its curves are the given one alone: what is drawn of another function with the same one is the same.
    assert before[3].count("line2d") == guesses()[name].picture().source.count("line2d")
    made.guess = []
    after = forms()
    assert "true" in after[2]
    assert after[3].count("stroke-dasharray") == before[3].count("stroke-dasharray") + 1


def test_another_line_begins_anew() -> None:
    made = DrawGuess(gelu)
    made.drawn = made.guess = LEVEL
    made.drawn = [0.25] * POINTS
    assert made.guess is None
    assert "drawn at 81 of 81 points" in repr(made)
    made.drawn = [None] * 80 + [0.25]
    assert "drawn at 1 of 81 points" in repr(made)
    made.drawn = made.guess = []
    assert "shown without a guess" in repr(made)
    with pytest.raises(ValueError, match=r"distance needs a guess that was drawn, got guess=\[\]"):
        _ = made.distance


def test_the_picture_shows_what_was_drawn_and_the_true_curve() -> None:
    made = DrawGuess(gelu)
    made.drawn = made.guess = LEVEL
    alt = made.picture().alt
    assert "Thick line: the f′ that was drawn" in alt
    assert "Dashed line: the true f′, between -0.1289 and 1.1289" in alt


@pytest.mark.parametrize(
    ("give", "error", "message"),
    [
        (
            lambda: DrawGuess(cast(Any, softmax)),
            TypeError,
            r"f must be one of the book's element-wise .*, got Softmax",
        ),
        (lambda: DrawGuess(Gated()), TypeError, r"f must be one of the book's element-wise .*, got Gated"),
        (lambda: DrawGuess(gelu, 2), ValueError, r"order must be 0, to draw f, or 1, to draw f', got 2"),
        (lambda: DrawGuess(gelu, 0), ValueError, r"question must describe f where order is 0, got None"),
        (lambda: DrawGuess(gelu, x_range=(1, 1)), ValueError, r"x_range must be two finite .*, got \(1, 1\)"),
        (
            lambda: DrawGuess(gelu, y_range=(0, 2)),
            ValueError,
            r"y_range must hold the curve, -0.129 to 1.13, got \(0.0, 2.0\)",
        ),
        (
            lambda: DrawGuess(ELU(alpha=3)),
            ValueError,
            r"y_range must hold the curve, 0.0549 to 3, got \(-1.5, 1.5\)",
        ),
    ],
)
def test_errors_name_argument_rule_and_value(give: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        give()


@pytest.mark.parametrize("name", ["drawn", "guess"])
def test_a_curve_has_all_its_heights_in_the_plot(name: str) -> None:
    made = DrawGuess(relu)
    with pytest.raises(ValueError, match=rf"{name} must hold 81 heights or none, got 3"):
        setattr(made, name, [0.0, 1.0, 0.0])
    with pytest.raises(ValueError, match=rf"a height in {name} must lie between -0.5 and 1.5, got 2"):
        setattr(made, name, [2.0] * POINTS)
    assert (made.drawn, made.guess) == ([], None)


def test_every_function_of_the_engine_is_one_of_the_book() -> None:
    text = (modules.HERE / "../../live/activations.js").read_text("utf-8")
    for f in activations.values():
        if isinstance(f, Elementwise):
            assert f"\n  {engine_name(f)[0]}: " in text
