"""What becomes of signal and gradient in a deep random network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt

import numpy as np

from actlib.contract.activation import Activation
from actlib.contract.arrays import FloatArray, integer_parameter

__all__ = ["DepthProfile", "gradient_through_depth"]


@dataclass(frozen=True)
class DepthProfile:
    """Signal and gradient at every layer, geometric means over the seeds."""

    ratio: float
    """rms of the gradient at the input over that at the output: ``gradient[0]``."""
    gradient: tuple[float, ...] = field(repr=False)
    """rms of the gradient with respect to h_l over that at the output, l = 0 (input) to depth."""
    signal: tuple[float, ...] = field(repr=False)
    """rms of h_l, l = 0 (input) to depth."""


def gradient_through_depth(
    f: Activation,
    gain: float,
    depth: int = 50,
    width: int = 256,
    batch: int = 32,
    seeds: Sequence[int] = (0, 1, 2),
    skip: bool = False,
) -> DepthProfile:
    r"""Send a signal through a random network and a gradient back.

    The network has no bias: :math:`h_{l+1} = W_l f(h_l)`, with
    :math:`W_{ij} \sim N(0, \text{gain}^2/\text{width})` drawn anew for every layer. The input
    :math:`h_0` and the gradient at the output are standard normal.

    Parameters
    ----------
    f : Activation
        Called with arrays of shape (batch, width).
    gain : float
        The weight scale, > 0: 1 is LeCun's initialisation, the square root of 2 is He's.
    depth, width, batch : int
        Layers, units a layer and samples, each >= 1.
    seeds : sequence of int
        One network for each; at least one.
    skip : bool
        Add identity skips: :math:`h_{l+1} = h_l + W_l f(h_l)/\sqrt{\text{depth}}`.

    Returns
    -------
    DepthProfile
        How much of the gradient arrives, and what happens on the way.

    Raises
    ------
    ValueError
        If a parameter breaks its rule.

    Examples
    --------
    >>> from actlib import sigmoid
    >>> profile = gradient_through_depth(sigmoid, gain=1, depth=10)
    >>> f"{profile.ratio:.0e}"
    '5e-07'
    >>> len(profile.gradient), profile.gradient[-1]
    (11, 1.0)
    """
    if not gain > 0:
        raise ValueError(f"gain must be > 0, got {gain}")
    for name, count in (("depth", depth), ("width", width), ("batch", batch), ("len(seeds)", len(seeds))):
        integer_parameter(name, count, at_least=1)
    with np.errstate(all="ignore"):  # what dies has the mean 0, what explodes beyond all floats NaN
        runs = [_run(f, gain, depth, (batch, width), seed, skip) for seed in seeds]
        signal, gradient = np.exp(np.mean(np.log(runs), axis=0)).tolist()
    return DepthProfile(ratio=gradient[0], gradient=tuple(gradient), signal=tuple(signal))


def _run(
    f: Activation, gain: float, depth: int, shape: tuple[int, int], seed: int, skip: bool
) -> tuple[list[float], list[float]]:
    """Return the rms of the signal and the relative rms of the gradient, from input to output."""
    drawn, start, end = _draws(depth, shape, seed)
    keep, branch = (1, 1 / sqrt(depth)) if skip else (0, 1)
    weights = [gain / sqrt(shape[1]) * w for w in drawn]
    hidden = [start]
    for w in weights:
        hidden.append(keep * hidden[-1] + branch * f(hidden[-1]) @ w.T)
    gradients = [end]
    for w, h in zip(reversed(weights), reversed(hidden[:-1]), strict=True):
        gradients.append(keep * gradients[-1] + branch * f.vjp(h, gradients[-1] @ w))
    sizes = [_rms(gradient) for gradient in reversed(gradients)]
    return [_rms(h) for h in hidden], [size / sizes[-1] for size in sizes]


@lru_cache(maxsize=3)  # the default seeds: to draw takes longer than all the rest
def _draws(depth: int, shape: tuple[int, int], seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return standard normal weights, input and gradient at the output."""
    random = np.random.default_rng(seed)
    width = shape[1]
    arrays = random.normal(size=(depth, width, width)), random.normal(size=shape), random.normal(size=shape)
    for array in arrays:
        array.flags.writeable = False
    return arrays


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
