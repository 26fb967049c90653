"""PReLU, a rectifier that learns the slope of its negative side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from actlib.contract.activation import Learnable
from actlib.contract.arrays import Float64Array, real_parameter
from actlib.contract.facts import ElementwiseFacts, FamilyLimit, FrameworkName
from actlib.functions.leaky_relu import LeakyReLU


@dataclass(frozen=True)
class PReLU(Learnable):
    r"""PReLU, :math:`\max(0, x) + a \min(0, x)` with a learned slope a: a leaky ReLU to start with.

    Element by element, any shape; inputs, results and errors are those of `Elementwise`. One slope
    serves all elements; `parameter_vjp` is its gradient. A learned step makes a new instance,
    ``PReLU(prelu.negative_slope - rate * gradient)``.

    Parameters
    ----------
    negative_slope : float
        The slope a on the left, any finite number. The range is all reals where it is positive,
        [0, ∞) elsewhere.

    See Also
    --------
    leaky_relu : The same function with a fixed slope.

    Notes
    -----
    The derivative is 1 for x > 0 and a for x < 0. At the kink, x = 0, it is a here, as in PyTorch.
    The second derivative is 0, at the kink too. The derivative with respect to a is
    :math:`\min(0, x)`. At the infinities the value is ±∞, for a = 0 it is 0 at minus infinity; the
    derivatives there are a and 1. NaN gives NaN, in the derivatives too.

    Errors: value 0.5 ulp, derivative 0 ulp, second derivative 0 ulp, subnormal results 0.5 spacings,
    float16 results 0.501 ulp.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving Deep into Rectifiers: Surpassing Human-Level
    Performance on ImageNet Classification", ICCV 2015, arXiv:1502.01852, equation 1; the gradient
    of the slope is their equation 3, its first value 0.25.

    Examples
    --------
    >>> from actlib import PReLU, prelu
    >>> prelu([-2.0, 0.0, 2.0])
    array([-0.5,  0. ,  2. ])
    >>> gradient = prelu.parameter_vjp([-2.0, 0.0, 2.0], upstream=[1.0, 1.0, 1.0])
    >>> PReLU(prelu.negative_slope - 0.05 * gradient)
    PReLU(negative_slope=0.35)
    """

    negative_slope: float = 0.25

    name = "prelu"
    learned = "negative_slope"

    def __post_init__(self) -> None:
        object.__setattr__(self, "negative_slope", real_parameter("negative_slope", self.negative_slope))

    # As a function of x it is a leaky ReLU.
    _value = LeakyReLU._value
    _derivative = LeakyReLU._derivative
    _second_derivative = LeakyReLU._second_derivative

    def _parameter_derivative(self, x: Float64Array) -> Float64Array:
        return np.minimum(x, 0)

    @cached_property
    def facts(self) -> ElementwiseFacts:
        """What is known about PReLU with this slope."""
        # Only what it is called and where it comes from differs.
        leaky = LeakyReLU(self.negative_slope).facts
        to_leaky = FamilyLimit(
            parameter="negative_slope",
            towards=0.01,
            to="leaky_relu",
            formula=r"\lim_{a \to 0.01} f(x) = \max(0.01 x, x)",
            error_formula=r"\sup_{|x| \le 1} |f(x) - \max(0.01 x, x)| = |a - 0.01|",
            becomes=lambda x: np.maximum(0.01 * x, x),
            error=lambda slope: abs(slope - 0.01),
            reach=1.0,
        )
        return replace(
            leaky,
            title="PReLU",
            formula=r"f(x) = \max(0, x) + a \min(0, x)",
            family=(leaky.family[0], to_leaky),
            papers=("He2015", "Xu2015"),
            frameworks={
                "PyTorch": FrameworkName("torch.nn.PReLU", {"num_parameters": 1, "init": 0.25}, 0.25),
                "Keras": FrameworkName(
                    "keras.layers.PReLU", {"alpha_initializer": "Zeros", "shared_axes": None}, 0.0
                ),
                "TensorFlow": FrameworkName(
                    "tf.keras.layers.PReLU", {"alpha_initializer": "Zeros", "shared_axes": None}
                ),
                "Flax": FrameworkName("flax.linen.PReLU", {"negative_slope_init": 0.01}),
            },
        )


prelu = PReLU()
