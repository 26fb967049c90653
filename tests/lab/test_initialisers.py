"""Weights begin with the variance that their initialiser promises."""

import numpy as np
import pytest

from actlib import activations, sigmoid, tanh
from actlib.contract.activation import Elementwise
from actlib.lab import Network, by_gain, gain_of, he, lecun, own_gain, pytorch_default, xavier

FAN_IN, FAN_OUT = 500, 300


def draw(initialise, before=None):
    return initialise(np.random.default_rng(0), FAN_IN, FAN_OUT, before)


@pytest.mark.parametrize(
    ("initialise", "before", "deviation"),
    [
        (lecun, tanh, FAN_IN**-0.5),
        (he, tanh, (2 / FAN_IN) ** 0.5),
        (by_gain(3), tanh, 3 * FAN_IN**-0.5),
        (own_gain, sigmoid, 1.846229 * FAN_IN**-0.5),
        (own_gain, tanh, 1.592537 * FAN_IN**-0.5),
        (own_gain, None, FAN_IN**-0.5),
        (xavier, tanh, (2 / (FAN_IN + FAN_OUT)) ** 0.5),
        (pytorch_default, tanh, (3 * FAN_IN) ** -0.5),
    ],
)
def test_standard_deviation(initialise, before, deviation):
    weight, bias = draw(initialise, before)
    assert weight.shape == (FAN_IN, FAN_OUT)
    assert weight.std() == pytest.approx(deviation, rel=0.01)
    assert abs(weight.mean()) < 0.02 * deviation
    assert bias.shape == (FAN_OUT,)
    if initialise is not pytorch_default:
        assert not bias.any()


def test_pytorch_default_is_uniform_and_has_a_bias():
    weight, bias = draw(pytorch_default)
    for array in (weight, bias):
        bound = FAN_IN**-0.5
        assert np.abs(array).max() <= bound
        assert np.abs(array).max() > 0.98 * bound
        assert array.std() == pytest.approx(bound / 3**0.5, rel=0.05)


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_gain_makes_the_mean_square_one(f):
    """Softmax outputs have a mean square that depends on the width."""
    width = 64
    z = np.random.default_rng(1).normal(size=(4000, width * getattr(f, "pieces", 1)))
    assert np.mean(np.square(gain_of(f, width) * f(z))) == pytest.approx(1, rel=0.03)
    if isinstance(f, Elementwise):
        assert gain_of(f, width) == f.facts.moments.gain


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_own_gain_keeps_pre_activations_near_one(f):
    x = np.random.default_rng(2).normal(size=(200, 300))
    network = Network([300, 300, 300, 300], f)
    for z in network.forward(x).linear:
        assert np.mean(np.square(z)) == pytest.approx(1, rel=0.2)


@pytest.mark.parametrize("gain", [-1, np.nan, np.inf])
def test_bad_gain(gain):
    with pytest.raises(ValueError, match=f"gain must be >= 0 and finite, got {gain}"):
        by_gain(gain)
