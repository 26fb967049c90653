"""What must be true of every activation at every input, and of its derivatives together."""

import numpy as np
from hypothesis import given, settings, strategies as st

from actlib.measure import check_gradient
from tests.reference import each_activation, row

finite = st.floats(allow_nan=False, allow_infinity=False)
moderate = st.floats(-20, 20)
steady = settings(deadline=None, derandomize=True, database=None)


@each_activation
@steady
@given(x=finite)
def test_value_stays_within_the_closed_range(f, x):
    assert f.facts.range.low <= f(x) <= f.facts.range.high


@each_activation
@steady
@given(x=finite)
def test_slope_and_bend_stay_within_their_bounds(f, x):
    tolerance = 1 + 4 * np.finfo(np.float64).eps
    facts = f.facts
    assert (
        facts.derivative_minimum.value * tolerance
        <= f.derivative(x)
        <= facts.derivative_maximum.value * tolerance
    )
    assert abs(f.second_derivative(x)) <= facts.second_derivative_bound.value * tolerance


@each_activation
@steady
@given(x=finite, y=finite)
def test_value_grows_no_faster_than_the_lipschitz_constant(f, x, y):
    slack = 8 * np.finfo(np.float64).eps * (abs(f(x)) + abs(f(y)))
    with np.errstate(over="ignore"):
        assert abs(f(x) - f(y)) <= f.facts.lipschitz * abs(np.float64(x) - np.float64(y)) + slack


@each_activation
@steady
@given(x=finite, y=finite)
def test_an_increasing_function_never_falls_by_more_than_its_error(f, x, y):
    if f.facts.monotone != "none":
        low, high = f(min(x, y)), f(max(x, y))
        assert low <= high + 8 * np.spacing(abs(high))


@each_activation
@steady
@given(shift=finite)
def test_half_turn_symmetry(f, shift):
    if f.facts.centre:
        x, value = f.facts.centre
        both = f(x + shift) + f(x - shift)
        assert abs(both - 2 * value) <= 4 * np.finfo(np.float64).eps * max(1, abs(value))


@each_activation
@steady
@given(x=finite)
def test_parity_is_exact(f, x):
    if f.facts.parity == "odd":
        assert f(-x) == -f(x)
        assert f.derivative(-x) == f.derivative(x)
        assert f.second_derivative(-x) == -f.second_derivative(x)


@each_activation
@steady
@given(x=moderate, upstream=moderate)
def test_vjp_is_upstream_times_derivative(f, x, upstream):
    assert f.vjp(x, upstream) == upstream * f.derivative(x)


@each_activation
@steady
@given(x=st.floats(-20, 20, width=32))
def test_narrow_dtypes_are_the_double_result_rounded(f, x):
    double = np.float64(x)
    for method in (f, f.derivative, f.second_derivative):
        assert method(np.float32(x)) == np.float32(method(double))


@each_activation
def test_derivatives_match_difference_quotients(f):
    x = np.linspace(-20, 20, 4001) + 0.00125  # no point within a step of a kink at 0
    assert check_gradient(f, x).passed
    assert check_gradient(f.derivative, x, derivative=f.second_derivative).passed


@each_activation
def test_derivative_matches_the_textbook_formula(f):
    x = np.linspace(-5, 5, 1001)
    np.testing.assert_allclose(f.derivative(x), row(f.name).naive_derivative(x), rtol=1e-11)
