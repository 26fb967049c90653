"""The points that networks race on: those of ``actlib/live/data.js``, by the same draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib.contract.arrays import Float64Array
from actlib.lab.random import Random

__all__ = ["POINTS", "Sample", "wave"]

Point = tuple[float, float]
Sample = tuple[Float64Array, NDArray[Any]]
"""Inputs, and targets in a column."""


def _around(random: Random, noise: float, radius: float, angle: float) -> Point:
    return (
        radius * np.cos(angle) + noise * random.normal(),
        radius * np.sin(angle) + noise * random.normal(),
    )


def _circles(random: Random, label: int) -> Point:
    radius = 0.9 if label else 0.45 * np.sqrt(random.uniform())
    return _around(random, 0.05, radius, 2 * np.pi * random.uniform())


def _spirals(random: Random, label: int) -> Point:
    radius = np.sqrt(random.uniform())
    return _around(random, 0.03, radius, np.pi * (2.5 * radius + label))


def _xor(random: Random, label: int) -> Point:
    a, b = (0.1 + 0.8 * random.uniform() for _ in range(2))
    side = -1 if random.uniform() < 0.5 else 1
    return side * a + 0.05 * random.normal(), (-side if label else side) * b + 0.05 * random.normal()


def _moons(random: Random, label: int) -> Point:
    a, b = _around(random, 0.08, 0.6, np.pi * (random.uniform() + label))
    sign = 1 if label else -1
    return a + 0.3 * sign, b + 0.15 * sign


def wave(x: Float64Array) -> Float64Array:
    """Return the height of the curve that is to be fitted."""
    return 0.35 * x + 0.6 * np.sin(3 * np.pi * x) * (0.4 + 0.6 * x * x)


def _classes(
    point: Callable[[Random, int], Point],
) -> Callable[[int, int], Sample]:
    """Return what draws samples of two classes, which take turns, by a seed."""

    def draw(samples: int, seed: int) -> Sample:
        random, y = Random(seed), np.arange(samples) % 2
        return np.array([point(random, int(label)) for label in y]), y[:, None]

    return draw


def _waves(samples: int, seed: int) -> Sample:
    random = Random(seed)
    x = 2 * random.uniform(size=(samples, 1)) - 1
    return x, wave(x) + 0.05 * random.normal(size=(samples, 1))


POINTS: dict[str, Callable[[int, int], Sample]] = {
    "circles": _classes(_circles),
    "spirals": _classes(_spirals),
    "xor": _classes(_xor),
    "moons": _classes(_moons),
    "waves": _waves,
}
"""Of each set by its name a function of a number of samples and a seed: it returns x and the targets."""
