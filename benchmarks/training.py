"""Writes actlib/course/data/training.csv, the stored half of the page *Training, with error bars*.

Run it with ``python -m benchmarks.training`` in the folder that holds ``benchmarks``; it takes one core
about a quarter of an hour. Every function is trained at every depth, initialisation and learning rate, on
the same seeds: a seed draws the split of the digits, the weights and the order of the batches. A row of
the file holds how many of the `VALIDATION` or `TEST` images each seed's network then names rightly.
Where training is stable another processor finds the same counts, or nearly; near the rates at which
networks diverge rounding is amplified, and a single network may end elsewhere.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from io import StringIO
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib import activations
from actlib.course import data
from actlib.lab import Network, digits, he, own_gain, pytorch_default, track
from actlib.lab.initialisers import Initialiser
from tools import files

FILE = data.path("training.csv")
WIDTH = 32
DEPTHS = (3, 10)
"""Hidden layers."""
INITIALISATIONS: dict[str, Initialiser] = {"own gain": own_gain, "He": he, "default": pytorch_default}
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
BEYOND = (5.0, 10.0)
"""Rates for the sigmoid with three layers only, whose best rate is the largest of the others."""
SHAKEN = tuple(f"own gain, shaken {trial}" for trial in range(1, 11))
"""ReLU's ten layers at the rate 0.1, the weights changed by `SHAKE` of themselves: what rounding could do."""
SHAKE = 1e-13
SEEDS = tuple(range(10))
EPOCHS = 20
BATCH = 32
VALIDATION, TEST = 288, 359
"""Images that choose the learning rate, and images that nothing is chosen on."""
WIDE = "maxout, wide"
"""Maxout with as many units as the others, so with about twice their weights."""
NAMES = (*activations, WIDE)

Counts = NDArray[np.int64]


def sizes(name: str, depth: int) -> list[int]:
    """Return the widths; maxout's hidden layers are narrower, so that it has as many weights."""
    if name != "maxout":
        return [64, *[WIDTH] * depth, 10]
    wanted = weights(sizes("relu", depth), 1)
    candidates = ([64, *[width] * depth, 10] for width in range(1, WIDTH + 1))
    return min(candidates, key=lambda each: abs(weights(each, 2) - wanted))


def weights(widths: Sequence[int], pieces: int) -> int:
    """Return how many weights and biases a network has whose hidden units have so many pieces."""
    outputs = [pieces * width for width in widths[1:-1]] + [widths[-1]]
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in zip(widths[:-1], outputs, strict=True))


@cache
def split(seed: int) -> tuple[tuple[Any, Any], tuple[Any, Any], tuple[Any, Any]]:
    """Return images and classes to learn from, to choose a learning rate on, and to test."""
    train, test = digits(seed=seed)
    order = np.random.default_rng(seed).permutation(len(train.y))
    chosen, rest = order[:VALIDATION], order[VALIDATION:]
    return (train.x[rest], train.y[rest]), (train.x[chosen], train.y[chosen]), (test.x, test.y)


def networks(name: str, initialisation: str, depth: int, seeds: Sequence[int]) -> list[Network]:
    """Return one network a seed, before training."""
    f = activations[name.partition(",")[0]]
    start, _, trial = initialisation.partition(", shaken ")
    members = [
        Network(
            sizes(name, depth), f, learned=f.name == "prelu", initialise=INITIALISATIONS[start], seed=seed
        )
        for seed in seeds
    ]
    if trial:
        random = np.random.default_rng(int(trial))
        for member in members:
            for key, value in member.parameters.items():
                member.parameters[key] = value * (1 + SHAKE * random.normal(size=np.shape(value)))
    return members


