"""Swish, x times its own sigmoid; with beta = 1 also called SiLU."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, tanh

import numpy as np

from actlib.activation import Float64Array, Learnable, real_parameter
from actlib.facts import (
    ElementwiseFacts,
    Extremum,
    FamilyLimit,
    FrameworkName,
    GaussianMoments,
    Interval,
    Relation,
)
from actlib.rounding import exact_product

W = 0.2784645427610738
"""The solution of w e^w = 1/e."""
ROOT = (1.2784645427610737, 1.0946994183093437e-16)
"""1 + W as the sum of two floats, twice the digits of one: swish' is 0 where beta x = -1 - W."""
BEND = (2.3993572805154675, 1.8464872855353363e-16)
"""The positive u with u tanh(u/2) = 2, likewise: swish'' is 0 where |beta x| is this."""
LARGEST = float(np.finfo(np.float64).max)

Gate = tuple[Float64Array, Float64Array, Float64Array | float, Float64Array, Float64Array]


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

    Notes
    -----
    With :math:`u = \beta x` the derivative is :math:`\sigma(u) + u\,\sigma'(u)`, from -0.099839 to
    1.099839, the second derivative :math:`\beta\,\sigma'(u)\,(2 - u \tanh(u/2))`, at most |β|/2. The
    derivative with respect to β is :math:`x^2 \sigma'(u)`. The function is analytic: it has no
    kink. For β > 0, value and derivatives are 0 at minus infinity and ∞, 1 and 0 at infinity. The
    sign of zero is kept. NaN gives NaN.

    In float64 the value is within 5 ulp of the exact result, the derivative within 6 ulp and the
    second derivative within 8 ulp, over the whole range; subnormal results are within 1.5
    spacings. float32 results are within 0.501 ulp and float16 results correctly rounded
    (``tests/functions/test_accuracy.py``).

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

    # Below, u is |beta x|, h = exp(-u/2) and p = 1 + h*h, so that sigma(-u) = (h/p)*h. The last factor
    # is h: h*h alone would be subnormal, or 0, before x*h*h is. 1 - lost makes up for what rounding took
    # from u, which matters where h is small. Writing into an array (`*=`) is quicker than a new one.

    def _value(self, x: Float64Array, gate: Gate | None = None) -> Float64Array:
        if self.beta == 0:
            return x / 2
        # Swish is ReLU minus a bump around 0, |x| sigma(-u).
        size, _, lost, h, p = gate or self._gate(x)
        bump = h / p
        bump *= size
        bump *= 1 - lost
        bump *= h
        value = np.maximum(x if self.beta > 0 else -x, 0)
        value -= bump
        return np.copysign(value, x, out=value)

    def _derivative(self, x: Float64Array, gate: Gate | None = None) -> Float64Array:
        # Where beta x < 0 it is (1 - u + t) t/(1 + t)^2, t = h*h. The first factor loses its digits near
        # u = r; it is (r - u) + W (e^(r - u) - 1), two terms of one sign.
        _, u, lost, h, p = gate or self._gate(x)
        to_root = ROOT[0] - u
        to_root += ROOT[1] - lost
        left = np.expm1(to_root)
        left *= W
        left += to_root
        left *= h
        left *= 1 - lost
        left /= p * p
        left *= h
        # On the other side it is 1 minus that.
        side = np.copysign(1, x if self.beta > 0 else -x)
        left *= side
        slope = np.maximum(side, 0)
        slope -= left
        return slope

    def _value_and_derivative(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        gate = self._gate(x)
        return self._value(x, gate), self._derivative(x, gate)

    def _second_derivative(self, x: Float64Array) -> Float64Array:
        # 2 - u tanh(u/2) loses its digits near u = s. Times 1 + t it is
        # (s - 2)(e^(s - u) - 1) + (s - u)(1 - t), two terms of one sign.
        _, u, lost, h, p = self._gate(x)
        to_bend = (BEND[0] - u) + (BEND[1] - lost)
        factor = (BEND[0] - 2 + BEND[1]) * np.expm1(to_bend) + to_bend * (1 - h * h)
        return self.beta * (factor * h * (1 - lost) / p**3) * h

    def _parameter_derivative(self, x: Float64Array) -> Float64Array:
        # x^2 sigma'(u) as |x| h/p squared: x^2 overflows before t makes up for it.
        size, _, lost, h, p = self._gate(x)
        return (size * h / p) ** 2 * (1 - lost)

    def _gate(self, x: Float64Array) -> Gate:
        """Return |x|, u, lost, h and p. |x| ends where h is 0: infinity times 0 is NaN."""
        end = LARGEST if abs(self.beta) < 1e-304 else 2000 / abs(self.beta)
        size = np.minimum(np.abs(x), end)
        u, lost = exact_product(abs(self.beta), size)
        h = np.exp(-0.5 * u)
        p = h * h
        p += 1
        return size, u, lost, h, p

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


MOMENTS = GaussianMoments(
    mean=0.206620964141907,
    second=0.355775519817352,
    derivative_mean=0.5,
    derivative_second=0.379482351632829,
)

swish = Swish()
