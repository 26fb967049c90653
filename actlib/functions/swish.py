"""Swish, x times its own sigmoid; with beta = 1 also called SiLU."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import e, inf, tanh

import numpy as np

from actlib.contract.activation import Learnable, Out, Pair
from actlib.contract.arrays import Float64Array, real_parameter
from actlib.contract.facts import ElementwiseFacts, Extremum, FamilyLimit, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments
from actlib.functions.rounding import exact_product, subnormal_tail

W = 0.2784645427610738
"""The solution of w e^w = 1/e."""
ROOT = (1.2784645427610737, 1.0946994183093437e-16)
"""1 + W as the sum of two floats, twice the digits of one: swish' is 0 where beta x = -1 - W."""
BEND = (2.3993572805154675, 1.8464872855353363e-16)
"""The positive u with u tanh(u/2) = 2, likewise: swish'' is 0 where |beta x| is this."""
LARGEST = float(np.finfo(np.float64).max)

Gate = tuple[Float64Array, Float64Array | float, Float64Array]


@dataclass(frozen=True)
class Swish(Learnable):
    r"""Swish, :math:`x\,\sigma(\beta x)`: ReLU with a soft bend and a dip left of 0.

    Element by element, any shape; inputs, results and errors are those of `Elementwise`. A network
    may learn β; `parameter_vjp` is its gradient.

    Parameters
    ----------
    beta : float
        The sharpness β, any finite number. 1 gives SiLU, 0 the line x/2; -β gives the function
        turned by half a turn. The range is [-0.278465/β, ∞) where β is positive.

    See Also
    --------
    relu : Its limit where beta grows.
    gelu : x times a normal distribution in place of a sigmoid.

    Notes
    -----
    With :math:`u = \beta x` the derivative is :math:`\sigma(u) + u\,\sigma'(u)`, from -0.099839 to
    1.099839, the second derivative :math:`\beta\,\sigma'(u)\,(2 - u \tanh(u/2))`, at most
    :math:`|\beta|/2`. The derivative with respect to β is :math:`x^2 \sigma'(u)`. The function is
    analytic: it has no kink. For β > 0, value and derivatives are 0 at minus infinity and ∞, 1 and 0
    at infinity. The sign of zero is kept.
    Errors: value 5 ulp, derivative 6 ulp, second derivative 8 ulp, subnormal results 1.5 spacings.

    References
    ----------
    D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", 2016, arXiv:1606.08415, named
    the SiLU; S. Elfwing, E. Uchibe and K. Doya, "Sigmoid-Weighted Linear Units for Neural Network
    Function Approximation in Reinforcement Learning", 2017, arXiv:1702.03118, studied it;
    P. Ramachandran, B. Zoph and Q. V. Le, "Searching for Activation Functions", 2017,
    arXiv:1710.05941, found it again and added β.

    Examples
    --------
    >>> from actlib import Swish, silu, swish
    >>> swish([-2.0, 0.0, 2.0])
    array([-0.23840584,  0.        ,  1.76159416])
    >>> silu is swish
    True
    >>> print(f"{swish.derivative(-1.2784645427610735):.6g}")  # next to where it is 0
    7.22077e-17
    >>> print(f"{Swish(beta=2).parameter_vjp([-1.0, 1.0], upstream=[1.0, 1.0]):.6g}")
    0.209987
    """

    beta: float = 1.0

    name = "swish"
    learned = "beta"

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", real_parameter("beta", self.beta))

    # Below, v is beta x and u = exp(v), so that sigma(v) = u/(1 + u).

    def _value(self, x: Float64Array, gate: Gate | None = None, out: Out = None) -> Float64Array:
        v, lost, u = gate or self._gate(x)
        value = np.divide(u, 1 + u, out=out)
        value *= x
        subnormal_tail(value, lambda v: v / self.beta, v, lost)
        return value

    def _derivative(self, x: Float64Array, gate: Gate | None = None, out: Out = None) -> Float64Array:
        # (1 + v + u) u/(1 + u)^2. The first factor loses its digits near its zero, v = -ROOT. It is
        # d + W (e^d - 1), d = v + ROOT, two terms of one sign; from d = 1 on, where the rounding of d
        # would cost digits, the second grows as u does.
        v, lost, u = gate or self._gate(x)
        d = v + ROOT[0]
        d += lost + ROOT[1]
        slope = np.minimum(d, 1, out=out)
        np.expm1(slope, out=slope)
        slope *= W
        slope += d
        beyond = u - e * W
        slope += np.maximum(beyond, 0, out=beyond)
        slope *= u
        slope /= (1 + u) ** 2
        subnormal_tail(slope, lambda v: 1 + v, v, lost)
        return slope

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        gate = self._gate(x)
        return self._value(x, gate, value), self._derivative(x, gate, slope)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        # beta sigma'(v) (2 - v tanh(v/2)), even. The bracket loses its digits near v = -BEND. Times
        # 1 + u it is (s - 2)(e^(s + v) - 1) + (s + v)(1 - u), s = BEND, two terms of one sign.
        v, lost, _ = self._gate(np.copysign(x, -self.beta))
        half = np.exp(0.5 * v)
        u = half * half
        to_bend = (BEND[0] + v) + (BEND[1] + lost)
        factor = (BEND[0] - 2 + BEND[1]) * np.expm1(to_bend) + to_bend * (1 - u)
        return self.beta * (factor * half * (1 + lost) / (1 + u) ** 3) * half

    def _parameter_derivative(self, x: Float64Array) -> Float64Array:
        # x^2 sigma'(v) as x h/(1 + u) squared, u = h^2: x^2 overflows before u makes up for it.
        v, lost, u = self._gate(np.copysign(x, -self.beta))
        size = np.minimum(np.abs(x), LARGEST)  # infinity times 0 is NaN
        return (size * np.exp(0.5 * v) / (1 + u)) ** 2 * (1 + lost)

    def _gate(self, x: Float64Array) -> Gate:
        """Return v, up to 60, where v + u is u already, what rounding took from it, and u."""
        v, lost = exact_product(self.beta, x)
        np.minimum(v, 60, out=v)
        u = np.exp(v)
        u *= 1 + lost
        return v, lost, u

    @cached_property
    def facts(self) -> ElementwiseFacts:
        """What is known about Swish with this beta."""
        beta = self.beta
        straight = beta == 0
        dip = None if straight else Extremum(-(1 + W) / beta, -W / beta)
        falls, rises = (0.0, 0.0) if straight else (sign * BEND[0] / beta for sign in (-1, 1))
        return ElementwiseFacts(
            title="Swish",
            formula=r"f(x) = x\,\sigma(\beta x)",
            derivative_formula=r"f'(x) = \sigma(\beta x) + \beta x\,\sigma'(\beta x)",
            second_derivative_formula=(
                r"f''(x) = \beta\,\sigma'(\beta x)\,(2 - \beta x \tanh\tfrac{\beta x}{2})"
            ),
            range=Interval(
                -W / beta if beta > 0 else -inf, -W / beta if beta < 0 else inf, beta > 0, beta < 0
            ),
            limits=(0.0 if beta > 0 else -inf, 0.0 if beta < 0 else inf),
            value_at_zero=0.0,
            derivative_at_zero=0.5,
            minimum=dip if beta > 0 else None,
            maximum=dip if beta < 0 else None,
            derivative_minimum=Extremum(falls, 0.5 if straight else -0.09983932012886692),
            derivative_maximum=Extremum(rises, 0.5 if straight else 1.0998393201288669),
            second_derivative_bound=Extremum(0.0, abs(beta) / 2),
            inflections=() if straight else tuple(sorted((falls, rises))),
            centre=(0.0, 0.0) if straight else None,
            monotone="strictly increasing" if straight else "none",
            convex=straight,
            smoothness="analytic",
            moments=MOMENTS if beta == 1 else GaussianMoments.measure(self),
            relations=(
                Relation("sigmoid", r"f(x) = x\,\sigma(\beta x)", lambda sigmoid, x: x * sigmoid(beta * x)),
                Relation("swish", r"f(x) = x + f(-x)", lambda f, x: x + f(-x)),
            ),
            family=(
                FamilyLimit(
                    parameter="beta",
                    towards=inf,
                    to="relu",
                    formula=r"\lim_{\beta \to \infty} f(x) = \max(0, x)",
                    error_formula=r"\sup_x |f(x) - \max(0, x)| = \frac{W(1/e)}{\beta}",
                    becomes=lambda x: np.maximum(x, 0),
                    error=lambda beta: W / beta,
                ),
                FamilyLimit(
                    parameter="beta",
                    towards=0.0,
                    to=None,
                    formula=r"\lim_{\beta \to 0} f(x) = \frac{x}{2}",
                    error_formula=r"\sup_{|x| \le 1} |f(x) - x/2| = \tfrac12 \tanh\tfrac{|\beta|}{2}",
                    becomes=lambda x: x / 2,
                    error=lambda beta: tanh(abs(beta) / 2) / 2,
                    reach=1.0,
                ),
            ),
            papers=("Hendrycks2016", "Elfwing2018", "Ramachandran2017"),
            frameworks={
                "PyTorch": FrameworkName("torch.nn.SiLU"),
                "Keras": FrameworkName("keras.activations.silu"),
                "TensorFlow": FrameworkName("tf.nn.silu", {"beta": 1.0}),
                "JAX": FrameworkName("jax.nn.silu"),
            },
        )


MOMENTS = GaussianMoments(0.206620964141907, 0.355775519817352, 0.5, 0.379482351632829)

swish = Swish()
