"""The curve explorer's Python side: state, texts, picture, errors."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from actlib import Sigmoid, activations, sigmoid, tanh
from actlib.contract.activation import Elementwise
from actlib.course.widgets import CurveExplorer
from tests.course.widgets.examples import BETAS, Gated, Ramp, explorers

FUNCTIONS: list[Elementwise] = [f for f in activations.values() if isinstance(f, Elementwise)]


def numbers(texts: str) -> Any:
    return np.array(texts.split(" "), dtype=float)


def wire(text: str) -> int:
    return len(gzip.compress(text.encode(), 6))


@pytest.mark.parametrize("f", [*FUNCTIONS, Ramp(), Gated()], ids=lambda f: f.name)
def test_every_number_is_one_that_actlib_computed(f: Elementwise) -> None:
    widget = CurveExplorer(f)
    for view in widget.views.values():
        x = numbers(view["x"])
        for texts, exact in ((view["f"], f(x)), (view["derivative"], f.derivative(x))):
            (line,) = texts
            np.testing.assert_allclose(numbers(line), exact, rtol=5.0001e-5, atol=0)
            assert all(
                float(text) == float(f"{value:.4e}") for text, value in zip(line.split(), exact, strict=True)
            )


def test_a_function_without_facts_is_named_by_its_class() -> None:
    class Bend(Ramp):
        facts = None  # type: ignore[assignment]

    widget = CurveExplorer(Bend())
    assert widget.title == "Bend"
    assert widget.picture().caption.startswith("Bend: the function, its derivative")
    assert CurveExplorer(Ramp()).title == Ramp().facts.title


@pytest.mark.parametrize(
    ("x_range", "ends", "step"),
    [
        ((-8, 8), (-8, 8), 0.05),
        ((-4, 4), (-4, 4), 0.02),
        ((-0.331, 0.5), (-0.332, 0.5), 0.002),
        ((0.3, 500), (0, 500), 2),
    ],
)
def test_grid_covers_the_range_in_round_steps_through_zero(
    x_range: tuple[float, float], ends: tuple[float, float], step: float
) -> None:
    texts = CurveExplorer(sigmoid, x_range=x_range, x=x_range[1]).views["linear"]["x"].split(" ")
    assert (float(texts[0]), float(texts[-1])) == ends
    assert {round(float(b) - float(a), 9) for a, b in pairwise(texts)} == {step}
    assert 0.0 in map(float, texts)
    assert not any(text.startswith("-") and float(text) == 0 for text in texts)


def test_log_view_shows_tails_that_do_not_end_in_zero() -> None:
    view = CurveExplorer(sigmoid).views["log"]
    f, slope = numbers(view["f"][0]), numbers(view["derivative"][0])
    assert f[0] < 1e-16
    assert slope[0] < 1e-16
    assert slope[-1] < 1e-16
    assert np.all(f > 0)
    assert np.all(slope > 0)


def test_a_derivative_off_by_a_millionth_changes_the_output() -> None:
    @dataclass(frozen=True)
    class Off(Sigmoid):
        def _derivative(self, x: Any) -> Any:
            return super()._derivative(x) * (1 + 1e-6)

    Off.__qualname__ = "Sigmoid"
    good, bad = CurveExplorer(sigmoid), CurveExplorer(Off())
    assert good.portable()["state"]["title"] == bad.portable()["state"]["title"]
    assert good.portable() != bad.portable()


def test_text_tests_the_state() -> None:
    widget = CurveExplorer(Gated(), parameter="beta", values=BETAS, x=1)
    assert repr(widget) == (
        "CurveExplorer(Gated(beta=1.0)): at x = 1.0, f = 0.73106 and f' = 0.92767; "
        "161 points from -8.0 to 8.0; beta from 0.25, 0.5, 1, 2, 4"
    )
    widget.value = 2
    assert repr(widget).startswith("CurveExplorer(Gated(beta=2.0)): at x = 1.0, f = 0.88080 and f' = 1.0908;")
    widget.powers = True
    widget.x = -40
    assert "at x = -40.0, f = -7.2194e-34 and f' = -1.4258e-33; 161 points from -40.0 to 40.0" in repr(widget)


def test_a_family_is_each_value_of_the_parameter() -> None:
    widget = CurveExplorer(Gated(), parameter="beta", values=np.array(BETAS))
    assert widget.functions == [Gated(beta) for beta in BETAS]
    assert widget.values == BETAS
    assert widget.value == 1
    assert widget.f == Gated()
    view = widget.views["linear"]
    assert len(view["f"]) == len(view["derivative"]) == len(BETAS)
    assert len(set(view["f"])) == len(BETAS)


def test_x_stays_on_the_grid() -> None:
    widget = CurveExplorer(sigmoid, x=0.512)
    assert widget.x == 0.5
    widget.x = 0.53
    assert widget.x == 0.55
    with pytest.raises(ValueError, match=r"x must lie between -8 and 8, got 9"):
        widget.x = 9
    assert widget.x == 0.55
    widget.powers = True
    widget.x = -30
    widget.powers = False
    assert widget.x == -8
    assert widget.at == ("-8.00", "0.00033535", "0.00033524")


def test_front_end_may_change_scale_and_x_at_once() -> None:
    widget = CurveExplorer(sigmoid)
    widget.set_state({"powers": True, "x": -30.0})
    assert (widget.powers, widget.x) == (True, -30)
    widget.set_state({"x": -8.0, "powers": False})
    assert (widget.powers, widget.x) == (False, -8)


def test_answers_are_texts_of_the_truth() -> None:
    states = {name: widget.portable()["state"] for name, widget in explorers().items()}
    assert states["plain"]["answers"] == []
    assert states["question"]["answers"] == ["0"]
    assert states["family"]["answers"] == ["-5.114", "-2.557", "-1.278", "-0.6392", "-0.3196"]
    assert all(state["guess"] is None for state in states.values())


@pytest.mark.parametrize("name", explorers())
def test_picture_says_what_it_shows(name: str) -> None:
    widget = explorers()[name]
    picture = widget.picture()
    assert f"<title>{picture.caption}</title>" in picture.source
    assert f"<desc>{picture.alt}</desc>" in picture.source
    assert widget.title in picture.caption
    assert f"tangent at x = {widget.x:g}" in picture.alt
    slope = f"its slope {float(widget.at[2]):.5g}."
    assert (slope in picture.alt) == (not widget.question)
    assert widget.symbol in picture.source


def test_picture_follows_the_state() -> None:
    widget = CurveExplorer(Gated(), parameter="beta", values=BETAS)
    before = widget.picture()
    widget.value = 4
    assert "beta = 4" in widget.picture().caption
    assert widget.picture().source != before.source


@pytest.mark.parametrize("name", explorers())
def test_a_page_pays_little(name: str) -> None:
    assert wire(json.dumps(explorers()[name].portable())) <= 12 * 1024


@pytest.mark.parametrize(
    ("f", "arguments", "error", "message"),
    [
        (
            np.tanh,
            {},
            TypeError,
            r"f must be an element-wise activation such as actlib.sigmoid, or .*Elementwise .*, got <ufunc",
        ),
        (Sigmoid, {}, TypeError, r"f must be an element-wise activation .*, got <class"),
        (tanh, {"x_range": (3, 3)}, ValueError, r"x_range must be two finite numbers, .*, got \(3, 3\)"),
        (tanh, {"tail_range": (0, np.inf)}, ValueError, r"tail_range must be two finite numbers, .* inf\)"),
        (tanh, {"x": 8.5}, ValueError, r"x must lie between -8 and 8, got 8.5"),
        (tanh, {"x": np.nan}, ValueError, r"x must lie between -8 and 8, got nan"),
        (
            tanh,
            {"parameter": "beta", "values": [1, 2]},
            ValueError,
            r"Tanh's fields \(it has none\), got 'beta'",
        ),
        (Gated(), {"parameter": "bta", "values": [1, 2]}, ValueError, r"Gated's fields \(beta\), got 'bta'"),
        (
            Gated(),
            {"parameter": "beta"},
            ValueError,
            r"values must hold .* increasing values of beta, got None",
        ),
        (Gated(), {"values": [1, 2]}, ValueError, r"values need a parameter, got values=\[1, 2\]"),
        (Gated(), {"parameter": "beta", "values": [1]}, ValueError, r"at least two increasing .*, got \[1\]"),
        (
            Gated(),
            {"parameter": "beta", "values": [2, 1]},
            ValueError,
            r"at least two increasing .*, got \[2, 1\]",
        ),
        (
            Gated(),
            {"parameter": "beta", "values": [2, 3]},
            ValueError,
            r"contain the beta of f, 1.0, got \[2, 3\]",
        ),
        (Gated(), {"parameter": "beta", "values": [-1, 1]}, ValueError, r"beta must be > 0, got -1"),
        (
            tanh,
            {"question": "Where?"},
            ValueError,
            r"question and answer must come together, got 'Where\?' and None",
        ),
        (tanh, {"answer": 1}, ValueError, r"question and answer must come together, got None and 1"),
        (tanh, {"question": "?", "answer": 9}, ValueError, r"answer must lie in x_range, -8 to 8, got 9"),
        (
            tanh,
            {"question": "?", "answer": 0, "tolerance": 0},
            ValueError,
            r"tolerance must be positive .*, got 0",
        ),
        (
            Gated(),
            {"question": "?", "answer": 0, "parameter": "beta", "values": [1, 2]},
            ValueError,
            r"answer must be a function of f where beta varies, got 0",
        ),
    ],
)
def test_errors_name_argument_rule_and_value(
    f: Any, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        CurveExplorer(f, **arguments)


def test_a_value_is_moved_to_one_of_those_given() -> None:
    widget = CurveExplorer(Gated(), parameter="beta", values=BETAS)
    widget.value = np.float32(1.9)
    assert widget.value == 2


@pytest.mark.parametrize(
    ("parameter", "name", "value", "message"),
    [
        (None, "value", 1, r"value needs a parameter, got value=1.0 and no parameter"),
        ("beta", "value", 5, r"value must lie between 0.25 and 4, got 5"),
        ("beta", "value", None, r"value must be one of the values of beta, got None"),
        ("beta", "guess", 99, r"guess must lie between -40 and 40, got 99"),
        ("beta", "guess", np.nan, r"guess must lie between -40 and 40, got nan"),
    ],
)
def test_state_must_stay_sound(parameter: str | None, name: str, value: Any, message: str) -> None:
    widget = CurveExplorer(Gated(), parameter=parameter, values=parameter and BETAS)
    with pytest.raises(ValueError, match=message):
        setattr(widget, name, value)


def test_the_derivative_is_veiled_until_the_guess() -> None:
    widget = CurveExplorer(sigmoid, symbol="s", x=2, question="Where is the slope steepest?", answer=0)
    slope = widget.at[2]
    assert slope not in repr(widget)
    for text in (widget.picture().source, widget.picture().caption, widget.picture().alt):
        assert not re.search("s\N{PRIME}|[Ss]lope|derivative|Dashed", text)
    dashed = "stroke-dasharray: 10"
    assert dashed not in widget.picture().source
    widget.guess = 0.5
    assert slope in repr(widget)
    assert "derivative" in widget.picture().caption
    assert widget.picture().source.count(dashed) == 1
