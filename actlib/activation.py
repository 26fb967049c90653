"""The contract that every activation keeps, and the record of what is known about one.

An activation is a frozen dataclass whose fields are its parameters; its default instance is the
function. A subclass writes its formulas for a one-dimensional float64 array, nothing else: this
module checks the input, keeps shape and dtype, and lets no warning out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Activation",
    "Elementwise",
    "Extremum",
    "Facts",
    "FloatArray",
    "FrameworkName",
    "GaussianMoments",
    "Interval",
    "Relation",
]

FloatArray = NDArray[np.floating[Any]]
"""A NumPy array of float16, float32 or float64."""

CHUNK = 16_384
"""Elements that a formula sees at once: its temporaries then stay in the processor's cache."""


class Activation(ABC):
    """What every activation has: a name, its facts, a value and a vector-Jacobian product."""

    name: ClassVar[str]
    """The one name of the function: its module, its instance, its chapter, its page."""

    @property
    @abstractmethod
    def facts(self) -> Facts:
        """What is known about the function with these parameters."""

    @abstractmethod
    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return the activation of the pre-activations `x`."""

    @abstractmethod
    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the gradient of a loss with respect to `x`, given that with respect to f(x)."""


class Elementwise(Activation):
    """An activation that treats every element of its input alone.

    For every method, `x` is an array-like of real numbers of any shape, 0-d and empty included.
    float16, float32 and float64 are kept; integers and booleans become float64. The computation
    runs in float64 and is rounded once. The result has the shape of `x`; NaN gives NaN, an
    infinity gives the limit, and no warning is raised.

    Raises
    ------
    TypeError
        If `x` is not an array of real numbers (complex, text, objects, None).
    ValueError
        If `x` is a ragged list, or `upstream` has another shape than `x`.
    """

    @abstractmethod
    def _value(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f(x)."""

    @abstractmethod
    def _derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f'(x)."""

    @abstractmethod
    def _second_derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f''(x)."""

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return f(x), with the shape and dtype of `x`."""
        return _apply(self._value, real_array("x", x))

    def derivative(self, x: ArrayLike) -> FloatArray:
        """Return f'(x), with the shape and dtype of `x`."""
        return _apply(self._derivative, real_array("x", x))

    def second_derivative(self, x: ArrayLike) -> FloatArray:
        """Return f''(x), with the shape and dtype of `x`."""
        return _apply(self._second_derivative, real_array("x", x))

    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the vector-Jacobian product, here `upstream` times f'(x) element by element.

        `upstream` is the gradient of the loss with respect to f(x) and has the shape of `x`;
        the result is the gradient with respect to `x`, in the dtype of `x`.
        """
        x = real_array("x", x)
        upstream = real_array("upstream", upstream)
        if upstream.shape != x.shape:
            raise ValueError(f"upstream must have the shape of x, {x.shape}, got {upstream.shape}")
        return _apply(lambda chunk, u: u * self._derivative(chunk), x, upstream)


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


def _apply(formula: Callable[..., NDArray[np.float64]], *operands: FloatArray) -> FloatArray:
    """Run `formula` over float64 chunks of the operands; keep shape and dtype of the first."""
    first = operands[0]
    result = np.empty_like(first, dtype=first.dtype.newbyteorder("="), subok=False)
    with np.errstate(all="ignore"):
        chunks = np.nditer(
            [*operands, result],
            flags=["buffered", "external_loop", "zerosize_ok"],
            op_flags=[*([["readonly"]] * len(operands)), ["writeonly"]],
            op_dtypes=[np.float64] * (len(operands) + 1),
            casting="same_kind",
            buffersize=CHUNK,
        )
        with chunks:
            for *inputs, output in chunks:
                output[...] = formula(*inputs)
    scalar_or_array: FloatArray = result[()]
    return scalar_or_array


@dataclass(frozen=True)
class Interval:
    """A set of reals between two ends; an end that is not reached is left out."""

    low: float
    high: float
    includes_low: bool = False
    includes_high: bool = False

    def __str__(self) -> str:
        ends = [
            f"{end:g}".replace("-", "\N{MINUS SIGN}").replace("inf", "\N{INFINITY}")
            for end in (self.low, self.high)
        ]
        return f"{'[' if self.includes_low else '('}{ends[0]}, {ends[1]}{']' if self.includes_high else ')'}"

    def __contains__(self, value: float) -> bool:
        above = self.low <= value if self.includes_low else self.low < value
        below = value <= self.high if self.includes_high else value < self.high
        return above and below


@dataclass(frozen=True)
class Extremum:
    """A largest or smallest value and where it stands; `x` may be an infinity, then it is a limit."""

    x: float
    value: float


@dataclass(frozen=True)
class GaussianMoments:
    """Expectations over a standard normal pre-activation z, all dimensionless."""

    mean: float
    """E f(z)"""
    second: float
    """E f(z)^2"""
    derivative_mean: float
    """E f'(z)"""
    derivative_second: float
    """E f'(z)^2"""

    @property
    def gain(self) -> float:
        """The weight scale that keeps the second moment at one: 1/sqrt(E f^2)."""
        return 1 / sqrt(self.second)

    @property
    def gradient_gain(self) -> float:
        """The weight scale that keeps the mean-square gradient: 1/sqrt(E f'^2)."""
        return 1 / sqrt(self.derivative_second)

    @property
    def chi(self) -> float:
        """The factor of the mean-square gradient per layer at `gain`: E f'^2 / E f^2."""
        return self.derivative_second / self.second


@dataclass(frozen=True)
class Relation:
    """An identity between the function and another: f(x) = right_side(x) for every real x."""

    to: str
    formula: str
    right_side: Callable[[NDArray[np.float64]], NDArray[np.float64]] = field(repr=False, compare=False)


@dataclass(frozen=True)
class FrameworkName:
    """What a framework calls the function, and the defaults of its parameters."""

    call: str
    defaults: Mapping[str, float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about an activation: written once, recomputed by the tests, read by every page.

    Formulas are LaTeX without dollar signs. `papers` holds keys of book/references.bib, the
    origin first.
    """

    title: str
    formula: str
    derivative_formula: str
    second_derivative_formula: str
    range: Interval
    limits: tuple[float, float]
    """The limits of f at minus and plus infinity."""
    value_at_zero: float
    derivative_at_zero: float
    minimum: Extremum | None
    """The smallest value that f takes, or None where it takes none."""
    maximum: Extremum | None
    derivative_minimum: Extremum
    """The infimum of f' and where it is taken or approached."""
    derivative_maximum: Extremum
    second_derivative_bound: Extremum
    """The supremum of |f''|, at the smallest non-negative x that has it."""
    inflections: tuple[float, ...]
    centre: tuple[float, float] | None
    """The point about which the graph is symmetric under a half turn, or None."""
    monotone: Literal["strictly increasing", "increasing", "none"]
    convex: bool
    smoothness: Literal["analytic", "C1", "C0"]
    moments: GaussianMoments
    relations: tuple[Relation, ...]
    papers: tuple[str, ...]
    frameworks: Mapping[str, FrameworkName]

    @property
    def parity(self) -> Literal["odd", "none"]:
        """Whether f(-x) = -f(x)."""
        return "odd" if self.centre == (0.0, 0.0) else "none"

    @property
    def lipschitz(self) -> float:
        """The Lipschitz constant, sup |f'|."""
        return max(abs(self.derivative_minimum.value), abs(self.derivative_maximum.value))
