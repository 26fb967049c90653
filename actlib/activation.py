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


class Elementwise(Activation):
    """An activation that treats every element of its input alone.

    Every method takes `x`, an array-like of real numbers of any shape, 0-d and empty included, and
    returns a new array of the same shape, a NumPy scalar where `x` is 0-d. float16, float32 and
    float64 are kept, in the machine's byte order; integers and booleans become float64. The
    computation runs in float64 and is rounded once, to the dtype of `x`.

    NaN gives NaN and an infinity the limit. No floating-point warning is raised.

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

    @abstractmethod
    def _value(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f(x) for a one-dimensional array, which must not be written to."""

    @abstractmethod
    def _derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f'(x) for a one-dimensional array, which must not be written to."""

    @abstractmethod
    def _second_derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f''(x) for a one-dimensional array, which must not be written to."""

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
    roles: list[list[Literal["readonly", "writeonly"]]] = [["readonly"] for _ in operands]
    roles += [["writeonly"]]
    chunks = np.nditer(
        [*operands, result],
        flags=["buffered", "external_loop", "zerosize_ok"],
        op_flags=roles,
        op_dtypes=[np.float64] * (len(operands) + 1),
        casting="same_kind",
        buffersize=CHUNK,
    )
    # Rounding to float16 overflows and underflows as silently as the formula itself.
    with np.errstate(all="ignore"), chunks:
        for *inputs, output in chunks:
            output[...] = formula(*inputs)
    scalar_or_array: FloatArray = result[()]
    return scalar_or_array


@dataclass(frozen=True)
class Interval:
    """A set of reals between two ends, each of which belongs to it or not.

    Examples
    --------
    >>> from math import inf
    >>> print(Interval(-1, inf, includes_low=True))
    [−1, ∞)
    >>> -1 in Interval(-1, inf, includes_low=True), -1 in Interval(-1, inf)
    (True, False)
    """

    low: float
    """The infimum; minus infinity for a set without lower bound."""
    high: float
    """The supremum; infinity for a set without upper bound."""
    includes_low: bool = False
    """Whether `low` belongs to the set."""
    includes_high: bool = False
    """Whether `high` belongs to the set."""

    def __str__(self) -> str:
        low, high = (
            f"{end:g}".replace("-", "\N{MINUS SIGN}").replace("inf", "\N{INFINITY}")
            for end in (self.low, self.high)
        )
        return f"{'[' if self.includes_low else '('}{low}, {high}{']' if self.includes_high else ')'}"

    def __contains__(self, value: float) -> bool:
        above = self.low <= value if self.includes_low else self.low < value
        below = value <= self.high if self.includes_high else value < self.high
        return above and below


@dataclass(frozen=True)
class Extremum:
    """The largest or the smallest value of a function and where it is taken or approached.

    Of several such places `x` is the one nearest to 0, of two equally near ones the positive one.
    """

    x: float
    """An infinity where the value is only approached, as a limit."""
    value: float


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
        return 1 / sqrt(self.second)

    @property
    def gradient_gain(self) -> float:
        """1/sqrt(E f'^2), the weight scale at which gradients keep their mean square."""
        return 1 / sqrt(self.derivative_second)

    @property
    def chi(self) -> float:
        """E f'^2 / E f^2, the factor per layer of a gradient's mean square when weights have `gain`."""
        return self.derivative_second / self.second


@dataclass(frozen=True)
class Relation:
    """An identity between the function and another activation, true for every real x."""

    to: str
    """The name of the other activation; the function's own for a symmetry."""
    formula: str
    """The identity in LaTeX, without dollar signs."""
    right_side: Callable[[Activation, FloatArray], FloatArray] = field(repr=False, compare=False)
    """Computes f(x) from the other activation, called as ``right_side(other, x)``."""


@dataclass(frozen=True)
class FrameworkName:
    """What a framework calls the function, and the defaults of its parameters there."""

    call: str
    """The dotted name, from the top-level module on."""
    defaults: Mapping[str, float | str | bool] = field(default_factory=dict)
    """The framework's parameters and their defaults, empty where it has none."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about an activation: written once, recomputed by the tests, read by every page.

    Formulas are LaTeX without dollar signs.
    """

    title: str
    """The name as a heading has it."""
    formula: str
    """The definition, an equation."""
    derivative_formula: str
    """f', an equation."""
    second_derivative_formula: str
    """f'', an equation."""
    range: Interval
    """The set of all values that f takes."""
    limits: tuple[float, float]
    """The limits of f at minus infinity and at infinity."""
    value_at_zero: float
    """f(0)."""
    derivative_at_zero: float
    """f'(0); at a kink the value that the function's docstring chooses."""
    minimum: Extremum | None
    """The smallest value, or None where f takes none: where the range is open below."""
    maximum: Extremum | None
    """The largest value, or None where f takes none: where the range is open above."""
    derivative_minimum: Extremum
    """The infimum of f', taken or approached."""
    derivative_maximum: Extremum
    """The supremum of f', taken or approached."""
    second_derivative_bound: Extremum
    """The supremum of |f''| away from kinks, taken or approached."""
    inflections: tuple[float, ...]
    """Every x at which f'' changes its sign, ascending."""
    centre: tuple[float, float] | None
    """The point (x, f(x)) about which the graph is symmetric under a half turn, or None."""
    monotone: Literal["strictly increasing", "increasing", "none"]
    """"increasing" where f is flat somewhere, "none" where it falls somewhere."""
    convex: bool
    """Whether f' never falls."""
    smoothness: Literal["analytic", "C1", "C0"]
    """"C1": f'' jumps but f' does not; "C0": f' jumps but f does not."""
    moments: GaussianMoments
    """The Gaussian moments to 15 decimals."""
    relations: tuple[Relation, ...]
    """Identities with other activations, and with itself."""
    papers: tuple[str, ...]
    """Keys of book/references.bib, the origin first."""
    frameworks: Mapping[str, FrameworkName]
    """What the function is called, by framework."""

    @property
    def parity(self) -> Literal["odd", "none"]:
        """Whether f(-x) = -f(x)."""
        return "odd" if self.centre == (0.0, 0.0) else "none"

    @property
    def lipschitz(self) -> float:
        """The Lipschitz constant, the supremum of |f'|."""
        return max(abs(self.derivative_minimum.value), abs(self.derivative_maximum.value))
