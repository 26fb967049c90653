"""Every activation is as accurate as its docstring says, over the whole float range."""

import re
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from mpmath import mp

from actlib.measure import ulp_error
from tests.reference import compute, each_order, each_variant, evaluate, exact, grid, row

EXACT = "Every result is exact, in every dtype (``tests/functions/test_accuracy.py``)."
SENTENCE = re.compile(
    r"Errors: value (?P<value>[\d.]+) ulp, "
    r"derivative (?P<derivative>[\d.]+) ulp(?: or (?P<derivative_eps>[\d.]+) eps near its zeros)?, "
    r"second derivative (?P<second_derivative>[\d.]+) ulp"
    r"(?: or (?P<second_derivative_eps>[\d.]+) eps near its zeros)?, "
    r"subnormal results (?P<subnormal>[\d.]+) spacings?"
    r"(?:, float16 results (?P<half>[\d.]+) ulp)?\."
)
OUTER_BOUNDS = {
    "value": 16,
    "derivative": 16,
    "derivative_eps": 2,
    "second_derivative": 16,
    "second_derivative_eps": 4,
    "subnormal": 2,
    "single": 0.51,
    "half": 0.501,
}
NOTHING_SAID = {"single": 0.501, "half": 0.5}
"""What `Elementwise` says of all functions."""
EPS = np.finfo(np.float64).eps
TINY = np.finfo(np.float64).tiny
SMALLEST = np.finfo(np.float64).smallest_subnormal


@dataclass(frozen=True)
class Measured:
    """Exact and computed values on the grid of one activation, for one order."""

    x: np.ndarray
    exact: np.ndarray
    computed: np.ndarray


@pytest.fixture
def measured(f, order):
    x = grid(f)
    return Measured(x, exact(f, order), compute(f, order, x))


def stated(f):
    """Return the errors that the docstring allows, by name."""
    text = " ".join(f.__doc__.split())
    if EXACT in text:
        return dict.fromkeys(OUTER_BOUNDS, 0.0)
    sentence = SENTENCE.search(text)
    assert sentence, f"the docstring of {f.name} must state its accuracy in the form {SENTENCE.pattern!r}"
    figures = {name: float(figure) for name, figure in sentence.groupdict().items() if figure}
    return dict.fromkeys(OUTER_BOUNDS, 0.0) | NOTHING_SAID | figures


def near_a_zero(f, order, x):
    """Whether x is closer to a zero of f' or f'' than half the zero's distance from 0."""
    facts = f.facts
    if order == "derivative":
        zeros = [extremum.x for extremum in (facts.minimum, facts.maximum) if extremum]
    else:
        zeros = facts.inflections if order == "second_derivative" else []
    return np.any([np.abs(x - zero) < abs(zero) / 2 for zero in [*zeros, 0.0]], axis=0)


def largest(f, order):
    """Return the largest |f'| or |f''|."""
    return f.facts.lipschitz if order == "derivative" else f.facts.second_derivative_bound.value


@each_variant
def test_docstring_states_an_accuracy_within_the_bounds(f):
    for name, figure in stated(f).items():
        assert figure <= OUTER_BOUNDS[name], name


def assert_as_accurate_as_stated(f, order, measured):
    """Check float64 results, whoever computed them."""
    error = ulp_error(measured.computed, measured.exact)
    subnormal = np.abs(measured.exact) < TINY
    absolute = stated(f).get(f"{order}_eps")
    if absolute:
        distance = np.abs(measured.computed - measured.exact).astype(float)
        pardoned = distance <= absolute * EPS * largest(f, order)
        error[pardoned & near_a_zero(f, order, measured.x)] = 0
    for name, part in ((order, ~subnormal), ("subnormal", subnormal)):
        worst = np.argmax(np.where(part, error, 0))
        assert error[worst] <= stated(f)[name], f"{name} at x = {measured.x[worst]!r}"


@each_variant
@each_order
def test_float64_is_as_accurate_as_stated(f, order, measured):
    assert_as_accurate_as_stated(f, order, measured)


