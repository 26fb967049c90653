"""Gated units and powers of ReLU: value, gradient, and a network of them."""

import numpy as np
import pytest

from actlib import relu, sigmoid, softplus, swish
from actlib.course.studies import LINEAR, POWERS, UNITS, absolutes, on_absolutes, on_products, products
from actlib.course.units import Gated, PowerReLU, Ramp, ShiftedSoftplus
from actlib.lab import Network, gain_of

UNITS_AND_POWERS = {**UNITS, **POWERS, "ramp": Ramp(), "shifted softplus": ShiftedSoftplus(beta=2)}


@pytest.mark.parametrize("name", UNITS_AND_POWERS)
def test_the_gradient_agrees_with_differences(name):
    f, random, step = UNITS_AND_POWERS[name], np.random.default_rng(0), 1e-6
    z, way = random.normal(size=(2, 5, 4))
    upstream = random.normal(size=f(z).shape)
    quotient = np.sum(upstream * (f(z + step * way) - f(z - step * way))) / (2 * step)
    assert np.sum(f.vjp(z, upstream) * way) == pytest.approx(quotient, rel=1e-6)


@pytest.mark.parametrize("name", UNITS_AND_POWERS)
def test_the_gain_keeps_the_mean_square(name):
    f = UNITS_AND_POWERS[name]
    z = np.random.default_rng(1).normal(size=(100_000, 4))
    assert gain_of(f, 40) ** 2 * np.mean(f(z) ** 2) == pytest.approx(1, rel=0.08)


def test_a_gate_takes_the_first_half_and_the_values_the_second():
    np.testing.assert_array_equal(Gated(sigmoid)([[0.0, 8.0]]), [[4.0]])
    np.testing.assert_array_equal(Gated(relu)([[1.0, -1.0, 3.0, 3.0]]), [[3.0, 0.0]])
    with pytest.raises(ValueError, match="x must have an even number of linear outputs, got 3"):
        Gated(swish)([[1.0, 2.0, 3.0]])


def test_the_ramp_is_flat_then_bent_then_straight():
    ramp, end = Ramp(), 3**0.5
    np.testing.assert_array_equal(ramp([-9.0, -end, end, 9.0]), [0, 0, end, 9])
    lowest = ramp(np.linspace(-2, 2, 40_001)).min()
    assert lowest == pytest.approx(ramp.facts.range.low, abs=1e-8)


def test_shifted_softplus_is_softplus_through_the_origin():
    f, x = ShiftedSoftplus(), np.linspace(-40, 40, 81)
    assert f(0.0) == f.facts.value_at_zero == 0
    np.testing.assert_allclose(f(x) - f.facts.limits[0], softplus(x), atol=1e-14)
    np.testing.assert_array_equal(f.derivative(x), softplus.derivative(x))


def test_a_power_below_one_is_refused():
    with pytest.raises(ValueError, match=r"exponent must be >= 1 and finite, got 0\.5"):
        PowerReLU(0.5)


def test_plain_and_gated_networks_have_equal_sizes():
    sizes = [
        sum(p.size for p in Network([8, width, 1], UNITS[name]).parameters.values())
        for name, width in (("relu", 38), ("SwiGLU", 20))
    ]
    assert sizes == [381, 381]


@pytest.mark.parametrize("target", [products, absolutes])
def test_a_target_has_variance_one_and_no_straight_line_fits_it(target):
    x = np.random.default_rng(0).normal(size=(100_000, 8))
    y = target(x)
    assert y.var() == pytest.approx(1, rel=0.03)
    design = np.c_[x, np.ones(len(x))]
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert left.var() == pytest.approx(1, rel=0.03)


def test_what_a_target_has_decides():
    assert on_products("bilinear", 0.03, 0, 5) > 1 + on_products("relu", 0.03, 0, 5)
    assert on_absolutes("relu", 0.03, 0, 5) > 0.3 + on_absolutes("bilinear", 0.03, 0, 5)
    assert abs(on_products(LINEAR, 0.03, 0, 3)) < 0.1
