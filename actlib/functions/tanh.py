"""Tanh, the hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np

from actlib.contract.activation import Elementwise, Out, Pair
from actlib.contract.arrays import Float64Array
from actlib.contract.facts import ElementwiseFacts, Extremum, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments


@dataclass(frozen=True)
class Tanh(Elementwise):
    r"""Tanh, :math:`\tanh x = (e^x - e^{-x})/(e^x + e^{-x})`: maps the reals onto (-1, 1).

    Element by element, any shape; inputs, results and errors are those of `Elementwise`.

    See Also
    --------
    sigmoid : The same curve from 0 to 1.

    Notes
    -----
    The derivative is :math:`1 - \tanh^2 x`, at most 1, taken at 0. The second derivative is
    :math:`-2 \tanh x\,(1 - \tanh^2 x)`. The function is odd, keeps the sign of zero, and is
    analytic: it has no kink. At minus infinity the value is -1, at infinity 1; both derivatives
    are 0 at either. NaN gives NaN.

    Errors: value 2.5 ulp, derivative 5.5 ulp, second derivative 6.5 ulp, subnormal results 1 spacing.

    References
    ----------
    Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, "Efficient BackProp", in Neural Networks:
    Tricks of the Trade, 1998, section 4.4, recommend it over the sigmoid because its outputs are
    centred on zero.

    Examples
    --------
    >>> from actlib import tanh
    >>> tanh([-1.0, 0.0, 1.0])
    array([-0.76159416,  0.        ,  0.76159416])
    >>> print(f"{tanh.derivative(20.0):.8g}")  # 1 - tanh(20)**2 would be 0
    1.6993417e-17
    """

    name = "tanh"

    def _value(self, x: Float64Array) -> Float64Array:
        return np.tanh(x)

    def _derivative(self, x: Float64Array) -> Float64Array:
        # 1 - tanh(x)**2 is 0 from x = 19.07 on, where the derivative is 1.1e-16.
        sech = _sech(x)
        return sech * sech

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        sech = _sech(x)
        return np.tanh(x, out=value), np.multiply(sech, sech, out=slope)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        # From left to right, so that only the last product can underflow.
        sech = _sech(x)
        return -2 * np.tanh(x) * sech * sech

    @property
    def facts(self) -> ElementwiseFacts:
        """What is known about the hyperbolic tangent."""
        return FACTS


def _sech(x: Float64Array) -> Float64Array:
    """Return 1/cosh(x); cosh(x) itself overflows beyond 710."""
    sech = np.exp(-np.abs(x))
    sech /= 0.5 + 0.5 * sech * sech
    return sech


FACTS = ElementwiseFacts(
    title="Tanh",
    formula=r"\tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}",
    derivative_formula=r"\tanh' x = 1 - \tanh^2 x",
    second_derivative_formula=r"\tanh'' x = -2 \tanh x\,(1 - \tanh^2 x)",
    range=Interval(-1, 1),
    limits=(-1.0, 1.0),
    value_at_zero=0.0,
    derivative_at_zero=1.0,
    derivative_minimum=Extremum(inf, 0.0),
    derivative_maximum=Extremum(0.0, 1.0),
    second_derivative_bound=Extremum(log(2 + sqrt(3)) / 2, 4 / (3 * sqrt(3))),
    inflections=(0.0,),
    centre=(0.0, 0.0),
    monotone="strictly increasing",
    convex=False,
    smoothness="analytic",
    moments=GaussianMoments(0.0, 0.394294490397841, 0.605705509602159, 0.464402902448268),
    relations=(
        Relation("sigmoid", r"\tanh x = 2\,\sigma(2x) - 1", lambda sigmoid, x: 2 * sigmoid(2 * x) - 1),
    ),
    papers=("LeCun1998",),
    frameworks={
        "PyTorch": FrameworkName("torch.nn.Tanh"),
        "Keras": FrameworkName("keras.activations.tanh"),
        "TensorFlow": FrameworkName("tf.nn.tanh"),
        "JAX": FrameworkName("jax.numpy.tanh"),
    },
)

tanh = Tanh()
