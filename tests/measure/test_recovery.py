"""The published table of recoveries comes out again."""

from functools import cache
from inspect import signature

import numpy as np
import pytest

from actlib import LeakyReLU, elu, gelu, mish, relu, sigmoid, softmax, softplus, swish
from actlib.measure import Recovery, recovery

run = cache(recovery)  # one that never recovers takes a second or two


@pytest.mark.parametrize(
    ("f", "steps"),
    [
        (relu, (None, None, None)),
        (LeakyReLU(0.01), (621, 1533, 2719)),
        (LeakyReLU(0.2), (26, 56, 85)),
        (elu, (23, 485, None)),
        (softplus, (46, 805, None)),
        (swish, (None, None, None)),
        (gelu, (None, None, None)),
        (mish, (None, None, None)),
    ],
    ids=repr,
)
def test_steps(f, steps):
    """The same experiment, measured with other code."""
    # The longest recovery takes 2719 steps; the chapters wait for all 20 000 of the others.
    assert (run(f, -3).steps, *(run(f, bias, limit=4000).steps for bias in (-6, -10))) == steps


@pytest.mark.parametrize(("f", "bias"), [(swish, -10.64), (gelu, -4.64)], ids=["swish", "gelu"])
def test_a_negative_slope_pushes_the_unit_away(f, bias):
    assert run(f, -3).bias == pytest.approx(bias, abs=0.005)


def test_a_dead_unit_does_not_move():
    result = recovery(relu, -3)
    assert (result.weight, result.bias) == (1, -3)
    assert recovery(relu, -3, limit=10**9) == result


def test_one_step_by_hand():
    x = np.random.default_rng(4).uniform(-1, 1, 3)
    z = x - 5
    slope = 2 * (sigmoid(z) - np.maximum(x, 0) - 1) * sigmoid.derivative(z) / 3
    result = recovery(sigmoid, -5, learning_rate=0.25, limit=1, points=3, seed=4)
    assert result.steps is None
    assert result.weight == pytest.approx(1 - 0.25 * np.sum(slope * x), rel=1e-14)
    assert result.bias == pytest.approx(-5 - 0.25 * np.sum(slope), rel=1e-14)


def test_steps_are_counted_from_the_start():
    assert recovery(sigmoid, 0) == Recovery(steps=0, weight=1, bias=0)
    assert recovery(sigmoid, 0, limit=0).steps == 0
    steps = recovery(sigmoid, -3).steps
    assert recovery(sigmoid, -3, limit=steps).steps == steps
    assert recovery(sigmoid, -3, limit=steps - 1).steps is None


def test_divergence_is_silent():
    result = recovery(swish, -3, learning_rate=1e308)
    assert result.steps is None
    assert np.isfinite([result.weight, result.bias]).all()
    assert recovery(LeakyReLU(1), -1.7e308).bias == -1.7e308  # twice that overflows


def test_zero_is_not_positive():
    x = np.random.default_rng(0).uniform(-1, 1, 1)
    assert recovery(relu, -x.item(), points=1).steps is None


def test_stated_defaults():
    defaults = [parameter.default for parameter in signature(recovery).parameters.values()]
    assert defaults[2:] == [0.1, 20_000, 200, 0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"f": softmax}, TypeError, "f must be an element-wise activation, got Softmax"),
        ({"start_bias": np.nan}, ValueError, "start_bias must be finite, got nan"),
        ({"learning_rate": 0}, ValueError, "learning_rate must be > 0 and finite, got 0"),
        ({"learning_rate": np.inf}, ValueError, "learning_rate must be > 0 and finite, got inf"),
        ({"limit": -1}, ValueError, "limit must be >= 0, got -1"),
        ({"points": 0}, ValueError, "points must be >= 1, got 0"),
    ],
)
def test_bad_input(arguments, error, message):
    with pytest.raises(error, match=message):
        recovery(**{"f": relu, "start_bias": -3, **arguments})