class Stack:
    """Networks of one shape, trained side by side: what `actlib.lab.train` does, in fewer calls."""

    def __init__(self, members: Sequence[Network]) -> None:
        self.depth = members[0].depth
        self.f = members[0].activation(1)
        self.parameters = {
            name: np.stack([np.atleast_2d(member.parameters[name]) for member in members])
            for name in members[0].parameters
        }

    def apply(self, layer: int, z: Any, upstream: Any = None) -> Any:
        """Return what a hidden layer makes of `z`, or the gradient; stores that of a learned slope."""
        f: Any = self.f
        learned = self.parameters.get(f"a{layer}")
        if learned is None:
            return f(z) if upstream is None else f.vjp(z, upstream)
        each = [replace(f, **{f.learned: float(np.nan_to_num(a))}) for a in learned.ravel()]
        if upstream is None:
            return np.stack([g(part) for g, part in zip(each, z, strict=True)])
        parts = list(zip(each, z, upstream, strict=True))
        self.gradients[f"a{layer}"] = np.reshape([g.parameter_vjp(*part) for g, *part in parts], (-1, 1, 1))
        return np.stack([g.vjp(*part) for g, *part in parts])

    def forward(self, x: Any) -> tuple[list[Any], list[Any]]:
        """Return the inputs of all layers and their pre-activations."""
        inputs, linear = [x], []
        for layer in range(1, self.depth + 1):
            linear.append(inputs[-1] @ self.parameters[f"W{layer}"] + self.parameters[f"b{layer}"])
            if layer < self.depth:
                inputs.append(self.apply(layer, linear[-1]))
        return inputs, linear

    def step(self, x: Any, y: Any, rate: float) -> None:
        """Descend the gradient of the mean cross-entropy of a batch, one for each network."""
        inputs, linear = self.forward(x)
        shifted = np.exp(linear[-1] - linear[-1].max(axis=-1, keepdims=True))
        g = shifted / shifted.sum(axis=-1, keepdims=True)
        np.put_along_axis(g, y[..., None], np.take_along_axis(g, y[..., None], -1) - 1, -1)
        g /= y.shape[1]
        self.gradients: dict[str, Any] = {}
        for layer in range(self.depth, 0, -1):
            if layer < self.depth:
                g = self.apply(layer, linear[layer - 1], g)
            self.gradients[f"W{layer}"] = inputs[layer - 1].transpose(0, 2, 1) @ g
            self.gradients[f"b{layer}"] = g.sum(axis=1, keepdims=True)
            if layer > 1:
                g = g @ self.parameters[f"W{layer}"].transpose(0, 2, 1)
        for name, gradient in self.gradients.items():
            self.parameters[name] -= rate * gradient

    def right(self, x: Any, y: Any) -> Counts:
        """Return how many images each network names rightly; one that has diverged says 0 to all."""
        return np.sum(self.forward(x)[1][-1].argmax(axis=-1) == y, axis=1)


def run(
    name: str, initialisation: str, depth: int, rate: float, seeds: Sequence[int] = SEEDS
) -> tuple[Counts, Counts]:
    """Train a function's networks and return how many validation and test images each names rightly."""
    learn, choose, test = (
        tuple(np.stack(arrays) for arrays in zip(*sets, strict=True))
        for sets in zip(*(split(seed) for seed in seeds), strict=True)
    )
    stack = Stack(networks(name, initialisation, depth, seeds))
    orders = [np.random.default_rng(seed) for seed in seeds]  # as actlib.lab.train draws them
    members = np.arange(len(seeds))[:, None]
    x, y = learn
    with np.errstate(all="ignore"):  # networks that diverge overflow
        for _ in range(EPOCHS):
            order = np.stack([random.permutation(y.shape[1]) for random in orders])
            for start in range(0, y.shape[1], BATCH):
                chosen = order[:, start : start + BATCH]
                stack.step(x[members, chosen], y[members, chosen], rate)
        return stack.right(*choose), stack.right(*test)


def combinations() -> list[tuple[str, str, int, float]]:
    """Return what is trained: function, initialisation, depth and rate."""
    return [
        *product(NAMES, INITIALISATIONS, DEPTHS, RATES),
        *product(["sigmoid"], INITIALISATIONS, [3], BEYOND),
        *product(["relu"], SHAKEN, [10], [0.1]),
    ]


def rows() -> Iterator[list[str | int | float]]:
    """Yield the head of the file and its rows."""
    yield ["function", "initialisation", "depth", "rate", "images", *SEEDS]
    for name, initialisation, depth, rate in track(combinations()):
        validation, test = run(name, initialisation, depth, rate)
        yield [name, initialisation, depth, rate, "validation", *validation]
        yield [name, initialisation, depth, rate, "test", *test]


def main() -> None:
    """Train everything and write the file."""
    table = StringIO()
    csv.writer(table, lineterminator="\n").writerows(rows())
    files.replace(FILE, table.getvalue())


if __name__ == "__main__":
    main()
