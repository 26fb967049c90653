"""What must be true of every activation at every input, and of its derivatives together."""

from dataclasses import replace
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from actlib import (
    ELU,
    LeakyReLU,
    PReLU,
    Softplus,
    Swish,
    elu,
    gelu,
    prelu,
    relu,
    sigmoid,
    softplus,
    swish,
)
from actlib.measure import check_gradient, ulp_error
from tests.reference import each_activation, each_variant, grid, row

EPS = np.finfo(np.float64).eps
finite = st.floats(allow_nan=False, allow_infinity=False)
moderate = st.floats(-20, 20)
steady = settings(deadline=None, derandomize=True, database=None)


@each_variant
@steady
@given(x=finite)
def test_value_stays_within_the_closed_range(f, x):
    low, high = f.facts.range.low, f.facts.range.high
    assert low - 4 * EPS * abs(low) <= f(x) <= high + 4 * EPS * abs(high)


@each_variant
@steady
@given(x=finite)
def test_slope_and_bend_stay_within_their_bounds(f, x):
    facts = f.facts
    slack = 8 * EPS * facts.lipschitz
    assert facts.derivative_minimum.value - slack <= f.derivative(x) <= facts.derivative_maximum.value + slack
    assert abs(f.second_derivative(x)) <= facts.second_derivative_bound.value * (1 + 8 * EPS)


@each_variant
@steady
@given(x=st.floats(-1e300, 1e300), y=st.floats(-1e300, 1e300))
def test_value_grows_no_faster_than_the_lipschitz_constant(f, x, y):
    slack = 8 * EPS * (abs(f(x)) + abs(f(y)))
    assert abs(f(x) - f(y)) <= f.facts.lipschitz * abs(x - y) + slack


@each_variant
@steady
@given(x=st.floats(-1e300, 1e300), y=st.floats(-1e300, 1e300))
def test_an_increasing_function_never_falls_by_more_than_its_error(f, x, y):
    if f.facts.monotone != "none":
        low, high = f(min(x, y)), f(max(x, y))
        assert low <= high + 8 * np.spacing(abs(high))


@each_variant
@steady
@given(shift=finite)
def test_half_turn_symmetry(f, shift):
    if f.facts.centre:
        x, value = f.facts.centre
        both = f(x + shift) + f(x - shift)
        assert abs(both - 2 * value) <= 4 * EPS * max(1, abs(value))


@each_variant
@steady
@given(x=finite)
def test_parity_is_exact(f, x):
    if f.facts.parity == "odd":
        assert f(-x) == -f(x)
        # Swish(0) reaches the two sides of its straight line in different ways.
        assert f.derivative(-x) == pytest.approx(f.derivative(x), rel=EPS if f == Swish(0) else 0, abs=0)
        assert f.second_derivative(-x) == -f.second_derivative(x)
    if f.facts.parity == "even" and x != 0:
        assert f(-x) == f(x)
        assert f.derivative(-x) == -f.derivative(x)
        assert f.second_derivative(-x) == f.second_derivative(x)


@each_variant
@steady
@given(x=moderate, upstream=moderate)
def test_vjp_is_upstream_times_derivative(f, x, upstream):
    assert f.vjp(x, upstream) == upstream * f.derivative(x)


@each_variant
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


@each_variant
def test_derivative_matches_the_textbook_formula(f):
    x = np.linspace(-5, 5, 1001)
    np.testing.assert_allclose(f.derivative(x), row(f).naive_derivative(x), rtol=1e-11, atol=1e-14)


# Identities


@pytest.mark.parametrize("f", [relu, swish, Swish(1.7), Swish(-3), softplus, Softplus(0.3), gelu], ids=repr)
@steady
@given(x=finite)
def test_gated_and_soft_rectifiers_differ_from_their_mirror_image_by_x(f, x):
    # Subnormal results are rounded to multiples of 5e-324, halves to either side.
    assert abs(f(x) - f(-x) - x) <= 2 * EPS * max(abs(x), f(0.0)) + 5e-324
    if x:
        assert abs(f.derivative(x) + f.derivative(-x) - 1) <= 4 * EPS


@steady
@given(x=finite)
def test_slope_of_softplus_is_the_sigmoid(x):
    for order in ("__call__", "derivative"):
        slope = getattr(softplus, {"__call__": "derivative", "derivative": "second_derivative"}[order])(x)
        assert slope == pytest.approx(getattr(sigmoid, order)(x), rel=8 * EPS, abs=1e-323)


