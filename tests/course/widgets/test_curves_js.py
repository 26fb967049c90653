"""The curves' JavaScript, run by node."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actlib.course.widgets import Curves
from tests.course.widgets.examples import curves

Node = Callable[[str], Any]
WIDGET = Curves
WIDGETS = {**curves(), **{name: Curves(name, reach=8) for name in ("prelu", "elu", "softplus", "gelu_tanh")}}


@pytest.mark.parametrize("name", WIDGETS)
def test_the_page_computes_what_actlib_does(node: Node, name: str) -> None:
    widget = WIDGETS[name]
    value = json.dumps(widget.function_value).replace("null", "undefined")
    found = node(f"widget.curve({widget.function!r}, {value}, widget.abscissae({widget.reach}))")
    (f, *_) = widget.shown
    x = widget._grid()
    np.testing.assert_allclose(found[0], f(x), rtol=4e-15, atol=1e-300)
    np.testing.assert_allclose(found[1], f.derivative(x), rtol=1e-14, atol=2e-16)


def test_the_page_finds_the_same_distance(node: Node) -> None:
    widget = Curves("swish", value=2.5, beside="relu", reach=8)
    lines = ", ".join(
        f"widget.curve({name!r}, {value}, widget.abscissae(8))[0]"
        for name, value in (("swish", 2.5), ("relu", "undefined"))
    )
    found = node(f"widget.farthest(widget.abscissae(8), {lines})")
    assert (found["most"], found["at"]) == pytest.approx(widget.distance, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "wanted"), [(0.123, 0.12), (-9, -4), (4.2, 4), (0.15, 0.16), (1e-9, 0), (-0.02, 0)]
)
def test_x_goes_by_steps(node: Node, value: float, wanted: float) -> None:
    assert node(f"widget.stepped({value}, [-4, 4, 0.04])") == pytest.approx(wanted)
