"""What ELU's room states about its kink, its plateau and what exp(x) - 1 loses."""

import numpy as np
import pytest

from actlib import ELU, elu


def test_the_instance_is_the_class_with_its_defaults():
    assert elu == ELU() == ELU(1)
    assert repr(elu) == "ELU(alpha=1.0)"


@pytest.mark.parametrize("alpha", [0.5, 1, 3])
def test_derivatives_at_zero_are_those_of_the_left_side(alpha):
    f = ELU(alpha)
    assert f.derivative([-0.0, 0.0, 5e-324]).tolist() == [alpha, alpha, 1]
    assert f.second_derivative([-0.0, 0.0, 5e-324]).tolist() == [alpha, alpha, 0]


@pytest.mark.parametrize("alpha", [0.5, 1, 3])
def test_limits(alpha):
    f = ELU(alpha)
    assert f([-np.inf, np.inf]).tolist() == [-alpha, np.inf]
    assert f.derivative([-np.inf, np.inf]).tolist() == [0, 1]
    assert f.second_derivative([-np.inf, np.inf]).tolist() == [0, 0]


def test_exp_minus_one_loses_every_digit_near_zero():
    assert np.exp(-1e-20) - 1 == 0
    assert elu(-1e-20) == -1e-20


def test_an_exponential_underflows_before_its_multiple_does():
    assert 1e10 * np.exp(-750.0) == 0
    assert ELU(1e10).derivative(-750.0) == pytest.approx(np.exp(-750 + np.log(1e10)), rel=1e-9)
