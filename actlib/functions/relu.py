"""ReLU, the rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi, sqrt

import numpy as np

from actlib.contract.activation import Elementwise, Out, Pair
from actlib.contract.arrays import Float64Array
from actlib.contract.facts import ElementwiseFacts, Extremum, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments


@dataclass(frozen=True)
class ReLU(Elementwise):
    r"""ReLU, :math:`\max(0, x)`: keeps what is positive, maps the reals onto [0, ∞).

    Element by element, any shape; inputs, results and errors are those of `Elementwise`.

    See Also
    --------
    leaky_relu : Lets a part of the negative side through.
    softplus : A smooth one.

    Notes
    -----
    The derivative is 1 for x > 0 and 0 for x < 0. At the kink, x = 0, it is 0 here, as in PyTorch
    and JAX; any number from 0 to 1 is a subgradient there, and the choice can be seen in training
    (Bertoin and others, 2021). The second derivative is 0, at the kink too. At minus infinity the
    value is 0, at infinity infinity; the derivatives there are 0 and 1. NaN gives NaN, in the
    derivatives too.

    Every result is exact, in every dtype (``tests/functions/test_accuracy.py``).

    References
    ----------
    K. Fukushima, "Visual Feature Extraction by a Multilayered Network of Analog Threshold
    Elements", 1969, used it in a network; V. Nair and G. E. Hinton, "Rectified Linear Units
    Improve Restricted Boltzmann Machines", ICML 2010, and X. Glorot, A. Bordes and Y. Bengio,
    "Deep Sparse Rectifier Neural Networks", AISTATS 2011, brought it to deep learning.
    D. Bertoin, J. Bolte, S. Gerchinovitz and E. Pauwels, "Numerical influence of ReLU'(0) on
    backpropagation", NeurIPS 2021, arXiv:2106.12915.

    Examples
    --------
    >>> from actlib import relu
    >>> relu([-2.0, 0.0, 2.0])
    array([0., 0., 2.])
    >>> relu.derivative([-2.0, 0.0, 2.0])
    array([0., 0., 1.])
    """

    name = "relu"

    def _value(self, x: Float64Array) -> Float64Array:
        return np.maximum(x, 0)

    def _derivative(self, x: Float64Array) -> Float64Array:
        # x > 0 would turn NaN into 0.
        return np.sign(np.maximum(x, 0))

    def _value_and_derivative(self, x: Float64Array, value: Out = None, slope: Out = None) -> Pair:
        value = np.maximum(x, 0, out=value)
        return value, np.sign(value, out=slope)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        # 0, but NaN for NaN.
        return np.minimum(np.abs(x), 0)

    @property
    def facts(self) -> ElementwiseFacts:
        """What is known about ReLU."""
        return FACTS


FACTS = ElementwiseFacts(
    title="ReLU",
    formula=r"\operatorname{relu}(x) = \max(0, x)",
    derivative_formula=r"\operatorname{relu}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
    second_derivative_formula=r"\operatorname{relu}''(x) = 0",
    range=Interval(0, inf, includes_low=True),
    limits=(0.0, inf),
    value_at_zero=0.0,
    derivative_at_zero=0.0,
    minimum=Extremum(0.0, 0.0),
    derivative_minimum=Extremum(0.0, 0.0),
    derivative_maximum=Extremum(0.0, 1.0),
    second_derivative_bound=Extremum(0.0, 0.0),
    monotone="increasing",
    convex=True,
    smoothness="C0",
    kinks=(0.0,),
    moments=GaussianMoments(1 / sqrt(2 * pi), 0.5, 0.5, 0.5),
    relations=(
        Relation("relu", r"\operatorname{relu}(x) = x + \operatorname{relu}(-x)", lambda f, x: x + f(-x)),
        Relation(
            "relu",
            r"\operatorname{relu}(x) = \operatorname{relu}(\operatorname{relu}(x))",
            lambda f, x: f(f(x)),
        ),
    ),
    papers=("Fukushima1969", "Nair2010", "Glorot2011", "Bertoin2021"),
    frameworks={
        "PyTorch": FrameworkName("torch.nn.ReLU", slope_at_kink=0.0),
        "Keras": FrameworkName(
            "keras.activations.relu", {"negative_slope": 0.0, "max_value": None, "threshold": 0.0}, 0.0
        ),
        "TensorFlow": FrameworkName("tf.nn.relu"),
        "JAX": FrameworkName("jax.nn.relu", slope_at_kink=0.0),
    },
)

relu = ReLU()
