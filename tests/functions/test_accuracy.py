"""Every activation is as accurate as its docstring says, over the whole float range."""

import re
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from mpmath import mp

from actlib.measure import ulp_error
from tests.reference import compute, each_activation, each_order, evaluate, exact, grid, row

SENTENCE = re.compile(
    r"the value is within (?P<value>[\d.]+) ulp of the exact result, "
    r"the derivative within (?P<derivative>[\d.]+) ulp "
    r"and the second derivative within (?P<second_derivative>[\d.]+) ulp, over the whole range; "
    r"subnormal results are within (?P<subnormal>[\d.]+) spacings?\. "
    r"float32 results are within (?P<single>[\d.]+) ulp and float16 results correctly rounded "
    r"\(``tests/functions/test_accuracy\.py``\)"
)
OUTER_BOUNDS = {"value": 16, "derivative": 16, "second_derivative": 16, "subnormal": 2, "single": 0.51}
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
    x = grid(f.name)
    return Measured(x, exact(f.name, order), compute(f, order, x))


def stated(f):
    """Return the errors that the docstring allows, by name."""
    sentence = SENTENCE.search(" ".join(f.__doc__.split()))
    assert sentence, f"the docstring of {f.name} must state its accuracy in the form {SENTENCE.pattern!r}"
    return {name: float(figure) for name, figure in sentence.groupdict().items()}


@each_activation
def test_docstring_states_an_accuracy_within_the_bounds(f):
    for name, figure in stated(f).items():
        assert figure <= OUTER_BOUNDS[name], name


@each_activation
@each_order
def test_float64_is_as_accurate_as_stated(f, order, measured):
    error = ulp_error(measured.computed, measured.exact)
    subnormal = np.abs(measured.exact) < TINY
    for name, part in ((order, ~subnormal), ("subnormal", subnormal)):
        worst = np.argmax(np.where(part, error, 0))
        assert error[worst] <= stated(f)[name], f"{name} at x = {measured.x[worst]!r}"


@each_activation
@each_order
def test_float32_is_as_accurate_as_stated(f, order, measured):
    with np.errstate(over="ignore", under="ignore"):
        single = measured.x.astype(np.float32)
    same = single == measured.x
    assert same.sum() > 5000
    computed = compute(f, order, single[same])
    assert computed.dtype == np.float32
    error = ulp_error(computed, measured.exact[same])
    assert error.max() <= stated(f)["single"], f"x = {single[same][error.argmax()]!r}"


@each_activation
@each_order
def test_float16_is_correctly_rounded_for_every_input(f, order):
    x = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    x = x[np.isfinite(x)]
    assert x.size == 63_488
    computed = compute(f, order, x)
    assert computed.dtype == np.float16
    # The float64 result is within 16 ulp of the exact one. Where all of that interval rounds to one
    # float16, it decides; for the few other inputs the exact value does.
    double = compute(f, order, x.astype(np.float64))
    slack = 16 * np.finfo(np.float64).eps * np.abs(double) + SMALLEST
    low, high = (double - slack).astype(np.float16), (double + slack).astype(np.float16)
    decided = low == high
    np.testing.assert_array_equal(computed[decided], low[decided])
    assert (~decided).sum() < 5000
    assert (ulp_error(computed[~decided], evaluate(f.name, order, x[~decided])) <= 0.5).all()


@each_activation
@each_order
def test_nothing_is_lost(f, order, measured):
    assert np.isfinite(measured.computed).all()
    flushed = (measured.computed == 0) & (np.abs(measured.exact) >= SMALLEST)
    assert not flushed.any(), f"0 at x = {measured.x[flushed][0]!r}"
    wrong = (measured.exact != 0) & (np.signbit(measured.computed) != (measured.exact < 0))
    assert not wrong.any(), f"wrong sign at x = {measured.x[wrong][0]!r}"


@each_activation
@each_order
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_special_inputs(f, order, dtype):
    x = np.array([-np.inf, np.inf, np.nan, 0.0, -0.0], dtype)
    # So far out every function of the course has reached its limit, or grows without bound.
    far = [float(getattr(row(f.name), order)(mp.mpf(sign * 1e5))) for sign in (-1, 1)]
    limits = f.facts.limits if order == "value" else far
    at_zero = float(getattr(row(f.name), order)(mp.mpf(0)))
    computed = compute(f, order, x)
    np.testing.assert_array_equal(computed, np.array([*limits, np.nan, at_zero, at_zero], dtype))


@each_activation
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sign_of_zero_is_kept(f, dtype):
    if f.facts.value_at_zero == 0:
        assert np.signbit(f(np.array([0.0, -0.0], dtype))).tolist() == [False, True]


@each_activation
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