@each_variant
@each_order
def test_float32_is_as_accurate_as_stated(f, order, measured):
    with np.errstate(over="ignore", under="ignore"):
        single = measured.x.astype(np.float32)
    same = single == measured.x
    assert same.sum() > 5000
    computed = compute(f, order, single[same])
    assert computed.dtype == np.float32
    error = ulp_error(computed, measured.exact[same])
    absolute = stated(f).get(f"{order}_eps")
    if absolute:
        # Beside the rounding to float32 there is the error of the float64 result.
        distance = np.abs(computed.astype(np.float64) - measured.exact[same]).astype(float)
        rounding = 0.5 * np.spacing(np.abs(computed)).astype(np.float64)
        pardoned = distance <= rounding + absolute * EPS * largest(f, order)
        error[pardoned & near_a_zero(f, order, single[same])] = 0
    assert error.max() <= stated(f)["single"], f"x = {single[same][error.argmax()]!r}"


@each_variant
@each_order
def test_float16_is_as_accurate_as_stated_for_every_input(f, order):
    x = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    x = x[np.isfinite(x)]
    assert x.size == 63_488
    computed = compute(f, order, x)
    assert computed.dtype == np.float16
    # The float64 result is within 16 ulp of the exact one. Where all of that interval rounds to one
    # float16, it decides; for the few other inputs the exact value does.
    double = compute(f, order, x.astype(np.float64))
    slack = 16 * np.finfo(np.float64).eps * np.abs(double) + SMALLEST
    with np.errstate(over="ignore"):
        low, high = (double - slack).astype(np.float16), (double + slack).astype(np.float16)
    decided = low == high
    np.testing.assert_array_equal(computed[decided], low[decided])
    assert (~decided).sum() < 12_000
    close = ~decided & np.isfinite(computed)
    assert (ulp_error(computed[close], evaluate(f, order, x[close])) <= stated(f)["half"]).all()


def assert_nothing_is_lost(f, order, measured):
    """Check that no float64 result is 0, or of the other sign, where the exact one is not."""
    assert np.isfinite(measured.computed).all()
    # Where only an absolute error is promised, neither the sign nor that it is not 0 can be.
    noise = stated(f).get(f"{order}_eps", 0) * EPS * largest(f, order)
    promised = ~near_a_zero(f, order, measured.x) | (np.abs(measured.exact) > noise)
    flushed = promised & (measured.computed == 0) & (np.abs(measured.exact) >= SMALLEST)
    assert not flushed.any(), f"0 at x = {measured.x[flushed][0]!r}"
    wrong = promised & (measured.exact != 0) & (np.signbit(measured.computed) != (measured.exact < 0))
    if order != "value":  # a slope that rounds to 0 has no wrong sign
        wrong &= measured.computed != 0
    assert not wrong.any(), f"wrong sign at x = {measured.x[wrong][0]!r}"


@each_variant
@each_order
def test_nothing_is_lost(f, order, measured):
    assert_nothing_is_lost(f, order, measured)


@each_variant
@each_order
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_special_inputs(f, order, dtype):
    x = np.array([-np.inf, np.inf, np.nan, 0.0, -0.0], dtype)
    # So far out every function, an algebraic one too, has reached its limit, or grows without bound.
    far = [float(getattr(row(f), order)(mp.mpf(sign * 1e300))) for sign in (-1, 1)]
    limits = f.facts.limits if order == "value" else far
    at_zero = float(getattr(row(f), order)(mp.mpf(0)))
    computed = compute(f, order, x)
    expected = np.array([*limits, np.nan, at_zero, at_zero], dtype)
    np.testing.assert_allclose(computed, expected, rtol=stated(f)[order] * np.finfo(dtype).eps, atol=0)


@each_variant
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sign_of_zero_is_kept(f, dtype):
    # Where the function passes through 0; on a flat side, or in a valley, no sign is right.
    if f.facts.value_at_zero == 0 and row(f).derivative(mp.mpf(-1e-9)) > 0:
        assert np.signbit(f(np.array([0.0, -0.0], dtype))).tolist() == [False, True]


@each_variant
@each_order
def test_largest_inputs(f, order):
    x = np.finfo(np.float64).max * np.array([-1, -0.5, 0.5, 1])
    expected = evaluate(f, order, x).astype(np.float64)
    np.testing.assert_allclose(compute(f, order, x), expected, rtol=1e-15, atol=SMALLEST)


@each_variant
@each_order
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_no_warning_escapes(f, order, dtype):
    limits = np.finfo(dtype)
    edges = np.array(
        [0, limits.smallest_subnormal, limits.tiny, 1, 40, 710, limits.max, np.inf, np.nan], dtype
    )
    x = np.concatenate([edges, -edges])
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        compute(f, order, x)
        f.vjp(x, np.full_like(x, limits.max))
