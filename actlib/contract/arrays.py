"""What goes in: arrays of floats and numbers as parameters, each checked or refused by name."""

from __future__ import annotations

from math import inf, isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Float64Array",
    "FloatArray",
    "integer_parameter",
    "real_array",
    "real_parameter",
]

FloatArray = NDArray[np.floating[Any]]
"""A NumPy array of float16, float32 or float64."""

Float64Array = NDArray[np.float64]
"""What the formulas compute with."""


def real_parameter(name: str, value: object, above: float = -inf) -> float:
    """Return a parameter as a float, or say what is wrong with it.

    Parameters
    ----------
    name : str
        The name of the parameter; the error message has it.
    value : object
        A finite real number, not a bool.
    above : float
        The value must be greater.

    Raises
    ------
    TypeError
        If `value` is not a real number.
    ValueError
        If it is NaN, infinite or not above the bound.

    Examples
    --------
    >>> real_parameter("alpha", 2, above=0)
    2.0
    >>> real_parameter("alpha", -1.0, above=0)
    Traceback (most recent call last):
    ValueError: alpha must be > 0, got -1.0
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = inf
    if not isfinite(number):
        raise ValueError(f"{name} must be finite, got {number}")
    if not number > above:
        raise ValueError(f"{name} must be > {above:g}, got {number}")
    return number


def integer_parameter(
    name: str, value: object, at_least: int | None = None, at_most: int | None = None
) -> int:
    """Return a parameter as an int, or say what is wrong with it.

    Parameters
    ----------
    name : str
        The name of the parameter; the error message has it.
    value : object
        An integer, not a bool.
    at_least : int, optional
        The smallest value allowed.
    at_most : int, optional
        The largest.

    Raises
    ------
    TypeError
        If `value` is not an integer.
    ValueError
        If it is too small or too large.

    Examples
    --------
    >>> integer_parameter("pieces", 1, at_least=2)
    Traceback (most recent call last):
    ValueError: pieces must be >= 2, got 1
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    number = int(value)
    if at_least is not None and number < at_least:
        raise ValueError(f"{name} must be >= {at_least}, got {number}")
    if at_most is not None and number > at_most:
        raise ValueError(f"{name} must be <= {at_most}, got {number:.3g}")
    return number


def real_array(name: str, value: ArrayLike) -> FloatArray:
    """Return `value` as an array of float16, float32 or float64, or say what is wrong with it.

    Parameters
    ----------
    name : str
        What the caller calls the argument; the error message names it.
    value : array_like
        Real numbers. Integers and booleans become float64; the three float types are kept.

    Raises
    ------
    TypeError
        If the values are not real numbers of at most 64 bits.
    ValueError
        If `value` is a list whose rows differ in length.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array, got rows of different length") from error
    if array.dtype.kind in "iub":
        array = array.astype(np.float64)
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        raise TypeError(f"{name} must hold real numbers of at most 64 bits, got dtype {array.dtype}")
    return array
