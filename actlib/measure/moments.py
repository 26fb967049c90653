"""Gaussian moments of an activation, and the variance map of a wide random network."""

from __future__ import annotations

from math import inf

import numpy as np

from actlib.contract.activation import Elementwise
from actlib.contract.moments import GaussianMoments

__all__ = ["chi", "fixed_point", "gaussian_moments"]

QUADRATURE_ERROR = 1e-13
"""More than the relative rounding of a moment: a growth below it may have either sign."""


def gaussian_moments(f: Elementwise, q: float = 1.0) -> GaussianMoments:
    r"""Return the expectations of f and f' over a pre-activation :math:`\sqrt{q}\,z`, z standard normal.

    Computed by Gauss-Legendre quadrature on panels that halve toward 0 and end at the kinks of f, so
    that neither a kink nor a large q, which squeezes f toward 0, costs digits.

    Parameters
    ----------
    f : Elementwise
        The activation.
    q : float
        The variance of the pre-activation, > 0.

    Returns
    -------
    GaussianMoments
        Each to a relative 2e-14 for q from 1e-6 to 1e6 (``tests/measure/test_moments.py``).

    Raises
    ------
    ValueError
        If `q` is not positive and finite.

    Examples
    --------
    >>> from actlib import tanh
    >>> print(f"{gaussian_moments(tanh).second:.12f}")
    0.394294490398
    """
    _positive("q", q)
    # A function of one's own may come without facts, or with None for them.
    return GaussianMoments.measure(f, q, getattr(getattr(f, "facts", None), "kinks", ()))


def chi(f: Elementwise, gain: float, q: float) -> float:
    r"""Return the factor of a gradient's mean square per layer, :math:`g^2\,E f'(\sqrt{q}\,z)^2`.

    A wide random network without bias multiplies the mean square of a gradient by this in every
    layer whose pre-activations have variance q: below 1 gradients vanish with depth, above 1 they
    explode.

    Parameters
    ----------
    f : Elementwise
        The activation.
    gain : float
        The weight scale g, > 0: weights have variance g^2/width.
    q : float
        The variance of the pre-activations, > 0.

    Returns
    -------
    float
        The factor, dimensionless.

    Raises
    ------
    ValueError
        If `gain` or `q` is not positive and finite.

    References
    ----------
    S. S. Schoenholz, J. Gilmer, S. Ganguli and J. Sohl-Dickstein, "Deep Information Propagation",
    ICLR 2017, arXiv:1611.01232.

    Examples
    --------
    >>> from actlib import sigmoid
    >>> print(f"{chi(sigmoid, gain=1, q=fixed_point(sigmoid, gain=1)):.6f}")
    0.055721
    """
    _positive("gain", gain)
    return gain**2 * gaussian_moments(f, q).derivative_second


def fixed_point(f: Elementwise, gain: float, start: float = 1.0) -> float:
    r"""Return where the variance of the pre-activations settles in a deep network.

    In a wide random network without bias the variance goes from layer to layer by the map
    :math:`V(q) = g^2\,E f(\sqrt{q}\,z)^2`. Its iterates from `start` move in one direction, to the
    nearest q with :math:`V(q) = q`, because V grows with q for every activation of this package.

    Parameters
    ----------
    f : Elementwise
        The activation.
    gain : float
        The weight scale g, > 0: weights have variance g^2/width.
    start : float
        The variance in the first layer, > 0.

    Returns
    -------
    float
        The limit of the iterates: `start` itself where it is fixed to 12 digits, 0 where the
        variance falls below 1e-12 and infinity where it exceeds 1e12.

    Raises
    ------
    ValueError
        If `gain` or `start` is not positive and finite.

    References
    ----------
    B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein and S. Ganguli, "Exponential expressivity in
    deep neural networks through transient chaos", NIPS 2016, arXiv:1606.05340.

    Examples
    --------
    >>> from actlib import sigmoid, tanh
    >>> print(f"{fixed_point(sigmoid, gain=1):.6f} {fixed_point(tanh, gain=5 / 3):.6f}")
    0.264687 1.178480
    >>> fixed_point(tanh, gain=1)
    0.0
    """
    _positive("gain", gain)
    _positive("start", start)

    def growth(q: float) -> float:
        return gain**2 * gaussian_moments(f, q).second / q - 1

    if abs(growth(start)) < 1e-12:
        return start
    rises = growth(start) > 0
    towards = 1 if rises else -1
    near, far = start, start
    while towards * growth(far) > -QUADRATURE_ERROR:
        near, far = far, far * (2 if rises else 0.5)
        if not 1e-12 <= far <= 1e12:
            return inf if rises else 0.0
    for _ in range(np.finfo(np.float64).nmant):
        middle = (near + far) / 2
        near, far = (middle, far) if (growth(middle) > 0) == rises else (near, middle)
    return near


def _positive(name: str, value: float) -> None:
    if not 0 < value < inf:
        raise ValueError(f"{name} must be > 0 and finite, got {value}")
