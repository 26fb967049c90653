"""What softmax and maxout share: outputs that depend on several elements along one axis."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from actlib.contract.activation import CHUNK, Activation
from actlib.contract.arrays import Float64Array, FloatArray, real_array
from actlib.contract.facts import VectorFacts

__all__ = ["AlongAxis"]

Formula = Callable[..., Float64Array]


class AlongAxis(Activation):
    """An activation that maps every vector along one axis of its input to a vector.

    Every method takes `x`, an array-like of real numbers with at least one dimension, and returns a
    new array. float16, float32 and float64 are kept, in the machine's byte order; integers and
    booleans become float64. The computation runs in float64, a few thousand elements at a time, and
    is rounded once, to the dtype of `x`. No floating-point warning is raised.

    A subclass writes its formulas for a float64 array of shape (n, columns), one vector a column,
    which must not be written to.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers of at most 64 bits: complex numbers, text, dates,
        objects, None.
    ValueError
        If an argument is a ragged list, `x` has no such axis, or `upstream` has another shape than
        f(x).

    Examples
    --------
    >>> from actlib import softmax
    >>> softmax([[0, 0], [0, float("inf")]])
    array([[0.5, 0.5],
           [0. , 1. ]])
    >>> softmax(3.0)
    Traceback (most recent call last):
    ValueError: axis must be one of the axes of x, which has 0 dimensions, got -1
    """

    axis: int

    @property
    @abstractmethod
    def facts(self) -> VectorFacts:
        """What is known about the function with these parameters."""

    @abstractmethod
    def _value(self, x: Float64Array) -> Float64Array:
        """Return f of every column."""

    @abstractmethod
    def _jacobian(self, x: Float64Array) -> Float64Array:
        """Return the Jacobian of every column, of shape (outputs, n, columns)."""

    @abstractmethod
    def _vjp(self, x: Float64Array, upstream: Float64Array) -> Float64Array:
        """Return the transposed Jacobian of every column times that column of `upstream`."""

    def _outputs(self, n: int) -> int:
        """Return the length of f of a vector of length `n`, or raise ValueError."""
        return n

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return f(x), with the dtype of `x`, and its shape but for the length of the axis."""
        array, axis = self._checked(x)
        return self._map(self._value, array, axis)

    def jacobian(self, x: ArrayLike) -> FloatArray:
        """Return the matrix of partial derivatives for every vector.

        Parameters
        ----------
        x : array_like
            Pre-activations.

        Returns
        -------
        numpy.ndarray
            With the dtype of `x`, and its shape but that the axis, of length n, is taken out and two
            axes, (outputs, n), are put at the end: entry [..., i, j] is the derivative of output i
            with respect to input j. For the last axis of softmax that is (..., n, n).

        Examples
        --------
        >>> from actlib import softmax
        >>> softmax.jacobian([0.0, 0.0])
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])
        """
        array, axis = self._checked(x)
        n = array.shape[axis]
        jacobian = _apply(self._jacobian, axis, (self._outputs(n), n), array)
        return np.moveaxis(jacobian, (axis, axis + 1), (-2, -1))

    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the vector-Jacobian product, without forming a Jacobian.

        Parameters
        ----------
        x : array_like
            Pre-activations.
        upstream : array_like, in the shape of f(x)
            The gradient of a loss with respect to f(x).

        Returns
        -------
        numpy.ndarray
            The gradient of the loss with respect to `x`, with the shape and dtype of `x`.

        Examples
        --------
        >>> from actlib import softmax
        >>> softmax.vjp([0.0, 0.0], upstream=[4.0, 0.0])
        array([ 1., -1.])
        """
        array, axis = self._checked(x)
        given = real_array("upstream", upstream)
        n = array.shape[axis]
        shape = (*array.shape[:axis], self._outputs(n), *array.shape[axis + 1 :])
        if given.shape != shape:
            raise ValueError(f"upstream must have the shape of f(x), {shape}, got {given.shape}")
        return _apply(self._vjp, axis, (n,), array, given)

    def _map(self, formula: Formula, array: FloatArray, axis: int) -> FloatArray:
        """Apply a formula whose result is shaped like f(x)."""
        return _apply(formula, axis, (self._outputs(array.shape[axis]),), array)

    def _checked(self, x: ArrayLike) -> tuple[FloatArray, int]:
        """Return `x` as an array, and the axis counted from the front."""
        array = real_array("x", x)
        if not -array.ndim <= self.axis < array.ndim:
            raise ValueError(
                f"axis must be one of the axes of x, which has {array.ndim} dimensions, got {self.axis}"
            )
        return array, self.axis % array.ndim


def _apply(formula: Formula, axis: int, lengths: tuple[int, ...], *operands: FloatArray) -> FloatArray:
    """Run `formula` over float64 columns; keep the dtype of the first operand and its other axes.

    Where the operands have the axis, the result has axes of these lengths.
    """
    first = operands[0]
    before, after = first.shape[:axis], first.shape[axis + 1 :]
    result = np.empty((*before, *lengths, *after), first.dtype.newbyteorder("="))
    if result.size == 0:
        return result
    # As (before, n, after): a block of columns is a slice of the first and of the last axis.
    inputs = [x.reshape(prod(before), x.shape[axis], prod(after)) for x in operands]
    output = result.reshape(prod(before), *lengths, prod(after))
    columns = max(1, CHUNK // max(first.shape[axis], prod(lengths)))
    height, width = max(1, columns // prod(after)), min(columns, prod(after))
    with np.errstate(all="ignore"):
        for i in range(0, prod(before), height):
            for j in range(0, prod(after), width):
                block = (slice(i, i + height), ..., slice(j, j + width))
                parts = [np.moveaxis(x[block], 0, 1) for x in inputs]
                done = formula(*(part.astype(np.float64, order="C").reshape(len(part), -1) for part in parts))
                output[block] = np.moveaxis(done.reshape(*lengths, *parts[0].shape[1:]), -2, 0)
    return result
