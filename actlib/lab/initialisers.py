r"""How a layer's weights begin: as large as the activation in front of them asks for.

An initialiser is called as ``initialise(random, fan_in, fan_out, before)`` and returns the weights,
of shape (fan_in, fan_out), and the bias. `before` is the activation whose outputs the weights
multiply, None where they multiply the input of the network.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from actlib.contract.activation import Activation
from actlib.contract.arrays import Float64Array
from actlib.lab.random import Draws

__all__ = ["Initialiser", "by_gain", "gain_of", "he", "lecun", "own_gain", "pytorch_default", "xavier"]

Initialiser = Callable[[Draws, int, int, Activation | None], tuple[Float64Array, Float64Array]]


def by_gain(gain: float) -> Initialiser:
    r"""Return the initialiser :math:`W_{ij} \sim N(0, \text{gain}^2/\text{fan\_in})`, with bias 0.

    Parameters
    ----------
    gain : float
        The weight scale, >= 0, the same for every layer.

    Raises
    ------
    ValueError
        If `gain` is negative, NaN or infinite.

    Examples
    --------
    >>> import numpy as np
    >>> weight, bias = by_gain(3)(np.random.default_rng(0), 400, 200, None)
    >>> print(f"{weight.std() * 400**0.5:.2f}")
    3.00
    """
    if not 0 <= gain < np.inf:
        raise ValueError(f"gain must be >= 0 and finite, got {gain}")

    def initialise(
        random: Draws, fan_in: int, fan_out: int, before: Activation | None
    ) -> tuple[Float64Array, Float64Array]:
        return random.normal(0, gain / sqrt(fan_in), (fan_in, fan_out)), np.zeros(fan_out)

    return initialise


lecun = by_gain(1)
"""Gain 1: what a layer without activation needs (LeCun et al. 1998, section 4.6)."""

he = by_gain(sqrt(2))
"""Gain sqrt(2): what ReLU needs (He et al. 2015, eq. 10)."""


def own_gain(
    random: Draws, fan_in: int, fan_out: int, before: Activation | None
) -> tuple[Float64Array, Float64Array]:
    """Draw weights by the gain of the activation before them, 1 where they multiply the input.

    Standard normal inputs then give every layer pre-activations of mean square 1 or close to it.
    """
    gain = 1.0 if before is None else gain_of(before, fan_in)
    return by_gain(gain)(random, fan_in, fan_out, before)


def gain_of(f: Activation, width: int) -> float:
    """Return 1 over the rms of what `f` makes of standard normal pre-activations.

    Parameters
    ----------
    f : Activation
        The activation.
    width : int
        How many values a sample of its output has: the gain of softmax depends on it.

    Returns
    -------
    float
        The gain among the activation's facts; for an activation without moments, as softmax
        is, a measured one, within 1.5 %.

    Examples
    --------
    >>> from actlib import sigmoid
    >>> print(f"{gain_of(sigmoid, width=64):.6f}")
    1.846229
    """
    moments = getattr(f.facts, "moments", None)
    if moments is not None:
        return float(moments.gain)
    z = np.random.default_rng(0).normal(size=(4096, width * getattr(f, "pieces", 1)))
    return float(1 / np.sqrt(np.mean(np.square(f(z)))))


def xavier(
    random: Draws, fan_in: int, fan_out: int, before: Activation | None
) -> tuple[Float64Array, Float64Array]:
    r"""Draw weights from :math:`N(0, 2/(\text{fan\_in} + \text{fan\_out}))`, with bias 0.

    A compromise between signal and gradient (Glorot and Bengio 2010, eq. 12); in layers of equal
    width the same as `lecun`.
    """
    return random.normal(0, sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out)), np.zeros(fan_out)


def pytorch_default(
    random: Draws, fan_in: int, fan_out: int, before: Activation | None
) -> tuple[Float64Array, Float64Array]:
    r"""Draw weights and bias uniformly from :math:`\pm 1/\sqrt{\text{fan\_in}}`, as torch.nn.Linear does.

    The variance is 1/(3 fan_in): a gain of 0.577, below what any common activation needs.
    """
    bound = 1 / sqrt(fan_in)
    return random.uniform(-bound, bound, (fan_in, fan_out)), random.uniform(-bound, bound, fan_out)
