"""What a layer sees on average: the Gaussian moments of an activation, and the sum that gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf, pi, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actlib.contract.arrays import FloatArray

__all__ = ["GaussianMoments", "normal_quadrature"]


class Differentiable(Protocol):
    """What moments ask of an element-wise activation: its values and its slopes."""

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return f(x)."""
        ...

    def derivative(self, x: ArrayLike) -> FloatArray:
        """Return f'(x)."""
        ...


@dataclass(frozen=True)
class GaussianMoments:
    """What a layer sees on average: expectations over a standard normal pre-activation z.

    Examples
    --------
    >>> from actlib import sigmoid
    >>> moments = sigmoid.facts.moments
    >>> print(f"{moments.gain:.6f} {moments.chi:.6f}")
    1.846229 0.152827
    """

    mean: float
    """E f(z)."""
    second: float
    """E f(z)^2, the mean square of what the layer passes on."""
    derivative_mean: float
    """E f'(z)."""
    derivative_second: float
    """E f'(z)^2, the factor that f puts on the mean square of a gradient."""

    @property
    def gain(self) -> float:
        """1/sqrt(E f^2), the weight scale at which pre-activations keep a mean square of 1."""
        return 1 / sqrt(_usable(self.second))

    @property
    def gradient_gain(self) -> float:
        """1/sqrt(E f'^2), the weight scale at which gradients keep their mean square."""
        return 1 / sqrt(_usable(self.derivative_second))

    @property
    def chi(self) -> float:
        """E f'^2 / E f^2, the factor per layer of a gradient's mean square when weights have `gain`."""
        return self.derivative_second / _usable(self.second)

    @classmethod
    @np.errstate(all="ignore")  # a square beyond all floats is an infinity, one below them 0
    def measure(cls, f: Differentiable, q: float = 1.0, kinks: Sequence[float] = ()) -> GaussianMoments:
        """Return the moments of f over a pre-activation of variance q, to a relative 2e-14."""
        z, weight = normal_quadrature(tuple(kink / sqrt(q) for kink in kinks if kink))
        x = sqrt(q) * z
        value, slope = f(x), f.derivative(x)
        sums = (weight @ value, weight @ value**2, weight @ slope, weight @ slope**2)
        return cls(*map(float, sums))


def _usable(mean_square: float) -> float:
    """Return a mean square that something can be divided by, or say that a float cannot hold it."""
    if not 0 < mean_square < inf:
        raise ValueError(f"a gain needs a mean square > 0 and finite, got {mean_square}")
    return mean_square


@lru_cache(maxsize=64)
@np.errstate(all="ignore")
def normal_quadrature(
    kinks: tuple[float, ...] = (),
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return nodes and weights: ``weight @ g(z)`` is the expectation of g over a standard normal.

    Gauss-Legendre on panels that halve toward 0 and end at every kink of g, so that neither a kink nor
    a function that bends close to 0 costs digits; beyond 12 the normal density is below 1e-31.
    """
    node, weight = np.polynomial.legendre.leggauss(32)
    ends = 12.0 * 0.5 ** np.arange(40)
    ends = np.union1d(ends, [abs(kink) for kink in kinks if ends[-1] < abs(kink) < 12])[::-1]
    low, high = np.append(ends[1:], 0)[:, None], ends[:, None]
    positive = ((high + low) / 2 + (high - low) / 2 * node).ravel()
    mass = ((high - low) / 2 * weight).ravel() * np.exp(-(positive**2) / 2) / sqrt(2 * pi)
    return np.concatenate([-positive, positive]), np.concatenate([mass, mass])
