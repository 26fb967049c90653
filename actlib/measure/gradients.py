"""A derivative checked against a difference quotient of the function itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actlib.contract.activation import Elementwise
from actlib.contract.arrays import FloatArray, real_array

__all__ = ["GradientCheck", "check_gradient"]

ALLOWANCE = 10
"""How many times eps^(2/3), the error to expect of a central difference, a check lets pass."""


@dataclass(frozen=True)
class GradientCheck:
    """The worst disagreement between a derivative and the difference quotient of its function."""

    max_error: float
    """``|derivative - quotient| / max(1, |derivative|)`` at its largest, NaN counting as infinity."""
    at: float
    """The point where the error is largest."""
    derivative: float
    """The derivative there."""
    quotient: float
    """The difference quotient there."""
    step: float
    """The step there."""
    tolerance: float
    """The largest error that the quotient's own error explains."""

    @property
    def passed(self) -> bool:
        """Whether the largest error lies within the tolerance."""
        return self.max_error <= self.tolerance

    def __str__(self) -> str:
        verdict = "agree" if self.passed else "DISAGREE"
        return (
            f"derivative and difference quotient {verdict}\n"
            f"  largest error {self.max_error:.1e}, tolerance {self.tolerance:.1e}\n"
            f"  at x = {self.at:.6g}: derivative {self.derivative:.6g}, quotient {self.quotient:.6g}"
            f" with step {self.step:.1e}"
        )


@np.errstate(all="ignore")  # beside the largest floats a step overflows
def check_gradient(
    f: Callable[[FloatArray], ArrayLike],
    x: ArrayLike,
    derivative: Callable[[FloatArray], ArrayLike] | None = None,
    kinks: ArrayLike | None = None,
    complex_step: bool = False,
) -> GradientCheck:
    r"""Compare a derivative with the central difference :math:`(f(x + h) - f(x - h)) / 2h`.

    The quotient is wrong by about :math:`h^2 f'''/6` because h is not 0 and by about
    :math:`\epsilon f/h` because f is rounded to a float with spacing :math:`\epsilon`. The step
    :math:`h = \epsilon^{1/3} \max(1, |x|)` makes the two alike, about :math:`\epsilon^{2/3}`:
    4e-11 in float64, 2e-5 in float32. Errors up to ten times that pass. A kink within a step of a
    point does not, unless it is named.

    Parameters
    ----------
    f : callable
        An activation, or any function of an array that returns one of the same shape.
    x : array_like
        The points, finite. Their dtype is the precision in which f is called.
    derivative : callable, optional
        The derivative to check; by default that of `f`.
    kinks : array_like, optional
        Where f or its derivative bends, more than two steps apart. A point within a step of a kink
        is compared with the one-sided difference :math:`(4f(x \pm h) - f(x \pm 2h) - 3f(x)) / \pm 2h`
        that leads away from it. At the kink itself every slope between the two one-sided ones
        passes. By default those of the facts of an activation.
    complex_step : bool
        Compare with :math:`\operatorname{Im} f(x + ih)/h` instead. Nothing is subtracted, so h can
        be 1e-20 and the quotient is as accurate as f: errors up to ten times :math:`\epsilon` pass.
        For an f that takes complex numbers and is analytic, such as a formula of exponentials; the
        activations of this package take real numbers only.

    Returns
    -------
    GradientCheck
        The error where it is largest; it prints as a report.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, `f` has no derivative and none is given, or the complex
        step finds a function that returns real numbers.
    ValueError
        If `x` is empty or not finite.

    References
    ----------
    W. Squire and G. Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions",
    SIAM Review 40 (1998), 110-112.

    Examples
    --------
    >>> import numpy as np
    >>> from actlib import tanh
    >>> check_gradient(tanh, np.linspace(-5, 5, 101)).passed
    True
    >>> check = check_gradient(np.tanh, [0.0, 1.0], derivative=lambda x: 1 - np.tanh(x))
    >>> print(check)
    derivative and difference quotient DISAGREE
      largest error 1.8e-01, tolerance 3.7e-10
      at x = 1: derivative 0.238406, quotient 0.419974 with step 6.1e-06
    >>> check = check_gradient(np.tanh, [0.0, 1.0], lambda x: 1 - np.tanh(x) ** 2, complex_step=True)
    >>> check.passed, check.tolerance < 1e-14
    (True, True)
    >>> check_gradient(np.abs, [-1.0, 0.0], derivative=np.sign, kinks=[0]).passed
    True
    """
    points = real_array("x", x).ravel()
    if not points.size or not np.isfinite(points).all():
        raise ValueError(f"x must hold at least one point, all finite, got {points}")
    if derivative is None:
        derivative = getattr(f, "derivative", None)
    if derivative is None:
        raise TypeError(f"f must have a derivative where none is given, got {f!r}")
    if kinks is None:
        # A function of one's own may come without facts.
        kinks = getattr(f.facts, "kinks", ()) if isinstance(f, Elementwise) else ()
    eps = float(np.finfo(points.dtype).eps)
    slope = np.asarray(derivative(points), np.float64)
    if complex_step:
        step = np.full(points.shape, 1e-20, points.dtype if eps < 1e-4 else np.float32)
        quotient = _complex_quotient(f, points, step)
    else:
        step = (np.cbrt(eps) * np.maximum(1, np.abs(points))).astype(points.dtype)
        quotient = _quotient(f, points, step, np.asarray(kinks, np.float64).ravel(), slope)
    error = np.abs(slope - quotient) / np.maximum(1, np.abs(slope))
    error = np.where(np.isnan(error), np.inf, error)
    worst = int(np.argmax(error))
    return GradientCheck(
        max_error=float(error[worst]),
        at=float(points[worst]),
        derivative=float(slope[worst]),
        quotient=float(quotient[worst]),
        step=float(step[worst]),
        tolerance=ALLOWANCE * (eps if complex_step else eps ** (2 / 3)),
    )


