"""What ReLU's room states about its kink and about NaN."""

import numpy as np

from actlib import ReLU, relu


def test_the_instance_is_the_class_with_its_defaults():
    assert relu == ReLU()
    assert repr(relu) == "ReLU()"


def test_derivatives_at_the_kink():
    assert relu.derivative([-5e-324, -0.0, 0.0, 5e-324]).tolist() == [0, 0, 0, 1]
    assert relu.second_derivative([-1.0, -0.0, 0.0, 1.0, np.inf, -np.inf]).tolist() == [0] * 6


def test_a_comparison_would_lose_nan():
    x = np.array([np.nan])
    assert (x > 0).astype(float) == 0
    assert np.isnan(relu.derivative(x))
    assert np.isnan(relu.second_derivative(x))
