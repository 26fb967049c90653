"""Sigmoid, the logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np

from actlib.contract.activation import Elementwise, Out, Pair
from actlib.contract.arrays import Float64Array
from actlib.contract.facts import ElementwiseFacts, Extremum, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments


@dataclass(frozen=True)
class Sigmoid(Elementwise):
    r"""Sigmoid, :math:`\sigma(x) = 1/(1 + e^{-x})`: maps the reals onto (0, 1).

    Element by element, any shape; inputs, results and errors are those of `Elementwise`.

    See Also
    --------
    tanh : The same curve, stretched and moved.
    softplus : The function whose derivative it is.
    softmax : For more than two classes.

    Notes
    -----
    The derivative is :math:`\sigma(1 - \sigma)`, at most 1/4, taken at 0. The second derivative is
    :math:`\sigma(1 - \sigma)(1 - 2\sigma)`. The function is analytic: it has no kink. At minus
    infinity the value is 0, at infinity 1; both derivatives are 0 at either. NaN gives NaN.

    Errors: value 2.5 ulp, derivative 4.5 ulp, second derivative 5.5 ulp, subnormal results 1 spacing.

    In float64 the value is 1 from x = 36.7368 on, where 1 + exp(-x) rounds to 1; the exact sigmoid
    rounds to 1 from 37.4299 on (``tests/functions/test_sigmoid.py``).

    References
    ----------
    P.-F. Verhulst, "Recherches mathématiques sur la loi d'accroissement de la population", 1845,
    named the curve logistic. D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning
    representations by back-propagating errors", Nature 323 (1986), eq. 2, made it the activation
    of back-propagation.

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

    def _value(self, x: Float64Array) -> Float64Array:
        # 1/(1 + t) for x >= 0 and t/(1 + t) below, t = exp(-|x|): no exponential can overflow.
        t = np.exp(-np.abs(x))
        return np.maximum(t, x >= 0) / (1 + t)

    def _derivative(self, x: Float64Array) -> Float64Array:
        # sigmoid*(1 - sigmoid) is 0 from x = 36.74 on, where the derivative is 1.1e-16.
        t = np.exp(-np.abs(x))
        return t / (1 + t) ** 2

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        t = np.exp(-np.abs(x))
        s = 1 + t
        return np.divide(np.maximum(t, x >= 0), s, out=value), np.divide(t, s**2, out=slope)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        # 1 - 2*sigmoid(x) = -tanh(x/2), without the cancellation near 0.
        return -self._derivative(x) * np.tanh(x / 2)

    @property
    def facts(self) -> ElementwiseFacts:
        """What is known about the sigmoid."""
        return FACTS


FACTS = ElementwiseFacts(
    title="Sigmoid",
    formula=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
    derivative_formula=r"\sigma'(x) = \sigma(x)\,(1 - \sigma(x))",
    second_derivative_formula=r"\sigma''(x) = \sigma(x)\,(1 - \sigma(x))\,(1 - 2\sigma(x))",
    range=Interval(0, 1),
    limits=(0.0, 1.0),
    value_at_zero=0.5,
    derivative_at_zero=0.25,
    derivative_minimum=Extremum(inf, 0.0),
    derivative_maximum=Extremum(0.0, 0.25),
    second_derivative_bound=Extremum(log(2 + sqrt(3)), 1 / (6 * sqrt(3))),
    inflections=(0.0,),
    centre=(0.0, 0.5),
    monotone="strictly increasing",
    convex=False,
    smoothness="analytic",
    moments=GaussianMoments(0.5, 0.293379035858093, 0.206620964141907, 0.044836241350194),
    relations=(
        Relation(
            "tanh", r"\sigma(x) = \tfrac12\,(1 + \tanh\tfrac{x}{2})", lambda tanh, x: (1 + tanh(x / 2)) / 2
        ),
        Relation("sigmoid", r"\sigma(x) = 1 - \sigma(-x)", lambda sigmoid, x: 1 - sigmoid(-x)),
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
