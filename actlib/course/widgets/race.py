"""The race: two networks that differ in their activation learn the same points."""

from __future__ import annotations

from functools import lru_cache
from math import isnan
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from traitlets import Float, Int, List, Unicode, validate

from actlib import PReLU, activations
from actlib.contract.activation import Activation
from actlib.contract.arrays import Float64Array
from actlib.course import figures
from actlib.course.widgets.parts import FUNCTIONS, apart, one_of
from actlib.course.widgets.points import POINTS, Sample, wave
from actlib.course.widgets.portable import Portable
from actlib.lab import (
    SGD,
    Adam,
    History,
    Network,
    Random,
    binary_cross_entropy,
    by_gain,
    gain_of,
    he,
    lecun,
    pytorch_default,
    squared_error,
    train,
    xavier,
)
from actlib.lab.initialisers import Initialiser
from actlib.lab.optimisers import Optimiser
from actlib.lab.random import Draws

__all__ = ["Race"]

RACERS: dict[str, Activation] = {**activations, "gelu_tanh": FUNCTIONS["gelu_tanh"]}
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SAMPLES = 120
REACH = 1.2
"""How far the plane is shown."""
HUES = ("green", "purple")
STEPS = 300
"""How far `picture` and ``repr`` let the networks learn."""


@lru_cache
def _softmax_gain(width: int) -> float:
    z = Random(0).normal(size=(4096, width))
    return float(1 / np.sqrt(np.mean(np.square(activations["softmax"](z)))))


def _own_gain(
    random: Draws, fan_in: int, fan_out: int, before: Activation | None
) -> tuple[Float64Array, Float64Array]:
    """Draw weights as `actlib.lab.own_gain` does; the gain of softmax is measured as the page does it."""
    if before is None:
        gain = 1.0
    else:
        gain = _softmax_gain(fan_in) if before.name == "softmax" else gain_of(before, fan_in)
    return by_gain(gain)(random, fan_in, fan_out, before)


INITIALISERS: dict[str, Initialiser] = {
    "own_gain": _own_gain,
    "he": he,
    "lecun": lecun,
    "xavier": xavier,
    "pytorch_default": pytorch_default,
    "0.25": by_gain(0.25),
    "4": by_gain(4),
}
KNOWN: dict[str, list[Any]] = {
    "left": list(RACERS),
    "right": list(RACERS),
    "data": list(POINTS),
    "initialiser": list(INITIALISERS),
    "rate": list(RATES),
    "optimiser": ["sgd", "momentum", "adam"],
    "speed": ["slow", "medium", "fast"],
}
"""What each setting may be."""
RANGES = {"depth": (1, 8), "width": (2, 16), "seed": (0, 999)}


