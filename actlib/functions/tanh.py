"""Tanh, the hyperbolic tangent."""

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
class Tanh(Elementwise):
    r"""Tanh, :math:`\tanh x = (e^x - e^{-x})/(e^x + e^{-x})`: maps the reals onto (-1, 1).

    Element by element, any shape; the input rules are those of `Elementwise`.

    Notes
    -----
    The derivative is :math:`1 - \tanh^2 x`, at most 1, taken at 0; the second derivative is
    :math:`-2 \tanh x\,(1 - \tanh^2 x)`. The function is odd, analytic and has no kink.
    The value is -1 at minus infinity and 1 at infinity, both derivatives are 0 at either, and NaN
    gives NaN. The sign of zero is kept.

    In float64 the value is within 2 ulp and both derivatives within 5 ulp of the exact result over
    the whole range, subnormal results within two spacings; float32 and float16 are rounded once
    from float64 (``tests/functions/test_accuracy.py``).

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
    >>> tanh.derivative(20.0)  # 1 - tanh(20)**2 would be 0
    np.float64(1.6993417021166355e-17)
    """

    name = "tanh"

    def _value(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.tanh(x)

    def _derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        # 1 - tanh(x)**2 is 0 from x = 19.1 on, where the derivative is 1e-16.
        s = np.exp(-2 * np.abs(x))
        return 4 * s / (1 + s) ** 2

    def _second_derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return -2 * np.tanh(x) * self._derivative(x)

    @property
    def facts(self) -> Facts:
        """What is known about the hyperbolic tangent."""
        return FACTS


FACTS = Facts(
    title="Tanh",
    formula=r"\tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}",
    derivative_formula=r"\tanh' x = 1 - \tanh^2 x",
    second_derivative_formula=r"\tanh'' x = -2 \tanh x\,(1 - \tanh^2 x)",
    range=Interval(-1, 1),
    limits=(-1.0, 1.0),
    value_at_zero=0.0,
    derivative_at_zero=1.0,
    minimum=None,
    maximum=None,
    derivative_minimum=Extremum(inf, 0.0),
    derivative_maximum=Extremum(0.0, 1.0),
    second_derivative_bound=Extremum(log(2 + sqrt(3)) / 2, 4 / (3 * sqrt(3))),
    inflections=(0.0,),
    centre=(0.0, 0.0),
    monotone="strictly increasing",
    convex=False,
    smoothness="analytic",
    moments=GaussianMoments(
        mean=0.0,
        second=0.394294490397841,
        derivative_mean=0.605705509602159,
        derivative_second=0.464402902448268,
    ),
    relations=(Relation("sigmoid", r"\tanh x = 2\,\sigma(2x) - 1", lambda x: 2 / (1 + np.exp(-2 * x)) - 1),),
    papers=("LeCun1998",),
    frameworks={
        "PyTorch": FrameworkName("torch.nn.Tanh"),
        "Keras": FrameworkName("keras.activations.tanh"),
        "TensorFlow": FrameworkName("tf.nn.tanh"),
        "JAX": FrameworkName("jax.numpy.tanh"),
    },
)

tanh = Tanh()
