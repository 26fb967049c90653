"""GELU, the Gaussian error linear unit, exact and in its tanh form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, pi, sqrt
from typing import Literal

import numpy as np

from actlib.contract.activation import Elementwise, Out, Pair
from actlib.contract.arrays import Float64Array
from actlib.contract.facts import ElementwiseFacts, Extremum, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments

REACH = 40.0
"""Beyond, f(-|x|) and its derivatives are below the smallest float."""

TAIL = (
    0.769193049750063, -0.6653825028900567, 0.49530561596997386, -0.31353315667129955, 0.16502036617051113,
    -0.06911863870640436, 0.020795066797416595, -0.0029933767701593532, -0.0007978693739469138,
    0.0005448990707733159, -5.937586780212169e-05, -4.976288868029808e-05, 1.6681694446690882e-05,
    3.981274923141603e-06, -2.770264894685992e-06, -3.376318795644607e-07, 4.343124300104718e-07,
    4.385236079192329e-08, -6.65400740125251e-08, -1.0623937439932971e-08, 7.573702456952603e-09,
    2.2061860857956886e-09,
)  # fmt: skip
"""The polynomial in y = (a - 5)/(a + 5) that interpolates (a + 5) e^(a^2/2) Phi(-a) at 22 Chebyshev
points of a = 0 to 40: it replaces the complementary error function, which NumPy lacks."""

SQRT_2, SQRT_2_REST = 1.4142135623730951, -9.667293313452913e-17
"""The square root of 2 as a sum of two floats."""
K, K_HIGH, K_LOW = 1.5957691216057308, 1.5957691073417664, 1.426396435433791e-08
"""2 sqrt(2/pi), and the same as a sum: the first part has few bits, so that its product is exact."""
C, C_HIGH, C_LOW = 0.07135481627260025, 0.07135480642318726, 9.849412992916964e-09
"""0.044715 K, and the same as a sum."""

ROOTS = {
    "none": (-0.7517915246935645, 1.4956759177009883e-17),
    "tanh": (-0.7524614220710163, 3.635560509207687e-17),
}
"""Where the derivative is zero, as a sum of two floats."""
NEAR = 0.2
"""How near to the root the derivative is integrated from there."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(5)


