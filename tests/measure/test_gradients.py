"""The gradient check passes what is right and fails what is wrong by little."""

from dataclasses import replace

import numpy as np
import pytest

from actlib import LeakyReLU, elu, relu, sigmoid
from actlib.measure import check_gradient
from tests.reference import each_activation

X = np.linspace(-4, 4, 161)


@each_activation
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_activation_passes(f, dtype):
    assert check_gradient(f, X.astype(dtype)).passed


@each_activation
@pytest.mark.parametrize("factor", [1 + 1e-6, 1 - 1e-6, -1, 0])
def test_a_wrong_factor_fails(f, factor):
    check = check_gradient(f, X, derivative=lambda x: factor * f.derivative(x))
    assert not check.passed
    # Where the slope jumps, it is held against the nearest of all those between its two sides.
    jumps = f.facts.kinks if f.facts.smoothness == "C0" else ()
    slope = f.derivative(X[~np.isin(X, jumps)])
    worst = np.max(abs(factor - 1) * slope / np.maximum(1, np.abs(factor * slope)))
    assert check.max_error == pytest.approx(worst, rel=1e-3)


def test_report_names_the_worst_point():
    def derivative(x):
        return 2 * x + np.where(x == 3, 0.5, 0)

    check = check_gradient(np.square, [1.0, 3.0, 5.0], derivative=derivative)
    assert check.at == 3
    assert check.derivative == 6.5
    assert check.quotient == pytest.approx(6, rel=1e-9)
    assert check.max_error == pytest.approx(0.5 / 6.5, rel=1e-8)
    assert str(check).startswith("derivative and difference quotient DISAGREE\n  largest error 7.7e-02")
    assert str(check_gradient(np.square, [1.0], derivative=lambda x: 2 * x)).splitlines()[0].endswith("agree")


def test_step_follows_dtype_and_size():
    for dtype in (np.float16, np.float32, np.float64):
        eps = float(np.finfo(dtype).eps)
        for x, scale in ((0.5, 1), (100, 100)):
            check = check_gradient(lambda x: x, dtype([x]), derivative=np.ones_like)
            assert check.step == pytest.approx(scale * eps ** (1 / 3), rel=1e-3)
            assert check.tolerance == pytest.approx(10 * eps ** (2 / 3))


def test_stated_tolerances():
    for dtype, error in ((np.float64, 4e-11), (np.float32, 2e-5)):
        check = check_gradient(np.square, dtype([1]), derivative=lambda x: 2 * x)
        assert check.tolerance == pytest.approx(10 * error, rel=0.25)


def test_the_tolerance_itself_passes():
    check = check_gradient(np.square, [1.0], derivative=lambda x: 2 * x)
    assert replace(check, max_error=check.tolerance).passed


@pytest.mark.parametrize("complex_step", [False, True])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_function_is_called_in_the_precision_of_the_points(dtype, complex_step):
    seen = set()

    def square(x):
        seen.add(x.dtype)
        return x * x

    check = check_gradient(square, dtype([1, 2]), derivative=lambda x: 2 * x, complex_step=complex_step)
    assert check.passed
    if complex_step:  # NumPy has no complex number of two float16
        assert seen == {np.dtype(np.complex128 if dtype is np.float64 else np.complex64)}
        assert check.step == (1e-20 if dtype is np.float64 else np.float32(1e-20))
    else:
        assert seen == {np.dtype(dtype)}


def test_a_function_may_return_booleans():
    def beyond_5(x):
        return x > 5

    assert check_gradient(beyond_5, [0.0, 1.0], derivative=np.zeros_like, kinks=[0]).passed


def test_nan_never_passes():
    assert check_gradient(np.square, X, derivative=lambda x: x * np.nan).max_error == np.inf


def test_a_kink_within_a_step_is_seen():
    def relu(x):
        return np.maximum(x, 0)

    assert check_gradient(relu, [-1.0, 1.0], derivative=lambda x: x > 0).passed
    assert not check_gradient(relu, [0.0], derivative=lambda x: x > 0).passed


@pytest.mark.parametrize("f", [relu, LeakyReLU(0.2), elu], ids=repr)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_one_sided_beside_a_kink(f, dtype):
    """Every distance from the kink, down to where the central difference would cross it."""
    near = np.concatenate([-np.logspace(-8, 0, 50), np.logspace(-8, 0, 50)]).astype(dtype)
    assert check_gradient(f, near).passed
    assert not check_gradient(f, near, kinks=[]).passed or (f is elu and dtype != np.float64)
    assert not check_gradient(f, near, derivative=lambda x: 1.5 * f.derivative(x)).passed


