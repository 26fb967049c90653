"""Floating-point error in units in the last place, and the float where a computation first breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from actlib.contract.arrays import real_array

__all__ = ["breaking_point", "ulp_error"]


def ulp_error(computed: ArrayLike, exact: Sequence[Any] | NDArray[Any]) -> NDArray[np.float64]:
    r"""Return the error of `computed` in units in the last place (ulp), element by element.

    One ulp is the spacing of the floats of `computed`'s dtype at the exact value:
    :math:`|\text{computed} - \text{exact}| / \text{ulp}(\text{exact})`. A correctly rounded result
    is at most 0.5 ulp off.

    Parameters
    ----------
    computed : array_like
        float16, float32 or float64 results.
    exact : sequence of numbers, in the shape of `computed`
        The same quantities to more digits than the dtype holds, in a type that can be made from a
        float: `fractions.Fraction`, `decimal.Decimal`, `mpmath.mpf`, or a wider float.

    Returns
    -------
    numpy.ndarray of float64, in the shape of `computed`
        Infinity where the computed value is NaN or infinite.

    Raises
    ------
    TypeError
        If `computed` does not hold real numbers.
    ValueError
        If the shapes differ, or an exact value is not finite in the dtype of `computed`.

    Examples
    --------
    >>> import numpy as np
    >>> from fractions import Fraction
    >>> ulp_error([1 / 3], [Fraction(1, 3)])
    array([0.33333333])
    >>> ulp_error(np.float16([0.1, np.nan]), [0.1, 0.1])
    array([0.4, inf])
    """
    results = real_array("computed", computed)
    numbers = np.asarray(exact, dtype=object)
    if numbers.shape != results.shape:
        raise ValueError(f"exact must have the shape of computed, {results.shape}, got {numbers.shape}")
    nearest = numbers.astype(np.float64)
    with np.errstate(all="ignore"):
        size = np.abs(nearest.astype(results.dtype))
        if not np.isfinite(size).all():
            raise ValueError(
                f"exact must be finite in {results.dtype}, got {nearest[~np.isfinite(size)].flat[0]}"
            )
        # NumPy has no spacing for the largest float; it is that of the float below.
        below_largest = np.nextafter(np.finfo(results.dtype).max, results.dtype.type(0))
        ulp = np.spacing(np.minimum(size, below_largest)).astype(np.float64)
        # What the exact value has beyond float64, in ulp: as a float64 of its own it could underflow.
        beyond = np.fromiter(map(_beyond, numbers.flat, nearest.flat, ulp.flat), np.float64, numbers.size)
        error = np.abs((results.astype(np.float64) - nearest) / ulp - beyond.reshape(ulp.shape))
    return np.where(np.isfinite(results), error, np.inf)


def _beyond(exact: Any, nearest: float, ulp: float) -> float:
    number = type(exact)
    return float((exact - number(nearest)) / number(ulp))


def breaking_point(
    predicate: Callable[[Any], Any], low: float, high: float, dtype: DTypeLike = np.float64
) -> np.floating[Any]:
    """Return the smallest float between `low` and `high` for which `predicate` holds.

    The floats of the dtype are bisected by their rank, so the answer is exact, after at most 64
    calls.

    Parameters
    ----------
    predicate : callable
        Takes a NumPy scalar of the dtype. False from `low` up to the answer, true from there up to
        `high`; where it changes more than once, one of the changes to true is found.
    low, high : float
        Ends of the search, rounded to the dtype.
    dtype : data type
        float16, float32 or float64.

    Returns
    -------
    numpy.floating
        A scalar of the dtype.

    Raises
    ------
    TypeError
        If the dtype is not one of the three float types.
    ValueError
        If `low` is not below `high`, an end is NaN, or the predicate is not false at `low` and
        true at `high`.

    Examples
    --------
    The first float64 at which the sigmoid rounds to 1:

    >>> from actlib import sigmoid
    >>> breaking_point(lambda x: sigmoid(x) == 1, 0, 100)
    np.float64(36.73680056967711)
    """
    kind: np.dtype[Any] = np.dtype(dtype)
    if kind not in (np.float16, np.float32, np.float64):
        raise TypeError(f"dtype must be float16, float32 or float64, got {kind}")
    integer: np.dtype[Any] = np.dtype(f"i{kind.itemsize}")

    def to_rank(value: float) -> int:
        bits = int(kind.type(value).view(integer))
        return bits if bits >= 0 else np.iinfo(integer).min - bits

    def to_float(rank: int) -> Any:
        bits = rank if rank >= 0 else np.iinfo(integer).min - rank
        return integer.type(bits).view(kind)

    if not low < high:
        raise ValueError(f"low must be below high, got {low} and {high}")
    below, above = to_rank(low), to_rank(high)
    if predicate(to_float(below)) or not predicate(to_float(above)):
        raise ValueError(f"predicate must be false at low and true at high, got low {low} and high {high}")
    while above - below > 1:
        middle = (below + above) // 2
        if predicate(to_float(middle)):
            above = middle
        else:
            below = middle
    return to_float(above)
