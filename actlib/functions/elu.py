"""ELU, the exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import e, erfc, inf, pi, sqrt

import numpy as np

from actlib.contract.activation import Elementwise
from actlib.contract.arrays import Float64Array, real_parameter
from actlib.contract.facts import ElementwiseFacts, Extremum, FamilyLimit, FrameworkName, Interval, Relation
from actlib.contract.moments import GaussianMoments


@dataclass(frozen=True)
class ELU(Elementwise):
    r"""ELU, x for x > 0 and :math:`\alpha(e^x - 1)` below: maps the reals onto (-α, ∞).

    Element by element, any shape; inputs, results and errors are those of `Elementwise`.

    Parameters
    ----------
    alpha : float
        The depth α of the plateau on the left, > 0.

    See Also
    --------
    relu : Its limit where alpha goes to 0.
    leaky_relu : Straight on the negative side.

    Notes
    -----
    On the left both derivatives are :math:`\alpha e^x`, on the right 1 and 0. The function has a kink
    at 0 unless α = 1. At 0 both derivatives are those of the left side here, α, as in JAX; in PyTorch
    the second is 0. At minus infinity value and derivatives are -α, 0 and 0, at infinity ∞, 1 and 0.
    The sign of zero is kept.
    Errors: value 2.5 ulp, derivative 3 ulp, second derivative 3 ulp, subnormal results 1 spacing.

    References
    ----------
    D.-A. Clevert, T. Unterthiner and S. Hochreiter, "Fast and Accurate Deep Network Learning by
    Exponential Linear Units (ELUs)", ICLR 2016, arXiv:1511.07289.

    Examples
    --------
    >>> from actlib import ELU, elu
    >>> elu([-2.0, 0.0, 2.0])
    array([-0.86466472,  0.        ,  2.        ])
    >>> elu(-1e-20)  # exp(x) - 1 would be 0
    np.float64(-1e-20)
    >>> ELU(alpha=0.5).derivative([-0.0, 1e-9])
    array([0.5, 1. ])
    """

    alpha: float = 1.0

    name = "elu"

    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha", real_parameter("alpha", self.alpha, above=0))

    def _value(self, x: Float64Array) -> Float64Array:
        # One of the two terms is always 0. The smaller of x and 0: the branch not taken could
        # overflow. expm1: exp(x) - 1 loses every digit near 0.
        value = np.expm1(np.minimum(x, 0))
        value *= self.alpha
        value += np.maximum(x, 0)
        return np.copysign(value, x)

    def _derivative(self, x: Float64Array) -> Float64Array:
        if self.alpha == 1:
            return np.exp(np.minimum(x, 0))  # e^0 on the right
        # exp(x) in two halves: it is subnormal, or 0, before a large alpha times it is.
        half = np.exp(0.5 * np.minimum(x, 0))
        return np.where(x > 0, 1, self.alpha) * half * half

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        half = np.exp(0.5 * np.minimum(x, 0))
        return half * self.alpha * (x <= 0) * half

    @cached_property
    def facts(self) -> ElementwiseFacts:
        """What is known about ELU with this alpha."""
        alpha = self.alpha
        # E e^z and E e^(2z) over the negative half of a standard normal.
        one, two = sqrt(e) * erfc(1 / sqrt(2)) / 2, e**2 * erfc(sqrt(2)) / 2
        return ElementwiseFacts(
            title="ELU",
            formula=r"f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^x - 1) & x \le 0 \end{cases}",
            derivative_formula=r"f'(x) = \begin{cases} 1 & x > 0 \\ \alpha\,e^x & x \le 0 \end{cases}",
            second_derivative_formula=(
                r"f''(x) = \begin{cases} 0 & x > 0 \\ \alpha\,e^x & x \le 0 \end{cases}"
            ),
            range=Interval(-alpha, inf),
            limits=(-alpha, inf),
            value_at_zero=0.0,
            derivative_at_zero=alpha,
            derivative_minimum=Extremum(-inf, 0.0),
            derivative_maximum=Extremum(0.0, max(1.0, alpha)),
            second_derivative_bound=Extremum(0.0, alpha),
            monotone="strictly increasing",
            convex=alpha <= 1,
            smoothness="C1" if alpha == 1 else "C0",
            kinks=(0.0,),
            moments=GaussianMoments(
                1 / sqrt(2 * pi) + alpha * (one - 0.5),
                0.5 + alpha * alpha * (two - 2 * one + 0.5),
                0.5 + alpha * one,
                0.5 + alpha * alpha * two,
            ),
            relations=(
                Relation(
                    "relu",
                    r"f(x) = \operatorname{relu}(x) + \alpha\,(e^{-\operatorname{relu}(-x)} - 1)",
                    lambda relu, x: relu(x) + alpha * np.expm1(-relu(-x)),
                ),
            ),
            family=(
                FamilyLimit(
                    parameter="alpha",
                    towards=0.0,
                    to="relu",
                    formula=r"\lim_{\alpha \to 0} f(x) = \max(0, x)",
                    error_formula=r"\sup_x |f(x) - \max(0, x)| = \alpha",
                    becomes=lambda x: np.maximum(x, 0),
                    error=lambda alpha: alpha,
                ),
            ),
            papers=("Clevert2016",),
            frameworks={
                "PyTorch": FrameworkName("torch.nn.ELU", {"alpha": 1.0}),
                "Keras": FrameworkName("keras.activations.elu", {"alpha": 1.0}),
                "TensorFlow": FrameworkName("tf.nn.elu"),
                "JAX": FrameworkName("jax.nn.elu", {"alpha": 1.0}),
            },
        )


elu = ELU()
