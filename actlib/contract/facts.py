"""The record of what is known about an activation: written once, recomputed by the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from actlib.contract.arrays import FloatArray
from actlib.contract.moments import GaussianMoments

__all__ = [
    "ElementwiseFacts",
    "Extremum",
    "Facts",
    "FamilyLimit",
    "FrameworkName",
    "Interval",
    "Relation",
    "VectorFacts",
]


Function = Callable[[FloatArray], FloatArray]
"""An activation, as far as a relation asks for one: its values."""


@dataclass(frozen=True)
class Interval:
    """A set of reals between two ends, each of which belongs to it or not.

    Examples
    --------
    >>> from math import inf
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
    """An infinity where the value is only approached, as a limit; a kink where one side has it."""
    value: float
    """What is taken or approached there."""


@dataclass(frozen=True)
class Relation:
    """An identity between the function and another activation, true for every real x."""

    to: str
    """The name of the other activation; the function's own for a symmetry."""
    formula: str
    """The identity in LaTeX, without dollar signs."""
    right_side: Callable[[Function, FloatArray], FloatArray] = field(repr=False, compare=False)
    """Computes the left side from the other activation with its default parameters, called as
    ``right_side(other, x)``; for a symmetry `other` is the function itself."""
    left: Literal["value", "derivative"] = "value"
    """Whether f(x) or f'(x) stands on the left side."""


@dataclass(frozen=True)
class FamilyLimit:
    """What the function becomes as a parameter moves, and how far from it it still is.

    Examples
    --------
    >>> from actlib import Swish, swish
    >>> limit = swish.facts.family[0]
    >>> limit.parameter, limit.towards, limit.to
    ('beta', inf, 'relu')
    >>> print(f"{limit.error(10):.6f}")  # no point of Swish(beta=10) is farther from ReLU
    0.027846
    """

    parameter: str
    """The name of the parameter that moves; the others keep their values."""
    towards: float
    """Where it moves, possibly an infinity."""
    to: str | None
    """The name of the activation, with default parameters, that is the limit; None for any other
    function."""
    formula: str
    """The limit in LaTeX, without dollar signs: an equation."""
    error_formula: str
    """The error law in LaTeX: an equation with the largest distance on the left."""
    becomes: Callable[[FloatArray], FloatArray] = field(repr=False, compare=False)
    """Computes the limit."""
    error: Callable[[float], float] = field(repr=False, compare=False)
    """The supremum of the distance between function and limit over :math:`|x|` <= `reach`, given the value
    of the parameter."""
    reach: float = inf
    """How far from 0 the error law looks; finite where the distance grows without bound."""


RUN = frozenset({"torch", "jax", "keras"})
"""The modules that tests import to compare names, defaults and values with."""


@dataclass(frozen=True)
class FrameworkName:
    """What a framework calls the function, and the defaults of its parameters there.

    Examples
    --------
    >>> FrameworkName("torch.nn.Mish").run, FrameworkName("paddle.nn.Mish").run
    (True, False)
    """

    call: str
    """The dotted name, from the top-level module on."""
    defaults: Mapping[str, float | str | bool | None] = field(default_factory=dict)
    """The framework's parameters and their defaults, empty where it has none."""
    slope_at_kink: float | None = None
    """f'(0) of a function with a kink there, as the framework has it with these defaults; None where
    there is no kink, or where no test has asked."""

    @property
    def run(self) -> bool:
        """Whether tests run it; what is said of another is taken from its manual."""
        return self.call.partition(".")[0] in RUN


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about an activation: written once, recomputed by the tests, read by every page.

    Formulas are LaTeX without dollar signs. They hold for the parameters of the activation that
    they are read from.
    """

    title: str
    """The name as a heading has it."""
    formula: str
    """The definition, an equation."""
    range: Interval
    """The set of all values that f, or a component of f, takes."""
    convex: bool
    """Whether the graph never lies above a chord."""
    smoothness: Literal["analytic", "C1", "C0"]
    """"C1": f'' jumps but f' does not; "C0": f' jumps but f does not."""
    relations: tuple[Relation, ...] = ()
    """Identities with other activations, and with itself."""
    family: tuple[FamilyLimit, ...] = ()
    """What the function becomes as its parameters move."""
    papers: tuple[str, ...]
    """Keys of book/references.bib, the origin first."""
    frameworks: Mapping[str, FrameworkName]
    """What the function is called, by framework."""


@dataclass(frozen=True, kw_only=True)
class VectorFacts(Facts):
    """What is known about an activation whose components depend on several elements of its input."""

    jacobian_formula: str
    """The Jacobian, an equation."""
    lipschitz: float
    """The Lipschitz constant in the Euclidean norm, the supremum of the Jacobian's spectral norm."""
    moments: GaussianMoments | None = None
    """The Gaussian moments of an output over independent standard normal inputs, its derivatives
    being the sum and the sum of squares of its row of the Jacobian; None where they depend on the
    number of inputs."""
    weight_factor: int = 1
    """How many times the weights of a layer with as many outputs a layer needs."""


@dataclass(frozen=True, kw_only=True)
class ElementwiseFacts(Facts):
    """What is known about an element-wise activation: a function of one real number."""

    derivative_formula: str
    """f', an equation."""
    second_derivative_formula: str
    """f'', an equation."""
    limits: tuple[float, float]
    """The limits of f at minus infinity and at infinity."""
    value_at_zero: float
    """f(0)."""
    derivative_at_zero: float
    """f'(0); at a kink the value that the function's docstring chooses."""
    minimum: Extremum | None = None
    """The smallest value, or None where f takes none: where the range is open below."""
    maximum: Extremum | None = None
    """The largest value, or None where f takes none: where the range is open above."""
    derivative_minimum: Extremum
    """The infimum of f', taken or approached."""
    derivative_maximum: Extremum
    """The supremum of f', taken or approached."""
    second_derivative_bound: Extremum
    """The supremum of :math:`|f''|` away from kinks, taken or approached."""
    kinks: tuple[float, ...] = ()
    """Every x at which f' jumps, or f'' does, ascending: see `smoothness`."""
    inflections: tuple[float, ...] = ()
    """Every x at which f'' changes its sign, ascending; a kink does not count."""
    centre: tuple[float, float] | None = None
    """The point (x, f(x)) about which the graph is symmetric under a half turn, or None; of a
    straight line, the origin."""
    even: bool = False
    """Whether f(-x) = f(x)."""
    monotone: Literal["strictly increasing", "increasing", "none"]
    """"increasing" where f is flat somewhere, "none" where it falls somewhere."""
    moments: GaussianMoments
    """The Gaussian moments: to 15 decimals, or by `GaussianMoments.measure`."""

    @property
    def parity(self) -> Literal["odd", "even", "none"]:
        """Whether f(-x) is -f(x), f(x) or neither."""
        return "odd" if self.centre == (0.0, 0.0) else "even" if self.even else "none"

    @property
    def lipschitz(self) -> float:
        """The Lipschitz constant, the supremum of :math:`|f'|`."""
        return max(abs(self.derivative_minimum.value), abs(self.derivative_maximum.value))
