"""What PReLU's room states about its kink and its learned slope."""

import numpy as np
import pytest

from actlib import PReLU, prelu


def test_the_instance_is_the_class_with_its_defaults():
    assert prelu == PReLU() == PReLU(0.25)
    assert repr(prelu) == "PReLU(negative_slope=0.25)"
    assert prelu.learned == "negative_slope"


@pytest.mark.parametrize("slope", [-1, 0, 0.2, 1, 3])
def test_derivatives_at_the_kink(slope):
    f = PReLU(slope)
    assert f.derivative([-5e-324, -0.0, 0.0, 5e-324]).tolist() == [slope, slope, slope, 1]
    assert f.second_derivative([-0.0, 0.0]).tolist() == [0, 0]


def test_derivative_with_respect_to_the_slope_is_the_negative_part():
    x = np.array([-np.inf, -3.0, -0.0, 0.0, 3.0, np.inf])
    assert [prelu.parameter_vjp(point, 1.0) for point in x] == [-np.inf, -3, 0, 0, 0, 0]


def test_a_learned_step_finds_the_slope():
    x = np.random.default_rng(0).normal(size=200)
    wanted, f = PReLU(0.6)(x), prelu
    for _ in range(50):
        f = PReLU(f.negative_slope - 0.5 * f.parameter_vjp(x, (f(x) - wanted) / x.size))
    assert f.negative_slope == pytest.approx(0.6, abs=1e-3)
