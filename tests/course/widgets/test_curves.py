"""The curves' Python side."""

from __future__ import annotations

import numpy as np
import pytest
from traitlets import TraitError

from actlib import ELU, GELU, Swish, gelu, relu, swish, tanh
from actlib.course.widgets import Curves
from actlib.course.widgets.curves import RANGES
from actlib.course.widgets.parts import FUNCTIONS


def test_the_functions_are_those_with_a_slope_at_each_x() -> None:
    assert FUNCTIONS["gelu_tanh"] == GELU(approximate="tanh")
    assert FUNCTIONS.keys() - {"gelu_tanh"} == {
        name for name, f in FUNCTIONS.items() if name == f.name and f != GELU(approximate="tanh")
    }
    for name, (parameter, low, high, step) in RANGES.items():
        default = getattr(FUNCTIONS[name], parameter)
        assert low <= default <= high
        assert (default - low) / step == pytest.approx(round((default - low) / step))


def test_a_new_function_begins_with_its_default() -> None:
    widget = Curves("elu", value=2)
    assert widget.shown == [ELU(alpha=2)]
    widget.function = "swish"
    assert (widget.function_value, widget.shown) == (1, [Swish()])
    widget.function = "tanh"
    assert (widget.function_value, widget.shown) == (None, [tanh])
    widget.beside = "prelu"
    assert widget.beside_value == 0.25
    widget.beside = ""
    assert (widget.beside_value, widget.shown) == (None, [tanh])
    widget.beside, widget.beside_value = "elu", None
    assert widget.shown == [tanh, ELU()]


@pytest.mark.parametrize(
    ("trait", "value", "message"),
    [
        ("function", "sin", r"function must be one of \['sigmoid', .*, got 'sin'"),
        ("function", "", r"function must be one of .*, got ''"),
        ("beside", "softmax", r"beside must be one of \['', .*, got 'softmax'"),
        ("function_value", 11, r"function_value, the beta of swish, must lie between 0 and 10, got 11"),
        ("beside_value", 1, r"beside_value must be None, relu has no parameter, got 1"),
        ("reach", 5, r"reach must be one of \[4\.0, 8\.0, 40\.0\], got 5"),
        ("x", 4.5, r"x must lie between -4 and 4, got 4\.5"),
        ("x", float("nan"), r"x must lie between -4 and 4, got nan"),
        ("title", "Mine", r"title of a Curves is set when it is made"),
    ],
)
def test_what_it_cannot_show_is_refused(trait: str, value: object, message: str) -> None:
    widget = Curves("swish", beside="relu")
    before = widget.portable()
    with pytest.raises((ValueError, TraitError), match=message):
        setattr(widget, trait, value)
    assert widget.portable() == before


def test_a_title_must_say_something() -> None:
    with pytest.raises(ValueError, match="title must say something, got ''"):
        Curves("tanh", title="")


def test_a_closer_look_keeps_x_inside() -> None:
    widget = Curves("tanh", x=30, reach=40)
    widget.reach = 4
    assert widget.x == 4


def test_the_distance_is_that_of_the_functions() -> None:
    widget = Curves("swish", beside="relu", reach=8)
    x = np.linspace(-8, 8, 100_001)
    most, at = widget.distance
    assert most == pytest.approx(np.abs(swish(x) - relu(x)).max(), rel=1e-3)
    assert abs(swish(at) - relu(at)) == pytest.approx(most)
    with pytest.raises(ValueError, match="a distance needs two functions"):
        Curves("swish").distance  # noqa: B018


def test_text_and_picture_say_what_is_shown() -> None:
    widget = Curves("gelu", beside="elu", beside_value=0.5, x=-1)
    text = repr(widget)
    assert text.startswith(
        "Curves('A function and its slope'): GELU and ELU with alpha = 0.5 at x = −1, f = "
    )
    for value in (gelu(-1.0), gelu.derivative(-1.0), ELU(alpha=0.5)(-1.0), ELU(alpha=0.5).derivative(-1.0)):
        assert f"{value:.6g}".replace("-", "−") in text
    picture = widget.picture()
    assert "Dash-dotted line, the slope of ELU:" in picture.alt
    assert "f′ = " in picture.caption
