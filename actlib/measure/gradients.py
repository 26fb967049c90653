"""A derivative checked against a difference quotient of the function itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from actlib.activation import FloatArray, real_array

__all__ = ["GradientCheck", "check_gradient"]

ALLOWANCE = 10
"""How many times eps^(2/3), the error to expect of a central difference, a check lets pass."""


@dataclass(frozen=True)
class GradientCheck:
    """The worst disagreement between a derivative and the difference quotient of its function."""

    max_error: float
    """|derivative - quotient| / max(1, |derivative|) at its largest, NaN counting as infinity."""
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


def check_gradient(
    f: Callable[[FloatArray], ArrayLike],
    x: ArrayLike,
    derivative: Callable[[FloatArray], ArrayLike] | None = None,
) -> GradientCheck:
    r"""Compare a derivative with the central difference :math:`(f(x + h) - f(x - h)) / 2h`.

    The quotient is wrong by about :math:`h^2 f'''/6` because h is not 0 and by about
    :math:`\epsilon f/h` because f is rounded to a float with spacing :math:`\epsilon`. The step
    :math:`h = \epsilon^{1/3} \max(1, |x|)` makes the two alike, about :math:`\epsilon^{2/3}`:
    4e-11 in float64, 2e-5 in float32. Errors up to ten times that pass. A kink within a step of a
    point does not.

    Parameters
    ----------
    f : callable
        An activation, or any function of an array that returns one of the same shape.
    x : array_like
        The points, finite. Their dtype is the precision in which f is called.
    derivative : callable, optional
        The derivative to check; by default that of `f`.

    Returns
    -------
    GradientCheck
        The error where it is largest; it prints as a report.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or `f` has no derivative and none is given.
    ValueError
        If `x` is empty or not finite.

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
    """
    points = real_array("x", x).ravel()
    if not points.size or not np.isfinite(points).all():
        raise ValueError(f"x must hold at least one point, all finite, got {points}")
    if derivative is None:
        derivative = getattr(f, "derivative", None)
    if derivative is None:
        raise TypeError(f"f must have a derivative where none is given, got {f!r}")
    eps = np.finfo(points.dtype).eps
    step = (np.cbrt(eps) * np.maximum(1, np.abs(points))).astype(points.dtype)
    left, right = points - step, points + step
    rise = np.asarray(f(right), np.float64) - np.asarray(f(left), np.float64)
    # The step that was taken, which rounding made a little different from the one that was meant.
    quotient = rise / (right.astype(np.float64) - left.astype(np.float64))
    slope = np.asarray(derivative(points), np.float64)
    error = np.abs(slope - quotient) / np.maximum(1, np.abs(slope))
    error = np.where(np.isnan(error), np.inf, error)
    worst = int(np.argmax(error))
    return GradientCheck(
        max_error=float(error[worst]),
        at=float(points[worst]),
        derivative=float(slope[worst]),
        quotient=float(quotient[worst]),
        step=float(step[worst]),
        tolerance=ALLOWANCE * float(eps) ** (2 / 3),
    )
