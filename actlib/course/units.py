"""Hidden units that have no chapter of their own: gated ones, powers of ReLU and other relatives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, log
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from actlib.contract.activation import Activation, Elementwise, Out
from actlib.contract.arrays import Float64Array, FloatArray, real_array
from actlib.contract.facts import ElementwiseFacts, Facts, Interval
from actlib.contract.moments import GaussianMoments
from actlib.functions.softplus import Softplus, Tail

__all__ = ["Gated", "PowerReLU", "Ramp", "ShiftedSoftplus"]


@dataclass(frozen=True)
class Gated(Activation):
    """Gated units, h = f(a) c: a layer gives each of them two linear outputs, as it does for maxout.

    Parameters
    ----------
    gate : Elementwise
        f. Of the linear outputs the first half are the a, the second half the c.

    Raises
    ------
    ValueError
        If the number of linear outputs is odd.

    References
    ----------
    N. Shazeer, "GLU Variants Improve Transformer" (2020), arXiv:2002.05202, section 2.

    Examples
    --------
    >>> from actlib import relu
    >>> Gated(relu)([[2.0, -1.0, 10.0, 10.0]])
    array([[20.,  0.]])
    """

    gate: Elementwise
    pieces: ClassVar[int] = 2
    name: ClassVar[str] = "gated"

    @property
    def facts(self) -> Facts:
        """Those of the gate: while c has mean square 1, the gain that they give is the unit's too."""
        return self.gate.facts

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return f(a) c."""
        a, c = self._halves(x)
        return self.gate(a) * c

    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the gradient of a loss with respect to a and c, given that with respect to f(a) c."""
        a, c = self._halves(x)
        u = real_array("upstream", upstream)
        value, slope = self.gate.value_and_derivative(a)
        return np.concatenate([u * c * slope, u * value], axis=-1)

    def _halves(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        array = real_array("x", x)
        if array.shape[-1] % 2:
            raise ValueError(f"x must have an even number of linear outputs, got {array.shape[-1]}")
        a, c = np.split(array, 2, axis=-1)
        return a, c


@dataclass(frozen=True)
class PowerReLU(Activation):
    """A power of ReLU, max(0, x) ** exponent: with 2 it is squared ReLU.

    Parameters
    ----------
    exponent : float
        >= 1.

    Raises
    ------
    ValueError
        If the exponent is below 1: the slope would have no bound at 0.

    References
    ----------
    D. R. So et al., "Primer: Searching for Efficient Transformers for Language Modeling", NeurIPS
    2021, arXiv:2109.08668.

    Examples
    --------
    >>> PowerReLU(2)([-1.0, 3.0])
    array([0., 9.])
    >>> PowerReLU(2).vjp([-1.0, 3.0], upstream=[1.0, 1.0])
    array([0., 6.])
    """

    exponent: float
    name: ClassVar[str] = "power_relu"

    def __post_init__(self) -> None:
        if not 1 <= self.exponent < inf:
            raise ValueError(f"exponent must be >= 1 and finite, got {self.exponent}")

    @property
    def facts(self) -> Facts:
        """What a network needs to know; its gain is then measured."""
        return Facts(
            title="power of ReLU",
            formula=rf"\max(0, x)^{{{self.exponent:g}}}",
            range=Interval(0, inf, includes_low=True),
            convex=True,
            smoothness="C0" if self.exponent == 1 else "C1",
            papers=("So2021",),
            frameworks={},
        )

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return max(0, x) to this power."""
        array: FloatArray = np.maximum(real_array("x", x), 0) ** self.exponent
        return array

    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the gradient of a loss with respect to `x`, given that with respect to the value."""
        array = real_array("x", x)
        rising = np.maximum(array, 0) ** (self.exponent - 1) * (array > 0)
        gradient: FloatArray = self.exponent * rising * real_array("upstream", upstream)
        return gradient


@dataclass(frozen=True)
class Ramp(Activation):
    """The input times a straight gate: the distribution function of a uniform number of variance 1.

    Where GELU has the normal distribution function. Hard-swish is the same curve, wider.

    Examples
    --------
    >>> Ramp()([-2.0, 0.0, 1.0, 2.0]).round(3)
    array([-0.   ,  0.   ,  0.789,  2.   ])
    >>> Ramp().vjp([-2.0, 0.0, 2.0], upstream=[1.0, 1.0, 1.0])
    array([0. , 0.5, 1. ])
    """

    name: ClassVar[str] = "ramp"

    @property
    def facts(self) -> Facts:
        """What a network needs to know; its gain is then measured."""
        return Facts(
            title="ramp",
            formula=r"x \min(1, \max(0, \tfrac12 + x / \sqrt{12}))",
            range=Interval(-(3**0.5) / 8, inf, includes_low=True),
            convex=False,
            smoothness="C0",
            papers=("Hendrycks2016",),
            frameworks={},
        )

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return x times the gate."""
        array = real_array("x", x)
        value: FloatArray = array * self._gate(array)
        return value

    def vjp(self, x: ArrayLike, upstream: ArrayLike) -> FloatArray:
        """Return the gradient of a loss with respect to `x`, given that with respect to the value."""
        array = real_array("x", x)
        gate = self._gate(array)
        slope = gate + array * ((gate > 0) & (gate < 1)) / 12**0.5
        gradient: FloatArray = slope * real_array("upstream", upstream)
        return gradient

    @staticmethod
    def _gate(x: FloatArray) -> FloatArray:
        gate: FloatArray = np.clip(0.5 + x / 12**0.5, 0, 1)
        return gate


@dataclass(frozen=True)
class ShiftedSoftplus(Softplus):
    """Softplus minus ln 2, which passes through the origin.

    References
    ----------
    K. T. Schütt et al., "SchNet: A Continuous-Filter Convolutional Neural Network for Modeling Quantum
    Interactions", NIPS 2017, arXiv:1706.08566.

    Examples
    --------
    >>> ShiftedSoftplus()([-50.0, 0.0]).round(3)
    array([-0.693,  0.   ])
    """

    name = "shifted softplus"

    def _value(self, x: Float64Array, tail: Tail | None = None, out: Out = None) -> Float64Array:
        value = super()._value(x, tail, out)
        value -= log(2) / self.beta
        return value

    @cached_property
    def facts(self) -> ElementwiseFacts:
        """Those of softplus, moved down."""
        return replace(
            super().facts,
            title="Shifted softplus",
            formula=r"f(x) = \frac{1}{\beta} \ln \frac{1 + e^{\beta x}}{2}",
            range=Interval(-log(2) / self.beta, inf),
            limits=(-log(2) / self.beta, inf),
            value_at_zero=0.0,
            moments=GaussianMoments.measure(self),
            relations=(),
            family=(),
            papers=("Schutt2017",),
            frameworks={},
        )
