"""Products, quotients, sums and tails that lose less to rounding than the plain formula."""

from __future__ import annotations

from collections.abc import Callable
from math import frexp

import numpy as np
from numpy.typing import NDArray

__all__ = ["exact_product", "exact_quotient", "pairwise_sum", "subnormal_tail"]

LARGEST = float(np.finfo(np.float64).max)


def exact_product(
    factor: float, x: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64] | float]:
    """Return `factor` times `x` as a sum of two floats, the rounded product and what rounding lost.

    For exponentials: u rounded makes exp(u) wrong by up to |u|/2 ulp, hundreds where it is tiny.
    Beyond 2000, where they are 0 or infinite, the product stays 2000; where it is tiny, what was lost
    has few digits or none.

    Examples
    --------
    >>> import numpy as np
    >>> product, lost = exact_product(0.1, np.array([3.0]))
    >>> print(product[0], lost[0])  # 0.1 is a float above one tenth
    0.30000000000000004 -2.7755575615628914e-17
    """
    end = 2000 / abs(factor) if abs(factor) > 1e-304 else LARGEST
    x = np.clip(x, -end, end)
    mantissa, exponent = frexp(factor)
    if abs(mantissa) in (0, 0.5):  # zero or a power of two: nothing is lost
        return factor * x, 0.0
    x = np.ldexp(x, exponent)
    product = mantissa * x
    # Halves of at most 29 digits: all their products but the smallest are exact.
    high, x_high = float(np.float32(mantissa)), x.astype(np.float32).astype(np.float64)
    low, x_low = mantissa - high, x - x_high
    return product, ((high * x_high - product) + high * x_low + low * x_high) + low * x_low


def exact_quotient(
    x: NDArray[np.float64], rest: NDArray[np.float64], divisor: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sum of two floats, ``x + rest``, divided by `divisor`, as a sum of two floats."""
    # A power of two is divided by without error; what is left of the divisor lies between 1/2 and 1.
    divisor, exponent = frexp(divisor)
    x, rest = np.ldexp(x, -exponent), np.ldexp(rest, -exponent)
    quotient = x / divisor
    # In float32 numbers have so few bits that a product of two is exact in float64.
    high, divisor_high = quotient.astype(np.float32).astype(np.float64), float(np.float32(divisor))
    remainder = (x - high * divisor_high) - high * (divisor - divisor_high) - (quotient - high) * divisor
    return quotient, (remainder + rest) / divisor


def pairwise_sum(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum over the first axis, in pairs: its error grows with log n, not with n.

    Examples
    --------
    >>> import numpy as np
    >>> pairwise_sum(np.array([[1.0], [2.0], [3.0]]))
    array([6.])
    """
    while len(terms) > 1:
        half = len(terms) // 2
        pairs = terms[:half] + terms[half : 2 * half]
        terms = np.concatenate([pairs, terms[2 * half :]]) if len(terms) % 2 else pairs
    return terms[0]


def subnormal_tail(
    result: NDArray[np.float64],
    factor: Callable[[NDArray[np.float64]], NDArray[np.float64] | float],
    v: NDArray[np.float64],
    lost: NDArray[np.float64] | float = 0.0,
) -> None:
    """Write ``factor(v) * exp(v + lost)`` into `result` where exp(v) is subnormal, or soon will be.

    Subnormal floats have few digits. Multiplied by exp(v/2) twice, the result alone is rounded to
    such a float.
    """
    far = (v < -700).nonzero()[0]
    if far.size:
        lost = np.broadcast_to(lost, v.shape)[far]
        v = v[far]
        half = np.exp(0.5 * v)
        result[far] = factor(v) * half * (1 + lost) * half