@steady
@given(x=finite, slope=st.floats(-10, 10))
def test_leaky_relu_and_prelu_agree(x, slope):
    leaky, learned = LeakyReLU(slope), PReLU(slope)
    assert leaky(x) == learned(x)
    assert leaky.derivative(x) == learned.derivative(x)
    assert leaky.second_derivative(x) == learned.second_derivative(x) == 0


@steady
@given(x=finite)
def test_rectifiers_with_special_slopes(x):
    assert LeakyReLU(0)(x) == relu(x)
    assert LeakyReLU(1)(x) == x
    assert LeakyReLU(-1)(x) == abs(x)
    assert LeakyReLU(0).derivative(x) == relu.derivative(x)


@steady
@given(x=moderate)
def test_elu_scales_and_continues_itself(x):
    assert ELU(2)(min(x, 0.0)) == 2 * elu(min(x, 0.0))
    if x < 0:
        assert elu.derivative(x) == pytest.approx(elu(x) + 1, rel=0, abs=4 * EPS)


@steady
@given(x=moderate, beta=st.floats(0.01, 100))
def test_beta_scales_the_axes(x, beta):
    for family in (Swish, Softplus):
        f, unit = family(beta), family(1)
        assert f(x) == pytest.approx(unit(beta * x) / beta, rel=1e-12 * max(1, beta))
        assert f.derivative(x / beta) == pytest.approx(unit.derivative(x), rel=1e-12, abs=4 * EPS)


@steady
@given(x=finite, beta=st.floats(0, 1e6))
def test_swish_with_minus_beta_is_turned(x, beta):
    assert Swish(-beta)(x) == -Swish(beta)(-x)
    assert Swish(-beta).second_derivative(x) == -Swish(beta).second_derivative(x)


# The learned parameters


@pytest.mark.parametrize("f", [prelu, PReLU(0), PReLU(-2), swish, Swish(0), Swish(-1.5), Swish(20)], ids=repr)
def test_parameter_derivative_matches_the_difference_quotient(f):
    random = np.random.default_rng(0)
    x, upstream = random.normal(0, 2, (2, 40, 25))
    at, step = getattr(f, f.learned), 1e-5
    above, below = (replace(f, **{f.learned: at + sign * step}) for sign in (1, -1))
    quotient = np.sum(upstream * (above(x) - below(x))) / (2 * step)
    assert f.parameter_vjp(x, upstream) == pytest.approx(quotient, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("beta", [1, 1.7, 0.1, -30, 0])
def test_parameter_derivative_of_swish_is_accurate(beta):
    f = Swish(beta)
    x = np.concatenate([grid(f)[::40], [1e200, -1e200]])
    x = x[np.abs(x) < (1e150 if beta == 0 else np.inf)]
    with mp.workdps(40):
        exact = [mp.mpf(v) ** 2 * mp.sech(beta * mp.mpf(v) / 2) ** 2 / 4 for v in map(float, x)]
    computed = [f.parameter_vjp(v, 1.0) for v in x]
    error = ulp_error(computed, exact)
    assert error.max() <= 8, x[error.argmax()]


def test_parameter_gradient_of_many_elements_is_summed_well():
    random = np.random.default_rng(1)
    x, upstream = random.normal(size=(2, 1_000_003))
    terms = upstream * np.minimum(x, 0)
    exact = fsum(terms)
    assert abs(prelu.parameter_vjp(x, upstream) - exact) <= 4 * EPS * fsum(abs(terms))
    single = prelu.parameter_vjp(x.astype(np.float32), upstream)
    assert type(single) is np.float64
    assert single == pytest.approx(exact, rel=1e-4)


def test_parameter_vjp_of_edges():
    assert prelu.parameter_vjp([], []) == 0
    assert prelu.parameter_vjp(-3, 2) == -6
    assert swish.parameter_vjp([np.inf, -np.inf], [1, 1]) == 0
    assert np.isnan(prelu.parameter_vjp([np.nan, 1], [1, 1]))
    assert np.isnan(swish.parameter_vjp([np.nan, 1], [1, 1]))
    with pytest.raises(ValueError, match=r"^upstream must have the shape of x, \(2,\), got \(1,\)$"):
        prelu.parameter_vjp([1, 2], [1])
