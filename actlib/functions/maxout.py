"""Maxout, the largest of several linear pieces."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from math import erfc, inf, pi, sqrt

import numpy as np

from actlib.contract.along_axis import AlongAxis
from actlib.contract.arrays import Float64Array, integer_parameter
from actlib.contract.facts import FrameworkName, Interval, Relation, VectorFacts
from actlib.contract.moments import GaussianMoments


@dataclass(frozen=True)
class Maxout(AlongAxis):
    r"""Maxout, :math:`h_i = \max_{1 \le j \le k} z_{ij}`: passes on the largest of k pieces.

    The axis of the input has m k elements, that of the result m: the first k make h_1, the next k
    make h_2, and so on. Inputs, results and errors are otherwise those of `AlongAxis`.

    Parameters
    ----------
    pieces : int
        k, >= 2 and no more than an axis can hold. It must divide the length of the axis, or a
        ValueError says so.
    axis : int
        The axis that holds the pieces.

    See Also
    --------
    relu : The larger of one line and 0.

    Notes
    -----
    The pieces come from a linear layer with m k outputs, :math:`z_{ij} = x^T W_{\cdot ij} + b_{ij}`,
    so a maxout layer has k times the weights of another layer of m units. As a function of x each
    h_i is convex and piecewise linear. Two pieces make ReLU of (x, 0), leaky ReLU of (x, ax) and the
    absolute value of (x, -x).

    The derivative is 1 with respect to the largest piece and 0 with respect to the others. Where
    several are largest it is 1 for the first of them, as `numpy.argmax` has it, so that the gradient
    of a group always sums to that of its output. The maximum is exact in every dtype. An infinity
    is compared like a number; NaN in a group makes its output, and its gradient, NaN.

    References
    ----------
    I. J. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville and Y. Bengio, "Maxout Networks",
    ICML 2013, arXiv:1302.4389, section 3. Paddle's Maxout has the same layout; it calls the number
    of pieces `groups`.

    Examples
    --------
    >>> from actlib import Maxout, maxout
    >>> maxout([1.0, 3.0, -2.0, -5.0])
    array([ 3., -2.])
    >>> Maxout(pieces=4)([1.0, 3.0, -2.0, -5.0])
    array([3.])
    >>> maxout.vjp([1.0, 3.0, -2.0, -5.0], upstream=[10.0, 20.0])
    array([ 0., 10., 20.,  0.])
    >>> maxout([1.0, 2.0, 3.0])
    Traceback (most recent call last):
    ValueError: pieces must divide the length of the axis, 3, got 2
    """

    pieces: int = 2
    axis: int = -1
    name = "maxout"

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "pieces", integer_parameter("pieces", self.pieces, at_least=2, at_most=sys.maxsize)
        )
        object.__setattr__(self, "axis", integer_parameter("axis", self.axis))

    def _outputs(self, n: int) -> int:
        if n % self.pieces:
            raise ValueError(f"pieces must divide the length of the axis, {n}, got {self.pieces}")
        return n // self.pieces

    def _groups(self, x: Float64Array) -> Float64Array:
        """Return `x` of shape (m k, columns) with the shape (m, k, columns)."""
        return x.reshape(-1, self.pieces, x.shape[1])

    def _value(self, x: Float64Array) -> Float64Array:
        return self._groups(x).max(axis=1)

    def _jacobian(self, x: Float64Array) -> Float64Array:
        m = len(x) // self.pieces
        jacobian = np.zeros((m, m, self.pieces, x.shape[1]))
        i = np.arange(m)
        jacobian[i, i] = self._slopes(x)
        return jacobian.reshape(m, *x.shape)

    def _vjp(self, x: Float64Array, upstream: Float64Array) -> Float64Array:
        slopes = self._slopes(x)
        # Not a product: an infinite upstream must not turn the pieces that lost into NaN.
        return np.where(slopes == 0, 0, slopes * upstream[:, None]).reshape(x.shape)

    def _slopes(self, x: Float64Array) -> Float64Array:
        """Return the derivative of every output with respect to its own pieces, (m, k, columns)."""
        groups = self._groups(x)
        slopes = np.zeros(groups.shape)
        np.put_along_axis(slopes, groups.argmax(axis=1)[:, None], 1, axis=1)
        slopes[np.broadcast_to(np.isnan(groups).any(axis=1, keepdims=True), slopes.shape)] = np.nan
        return slopes

    @cached_property
    def facts(self) -> VectorFacts:
        """What is known about maxout with this number of pieces."""
        return VectorFacts(
            title="Maxout",
            formula=r"h_i = \max_{1 \le j \le k} z_{ij}",
            jacobian_formula=(
                r"\frac{\partial h_i}{\partial z_{lj}} = 1\ \text{if } l = i \text{ and }"
                r" j = \operatorname*{argmax}_r z_{ir},\ \text{else } 0"
            ),
            range=Interval(-inf, inf),
            convex=True,
            smoothness="C0",
            lipschitz=1.0,
            moments=_moments(self.pieces),
            weight_factor=self.pieces,
            relations=(FROM_RELU,) if self.pieces == 2 else (),
            papers=("Goodfellow2013",),
            frameworks={"Paddle": FrameworkName("paddle.nn.Maxout", {"axis": 1})},
        )


@np.errstate(all="ignore")
def _moments(k: int) -> GaussianMoments:
    """Return the moments of the largest of k independent standard normals."""
    # Its density is k phi(z) Phi(z)^(k - 1); for one so smooth a plain sum is exact to rounding.
    z = np.linspace(-12, 12, 385)
    tail = np.array([erfc(point / sqrt(2)) / 2 for point in z])
    # The logarithm keeps a tail that 1 - tail would round away: with many pieces it decides.
    below = np.exp((k - 1) * np.log1p(-tail))
    mass = k * below * np.exp(-z * z / 2) / sqrt(2 * pi) * (z[1] - z[0])
    return GaussianMoments(float(mass @ z), float(mass @ z**2), 1.0, 1.0)


FROM_RELU = Relation(
    "relu",
    r"\max(z_1, z_2) = z_2 + \mathrm{relu}(z_1 - z_2)",
    lambda relu, z: z[..., 1::2] + relu(z[..., ::2] - z[..., 1::2]),
)

maxout = Maxout()
