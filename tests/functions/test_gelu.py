"""The figures that GELU's room states about itself, for both of its forms."""

import re

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from actlib import GELU, gelu
from actlib.functions.gelu import C_HIGH, C_LOW, K_HIGH, K_LOW, REACH, ROOTS, SQRT_2, SQRT_2_REST, TAIL, C, K
from actlib.measure import ulp_error
from tests.reference import evaluate, row

tanh_form = GELU(approximate="tanh")
each_form = pytest.mark.parametrize("f", [gelu, tanh_form], ids=repr)
steady = settings(deadline=None, derandomize=True, database=None)
moderate = st.floats(-50, 50)


def test_the_instance_is_the_class_with_its_defaults():
    assert gelu == GELU() == GELU("none")
    assert gelu != tanh_form
    assert repr(tanh_form) == "GELU(approximate='tanh')"


@pytest.mark.parametrize(
    "approximate", ["Tanh", "erf", "", "None", None, True, False, 1, 0.5, b"tanh", ["tanh"], np.array([1, 2])]
)
def test_an_unknown_form_is_refused(approximate):
    message = f"approximate must be 'none' or 'tanh', got {approximate!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        GELU(approximate=approximate)


# The numbers in the formulas


def test_tail_polynomial_interpolates_at_chebyshev_points():
    n = len(TAIL)
    with mp.workdps(60):
        end = (mp.mpf(REACH) - 5) / (REACH + 5)
        middle, reach = (end - 1) / 2, (end + 1) / 2
        nodes = [middle + reach * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]

        def tail(y):
            a = 5 * (1 + y) / (1 - y)
            return (a + 5) * mp.exp(a * a / 2) * mp.erfc(a / mp.sqrt(2)) / 2

        powers = mp.matrix(n, n)
        for i, node in enumerate(nodes):
            for j in range(n):
                powers[i, j] = node**j
        coefficients = mp.lu_solve(powers, mp.matrix([tail(node) for node in nodes]))
    assert [float(coefficient) for coefficient in coefficients] == list(TAIL)


@pytest.mark.parametrize("order", ["none", "tanh"])
def test_roots_of_the_derivative_to_thirty_digits(order):
    with mp.workdps(50):
        root = mp.findroot(row(GELU(order)).derivative, -0.75)
        assert abs(ROOTS[order][0] + mp.mpf(ROOTS[order][1]) - root) < 1e-32


def test_constants_split_in_two():
    with mp.workdps(50):
        k = 2 * mp.sqrt(2 / mp.pi)
        c = k * mp.mpf("0.044715")
        assert abs(SQRT_2 + mp.mpf(SQRT_2_REST) - mp.sqrt(2)) < 1e-31
        for exact, double, high, low in ((k, K, K_HIGH, K_LOW), (c, C, C_HIGH, C_LOW)):
            assert float(exact) == double
            assert abs(high + mp.mpf(low) - exact) < 1e-23
            assert high == round(high * 2**24) / 2**24


@given(m=st.integers(0, 22 * 64))
@settings(steady, max_examples=300)
def test_large_part_of_the_exponents_is_exact(m):
    high = m / 64
    with mp.workdps(60):
        assert high * high == mp.mpf(high) ** 2
        cubic = high * (K_HIGH + C_HIGH * high * high)
        assert cubic == mp.mpf(high) * (K_HIGH + mp.mpf(C_HIGH) * mp.mpf(high) ** 2)


@each_form
def test_derivative_is_seamless_where_its_formulas_meet(f):
    root = ROOTS[f.approximate][0]
    for seam in (root - 0.25, root + 0.25, 0.0):
        sides = seam + np.arange(-4, 5) * np.spacing(1.0)
        np.testing.assert_allclose(f.derivative(sides), f.derivative(seam), rtol=2e-14)


@each_form
def test_derivative_has_the_right_sign_on_either_side_of_its_root(f):
    root = ROOTS[f.approximate][0]
    assert f.derivative(np.nextafter(root, -2)) < 0 < f.derivative(np.nextafter(root, 0))


# What the docstring says


def test_largest_difference_between_the_forms():
    x = np.linspace(0, 10, 1_000_001)
    difference = np.abs(tanh_form(x) - gelu(x))
    assert f"{difference.max():.4e}" == "4.7324e-04"
    assert round(x[difference.argmax()], 5) == 2.69894
    np.testing.assert_allclose(tanh_form(-x) - gelu(-x), tanh_form(x) - gelu(x), rtol=0, atol=2e-15)


def test_relative_difference_between_the_forms():
    assert round(1 - tanh_form(-5.0) / gelu(-5.0), 2) == 0.84


def test_figures_of_the_docstring():
    facts = gelu.facts
    assert round(facts.minimum.x, 6) == -0.751792
    assert round(facts.minimum.value, 6) == -0.169971
    assert round(facts.range.low, 5) == -0.16997
    assert round(tanh_form.facts.range.low, 5) == -0.17004
    assert round(facts.derivative_maximum.value, 6) == 1.128904
    assert round(facts.derivative_minimum.value, 6) == -0.128904


def test_closed_forms_of_the_moments():
    moments = gelu.facts.moments
    root_3_pi = np.sqrt(3) * np.pi
    assert moments.mean == pytest.approx(1 / (2 * np.sqrt(np.pi)), rel=1e-14)
    assert moments.second == pytest.approx(1 / 3 + 1 / (2 * root_3_pi), rel=1e-14)
    assert moments.derivative_second == pytest.approx(1 / 3 + 2 / (3 * root_3_pi), rel=1e-14)


def test_one_plus_tanh_is_zero_where_the_tanh_form_is_not():
    x = np.float64(-8.0)
    assert 1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)) == 0
    assert tanh_form(x) == pytest.approx(float(row(tanh_form).value(mp.mpf(-8))), rel=1e-15)


def test_rounding_the_square_costs_hundreds_of_ulp():
    x = np.linspace(30, 35, 1001)
    with mp.workdps(30):
        exact = np.array([mp.exp(-(mp.mpf(point) ** 2) / 2) for point in x])
    assert ulp_error(np.exp(-x * x / 2), exact).max() > 200


# What is true of both forms


@each_form
@steady
@given(x=moderate)
def test_symmetries(f, x):
    assert f(x) - f(-x) == pytest.approx(x, abs=8e-15)
    assert f.derivative(x) + f.derivative(-x) == pytest.approx(1, abs=1e-15)
    assert f.second_derivative(x) == f.second_derivative(-x)


@each_form
@steady
@given(x=st.floats(allow_nan=False))
def test_value_lies_between_relu_and_its_lower_bound(f, x):
    assert max(f.facts.range.low, min(x, 0)) <= f(x) <= max(x, 0)


@each_form
def test_large_values_are_returned_unchanged(f):
    x = np.array([10.0, 40.0, 1e10, np.finfo(np.float64).max, np.inf])
    np.testing.assert_array_equal(f(x), x)


def test_facts_belong_to_the_form():
    assert gelu.facts is GELU("none").facts
    assert tanh_form.facts is GELU("tanh").facts
    assert gelu.facts.minimum != tanh_form.facts.minimum


def test_second_derivative_right_beside_its_zero():
    x = np.array([-(2**0.5), 2**0.5])
    exact = evaluate(gelu, "second_derivative", x)
    assert ulp_error(gelu.second_derivative(x), exact).max() <= 12
