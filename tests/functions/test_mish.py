"""The figures that Mish's room states about itself."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from actlib import Mish, mish
from actlib.functions.mish import EXP_ROOT, ROOT, ROOT_REST
from tests.reference import row

steady = settings(deadline=None, derandomize=True, database=None)


def test_the_instance_is_the_class_with_its_defaults():
    assert mish == Mish()
    assert repr(mish) == "Mish()"


def test_root_of_the_derivative_to_thirty_digits():
    with mp.workdps(50):
        root = mp.findroot(row(mish).derivative, -1.19)
        assert abs(ROOT + mp.mpf(ROOT_REST) - root) < 1e-32
        assert float(mp.exp(root)) == EXP_ROOT
    assert round(ROOT, 6) == -1.192431
    assert mish.facts.minimum.x == ROOT


def test_derivative_has_the_right_sign_on_either_side_of_its_root():
    assert mish.derivative(np.nextafter(ROOT, -2)) < 0 < mish.derivative(np.nextafter(ROOT, 0))


def test_figures_of_the_docstring():
    facts = mish.facts
    assert round(facts.minimum.value, 6) == -0.308843
    assert round(facts.derivative_minimum.value, 6) == -0.112526
    assert round(facts.derivative_maximum.value, 6) == 1.088498


def test_derivative_jumps_neither_where_its_formulas_meet_nor_at_the_clip():
    for seam in (0.0, -40.0, 40.0, -800.0, 800.0):
        sides = np.array([np.nextafter(seam, -np.inf), seam, np.nextafter(seam, np.inf)])
        for method in (mish, mish.derivative, mish.second_derivative):
            np.testing.assert_allclose(method(sides), method(seam), rtol=1e-13, atol=5e-324)


def test_textbook_formula_is_nan_where_mish_is_not():
    x = np.array([-np.inf, -1000.0])
    with np.errstate(all="ignore"):
        textbook = x * np.tanh(np.log1p(np.exp(x)))
    assert np.isnan(textbook[0])
    assert (mish(x) == 0).all()


def test_the_cube_of_the_denominator_overflows():
    def cube(x):
        s = 1 + np.exp(np.float64(x))
        return (s * s + 1) ** 3

    with np.errstate(over="ignore"):
        assert np.isfinite(cube(118))
        assert np.isinf(cube(119))
    assert mish.second_derivative(119.0) < 0


def test_exp_alone_loses_the_left_tail():
    x = -744.0
    exact = float(row(mish).value(mp.mpf(x)))
    assert abs(x * np.exp(x) / exact - 1) > 0.05
    assert mish(x) == pytest.approx(exact, rel=1e-2, abs=5e-324)


@steady
@given(x=st.floats(0, 1e300))
def test_distance_from_the_identity(x):
    """By the identity x - f = 2x/((1 + e^x)^2 + 1)."""
    distance = 2 * x / ((1 + np.exp(min(x, 300))) ** 2 + 1)
    assert x - mish(x) == pytest.approx(distance, abs=4e-16 * max(1, x))


@steady
@given(x=st.floats(-700, -40))
def test_left_tail_is_x_times_exp(x):
    assert mish(x) == pytest.approx(x * np.exp(x), rel=1e-13)


def test_large_values_are_returned_unchanged():
    x = np.array([40.0, 50.0, 1e10, np.finfo(np.float64).max])
    np.testing.assert_array_equal(mish(x), x)
