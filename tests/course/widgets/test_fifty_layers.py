"""The Python side of the fifty layers: state, network, law, texts, picture, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import traitlets

from actlib import relu, softmax
from actlib.course.widgets import FiftyLayers
from actlib.course.widgets.fifty_layers import Sizes
from actlib.measure import gradient_through_depth


def test_state_is_the_settings() -> None:
    state = FiftyLayers("elu", gain=1.2, depth=20, seed=3).portable()["state"]
    assert {name: state[name] for name in ("function", "gain", "depth", "seed")} == {
        "function": "elu",
        "gain": 1.2,
        "depth": 20,
        "seed": 3,
    }
    assert state["functions"][-1] == "gelu_tanh"
    assert state["labels"][-1] == "GELU, tanh form"
    assert softmax.name not in state["functions"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"function": "softmax"}, r"function must be one of \['sigmoid', .*got 'softmax'"),
        ({"gain": 0.2}, "gain must lie between 0.25 and 16, got 0.2"),
        ({"gain": float("nan")}, "gain must lie between 0.25 and 16, got nan"),
        ({"depth": 51}, "depth must lie between 5 and 50, got 51"),
        ({"seed": -1}, "seed must lie between 0 and 999, got -1"),
        ({"title": ""}, "title must say something, got ''"),
    ],
)
def test_what_is_out_of_range_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FiftyLayers(**given)
    if "title" not in given:
        widget = FiftyLayers()
        with pytest.raises(ValueError, match=message):
            setattr(widget, *next(iter(given.items())))


def test_a_depth_is_an_integer() -> None:
    with pytest.raises(traitlets.TraitError, match=r"got 7\.5|expected an int"):
        FiftyLayers(depth=7.5)  # type: ignore[arg-type]


def test_a_deeper_network_begins_with_the_layers_of_a_shallower_one() -> None:
    shallow, deep = (FiftyLayers("tanh", depth=depth).send() for depth in (5, 8))
    np.testing.assert_array_equal(shallow[0].signal, deep[0].signal[:6])
    other = FiftyLayers("tanh", depth=5, seed=2).send()[0]
    assert not np.any(np.isclose(shallow[0].signal[1:], other.signal[1:], rtol=1e-6))


def test_for_relu_sizes_are_powers_of_the_gain() -> None:
    one, two = (FiftyLayers("relu", gain=gain, depth=6).send()[0] for gain in (1, 2))
    powers = 2.0 ** np.arange(7)
    np.testing.assert_allclose(two.signal, one.signal * powers, rtol=1e-12)
    np.testing.assert_allclose(two.gradient, one.gradient * powers[::-1], rtol=1e-12)
    assert one.gradient[-1] == 1


@pytest.mark.parametrize(("name", "gain"), [("relu", 2**0.5), ("tanh", 1.5), ("mish", 1.0)])
def test_law_and_network_agree_with_other_networks(name: str, gain: float) -> None:
    widget = FiftyLayers(name, gain=gain, depth=6)
    wide = gradient_through_depth(widget.f, gain, depth=6, width=256, batch=16, seeds=(0, 1))
    for sizes in (widget.law(), widget.send()[0]):
        assert isinstance(sizes, Sizes)
        np.testing.assert_allclose(sizes.signal, wide.signal, rtol=0.3)
        np.testing.assert_allclose(sizes.gradient, wide.gradient, rtol=0.3)


def test_the_text_has_the_read_outs() -> None:
    widget = FiftyLayers("relu", gain=2, depth=6)
    found, law = widget.send()[0], widget.law()
    assert widget.f is relu
    assert law.signal[-1] == pytest.approx(2**3)
    assert repr(widget) == (
        f"FiftyLayers('relu', gain=2, depth=6, seed=1):\n"
        f"signal in layer 6 = {found.signal[-1]:.3g}, by the law 8; "
        f"gradient in layer 0 = {found.gradient[0]:.3g}, by the law 8"
    )


def test_the_picture_tells_both_courses() -> None:
    picture = FiftyLayers("relu", gain=2, depth=6).picture()
    assert picture.caption.startswith(
        "Signal and gradient through random layers: ReLU, gain g = 2, 6 layers. "
    )
    assert "the law for the signal: from 1 in layer 0 to 8 in layer 6" in picture.alt
    assert "the law for the gradient: from 8 in layer 0 to 1 in layer 6" in picture.alt
