"""Moments against closed forms, and the variance map against its known fixed points."""

from dataclasses import dataclass, fields

import numpy as np
import pytest
from mpmath import mp

from actlib import sigmoid, softplus, tanh
from actlib.contract.activation import Elementwise
from actlib.measure import chi, fixed_point, gaussian_moments
from tests.reference import each_activation

SCALES = [1e-6, 1e-2, 1.0, 1e3, 1e6]


@dataclass(frozen=True)
class Leaky(Elementwise):
    """A kinked function, whose moments are elementary."""

    slope: float
    name = "leaky"
    facts = None

    def _value(self, x):
        return np.where(x > 0, x, self.slope * x)

    def _derivative(self, x):
        return np.where(x > 0, 1.0, self.slope)

    def _second_derivative(self, x):
        return 0 * x


@each_activation
def test_facts_state_the_moments(f):
    measured, stated = gaussian_moments(f), f.facts.moments
    for field in fields(stated):
        expected = pytest.approx(getattr(stated, field.name), abs=1e-15)
        assert getattr(measured, field.name) == expected, field.name


@pytest.mark.parametrize("q", SCALES)
@pytest.mark.parametrize("slope", [0, 0.25, 1, -1])
def test_kinks_cost_nothing(slope, q):
    moments = gaussian_moments(Leaky(slope), q)
    assert moments.mean == pytest.approx((1 - slope) * np.sqrt(q / (2 * np.pi)), rel=2e-14, abs=1e-14)
    assert moments.second == pytest.approx(q * (1 + slope**2) / 2, rel=2e-14)
    assert moments.derivative_mean == pytest.approx((1 + slope) / 2, rel=2e-14, abs=1e-14)
    assert moments.derivative_second == pytest.approx((1 + slope**2) / 2, rel=2e-14)


@pytest.mark.parametrize("q", SCALES)
def test_a_steep_function_costs_nothing(q):
    with mp.workdps(20):
        scale = mp.sqrt(mp.mpf(q))
        ends = [0, *sorted(min(end / scale, 14) for end in (0.5, 1, 2, 4, 8, 16, 40)), 1, 3, 7, 14]

        def expectation(g):
            return float(2 * mp.quad(lambda z: g(scale * z) * mp.npdf(z), sorted(set(ends))))

        second = expectation(lambda x: mp.tanh(x) ** 2)
        derivative_second = expectation(lambda x: mp.sech(x) ** 4)
    moments = gaussian_moments(tanh, q)
    assert moments.second == pytest.approx(second, rel=2e-14)
    assert moments.derivative_second == pytest.approx(derivative_second, rel=2e-14)


@each_activation
@pytest.mark.parametrize("q", [0.1, 1.0, 5.0])
def test_stein_lemma(f, q):
    """E z f(sqrt(q) z) = sqrt(q) E f'(sqrt(q) z), here by the trapezoid rule on the left."""
    z = np.linspace(-12, 12, 4801)
    left = np.sum(z * f(np.sqrt(q) * z) * np.exp(-(z**2) / 2)) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    assert left == pytest.approx(np.sqrt(q) * gaussian_moments(f, q).derivative_mean, rel=1e-6)


@each_activation
def test_chi_is_the_slope_of_the_correlation_map(f):
    moments = f.facts.moments
    assert chi(f, moments.gain, 1.0) == pytest.approx(moments.chi, rel=1e-13)
    assert chi(f, 2.0, 1.0) == pytest.approx(4 * chi(f, 1.0, 1.0), rel=1e-15)


@each_activation
@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0, 5.0])
def test_a_fixed_point_is_fixed_and_is_where_iteration_goes(f, gain):
    q = fixed_point(f, gain)
    if 0 < q < np.inf:
        assert gain**2 * gaussian_moments(f, q).second == pytest.approx(q, rel=1e-13)
    iterate, step = 1.0, 0
    while 1e-12 < iterate < 1e12 and step < 1000:
        iterate, step = gain**2 * gaussian_moments(f, iterate).second, step + 1
    if iterate >= 1e12:
        assert q == np.inf
    else:
        assert iterate == pytest.approx(q, rel=1e-9, abs=1e-3)


@each_activation
def test_the_variance_map_grows(f):
    second = [gaussian_moments(f, q).second for q in np.logspace(-6, 6, 200)]
    assert (np.diff(second) > 0).all()


@each_activation
def test_the_own_gain_keeps_variance_one(f):
    assert fixed_point(f, f.facts.moments.gain) == 1


def test_known_fixed_points():
    assert fixed_point(sigmoid, 1) == pytest.approx(0.264687, abs=5e-7)
    assert chi(sigmoid, 1, fixed_point(sigmoid, 1)) == pytest.approx(0.055721, abs=5e-7)
    assert fixed_point(tanh, 5 / 3) == pytest.approx(1.178480, abs=5e-7)
    assert chi(tanh, 5 / 3, fixed_point(tanh, 5 / 3)) == pytest.approx(1.209831, abs=5e-7)


def test_a_signal_that_dies_or_blows_up():
    assert fixed_point(tanh, 1) == 0
    assert fixed_point(Leaky(0), 1) == 0
    assert fixed_point(Leaky(0), 2) == np.inf
    assert fixed_point(Leaky(0), np.sqrt(2), start=3.7) == 3.7


def test_rounding_does_not_stop_a_variance_that_grows_ever_more_slowly():
    # 2 E softplus(sqrt(q) z)^2 exceeds q for every q, from 1e11 on by less than a rounding.
    for start in np.geomspace(1, 1e8, 50):
        assert fixed_point(softplus, np.sqrt(2), float(start)) == np.inf


@pytest.mark.parametrize("bad", [0, -1.0, np.inf, np.nan])
def test_bad_input(bad):
    for name, call in (
        ("q", lambda: gaussian_moments(tanh, bad)),
        ("q", lambda: chi(tanh, 1, bad)),
        ("gain", lambda: chi(tanh, bad, 1)),
        ("gain", lambda: fixed_point(tanh, bad)),
        ("start", lambda: fixed_point(tanh, 1, bad)),
    ):
        with pytest.raises(ValueError, match=f"^{name} must be > 0 and finite, got {bad}$"):
            call()


def test_a_function_that_states_no_facts_is_measured():
    class Line:
        def __call__(self, x):
            return 2 * x

        def derivative(self, x):
            return 2 + 0 * x

    assert chi(Line(), 1.0, 1.0) == pytest.approx(4)
