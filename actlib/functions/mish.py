"""Mish, x times the tanh of softplus."""

from __future__ import annotations

from dataclasses import dataclass
from math import e, inf

import numpy as np

from actlib.contract.activation import Elementwise, Out, Pair
from actlib.contract.arrays import Float64Array
from actlib.contract.facts import ElementwiseFacts, Extremum, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments
from actlib.functions.rounding import subnormal_tail

ROOT, ROOT_REST = -1.1924312145154952, -4.8484829848031044e-17
"""Where the derivative is zero, as a sum of two floats, because one is not exact enough."""
EXP_ROOT = 0.3034825352815289
"""exp(ROOT)."""

Gate = tuple[Float64Array, Float64Array]


@dataclass(frozen=True)
class Mish(Elementwise):
    r"""Mish, :math:`f(x) = x \tanh(\ln(1 + e^x))`: maps the reals onto [-0.3088, inf).

    Element by element, any shape; inputs, results and errors are those of `Elementwise`.

    See Also
    --------
    swish : x times a sigmoid.
    softplus : Mish is x times the tanh of it.

    Notes
    -----
    With :math:`s = 1 + e^x` the tanh is :math:`(s^2 - 1)/(s^2 + 1)` and the derivative is
    :math:`e^x ((s + 1)(s^2 + 1) + 4xs)/(s^2 + 1)^2`: no hyperbolic function, no logarithm. f falls from 0
    to its minimum, -0.308843 at x = -1.192431, and rises from there on. The derivative lies between
    -0.112526 and 1.088498. The function is analytic: it has no kink. At minus infinity value and
    derivatives are 0, at infinity ∞, 1 and 0.
    Errors: value 5 ulp, derivative 6.5 ulp, second derivative 9 ulp or 2 eps near its zeros, subnormal
    results 1.5 spacings.

    References
    ----------
    D. Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", BMVC 2020,
    arXiv:1908.08681, eq. 1.

    Examples
    --------
    >>> from actlib import mish
    >>> mish([-1.0, 0.0, 1.0])
    array([-0.30340146,  0.        ,  0.86509839])
    >>> mish.derivative(0.0)
    np.float64(0.6)
    >>> mish(float("-inf"))  # x * tanh(log1p(exp(x))) would be NaN
    np.float64(-0.0)
    """

    name = "mish"

    # Below, v is x within bounds beyond which Mish is 0 or x, so that no power of u = exp(v) overflows.

    def _value(self, x: Float64Array, gate: Gate | None = None, out: Out = None) -> Float64Array:
        # x n/(n + 2), n = u(u + 2) = s^2 - 1.
        v, u = gate or _gate(x)
        n = 2 + u
        n *= u
        value = np.divide(n, 2 + n, out=out)
        value *= x
        subnormal_tail(value, lambda v: v, v)
        return value

    def _derivative(self, x: Float64Array, gate: Gate | None = None, out: Out = None) -> Float64Array:
        # The terms of (s + 1)(s^2 + 1) + 4xs cancel left of 0. It is s (4x + s^2 + s + 1 + 1/s); taking
        # from the bracket its value 0 at the root r leaves two terms of one sign, with the factors
        # d = x - r and e^x - e^r. The latter is e^r (e^d - 1), which has more digits up to d = 1.
        v, u = gate or _gate(x)
        d = v - ROOT
        d -= ROOT_REST
        slope = np.minimum(d, 1, out=out)
        np.expm1(slope, out=slope)
        slope *= EXP_ROOT
        beyond = u - e * EXP_ROOT
        slope += np.maximum(beyond, 0, out=beyond)
        s = 1 + u
        s_root = 1 + EXP_ROOT
        slope *= s * (s + s_root + 1) - 1 / s_root
        d *= s
        d *= 4
        slope += d
        slope *= u
        slope /= (s * s + 1) ** 2
        subnormal_tail(slope, lambda v: 1 + v, v)
        return slope

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        gate = _gate(x)
        return self._value(x, gate, value), self._derivative(x, gate, slope)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        # The cube of s^2 + 1 overflows from x = 119 on, so the right half is written in t = exp(-x).
        # The last product alone can underflow.
        x = np.clip(x, -800, 800)
        half = np.exp(np.minimum(x / 2, -x))
        t = np.where(x < 0, half * half, half)
        q = np.where(x < 0, 2 + t * (2 + t), 1 + 2 * t * (1 + t))
        slope = np.where(x < 0, 2 + t * (2 - t * (3 + 2 * t)), t * (2 * t * (1 + t) - 3) - 2)
        return half * (4 * (2 * (1 + t) * q + x * slope) / (q * q * q)) * half

    @property
    def facts(self) -> ElementwiseFacts:
        """What is known about Mish."""
        return FACTS


def _gate(x: Float64Array) -> Gate:
    """Return v and u."""
    v = np.clip(x, -800, 60)
    return v, np.exp(v)


FACTS = ElementwiseFacts(
    title="Mish",
    formula=r"f(x) = x \tanh(\ln(1 + e^x)) = x\,\frac{s^2 - 1}{s^2 + 1},\quad s = 1 + e^x",
    derivative_formula=r"f'(x) = \frac{e^x\,\bigl((s + 1)(s^2 + 1) + 4xs\bigr)}{(s^2 + 1)^2}",
    second_derivative_formula=(
        r"f''(x) = \frac{4 e^x\,\bigl(2s(s^2 + 1) - x\,(2s^3 - 3s^2 - 2s + 1)\bigr)}{(s^2 + 1)^3}"
    ),
    range=Interval(-0.30884341301725043, inf, includes_low=True),
    limits=(0.0, inf),
    value_at_zero=0.0,
    derivative_at_zero=0.6,
    minimum=Extremum(ROOT, -0.30884341301725043),
    derivative_minimum=Extremum(-2.256376396360793, -0.11252612238946255),
    derivative_maximum=Extremum(1.4905711794854284, 1.088498161251728),
    second_derivative_bound=Extremum(-0.08793443131491421, 0.6442046372369724),
    inflections=(-2.256376396360793, 1.4905711794854284),
    monotone="none",
    convex=False,
    smoothness="analytic",
    moments=GaussianMoments(0.240403888374791, 0.452342192375883, 0.563747557288381, 0.479083758373970),
    relations=(
        Relation(
            "softplus",
            r"f(x) = x \tanh(\mathrm{softplus}(x))",
            lambda softplus, x: x * np.tanh(softplus(x)),
        ),
        Relation(
            "tanh",
            r"f(x) = x \tanh(\ln(1 + e^x))",
            lambda tanh, x: x * tanh(np.logaddexp(0, x)),
        ),
    ),
    papers=("Misra2020",),
    frameworks={
        "PyTorch": FrameworkName("torch.nn.Mish"),
        "Keras": FrameworkName("keras.activations.mish"),
        "JAX": FrameworkName("jax.nn.mish"),
    },
)

mish = Mish()
