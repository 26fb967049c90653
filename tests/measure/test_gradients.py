"""The gradient check passes what is right and fails what is wrong by little."""

import numpy as np
import pytest

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
    assert check.max_error == pytest.approx(
        np.max(abs(factor - 1) * f.derivative(X) / np.maximum(1, np.abs(factor * f.derivative(X)))), rel=1e-3
    )


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


def test_nan_never_passes():
    assert check_gradient(np.square, X, derivative=lambda x: x * np.nan).max_error == np.inf


def test_a_kink_within_a_step_is_seen():
    def relu(x):
        return np.maximum(x, 0)

    assert check_gradient(relu, [-1.0, 1.0], derivative=lambda x: x > 0).passed
    assert not check_gradient(relu, [0.0], derivative=lambda x: x > 0).passed


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
