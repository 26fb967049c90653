"""Softplus, the smooth rectifier whose slope is the sigmoid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, log

import numpy as np

from actlib.contract.activation import Elementwise, Out, Pair
from actlib.contract.arrays import Float64Array, real_parameter
from actlib.contract.facts import ElementwiseFacts, Extremum, FamilyLimit, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments
from actlib.functions.rounding import exact_product, subnormal_tail

Tail = tuple[Float64Array, Float64Array | float, Float64Array]


@dataclass(frozen=True)
class Softplus(Elementwise):
    r"""Softplus, :math:`\ln(1 + e^{\beta x})/\beta`: maps the reals onto (0, ∞).

    Element by element, any shape; inputs, results and errors are those of `Elementwise`.

    Parameters
    ----------
    beta : float
        The sharpness β of the bend at 0, > 0.

    See Also
    --------
    relu : Its limit where beta grows.
    sigmoid : Its derivative for beta = 1.

    Notes
    -----
    The derivative is the sigmoid :math:`\sigma(\beta x)`, the second derivative
    :math:`\beta\,\sigma'(\beta x)`, at most β/4, taken at 0. The function is analytic: it has no kink. At
    minus infinity value and derivatives are 0, at infinity ∞, 1 and 0. There is no threshold beyond
    which the function is taken for x: PyTorch has one at βx = 20, where its value jumps.
    Errors: value 4 ulp, derivative 3 ulp, second derivative 7 ulp, subnormal results 1.5 spacings.

    References
    ----------
    C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau and R. Garcia, "Incorporating Second-Order Functional
    Knowledge for Better Option Pricing", NIPS 2000.

    Examples
    --------
    >>> from actlib import Softplus, softplus
    >>> softplus([-2.0, 0.0, 2.0])
    array([0.12692801, 0.69314718, 2.12692801])
    >>> softplus(1000.0)  # the exponential overflows
    np.float64(1000.0)
    >>> Softplus(beta=10).derivative([-0.1, 0.0, 0.1])
    array([0.26894142, 0.5       , 0.73105858])
    """

    beta: float = 1.0

    name = "softplus"

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", real_parameter("beta", self.beta, above=0))

    # Below, v is -|beta x| and t = exp(v), which cannot overflow.

    def _value(self, x: Float64Array, tail: Tail | None = None, out: Out = None) -> Float64Array:
        # max(x, 0) + ln(1 + t)/beta; 1 + t loses a small t, log1p does not.
        v, lost, t = tail or self._tail(x)
        value = np.log1p(t, out=out)
        if self.beta != 1:
            value /= self.beta
            # t is subnormal, or 0, before t/beta is. So far out log1p(t) is t.
            subnormal_tail(value, lambda v: 1 / self.beta, v, lost)
        value += np.maximum(x, 0)
        return value

    def _derivative(self, x: Float64Array, tail: Tail | None = None, out: Out = None) -> Float64Array:
        # 1/(1 + t) on the right, t/(1 + t) on the left.
        _, _, t = tail or self._tail(x)
        return np.divide(np.maximum(t, x >= 0), 1 + t, out=out)

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        tail = self._tail(x)
        return self._value(x, tail, value), self._derivative(x, tail, slope)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        # sigmoid*(1 - sigmoid) is 0 where the sigmoid rounds to 1. The last factor is h, t = h*h: t
        # is subnormal, or 0, before beta*t is.
        v, lost, t = self._tail(x)
        h = np.exp(0.5 * v)
        return self.beta * h * (1 + lost) / (1 + t) ** 2 * h

    def _tail(self, x: Float64Array) -> Tail:
        """Return v, down to where t is 0, what rounding took from it, and t."""
        v, lost = exact_product(-self.beta, np.abs(x))
        t = np.exp(v)
        t *= 1 + lost
        return v, lost, t

    @cached_property
    def facts(self) -> ElementwiseFacts:
        """What is known about softplus with this beta."""
        beta = self.beta
        return ElementwiseFacts(
            title="Softplus",
            formula=r"f(x) = \frac{1}{\beta} \ln(1 + e^{\beta x})",
            derivative_formula=r"f'(x) = \sigma(\beta x)",
            second_derivative_formula=r"f''(x) = \beta\,\sigma(\beta x)\,(1 - \sigma(\beta x))",
            range=Interval(0, inf),
            limits=(0.0, inf),
            value_at_zero=log(2) / beta,
            derivative_at_zero=0.5,
            derivative_minimum=Extremum(-inf, 0.0),
            derivative_maximum=Extremum(inf, 1.0),
            second_derivative_bound=Extremum(0.0, beta / 4),
            monotone="strictly increasing",
            convex=True,
            smoothness="analytic",
            moments=MOMENTS if beta == 1 else GaussianMoments.measure(self),
            relations=(
                Relation(
                    "sigmoid",
                    r"f'(x) = \sigma(\beta x)",
                    lambda sigmoid, x: sigmoid(beta * x),
                    left="derivative",
                ),
                Relation("softplus", r"f(x) = x + f(-x)", lambda f, x: x + f(-x)),
            ),
            family=(
                FamilyLimit(
                    parameter="beta",
                    towards=inf,
                    to="relu",
                    formula=r"\lim_{\beta \to \infty} f(x) = \max(0, x)",
                    error_formula=r"\sup_x |f(x) - \max(0, x)| = f(0) = \frac{\ln 2}{\beta}",
                    becomes=lambda x: np.maximum(x, 0),
                    error=lambda beta: log(2) / beta,
                ),
            ),
            papers=("Dugas2000", "Glorot2011"),
            frameworks={
                "PyTorch": FrameworkName("torch.nn.Softplus", {"beta": 1.0, "threshold": 20.0}),
                "Keras": FrameworkName("keras.activations.softplus"),
                "TensorFlow": FrameworkName("tf.nn.softplus"),
                "JAX": FrameworkName("jax.nn.softplus"),
            },
        )


MOMENTS = GaussianMoments(0.806059183347440, 0.921245908859300, 0.5, 0.293379035858093)

softplus = Softplus()