@dataclass(frozen=True)
class GELU(Elementwise):
    r"""GELU, :math:`f(x) = x\,\Phi(x)`, :math:`\Phi` the normal distribution function.

    Maps the reals onto [-0.16997, inf), in the tanh form onto [-0.17004, inf). Element by element,
    any shape; inputs, results and errors are those of `Elementwise`.

    Parameters
    ----------
    approximate : {"none", "tanh"}
        "none" for the definition, "tanh" for :math:`x\,\sigma(2u)`,
        :math:`u = \sqrt{2/\pi}\,(x + 0.044715 x^3)`, which is usually written
        :math:`\tfrac12 x (1 + \tanh u)`. Anything else is a ValueError.

    See Also
    --------
    swish : x times a sigmoid in place of a normal distribution.

    Notes
    -----
    With :math:`\varphi` the normal density the derivative is :math:`\Phi(x) + x\,\varphi(x)` and the
    second derivative :math:`\varphi(x)(2 - x^2)`. f falls from 0 to its minimum, -0.169971 at
    x = -0.751792, and rises from there on; the derivative lies between -0.128904 and 1.128904. The
    function is analytic: it has no kink. At minus infinity f and f' are 0, at infinity f is infinite
    and f' is 1; f'' is 0 at either. The two forms differ by at most 4.7324e-4, at x = -2.69894 and
    2.69894; relative to the exact form the difference is 0.84 at x = -5.
    Errors: value 5.5 ulp, derivative 7.5 ulp, second derivative 12 ulp or 2 eps near its zeros, subnormal
    results 1.5 spacings.

    References
    ----------
    D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", 2016, arXiv:1606.08415,
    section 2, both forms.

    Examples
    --------
    >>> from actlib import GELU, gelu
    >>> gelu([-1.0, 0.0, 1.0])
    array([-0.15865525,  0.        ,  0.84134475])
    >>> GELU(approximate="tanh")([-1.0, 0.0, 1.0])
    array([-0.15880801,  0.        ,  0.84119199])
    >>> print(f"{gelu(-10.0):.8g}")  # 0.5*x*(1 + erf(x/sqrt(2))) would be 0
    -7.619853e-23
    """

    approximate: Literal["none", "tanh"] = "none"
    name = "gelu"

    def __post_init__(self) -> None:
        if not isinstance(self.approximate, str) or self.approximate not in ROOTS:
            raise ValueError(f"approximate must be 'none' or 'tanh', got {self.approximate!r}")

    # Either form has f(x) = x + f(-x), f'(x) = 1 - f'(-x) and f''(x) = f''(-x): the left half, where
    # 1 + erf and 1 + tanh cancel, is computed with care, and the right half follows from it. Where the
    # lines are many they write into the array they have (`*=`), which takes half as long as a new one.

    def _value(self, x: Float64Array) -> Float64Array:
        return self._whole_value(x, *self._left(x, 0))

    def _derivative(self, x: Float64Array) -> Float64Array:
        return self._whole_derivative(x, *self._left(x, 1))

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        left_value, left_slope = self._left(x, 0, 1)
        return self._whole_value(x, left_value, value), self._whole_derivative(x, left_slope, slope)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        return self._left(x, 2)[0]

    def _whole_value(self, x: Float64Array, left: Float64Array, out: Out = None) -> Float64Array:
        """Return f(x), given f(-|x|), which is written over."""
        left += np.maximum(x, 0)
        return np.copysign(left, x, out=out)  # keeps the sign of zero

    def _whole_derivative(self, x: Float64Array, left: Float64Array, out: Out = None) -> Float64Array:
        """Return f'(x), given f'(-|x|), which is written over."""
        side = np.copysign(1, x)
        left *= side
        np.maximum(side, 0, out=side)
        slope = np.subtract(side, left, out=out)
        # Near its zero f' is a difference of two like numbers: there, integrate f'' from the zero on.
        root, rest = ROOTS[self.approximate]
        near = np.flatnonzero((x > root - NEAR) & (x < root + NEAR))
        d = (x[near] - root) - rest
        points = root + (1 + NODES[:, None]) / 2 * d
        slope[near] = d * (WEIGHTS / 2 @ self._left(points, 2)[0])
        return slope

    def _left(self, x: Float64Array, *orders: int) -> list[Float64Array]:
        """Return f (order 0), f' (1) or f'' (2) at -|x|, those that are asked for."""
        a = np.minimum(np.abs(x), REACH)
        return _left_tanh(a, orders) if self.approximate == "tanh" else _left_exact(a, orders)

    @property
    def facts(self) -> ElementwiseFacts:
        """What is known about the form."""
        return TANH_FACTS if self.approximate == "tanh" else FACTS


def _left_exact(a: Float64Array, orders: tuple[int, ...]) -> list[Float64Array]:
    """Return the derivatives of these orders of x Phi(x) at x = -a."""
    # A rounding of a^2 would cost hundreds of ulp in exp(-a^2/2): the square of `high`, which has
    # few bits, is exact. The exponential is multiplied in halves, so that the last product alone
    # can underflow.
    high = 64 * a
    np.rint(high, out=high)
    high *= 1 / 64
    half = high * high
    half *= -0.25
    np.exp(half, out=half)
    rest = high - a
    high += a
    rest *= high
    rest *= 0.5
    np.exp(rest, out=rest)
    if orders == (2,):
        # (2 - a^2)/sqrt(2 pi), factored because a^2 near 2 is rounded.
        factors = [((SQRT_2 - a) + SQRT_2_REST) * (1 / sqrt(pi)) * (1 + a / SQRT_2)]
    else:
        tail = _tail(a)
        factors = [tail * -a if order == 0 else tail - a * (1 / sqrt(2 * pi)) for order in orders]
    for factor in factors:
        factor *= rest
        factor *= half
        factor *= half
    return factors


def _tail(a: Float64Array) -> Float64Array:
    """Return e^(a^2/2) Phi(-a)."""
    scale = a + 5
    np.divide(1, scale, out=scale)
    y = a - 5
    y *= scale
    tail = TAIL[-1] * y
    for coefficient in TAIL[-2:0:-1]:
        tail += coefficient
        tail *= y
    tail += TAIL[0]
    tail *= scale
    return tail


