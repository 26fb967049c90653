"""What softplus's room states about its bend, its tails and its beta."""

import numpy as np
import pytest

from actlib import Softplus, sigmoid, softplus


def test_the_instance_is_the_class_with_its_defaults():
    assert softplus == Softplus() == Softplus(1)
    assert repr(softplus) == "Softplus(beta=1.0)"


@pytest.mark.parametrize("beta", [0.3, 1, 5])
def test_second_derivative_is_at_most_a_quarter_of_beta(beta):
    x = np.linspace(-10, 10, 2001)
    assert Softplus(beta).second_derivative(x).max() == Softplus(beta).second_derivative(0.0) == beta / 4


def test_derivative_is_the_sigmoid_bit_for_bit():
    x = np.linspace(-745, 745, 10_001)
    np.testing.assert_array_equal(softplus.derivative(x), sigmoid(x))


def test_there_is_no_threshold():
    x = np.nextafter(20.0, [0, 40])
    assert (softplus(x) > x).all()
    assert np.diff(softplus(x)) < 1e-14
    assert softplus(20.0) - 20.0 == pytest.approx(2.06e-9, rel=1e-3)  # the jump of a threshold there


def test_what_the_textbook_loses():
    assert np.log(1 + np.exp(-40.0)) == 0
    assert softplus(-40.0) == pytest.approx(np.exp(-40.0), rel=1e-15)
    assert np.exp(-750.0) / 0.01 == 0
    assert Softplus(0.01)(-75_000.0) == pytest.approx(np.exp(-750 + np.log(100)), rel=1e-9)
