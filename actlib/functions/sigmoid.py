"""Sigmoid, the logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from actlib.activation import (
    Elementwise,
    Extremum,
    Facts,
    FrameworkName,
    GaussianMoments,
    Interval,
    Relation,
)


@dataclass(frozen=True)
class Sigmoid(Elementwise):
    r"""Sigmoid, :math:`\sigma(x) = 1/(1 + e^{-x})`: maps the reals onto (0, 1).

    Element by element, any shape; the input rules are those of `Elementwise`.

    Notes
    -----
    The derivative is :math:`\sigma(1 - \sigma)`, at most 1/4, taken at 0; the second derivative is
    :math:`\sigma(1 - \sigma)(1 - 2\sigma)`. The function is analytic and has no kink.
    The value is 0 at minus infinity and 1 at infinity, both derivatives are 0 at either, and NaN
    gives NaN.

    In float64 the value is within 2.5 ulp and both derivatives within 5 ulp of the exact result
    over the whole range, subnormal results within one spacing; float32 and float16 are rounded
    once from float64 (``tests/functions/test_accuracy.py``). The value rounds to exactly 1 from
    x = 36.74 on, as every float64 sigmoid must.

    References
    ----------
    P.-F. Verhulst, "Recherches mathématiques sur la loi d'accroissement de la population",
    1845, introduced the curve and the name logistic. D. E. Rumelhart, G. E. Hinton and
    R. J. Williams, "Learning representations by back-propagating errors", Nature 323 (1986),
    eq. 2, made it the activation of back-propagation.

    Examples
    --------
    >>> from actlib import sigmoid
    >>> sigmoid([-2.0, 0.0, 2.0])
    array([0.11920292, 0.5       , 0.88079708])
    >>> sigmoid.derivative(0.0)
    np.float64(0.25)
    >>> sigmoid(-745.0)  # subnormal, not flushed to zero
    np.float64(5e-324)
    """

    name = "sigmoid"

    def _value(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        # 1/(1 + exp(-x)) overflows below -709; exp(40) already rounds the quotient to 1.
        u = np.exp(np.minimum(x, 40))
        return u / (1 + u)

    def _derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        # sigmoid*(1 - sigmoid) is 0 from x = 37 on, where the derivative is 8.5e-17.
        t = np.exp(-np.abs(x))
        return t / (1 + t) ** 2

    def _second_derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        # 1 - 2*sigmoid(x) = -tanh(x/2), without the cancellation near 0.
        return -self._derivative(x) * np.tanh(x / 2)

    @property
    def facts(self) -> Facts:
        """What is known about the sigmoid."""
        return FACTS


FACTS = Facts(
    title="Sigmoid",
    formula=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
    derivative_formula=r"\sigma'(x) = \sigma(x)\,(1 - \sigma(x))",
    second_derivative_formula=r"\sigma''(x) = \sigma(x)\,(1 - \sigma(x))\,(1 - 2\sigma(x))",
    range=Interval(0, 1),
    limits=(0.0, 1.0),
    value_at_zero=0.5,
    derivative_at_zero=0.25,
    minimum=None,
    maximum=None,
    derivative_minimum=Extremum(inf, 0.0),
    derivative_maximum=Extremum(0.0, 0.25),
    second_derivative_bound=Extremum(log(2 + sqrt(3)), 1 / (6 * sqrt(3))),
    inflections=(0.0,),
    centre=(0.0, 0.5),
    monotone="strictly increasing",
    convex=False,
    smoothness="analytic",
    moments=GaussianMoments(
        mean=0.5,
        second=0.293379035858093,
        derivative_mean=0.206620964141907,
        derivative_second=0.044836241350194,
    ),
    relations=(
        Relation(
            "tanh", r"\sigma(x) = \tfrac12\,(1 + \tanh\tfrac{x}{2})", lambda x: (1 + np.tanh(x / 2)) / 2
        ),
        Relation("sigmoid", r"\sigma(x) = 1 - \sigma(-x)", lambda x: 1 - 1 / (1 + np.exp(x))),
    ),
    papers=("Verhulst1845", "Rumelhart1986"),
    frameworks={
        "PyTorch": FrameworkName("torch.nn.Sigmoid"),
        "Keras": FrameworkName("keras.activations.sigmoid"),
        "TensorFlow": FrameworkName("tf.nn.sigmoid"),
        "JAX": FrameworkName("jax.nn.sigmoid"),
    },
)

sigmoid = Sigmoid()
