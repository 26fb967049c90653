"""Random numbers with the same bits in Python and in a browser: weights to compare a live figure with."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from actlib.contract.arrays import Float64Array, integer_parameter

__all__ = ["Draws", "Random"]

MASK = 2**32 - 1
Items = TypeVar("Items", bound="MutableSequence[Any] | NDArray[Any]")
Shape = int | tuple[int, ...]

LN2_HIGH, LN2_LOW = 0.6931471805598903, 5.497923018708371e-14
"""ln 2 as a sum; the first part has so few bits that a multiple of it is exact."""
LOG = (
    0.6666666666666666, 0.4000000000000088, 0.28571428570803614, 0.22222222391713917, 0.18181795640132906,
    0.15386239702814658, 0.13268773138656886, 0.13086626147840102,
)  # fmt: skip
"""The polynomial in s^2 for (2 artanh(s)/s - 2)/s^2 that actlib/live/elementary.js has."""


class Random:
    """A generator of random numbers whose every bit follows from the seed, on any machine.

    NumPy's generators have no twin in JavaScript. This one is ``actlib/live/random.js`` in Python: the
    same seed gives the same numbers (``tests/live/test_random.py``). `Network` takes it as its seed, and
    then begins with the weights that a live figure draws. It takes some microseconds for a number.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1; different seeds give different states.

    Raises
    ------
    TypeError
        If `seed` is not an integer.
    ValueError
        If `seed` is out of range.

    References
    ----------
    D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
    Mathematical Software 47 (2021), arXiv:1805.01407: xoshiro128++. Its state is filled by splitmix32, a
    counter whose bits are mixed. G. Marsaglia and T. A. Bray, "A convenient method for generating normal
    variables", SIAM Review 6 (1964): the polar method.

    Examples
    --------
    >>> random = Random(4)
    >>> random.integer(6), random.uniform()
    (2, 0.5064786495406619)
    >>> random.normal(size=3)
    array([-0.74142136, -0.51195285, -0.65133072])
    >>> from actlib import tanh
    >>> from actlib.lab import Network
    >>> Network([2, 3, 1], tanh, seed=Random(4)).parameters["b1"]
    array([0., 0., 0.])
    """

    def __init__(self, seed: int) -> None:
        counter = integer_parameter("seed", seed, at_least=0, at_most=MASK)
        self._state: list[int] = []
        for _ in range(4):
            counter = (counter + 0x9E3779B9) & MASK
            mixed = ((counter ^ counter >> 16) * 0x21F0AAAD) & MASK
            mixed = ((mixed ^ mixed >> 15) * 0x735A2D97) & MASK
            self._state.append(mixed ^ mixed >> 15)
        self._spare: float | None = None

    def bits(self, count: int) -> list[int]:
        """Return the next `count` integers of 32 bits."""
        a, b, c, d = self._state
        drawn = []
        for _ in range(count):
            total = (a + d) & MASK
            drawn.append(((total << 7 | total >> 25) + a) & MASK)
            shifted = b << 9 & MASK
            c ^= a
            d ^= b
            b ^= c
            a ^= d
            c ^= shifted
            d = (d << 11 | d >> 21) & MASK
        self._state = [a, b, c, d]
        return drawn

    def _uniforms(self, count: int) -> Float64Array:
        """Return multiples of 2^-53 from 0 to 1 - 2^-53."""
        drawn = np.array(self.bits(2 * count), np.int64)
        return ((drawn[::2] >> 5) * 2**26 + (drawn[1::2] >> 6)) / 2.0**53

    def _normals(self, count: int) -> Float64Array:
        """Return standard normal numbers: both of each pair whose point lies in the unit circle."""
        drawn = [] if self._spare is None else [np.array([self._spare])]
        self._spare = None
        missing = count - len(drawn)
        while missing > 0:
            # No more pairs than must be drawn: the state is to stop where JavaScript's does.
            point = 2 * self._uniforms(missing + missing % 2).reshape(-1, 2) - 1
            square = point[:, 0] * point[:, 0] + point[:, 1] * point[:, 1]
            inside = (square > 0) & (square < 1)
            point, square = point[inside], square[inside, None]
            drawn.append((point * np.sqrt(-2 * _log(square) / square)).ravel())
            missing -= len(drawn[-1])
        numbers = np.concatenate([np.empty(0), *drawn])
        if len(numbers) > count:
            self._spare = float(numbers[-1])
        return numbers[:count]

    @overload
    def uniform(self, low: float = ..., high: float = ..., size: None = ...) -> float: ...
    @overload
    def uniform(self, low: float = ..., high: float = ..., size: Shape = ...) -> Float64Array: ...
    def uniform(self, low: float = 0, high: float = 1, size: Shape | None = None) -> float | Float64Array:
        """Return numbers drawn evenly from `low` to `high`, in an array of the shape `size`."""
        count = int(np.prod(() if size is None else size))
        drawn = low + (high - low) * self._uniforms(count)
        return float(drawn[0]) if size is None else drawn.reshape(size)

    @overload
    def normal(self, loc: float = ..., scale: float = ..., size: None = ...) -> float: ...
    @overload
    def normal(self, loc: float = ..., scale: float = ..., size: Shape = ...) -> Float64Array: ...
    def normal(self, loc: float = 0, scale: float = 1, size: Shape | None = None) -> float | Float64Array:
        """Return normal numbers of mean `loc` and deviation `scale`, in an array of the shape `size`."""
        count = int(np.prod(() if size is None else size))
        drawn = loc + scale * self._normals(count)
        return float(drawn[0]) if size is None else drawn.reshape(size)

    def integer(self, n: int) -> int:
        """Return an integer from 0 to n - 1; n is at most 2**32, so that none is favoured noticeably.

        Raises
        ------
        TypeError
            If `n` is not an integer.
        ValueError
            If `n` is out of range.
        """
        n = integer_parameter("n", n, at_least=1, at_most=2**32)
        return int(self._uniforms(1)[0] * n)

    def shuffle(self, array: Items) -> Items:
        """Put the elements in an order of which each is equally likely; return the same array."""
        for i in range(len(array) - 1, 0, -1):
            j = self.integer(i + 1)
            array[i], array[j] = array[j], array[i]
        return array

    def permutation(self, n: int) -> NDArray[np.int64]:
        """Return 0 to n - 1 in such an order."""
        return self.shuffle(np.arange(n))


def _log(x: Float64Array) -> Float64Array:
    """Return ln x of normal floats > 0, by the operations of actlib/live/elementary.js in their order."""
    # The upper half of the bits of sqrt(1/2) is subtracted, so that x 2^-n lies between it and sqrt(2).
    n = (np.ascontiguousarray(x).view(np.int64) >> 32) - 0x3FE6A09E >> 20
    f = np.ldexp(x, -n) - 1
    s = f / (2 + f)
    z = s * s
    w = z * z
    low = LOG[0] + z * LOG[1] + w * (LOG[2] + z * LOG[3])
    high = LOG[4] + z * LOG[5] + w * (LOG[6] + z * LOG[7])
    base = n * LN2_HIGH
    total = base + f
    square = 0.5 * f * f
    less = square - s * (square + z * (low + w * w * high))
    return total + (f - (total - base) + (n * LN2_LOW - less))


Draws = np.random.Generator | Random
"""What an initialiser draws from."""
