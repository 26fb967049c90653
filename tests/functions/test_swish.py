"""The figures that Swish's room states about itself, and the constants that it computes with."""

import numpy as np
import pytest
from mpmath import mp

from actlib import Swish, swish
from actlib.functions.swish import BEND, ROOT, W
from actlib.measure import ulp_error
from tests.reference import evaluate


def test_the_instance_is_the_class_with_its_defaults():
    assert swish == Swish() == Swish(1)
    assert repr(swish) == "Swish(beta=1.0)"
    assert swish.learned == "beta"


def test_constants_are_right_to_the_last_digit():
    with mp.workdps(50):
        w = mp.lambertw(1 / mp.e).real
        bend = mp.findroot(lambda u: u * mp.tanh(u / 2) - 2, 2.4)
        assert float(w) == W
        for constant, exact in ((ROOT, 1 + w), (BEND, bend)):
            assert constant == (float(exact), float(exact - float(exact)))


def test_stated_extrema():
    facts = swish.facts
    assert facts.range.low == pytest.approx(-0.278465, abs=5e-7)
    assert facts.derivative_minimum.value == pytest.approx(-0.099839, abs=5e-7)
    assert facts.derivative_maximum.value == pytest.approx(1.099839, abs=5e-7)


@pytest.mark.parametrize("beta", [-2, 0.3, 1, 5])
def test_second_derivative_is_at_most_half_of_beta(beta):
    x = np.linspace(-10, 10, 2001)
    assert np.abs(Swish(beta).second_derivative(x)).max() == pytest.approx(abs(beta) / 2, rel=1e-15)


def test_beta_zero_is_half_the_line():
    x = np.array([-np.inf, -3.0, -0.0, 5.0, np.inf])
    np.testing.assert_array_equal(Swish(0)(x), x / 2)
    np.testing.assert_allclose(Swish(0).derivative(x), 0.5, rtol=2e-16)
    assert not Swish(0).second_derivative(x).any()


@pytest.mark.parametrize("beta", [-1.0, 1.0, 1.7])
def test_limits(beta):
    f, far = Swish(beta), np.copysign(np.inf, beta) * np.array([-1, 1])
    assert f(far).tolist() == [0, np.copysign(np.inf, beta)]
    assert f.derivative(far).tolist() == [0, 1]
    assert f.second_derivative(far).tolist() == [0, 0]


def test_what_the_textbook_loses():
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(np.float64(-np.inf) / (1 + np.exp(np.inf)))
        assert np.float64(-720.0) / (1 + np.exp(720.0)) == 0
    assert swish(-720.0) < 0
    x = -ROOT[0] + np.arange(-50, 51) * np.spacing(1.0)  # around the root of the derivative
    exact = evaluate(swish, "derivative", x).astype(float)
    naive = np.exp(x) * (1 + x + np.exp(x)) / (1 + np.exp(x)) ** 2
    assert np.abs(naive / exact - 1).max() > 0.1
    np.testing.assert_allclose(swish.derivative(x), exact, rtol=2e-15)


def test_a_rounded_product_costs_hundreds_of_ulp():
    f, x = Swish(1.7), np.linspace(-410, -380, 200)
    exact = evaluate(f, "value", x)
    rounded = x / (1 + np.exp(-(1.7 * x)))
    assert ulp_error(rounded, exact).max() > 100
    assert ulp_error(f(x), exact).max() <= 5
