"""Errors in ulp and breaking points, against numbers known by other means."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from actlib.measure import breaking_point, ulp_error

steady = settings(deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("number", [Fraction, Decimal, mp.mpf, np.longdouble, float])
def test_an_exact_result_has_no_error(number):
    values = [1.0, -0.75, 5e-324, 1.7e308, 0.0]
    assert ulp_error(values, [number(value) for value in values]).tolist() == [0] * 5


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("exact", [1.5, -1.5, 1e-3, 0.0, "tiny", "smallest_subnormal"])
@pytest.mark.parametrize("ulps", [0, 1, 3])
def test_error_counts_spacings(dtype, exact, ulps):
    exact = dtype(getattr(np.finfo(dtype), exact) if isinstance(exact, str) else exact)
    computed = exact + ulps * np.spacing(np.abs(exact))
    assert ulp_error(computed, exact) == ulps


def test_error_sees_below_float64():
    third = Fraction(1, 3)
    half_way = (Fraction(1) + Fraction(np.nextafter(1, 2))) / 2
    assert ulp_error([1 / 3, 1.0], [third, half_way]).tolist() == [pytest.approx(1 / 3), 0.5]
    beneath_the_smallest = Fraction(5e-324) * Fraction(3, 4)
    assert ulp_error([0.0, 5e-324], [beneath_the_smallest] * 2).tolist() == [0.75, 0.25]


@steady
@given(value=st.floats(-1e3, 1e3), dtype=st.sampled_from([np.float16, np.float32]))
def test_rounding_is_at_most_half_an_ulp_off(value, dtype):
    assert ulp_error(dtype(value), value) <= 0.5


def test_a_result_that_is_not_finite_is_infinitely_wrong():
    assert ulp_error([np.nan, np.inf, -np.inf], [1.0, 1.0, 1.0]).tolist() == [np.inf] * 3


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_largest_float_has_the_ulp_of_the_float_below_it(dtype):
    largest = np.finfo(dtype).max
    below = np.nextafter(largest, dtype(0))
    assert ulp_error([below, largest], [Fraction(float(largest))] * 2).tolist() == [1.0, 0.0]


def test_shape_is_kept():
    assert ulp_error(np.zeros((2, 0, 3)), np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert ulp_error(1.0, Fraction(1)).shape == ()


@pytest.mark.parametrize(
    ("computed", "exact", "error", "message"),
    [
        (["a"], [1.0], TypeError, "computed must hold real numbers"),
        ([1.0], [1.0, 2.0], ValueError, r"exact must have the shape of computed, \(1,\), got \(2,\)"),
        ([1.0], [[1.0], [1.0, 2.0]], ValueError, r"exact must have the shape of computed, .* got \(2,\)"),
        ([1.0], [np.inf], ValueError, "exact must be finite in float64, got inf"),
        (np.float16([1.0]), [1e6], ValueError, "exact must be finite in float16, got 1000000.0"),
    ],
)
def test_bad_input_of_ulp_error(computed, exact, error, message):
    with pytest.raises(error, match=message):
        ulp_error(computed, exact)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("threshold", [-3.0, -1e-7, 0.0, 1e-7, 0.1, 7.0])
def test_breaking_point_is_the_first_float(dtype, threshold):
    found = breaking_point(lambda x: x >= dtype(threshold), -10, 10, dtype)
    assert type(found) is dtype
    assert found == dtype(threshold)
    above = breaking_point(lambda x: x > dtype(threshold), -10, 10, dtype)
    assert above == np.nextafter(dtype(threshold), dtype(np.inf))


def test_breaking_point_calls_few_times():
    calls = []

    def predicate(x):
        calls.append(x)
        return x >= 1

    breaking_point(predicate, -1e308, 1e308)
    assert len(calls) <= 2 + 64


@pytest.mark.parametrize(("low", "high"), [(0, 2), (-2, 0), (-1, 2)])
def test_breaking_point_never_calls_outside_the_ends(low, high):
    calls = []

    def predicate(x):
        calls.append(x)
        return x > (low + high) / 2

    breaking_point(predicate, low, high)
    assert low <= min(calls) < max(calls) <= high


def test_zero_has_no_sign():
    assert not np.signbit(breaking_point(lambda x: x >= 0, -1, 1))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((lambda x: x > 1, 2, 2), ValueError, "low must be below high, got 2 and 2"),
        ((lambda x: x > 1, 2, 1), ValueError, "low must be below high, got 2 and 1"),
        ((lambda x: x > 1, np.nan, 1), ValueError, "low must be below high, got nan and 1"),
        ((lambda x: x > 1, 2, 3), ValueError, "predicate must be false at low and true at high, got low 2"),
        ((lambda x: x > 1, -2, -1), ValueError, "predicate must be false at low and true at high"),
        (
            (lambda x: x > 1, 0, 2, np.int64),
            TypeError,
            "dtype must be float16, float32 or float64",
        ),
    ],
)
def test_bad_input_of_breaking_point(arguments, error, message):
    with pytest.raises(error, match=message):
        breaking_point(*arguments)
