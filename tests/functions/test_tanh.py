"""The figures that tanh's room states about itself."""

import numpy as np
import pytest

from actlib import Tanh, tanh


def test_the_instance_is_the_class_with_its_defaults():
    assert tanh == Tanh()
    assert repr(tanh) == "Tanh()"


def test_value_of_a_textbook_derivative_where_it_is_lost():
    x = np.float64(19.07)
    assert 1 - np.tanh(x) ** 2 == 0
    assert tanh.derivative(x) == pytest.approx(1.1e-16, abs=5e-18)


def test_the_hyperbolic_cosine_overflows_where_its_reciprocal_is_needed():
    x = np.array([710.0, 711.0])
    with np.errstate(over="ignore"):
        assert np.isfinite(np.cosh(x)).tolist() == [True, False]
