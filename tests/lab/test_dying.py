"""Published shares of dead units come out again."""

import numpy as np
import pytest

from actlib import LeakyReLU, elu, gelu, relu, tanh
from actlib.lab import dying


@pytest.mark.parametrize(
    ("f", "loss", "never_positive"),
    [
        (relu, 0.327, 0.90),
        (LeakyReLU(0.01), 0.124, 0.85),
        (LeakyReLU(0.2), 0.048, 0.00),
        (elu, 0.033, 0.00),
        (gelu, 0.038, 0.06),
    ],
    ids=repr,
)
def test_a_high_learning_rate(f, loss, never_positive):
    """Loss and shares of the same experiment, measured with other code."""
    result = dying(f, learning_rate=0.07)
    assert result.loss == pytest.approx(loss, abs=0.0006)
    assert result.never_positive == pytest.approx(never_positive, abs=0.005)
    assert result.dead == (result.never_positive if f == relu else 0)
    assert result.stopped == 0


@pytest.mark.parametrize("f", [relu, LeakyReLU(0.01), elu], ids=repr)
def test_a_lower_one_kills_nothing(f):
    result = dying(f, learning_rate=0.03)
    assert result.loss == pytest.approx(0.045, abs=0.005)
    assert result.never_positive == result.dead == 0


def test_a_low_bias_kills_from_the_start():
    assert dying(relu, 0.01, bias=-100, steps=3, seeds=(0,)).dead == 1


def test_divergence_is_counted():
    assert dying(relu, 1e6, steps=50, seeds=(0, 1)).stopped == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, "steps must be >= 1, got 0"),
        ({"width": 0}, "width must be >= 1, got 0"),
        ({"samples": 0}, "samples must be >= 1, got 0"),
        ({"seeds": ()}, r"len\(seeds\) must be >= 1, got 0"),
        ({"bias": np.nan}, "bias must be finite, got nan"),
        ({"learning_rate": 0}, "learning_rate must be > 0 and finite, got 0"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        dying(tanh, **{"learning_rate": 0.1, **arguments})
