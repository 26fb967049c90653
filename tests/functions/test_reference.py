"""The reference itself: every activation has a row, and its formulas agree with each other."""

import numpy as np
import pytest
from mpmath import mp

from actlib import Sigmoid
from tests.reference import each_variant, row


@each_variant
def test_every_activation_has_a_row(f):
    assert row(f)


def test_a_missing_row_says_where_it_belongs():
    class Unknown(Sigmoid):
        name = "unknown"

    with pytest.raises(KeyError, match=r"unknown has no row in tests/reference\.py: add"):
        row(Unknown())


@each_variant
@pytest.mark.parametrize("x", [-30, -7.25, -1.5, -0.3, 0.1, 0.9, 2.6, 11, 40])
def test_derivatives_are_those_of_the_value(f, x):
    exact = row(f)
    with mp.workdps(60):
        x = mp.mpf(x)
        assert mp.almosteq(exact.derivative(x), mp.diff(exact.value, x), rel_eps=1e-20)
        assert mp.almosteq(exact.second_derivative(x), mp.diff(exact.value, x, 2), rel_eps=1e-20)


@each_variant
def test_exact_and_naive_formula_are_the_same_function(f):
    x = np.linspace(-5, 5, 41)
    exact = row(f)
    value = [float(exact.value(mp.mpf(point))) for point in x]
    slope = [float(exact.derivative(mp.mpf(point))) for point in x]
    np.testing.assert_allclose(exact.naive(x), value, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(exact.naive_derivative(x), slope, rtol=1e-11, atol=1e-14)