def test_the_side_is_the_right_one():
    """Beside the kink the other side's slope is wrong; only at the kink itself both pass."""

    def slope(at):
        return lambda x: np.where(x == at, 0.0, x > 0)

    for x, passes in ((1e-9, False), (-1e-9, True), (0.0, True)):
        assert check_gradient(relu, [x], derivative=slope(x)).passed == passes
    for at_kink, passes in (
        (-0.01, False),
        (0, True),
        (0.5, True),
        (1, True),
        (1.01, False),
        (np.nan, False),
    ):
        check = check_gradient(relu, [0.0], derivative=lambda x, slope=at_kink: np.full_like(x, slope))
        assert check.passed == passes
        assert check.quotient == pytest.approx(np.clip(at_kink, 0, 1), nan_ok=True)


@pytest.mark.parametrize("x", [1e-9, -1e-9])
def test_beside_a_kink_one_slope_alone_is_right(x):
    assert not check_gradient(relu, [x], derivative=lambda x: np.full_like(x, 0.5)).passed


@pytest.mark.parametrize("x", [1e-12, -1e-12])
def test_one_sided_quotient_is_the_stated_one(x):
    """(4 f(h) - f(2h))/2h is -2h^2 for a cube: a parabola through three of its points errs by that."""
    check = check_gradient(lambda x: x**3, [x], derivative=np.zeros_like, kinks=[0])
    assert check.quotient == pytest.approx(-2 * check.step**2, rel=1e-5)


def test_a_kink_elsewhere_has_its_own_sides():
    def slope(x):
        return np.where(x > 3, 1.0, 0.0)

    for x, passes in ((3 - 1e-9, True), (3 + 1e-9, True), (-3.0, True)):
        assert check_gradient(lambda x: np.maximum(x - 3, 0), [x], slope, kinks=[3]).passed == passes
    assert not check_gradient(lambda x: np.maximum(x - 3, 0), [3 - 1e-9], slope, kinks=[-3]).passed


def test_kinks_elsewhere():
    def hat(x):
        return np.maximum(1 - np.abs(x), 0)

    def slope(x):
        return -np.sign(x) * (np.abs(x) < 1)

    points = np.linspace(-2, 2, 41)
    assert not check_gradient(hat, points, derivative=slope).passed
    assert check_gradient(hat, points, derivative=slope, kinks=[-1, 0, 1]).passed


def test_analytic_functions_have_no_kink():
    """So a bent derivative of a smooth function is not excused."""
    assert not check_gradient(sigmoid, [0.0], derivative=lambda x: x).passed
    assert check_gradient(sigmoid, [0.0, 1e-9], kinks=[0]).passed
    assert check_gradient(sigmoid, [1e-9]) == check_gradient(sigmoid, [1e-9], kinks=[])
    assert check_gradient(sigmoid, [1e-9]) != check_gradient(sigmoid, [1e-9], kinks=[0])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_complex_step_is_as_accurate_as_the_function(dtype):
    eps = np.finfo(dtype).eps
    x = X.astype(dtype)
    check = check_gradient(np.tanh, x, lambda x: (1 / np.cosh(x)) ** 2, complex_step=True)
    assert check.passed
    assert check.tolerance == pytest.approx(10 * eps)
    assert check.step == pytest.approx(1e-20)
    off = check_gradient(np.tanh, x, lambda x: (1 + 30 * eps) / np.cosh(x) ** 2, complex_step=True)
    assert not off.passed


def test_complex_step_sees_what_a_difference_cannot():
    def wrong(x):
        return (1 + 1e-12) / np.cosh(x) ** 2

    assert check_gradient(np.tanh, X, wrong).passed
    assert not check_gradient(np.tanh, X, wrong, complex_step=True).passed


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (np.abs, TypeError, "f must return complex numbers for a complex step, got dtype float64"),
        (sigmoid, TypeError, "x must hold real numbers"),
    ],
)
def test_complex_step_needs_complex_numbers(f, error, message):
    with pytest.raises(error, match=message):
        check_gradient(f, X, np.sign, complex_step=True)


@pytest.mark.parametrize(
    ("f", "x", "error", "message"),
    [
        (np.square, [1.0], TypeError, "f must have a derivative where none is given, got <ufunc 'square'>"),
        (np.square, [], ValueError, "x must hold at least one point, all finite"),
        (
            np.square,
            [1.0, np.nan],
            ValueError,
            r"x must hold .* all finite, got \[ 1. nan\]",
        ),
        (np.square, ["a"], TypeError, "x must hold real numbers"),
    ],
)
def test_bad_input(f, x, error, message):
    with pytest.raises(error, match=message):
        check_gradient(f, x)