def _quotient(
    f: Callable[[FloatArray], ArrayLike],
    x: FloatArray,
    step: FloatArray,
    kinks: NDArray[np.float64],
    slope: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the central differences, one-sided ones near kinks; at a kink the one nearest to `slope`."""
    left, right = x - step, x + step
    rise = np.asarray(f(right), np.float64) - np.asarray(f(left), np.float64)
    # The step that was taken, which rounding made a little different from the one that was meant.
    quotient: NDArray[np.float64] = rise / (right.astype(np.float64) - left.astype(np.float64))
    for kink in kinks:
        near = np.abs(x - kink) <= step
        if near.any():
            before, after = (_one_sided(f, x[near], direction * step[near]) for direction in (-1, 1))
            at_kink = np.clip(slope[near], np.minimum(before, after), np.maximum(before, after))
            side = np.sign(x[near] - kink)
            quotient[near] = np.select([side < 0, side > 0], [before, after], at_kink)
    return quotient


def _one_sided(f: Callable[[FloatArray], ArrayLike], x: FloatArray, step: FloatArray) -> NDArray[np.float64]:
    """Return the slope at x of the parabola through f at x, x + h and x + 2h."""
    # Halves of the double step, so that both are the steps that were taken.
    far = x + 2 * step
    middle = x + (far - x) / 2
    h = (far.astype(np.float64) - x) / 2
    here, near, beyond = (np.asarray(f(point), np.float64) for point in (x, middle, far))
    return (4 * (near - here) - (beyond - here)) / (2 * h)


def _complex_quotient(
    f: Callable[[FloatArray], ArrayLike], x: FloatArray, step: FloatArray
) -> NDArray[np.float64]:
    """Return the imaginary parts of f(x + ih), divided by h."""
    value = np.asarray(f(x + 1j * step))
    if not np.iscomplexobj(value):
        raise TypeError(f"f must return complex numbers for a complex step, got dtype {value.dtype}")
    return value.imag.astype(np.float64) / step
