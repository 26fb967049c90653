"""What LeakyReLU's room states about its slopes and its kink."""

import numpy as np
import pytest

from actlib import LeakyReLU, leaky_relu

X = np.array([-np.inf, -2.0, 2.0, np.inf])


def test_the_instance_is_the_class_with_its_defaults():
    assert leaky_relu == LeakyReLU() == LeakyReLU(0.01)
    assert repr(leaky_relu) == "LeakyReLU(negative_slope=0.01)"


@pytest.mark.parametrize("slope", [-1, 0, 0.2, 1, 3])
def test_derivatives_at_the_kink(slope):
    f = LeakyReLU(slope)
    assert f.derivative([-5e-324, -0.0, 0.0, 5e-324]).tolist() == [slope, slope, slope, 1]
    assert f.second_derivative([-0.0, 0.0]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("slope", "values"),
    [
        (0, [0, 0, 2, np.inf]),
        (1, [-np.inf, -2, 2, np.inf]),
        (-1, [np.inf, 2, 2, np.inf]),
        (3, [-np.inf, -6, 2, np.inf]),
    ],
)
def test_special_slopes(slope, values):
    assert LeakyReLU(slope)(X).tolist() == values


def test_zero_times_an_infinity_is_nan():
    with np.errstate(invalid="ignore"):
        assert np.isnan(np.maximum(X, 0 * X))[0]


def test_a_slope_a_little_beyond_one():
    np.testing.assert_array_equal(LeakyReLU(1.5)([-2.0, 2.0]), [-3.0, 2.0])