def _left_tanh(a: Float64Array, orders: tuple[int, ...]) -> list[Float64Array]:
    """Return the derivatives of these orders of x sigmoid(v), v = K x + C x^3, at x = -a."""
    # t = exp(-v(a)); as above, the part of v that is large is exact.
    high = np.rint(64 * a) / 64
    low = a - high
    half = np.exp(-high * (K_HIGH + C_HIGH * high * high) / 2)
    rest = np.exp(-high * (K_LOW + C_LOW * high * high) - low * (K + C * (a * a + a * high + high * high)))
    p = 1 + half * rest * half
    slope = K + 3 * C * a * a
    factors = {
        0: lambda: -a / p,
        1: lambda: (p - a * slope) / (p * p),
        2: lambda: (2 * K + 12 * C * a * a - a * slope * slope * (2 - p) / p) / (p * p),
    }
    return [half * (factors[order]() * rest) * half for order in orders]


FACTS = ElementwiseFacts(
    title="GELU",
    formula=r"f(x) = x\,\Phi(x) = \tfrac12\,x\,\bigl(1 + \operatorname{erf}(x/\sqrt2)\bigr)",
    derivative_formula=r"f'(x) = \Phi(x) + x\,\varphi(x)",
    second_derivative_formula=r"f''(x) = \varphi(x)\,(2 - x^2)",
    range=Interval(-0.16997120747990369, inf, includes_low=True),
    limits=(0.0, inf),
    value_at_zero=0.0,
    derivative_at_zero=0.5,
    minimum=Extremum(ROOTS["none"][0], -0.16997120747990369),
    derivative_minimum=Extremum(-SQRT_2, -0.12890414518515478),
    derivative_maximum=Extremum(SQRT_2, 1.1289041451851547),
    second_derivative_bound=Extremum(0.0, sqrt(2 / pi)),
    inflections=(-SQRT_2, SQRT_2),
    monotone="none",
    convex=False,
    smoothness="analytic",
    moments=GaussianMoments(0.282094791773878, 0.425221482570299, 0.5, 0.455850865649287),
    relations=(Relation("gelu", r"f(x) = x + f(-x)", lambda gelu, x: x + gelu(-x)),),
    papers=("Hendrycks2016",),
    frameworks={
        "PyTorch": FrameworkName("torch.nn.GELU", {"approximate": "none"}),
        "Keras": FrameworkName("keras.activations.gelu", {"approximate": False}),
        "TensorFlow": FrameworkName("tf.nn.gelu", {"approximate": False}),
        "JAX": FrameworkName("jax.nn.gelu", {"approximate": True}),
    },
)

TANH_FACTS = replace(
    FACTS,
    title="GELU, tanh form",
    formula=r"f(x) = x\,\sigma(v),\quad v = 2\sqrt{2/\pi}\,(x + 0.044715\,x^3)",
    derivative_formula=r"f'(x) = \sigma(v) + x\,v'\,\sigma'(v)",
    second_derivative_formula=r"f''(x) = (2v' + x\,v'')\,\sigma'(v) + x\,v'^2\,\sigma''(v)",
    range=Interval(-0.17004075057125406, inf, includes_low=True),
    minimum=Extremum(ROOTS["tanh"][0], -0.17004075057125406),
    derivative_minimum=Extremum(-1.4185040087908283, -0.12899306865877178),
    derivative_maximum=Extremum(1.4185040087908283, 1.1289930686587717),
    inflections=(-1.4185040087908283, 1.4185040087908283),
    moments=GaussianMoments(0.282038588078789, 0.425193711033099, 0.5, 0.455817845962951),
    relations=(
        *FACTS.relations,
        Relation(
            "sigmoid",
            r"f(x) = x\,\sigma\bigl(2\sqrt{2/\pi}\,(x + 0.044715\,x^3)\bigr)",
            lambda sigmoid, x: x * sigmoid(K * (x + 0.044715 * x * x * x)),
        ),
    ),
)

gelu = GELU()
