"""Softmax, and its logarithm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, tanh

import numpy as np
from numpy.typing import ArrayLike

from actlib.contract.along_axis import AlongAxis
from actlib.contract.arrays import Float64Array, FloatArray, integer_parameter, real_parameter
from actlib.contract.facts import FamilyLimit, FrameworkName, Interval, Relation, VectorFacts
from actlib.functions.rounding import exact_quotient, pairwise_sum


@dataclass(frozen=True)
class Softmax(AlongAxis):
    r"""Softmax, :math:`p_i = e^{x_i/T} / \sum_j e^{x_j/T}`: maps scores to probabilities.

    Every vector along the axis is treated alone; inputs, results and errors are those of
    `AlongAxis`.

    Parameters
    ----------
    axis : int
        The axis whose elements sum to 1 in the result.
    temperature : float
        T, > 0. As T falls to 0 the largest score takes all, as it grows all become equal.

    See Also
    --------
    sigmoid : What it gives for two scores, from their difference.

    Notes
    -----
    The Jacobian is :math:`(\mathrm{diag}(p) - p p^T)/T`: symmetric, positive semi-definite, of rank
    n - 1, with rows that sum to 0. Its spectral norm is at most 1/(2T), taken where two
    probabilities are 1/2. The function is analytic: it has no kink.

    A score of minus infinity is a mask: its probability is 0, its derivatives are 0, and the others
    share. One score of infinity takes all. Of a vector with several, or with minus infinity alone,
    no limit exists and the result is NaN; one NaN makes all of its vector NaN.

    In float64 probabilities are within 5 ulp of the exact result and their logarithms, from `log`,
    within 3.5 ulp, for any spread of the scores, up to 1000 of them; subnormal results are within
    2 spacings. float32 results are within 0.501 ulp (``tests/functions/test_softmax.py``).

    References
    ----------
    J. S. Bridle, "Training Stochastic Model Recognition Algorithms as Networks can lead to Maximum
    Mutual Information Estimation of Parameters", NIPS 2, 1989, named it.

    Examples
    --------
    >>> from actlib import Softmax, softmax
    >>> softmax([1.0, 2.0, 3.0])
    array([0.09003057, 0.24472847, 0.66524096])
    >>> Softmax(temperature=0.1)([1.0, 2.0, 3.0]).round(6)
    array([0.00000e+00, 4.50000e-05, 9.99955e-01])
    >>> softmax.log([0.0, 50.0])  # the logarithm of softmax([0.0, 50.0]) ends in 0
    array([-5.00000000e+01, -1.92874985e-22])
    """

    axis: int = -1
    temperature: float = 1.0
    name = "softmax"

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", integer_parameter("axis", self.axis))
        object.__setattr__(self, "temperature", real_parameter("temperature", self.temperature, above=0))

    def log(self, x: ArrayLike) -> FloatArray:
        """Return the logarithms of the probabilities, minus infinity where one is 0."""
        return self._map(self._log, *self._checked(x))

    def _value(self, x: Float64Array) -> Float64Array:
        _, _, e = self._shifted(x)
        return e / pairwise_sum(e)

    def _log(self, x: Float64Array) -> Float64Array:
        shifted, rest, e = self._shifted(x)
        # log(sum) = log1p(the others' sum): next to the winner's 1 small ones would be lost.
        np.put_along_axis(e, np.argmax(e, axis=0)[None], 0, axis=0)
        return shifted - (np.log1p(pairwise_sum(e)) - rest)

    def _jacobian(self, x: Float64Array) -> Float64Array:
        p = self._value(x)
        jacobian = -p[:, None] * p
        # p(1 - p) loses its digits as p nears 1; a row sums to 0, so its others give the diagonal.
        i = np.arange(len(p))
        jacobian[i, i] = 0 * p  # NaN stays
        jacobian[i, i] = 0 - pairwise_sum(jacobian)
        return jacobian / self.temperature

    def _vjp(self, x: Float64Array, upstream: Float64Array) -> Float64Array:
        p = self._value(x)
        # A constant has no gradient: without the winner's share its difference cannot cancel.
        u = upstream - np.take_along_axis(upstream, np.argmax(p, axis=0)[None], axis=0)
        return p * (u - pairwise_sum(p * u)) / self.temperature

    def _shifted(self, x: Float64Array) -> tuple[Float64Array, ...]:
        """Return (x - max x)/T as a sum of two floats, and the exponential of that sum.

        One float is off by up to half an ulp of itself, which costs hundreds of ulp in its
        exponential.
        """
        top = x.max(axis=0)
        if np.isposinf(top).any():
            share = np.where(np.isposinf(x).sum(axis=0) == 1, 0.0, np.nan)
            x = np.where(np.isposinf(top), np.where(np.isposinf(x), share, -np.inf), x)
            top = x.max(axis=0)
        # Knuth's TwoSum: x - top is exactly shifted + rest.
        shifted = x - top
        back = shifted - x
        rest = (x - (shifted - back)) - (top + back)
        if self.temperature != 1:
            shifted, rest = exact_quotient(shifted, rest, self.temperature)
        # Far below the maximum only the first float matters; it may be minus infinity.
        rest = np.where(shifted > -1e4, rest, 0)
        e = np.exp(shifted)
        return shifted, rest, e + e * rest

    @cached_property
    def facts(self) -> VectorFacts:
        """What is known about softmax with these parameters."""
        t = self.temperature
        return VectorFacts(
            title="Softmax",
            formula=r"p_i = \frac{e^{x_i/T}}{\sum_j e^{x_j/T}}",
            jacobian_formula=(
                r"\frac{\partial p_i}{\partial x_j} = \frac{p_i\,(\delta_{ij} - p_j)}{T},"
                r"\quad J = \tfrac1T\,(\mathrm{diag}(p) - p\,p^T)"
            ),
            range=Interval(0, 1),
            convex=False,
            smoothness="analytic",
            lipschitz=0.5 / t,
            relations=(
                Relation(
                    "sigmoid",
                    r"p_1 = \sigma\bigl((x_1 - x_2)/T\bigr)\ \text{for two scores}",
                    lambda sigmoid, x: sigmoid((x - x[..., ::-1]) / t),
                ),
                Relation("softmax", r"p(x) = p(x + c)", lambda softmax, x: softmax(x + 1)),
            ),
            family=(
                FamilyLimit(
                    "temperature",
                    inf,
                    None,
                    r"\lim_{T \to \infty} p_i = \tfrac1n",
                    r"\max_{|x_i| \le 1} \bigl|p_i - \tfrac12\bigr| = \tfrac12 \tanh\tfrac1T"
                    r"\ \text{for two scores}",
                    becomes=lambda x: np.full_like(x, 1 / x.shape[-1]),
                    error=lambda t: tanh(1 / t) / 2,
                    reach=1.0,
                ),
            ),
            papers=("Bridle1990a",),
            frameworks={
                "PyTorch": FrameworkName("torch.nn.Softmax", {"dim": None}),
                "Keras": FrameworkName("keras.activations.softmax", {"axis": -1}),
                "TensorFlow": FrameworkName("tf.nn.softmax", {"axis": -1}),
                "JAX": FrameworkName("jax.nn.softmax", {"axis": -1}),
            },
        )


softmax = Softmax()
