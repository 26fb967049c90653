"""LeakyReLU, a rectifier that lets a fixed part of the negative side through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, pi, sqrt

import numpy as np

from actlib.contract.activation import Elementwise
from actlib.contract.arrays import Float64Array, real_parameter
from actlib.contract.facts import ElementwiseFacts, Extremum, FamilyLimit, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments


@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    r"""LeakyReLU, x for x > 0 and a fixed multiple of x below: maps the reals onto the reals.

    Element by element, any shape; inputs, results and errors are those of `Elementwise`.

    Parameters
    ----------
    negative_slope : float
        The factor a on the left, any finite number. 0 gives ReLU, 1 the identity, -1 the absolute value;
        the range is all reals where it is positive, [0, ∞) elsewhere.

    See Also
    --------
    relu : Nothing of the negative side.
    prelu : Learns the slope of that side.

    Notes
    -----
    The derivative is 1 for x > 0 and a for x < 0. At the kink, x = 0, it is a here, as in PyTorch; JAX
    takes 1. The second derivative is 0, at the kink too. At the infinities the value is infinite, for
    a = 0 it is 0 at minus infinity. NaN gives NaN, in the derivatives too.
    Errors: value 0.5 ulp, derivative 0 ulp, second derivative 0 ulp, subnormal results 0.5 spacings,
    float16 results 0.501 ulp.

    References
    ----------
    A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier Nonlinearities Improve Neural Network
    Acoustic Models", ICML 2013, with a = 0.01.

    Examples
    --------
    >>> from actlib import LeakyReLU, leaky_relu
    >>> leaky_relu([-2.0, 0.0, 2.0])
    array([-0.02,  0.  ,  2.  ])
    >>> LeakyReLU(negative_slope=0.2).derivative([-2.0, 0.0, 2.0])
    array([0.2, 0.2, 1. ])
    """

    negative_slope: float = 0.01

    name = "leaky_relu"

    def __post_init__(self) -> None:
        object.__setattr__(self, "negative_slope", real_parameter("negative_slope", self.negative_slope))

    def _value(self, x: Float64Array) -> Float64Array:
        if self.negative_slope == 0:  # 0 times an infinity would be NaN
            return np.maximum(x, 0)
        # The line that is not used lies below the other, above it for slopes beyond 1.
        pick = np.maximum if self.negative_slope <= 1 else np.minimum
        return pick(x, self.negative_slope * x)

    def _derivative(self, x: Float64Array) -> Float64Array:
        step = np.sign(np.maximum(x, 0))  # 1 on the right, 0 on the left, NaN for NaN
        slope = 1 - step
        slope *= self.negative_slope
        slope += step
        return slope

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        return np.minimum(np.abs(x), 0)  # 0, but NaN for NaN

    @cached_property
    def facts(self) -> ElementwiseFacts:
        """What is known about LeakyReLU with this slope."""
        a = self.negative_slope
        rises, straight = a > 0, a == 1
        return ElementwiseFacts(
            title="Leaky ReLU",
            formula=r"f(x) = \begin{cases} x & x > 0 \\ a x & x \le 0 \end{cases}",
            derivative_formula=r"f'(x) = \begin{cases} 1 & x > 0 \\ a & x \le 0 \end{cases}",
            second_derivative_formula=r"f''(x) = 0",
            range=Interval(-inf, inf) if rises else Interval(0, inf, includes_low=True),
            limits=(-inf if rises else 0.0 if a == 0 else inf, inf),
            value_at_zero=0.0,
            derivative_at_zero=a,
            minimum=None if rises else Extremum(0.0, 0.0),
            derivative_minimum=Extremum(0.0, min(a, 1.0)),
            derivative_maximum=Extremum(0.0, max(a, 1.0)),
            second_derivative_bound=Extremum(0.0, 0.0),
            centre=(0.0, 0.0) if straight else None,
            even=a == -1,
            monotone="strictly increasing" if rises else "increasing" if a == 0 else "none",
            convex=a <= 1,
            smoothness="analytic" if straight else "C0",
            kinks=() if straight else (0.0,),
            moments=GaussianMoments((1 - a) / sqrt(2 * pi), (1 + a * a) / 2, (1 + a) / 2, (1 + a * a) / 2),
            relations=(
                Relation(
                    "relu",
                    r"f(x) = \operatorname{relu}(x) - a \operatorname{relu}(-x)",
                    lambda relu, x: relu(x) - a * relu(-x),
                ),
            ),
            family=(
                FamilyLimit(
                    parameter="negative_slope",
                    towards=0.0,
                    to="relu",
                    formula=r"\lim_{a \to 0} f(x) = \max(0, x)",
                    error_formula=r"\sup_{|x| \le 1} |f(x) - \max(0, x)| = |a|",
                    becomes=lambda x: np.maximum(x, 0),
                    error=abs,
                    reach=1.0,
                ),
                FamilyLimit(
                    parameter="negative_slope",
                    towards=1.0,
                    to=None,
                    formula=r"\lim_{a \to 1} f(x) = x",
                    error_formula=r"\sup_{|x| \le 1} |f(x) - x| = |1 - a|",
                    becomes=lambda x: x,
                    error=lambda slope: abs(1 - slope),
                    reach=1.0,
                ),
            ),
            papers=("Maas2013", "Xu2015"),
            frameworks={
                "PyTorch": FrameworkName("torch.nn.LeakyReLU", {"negative_slope": 0.01}, 0.01),
                "Keras": FrameworkName("keras.activations.leaky_relu", {"negative_slope": 0.2}, 1.0),
                "TensorFlow": FrameworkName("tf.nn.leaky_relu", {"alpha": 0.2}),
                "JAX": FrameworkName("jax.nn.leaky_relu", {"negative_slope": 0.01}, 1.0),
            },
        )


leaky_relu = LeakyReLU()
