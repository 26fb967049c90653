"""The figures that the sigmoid's room states about itself."""

import numpy as np
import pytest
from mpmath import mp

from actlib import Sigmoid, sigmoid
from actlib.measure import breaking_point


def test_the_instance_is_the_class_with_its_defaults():
    assert sigmoid == Sigmoid()
    assert repr(sigmoid) == "Sigmoid()"


def test_first_float_at_which_the_value_is_one():
    found = breaking_point(lambda x: sigmoid(x) == 1, 0, 100)
    assert found == pytest.approx(36.7368, abs=5e-5)
    assert found == pytest.approx(53 * np.log(2), rel=1e-15)
    assert (sigmoid(np.linspace(found, 100, 10_001)) == 1).all()


def test_first_float_at_which_the_exact_sigmoid_rounds_to_one():
    with mp.workdps(40):
        found = breaking_point(lambda x: float(1 / (1 + mp.exp(-mp.mpf(float(x))))) == 1, 0, 100)
    assert found == pytest.approx(37.4299, abs=5e-5)


def test_value_of_a_textbook_derivative_where_it_is_lost():
    x = np.float64(36.74)
    assert sigmoid(x) * (1 - sigmoid(x)) == 0
    assert sigmoid.derivative(x) == pytest.approx(1.1e-16, abs=5e-18)