class Race(Portable):
    """Lets two networks that differ in their activation learn the same points side by side.

    The page trains both, a step at a time or as fast as the reader wants, on all 120 points at once, up
    to 3000 steps. It shows what each network says of the plane, the losses, and of each hidden layer
    where its pre-activations lie, the gradient and the share of idle units. `picture` and ``repr`` train the
    same networks in Python, for 300 steps.

    Parameters
    ----------
    left, right : str
        The activations, by their names in `actlib.activations`, or "gelu_tanh". PReLU learns its slope.
    data : str
        The points: "circles", "spirals", "xor", "moons", or "waves" for a curve to fit.
    depth, width : int
        Hidden layers, from 1 to 8, and units in each, from 2 to 16.
    initialiser : str
        How first weights are drawn: "own_gain", "he", "lecun", "xavier", "pytorch_default" of `actlib.lab`,
        or a gain, "0.25" or "4".
    rate : float
        The learning rate: 0.0003, 0.001, 0.003 and so on to 10.
    optimiser : str
        "sgd", "momentum" (0.9) or "adam".
    seed : int
        Of points and weights, from 0 to 999.
    speed : str
        "slow", "medium" or "fast".
    title : str
        What the figure shows; it stands above it.

    Raises
    ------
    ValueError
        If a setting is none of those.

    Examples
    --------
    >>> race = Race("relu", "tanh", data="xor", depth=1, width=4)
    >>> race.speed = "fast"
    >>> [f"{history.loss[-1]:.3g}" for _, history in race.run(steps=100)]
    ['0.0904', '0.0815']
    """

    _script = "race.js"
    _styles = ("plot.css", "race.css")

    title = Unicode().tag(sync=True)
    functions = List(Unicode()).tag(sync=True)
    """The names that `left` and `right` may have."""
    labels = List(Unicode()).tag(sync=True)
    """What they are called on the screen."""

    left = Unicode().tag(sync=True, moves=True)
    right = Unicode().tag(sync=True, moves=True)
    data = Unicode().tag(sync=True, moves=True)
    depth = Int().tag(sync=True, moves=True)
    width = Int().tag(sync=True, moves=True)
    initialiser = Unicode().tag(sync=True, moves=True)
    rate = Float().tag(sync=True, moves=True)
    optimiser = Unicode().tag(sync=True, moves=True)
    seed = Int().tag(sync=True, moves=True)
    speed = Unicode().tag(sync=True, moves=True)

    def __init__(
        self,
        left: str = "relu",
        right: str = "tanh",
        *,
        data: str = "spirals",
        depth: int = 2,
        width: int = 8,
        initialiser: str = "own_gain",
        rate: float = 0.03,
        optimiser: str = "adam",
        seed: int = 1,
        speed: str = "medium",
        title: str = "Two networks, one difference",
    ) -> None:
        if not title:
            raise ValueError(f"title must say something, got {title!r}")
        super().__init__(
            title=title,
            functions=list(RACERS),
            labels=[f.facts.title for f in RACERS.values()],
            left=left,
            right=right,
            data=data,
            depth=depth,
            width=width,
            initialiser=initialiser,
            rate=rate,
            optimiser=optimiser,
            seed=seed,
            speed=speed,
        )

    @validate(*KNOWN)
    def _known(self, proposal: Any) -> Any:
        name = proposal["trait"].name
        return one_of(name, KNOWN[name], proposal["value"])

    @validate(*RANGES)
    def _within(self, proposal: Any) -> int:
        name, value = proposal["trait"].name, proposal["value"]
        low, high = RANGES[name]
        if not low <= value <= high:
            raise ValueError(f"{name} must lie between {low} and {high}, got {value!r}")
        return int(value)

    def networks(self) -> list[Network]:
        """Return the two networks as they begin."""
        x = self._points()[0]
        return [
            Network(
                [x.shape[1], *[self.width] * self.depth, 1],
                f,
                learned=isinstance(f, PReLU),
                initialise=INITIALISERS[self.initialiser],
                seed=Random(self.seed),
            )
            for f in (RACERS[self.left], RACERS[self.right])
        ]

    def run(self, steps: int = STEPS) -> list[tuple[Network, History]]:
        """Return both networks after so many steps, and what was measured before and after each ten."""
        loss = squared_error if self.data == "waves" else binary_cross_entropy
        optimisers: dict[str, Optimiser] = {
            "sgd": SGD(learning_rate=self.rate),
            "momentum": SGD(learning_rate=self.rate, momentum=0.9),
            "adam": Adam(learning_rate=self.rate),
        }
        optimiser = optimisers[self.optimiser]
        return [
            (
                network,
                train(
                    network, self._points(), loss, optimiser, epochs=steps, record_every=10, progress=False
                ),
            )
            for network in self.networks()
        ]

    def _points(self) -> Sample:
        return POINTS[self.data](SAMPLES, self.seed)

    def __repr__(self) -> str:
        names = ("data", "depth", "width", "initialiser", "rate", "optimiser", "seed")
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"Race({self.left!r}, {self.right!r}, {settings}):\n{'; '.join(self._standings(self.run()))}"

    def _standings(self, runs: list[tuple[Network, History]]) -> list[str]:
        """Say how the networks stand."""
        said = []
        for name, (_, history) in zip((self.left, self.right), runs, strict=True):
            right = "" if isnan(history.accuracy[-1]) else f", {history.accuracy[-1]:.0%} right"
            end = f"stopped in {history.stopped}" if history.stopped else f"after {history.epoch[-1]} steps"
            said.append(f"{RACERS[name].facts.title} {end}: loss {history.loss[-1]:.3g}{right}")
        return said

    def picture(self) -> figures.Picture:
        """Return what both networks have learned after some steps, and the losses on the way."""
        runs, (x, y) = self.run(), self._points()
        made, axes = figures.figure(2, 2, height=5.2, height_ratios=(1.5, 1))
        for unused in axes[1]:
            unused.remove()
        below = made.add_subplot(axes[0, 0].get_gridspec()[1, :])
        ends = []
        titles = [RACERS[name].facts.title for name in (self.left, self.right)]
        for i, (plane, (network, history)) in enumerate(zip(axes[0], runs, strict=True)):
            (_draw_curve if x.shape[1] == 1 else _draw_plane)(plane, network, x, y)
            plane.set(title=titles[i], xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal")
            height = np.log10(history.loss)
            style = ("-", (0, (5, 2)))[i]
            below.plot(history.epoch, height, color=figures.PALETTE[HUES[i]], linestyle=style)
            ends.append(float(height[np.isfinite(height)][-1]))
        below.yaxis.set_major_locator(MaxNLocator(5, steps=(1, 2, 5, 10), integer=True))
        below.yaxis.set_major_formatter(lambda power, _: f"$10^{{{power:.0f}}}$")
        below.set(title="loss", xlabel="step")
        low, high = below.get_ylim()
        low, high = min(low, -1), max(high, 0)
        below.set_ylim(low - 0.2 * (high - low), high)  # the names stay off the numbers of steps
        last = max(history.epoch[-1] for _, history in runs)
        for level, title, hue in zip(apart(below, ends, 0.15), titles, HUES, strict=True):
            figures.label(below, 1.03 * last, level, title, hue, va="center")
        said = "; ".join(self._standings(runs))
        what = "the curve that each has found" if x.shape[1] == 1 else "the line between its two answers"
        return figures.picture(
            made,
            caption=f"{self.title}: {said}.",
            alt=(
                f"Above, for {titles[0]} and for {titles[1]}, {len(x)} points and {what}. Below, the losses "
                f"by step, by powers of ten: {titles[0]} from {runs[0][1].loss[0]:.2g} to "
                f"{runs[0][1].loss[-1]:.2g}, {titles[1]} from {runs[1][1].loss[0]:.2g} to "
                f"{runs[1][1].loss[-1]:.2g}."
            ),
        )


def _draw_curve(axes: Axes, network: Network, x: Float64Array, y: NDArray[Any]) -> None:
    at = np.linspace(-REACH, REACH, 161)
    axes.plot(x, y, ".", color=figures.PALETTE["grey"], markersize=4)
    axes.plot(at, wave(at), color=figures.PALETTE["grey"], linewidth=0.8)
    axes.plot(at, network(at[:, None]).ravel(), color=figures.PALETTE["ink"])


def _draw_plane(axes: Axes, network: Network, x: Float64Array, y: NDArray[Any]) -> None:
    at = np.linspace(-REACH, REACH, 41)
    plane = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    answer = network(plane).reshape(len(at), -1)
    if answer.min() < 0 < answer.max():
        axes.contour(at, at, answer, levels=[0], colors=[figures.PALETTE["ink"]], linewidths=1.2)
    for label, (hue, marker) in enumerate((("blue", "s"), ("vermilion", "o"))):
        among = y[:, 0] == label
        axes.plot(*x[among].T, marker, color=figures.PALETTE[hue], markersize=3.5)
