"""The contract that every activation keeps.

An activation is a frozen dataclass whose fields are its parameters; its default instance is the
function. A subclass writes its formulas for a one-dimensional float64 array, nothing else: this
module checks the input, keeps shape and dtype, and lets no warning out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from actlib.contract.arrays import Float64Array, FloatArray, real_array
from actlib.contract.facts import ElementwiseFacts, Facts

__all__ = [
    "Activation",
    "Elementwise",
    "Learnable",
    "Out",
    "Pair",
]

Out = Float64Array | None
"""Where a formula writes its result; None for a new array."""

Pair = tuple[Float64Array, Float64Array]
"""f(x) and f'(x)."""

CHUNK = 16_384
"""Elements that a formula sees at once: its temporaries then stay in the processor's cache."""

# The C library of Linux gives freed memory back to the system, and asks for it anew for the next
# temporary, until a block of this size was freed once. That would double the time of a long formula.
np.empty(16 * CHUNK)


class Activation(ABC):
    """What every activation has: a name, its facts, a value and a vector-Jacobian product.

    A subclass is a frozen dataclass, so that two activations with equal parameters are equal.
    """

    name: ClassVar[str]
    """The one name of the function: of its module, its default instance, its chapter and its page."""

    @property
    @abstractmethod
    def facts(self) -> Facts:
        """What is known about the function with these parameters."""

    @abstractmethod
    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return f(x), the activation of the pre-activations `x`."""

    @abstractmethod
    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the gradient of a loss with respect to `x`, given that with respect to f(x)."""

    def __getstate__(self) -> dict[str, Any]:
        # Facts that were read are kept in the instance; the functions among them cannot be pickled.
        return {name: value for name, value in vars(self).items() if name != "facts"}


class Elementwise(Activation):
    """An activation that treats every element of its input alone.

    Every method takes `x`, an array-like of real numbers of any shape, 0-d and empty included, and
    returns a new array of the same shape, a NumPy scalar where `x` is 0-d. float16, float32 and
    float64 are kept, in the machine's byte order; integers and booleans become float64. The
    computation runs in float64 and is rounded once, to the dtype of `x`.

    NaN gives NaN and an infinity the limit. No floating-point warning is raised.

    Docstrings state the largest errors over the whole range of float64, in ulp, the spacing of floats
    at the exact result. "6 ulp or 2 eps near its zeros" says that closer to a zero than half the
    zero's distance from 0 the error may reach 2 eps times the largest :math:`|f'|` (or :math:`|f''|`)
    instead, eps = 2**-52. float32 results are within 0.501 ulp; float16 results are correctly rounded
    unless a docstring states their error (``tests/functions/test_accuracy.py``).

    Raises
    ------
    TypeError
        If an argument does not hold real numbers of at most 64 bits: complex numbers, text, dates,
        objects, None.
    ValueError
        If an argument is a ragged list, or `upstream` has another shape than `x`.

    Examples
    --------
    >>> import numpy as np
    >>> from actlib import sigmoid
    >>> sigmoid([[0, 1], [2, np.inf]])
    array([[0.5       , 0.73105858],
           [0.88079708, 1.        ]])
    >>> sigmoid.derivative(np.float32([0, 1]))
    array([0.25      , 0.19661193], dtype=float32)
    >>> sigmoid(1j)
    Traceback (most recent call last):
    TypeError: x must hold real numbers of at most 64 bits, got dtype complex128
    """

    @property
    @abstractmethod
    def facts(self) -> ElementwiseFacts:
        """What is known about the function with these parameters."""

    @abstractmethod
    def _value(self, x: Float64Array) -> Float64Array:
        """Return f(x) in a new array, for a one-dimensional x, which must not be written to."""

    @abstractmethod
    def _derivative(self, x: Float64Array) -> Float64Array:
        """Return f'(x) in a new array, for a one-dimensional x, which must not be written to."""

    @abstractmethod
    def _second_derivative(self, x: Float64Array) -> Float64Array:
        """Return f''(x) in a new array, for a one-dimensional x, which must not be written to."""

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        """Return both; a subclass may compute what they share once, and write into these arrays."""
        return self._value(x), self._derivative(x)

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return f(x), with the shape and dtype of `x`."""
        return _apply(self._value, real_array("x", x))

    def derivative(self, x: ArrayLike) -> FloatArray:
        """Return f'(x), with the shape and dtype of `x`."""
        return _apply(self._derivative, real_array("x", x))

    def second_derivative(self, x: ArrayLike) -> FloatArray:
        """Return f''(x), with the shape and dtype of `x`."""
        return _apply(self._second_derivative, real_array("x", x))

    def value_and_derivative(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return f(x) and f'(x) as the two calls do, but sooner, because they have much in common.

        Examples
        --------
        >>> from actlib import sigmoid
        >>> sigmoid.value_and_derivative(0.0)
        (np.float64(0.5), np.float64(0.25))
        """
        value, slope = _apply_all(self._value_and_derivative, 2, real_array("x", x))
        return value, slope

    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the vector-Jacobian product, here `upstream` times f'(x) element by element.

        Parameters
        ----------
        x : array_like
            Pre-activations.
        upstream : array_like, in the shape of `x`
            The gradient of a loss with respect to f(x).

        Returns
        -------
        numpy.ndarray
            The gradient of the loss with respect to `x`, with the shape and dtype of `x`. The
            product is formed in float64, so an infinite `upstream` gives NaN where f'(x) is 0.

        Examples
        --------
        >>> from actlib import sigmoid
        >>> sigmoid.vjp([0.0, 2.0], upstream=[4.0, -1.0])
        array([ 1.        , -0.10499359])
        """
        x, upstream = _pair(x, upstream)
        return _apply(lambda chunk, u: u * self._derivative(chunk), x, upstream)


class Learnable(Elementwise):
    """An element-wise activation one of whose parameters a network learns along with its weights."""

    learned: ClassVar[str]
    """The name of the learned parameter, a field."""

    @abstractmethod
    def _parameter_derivative(self, x: Float64Array) -> Float64Array:
        """Return the derivative of f(x) with respect to the learned parameter, in a new array."""

    def parameter_vjp(self, x: ArrayLike, upstream: ArrayLike) -> np.float64:
        """Return the gradient of a loss with respect to the learned parameter.

        One parameter serves all elements, so this is the sum of `upstream` times the derivative
        with respect to it.

        Parameters
        ----------
        x : array_like
            Pre-activations.
        upstream : array_like, in the shape of `x`
            The gradient of a loss with respect to f(x).

        Returns
        -------
        numpy.float64
            The sum, formed pairwise in float64 whatever the dtype of `x`.

        Examples
        --------
        >>> from actlib import prelu
        >>> prelu.parameter_vjp([-2.0, -1.0, 5.0], upstream=[1.0, 10.0, 100.0])
        np.float64(-12.0)
        """
        x, upstream = _pair(x, upstream)
        with np.errstate(all="ignore"):
            terms = _apply(
                lambda u, chunk: u * self._parameter_derivative(chunk), upstream.astype(np.float64), x
            )
            return np.float64(np.sum(terms))


def _pair(x: ArrayLike, upstream: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as arrays of the same shape."""
    x, upstream = real_array("x", x), real_array("upstream", upstream)
    if upstream.shape != x.shape:
        raise ValueError(f"upstream must have the shape of x, {x.shape}, got {upstream.shape}")
    return x, upstream


def _apply(formula: Callable[..., Float64Array], *operands: FloatArray) -> FloatArray:
    """Run `formula` over float64 chunks of the operands; keep shape and dtype of the first."""
    (result,) = _apply_all(lambda *chunks: (formula(*chunks[: len(operands)]),), 1, *operands)
    return result


def _apply_all(
    formula: Callable[..., tuple[Float64Array, ...]], count: int, *operands: FloatArray
) -> list[FloatArray]:
    """Run a formula that returns `count` results, as `_apply` does.

    After the operands it is given `count` arrays; it may return these, or new ones, which are copied.
    """
    first = operands[0]
    if first.size <= CHUNK and all(x.dtype == np.float64 and x.flags.c_contiguous for x in operands):
        # A single chunk that needs no conversion: most of the time would go into the loop below.
        with np.errstate(all="ignore"):
            return [whole.reshape(first.shape)[()] for whole in formula(*(x.ravel() for x in operands))]
    results = [np.empty_like(first, dtype=first.dtype.newbyteorder("="), subok=False) for _ in range(count)]
    readonly: list[Literal["readonly", "writeonly"]] = ["readonly"]
    writeonly: list[Literal["readonly", "writeonly"]] = ["writeonly"]
    chunks = np.nditer(
        [*operands, *results],
        flags=["buffered", "external_loop", "zerosize_ok"],
        op_flags=[readonly] * len(operands) + [writeonly] * count,
        op_dtypes=[np.float64] * (len(operands) + count),
        casting="same_kind",
        buffersize=CHUNK,
    )
    # Rounding to float16 overflows and underflows as silently as the formula itself.
    with np.errstate(all="ignore"), chunks:
        for parts in chunks:
            for output, part in zip(parts[len(operands) :], formula(*parts), strict=True):
                if part is not output:
                    output[...] = part
    return [result[()] for result in results]
