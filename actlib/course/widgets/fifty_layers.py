"""Fifty layers: how large a signal and a gradient are in each layer of a deep random network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from traitlets import Float, Int, List, Unicode, validate

from actlib.contract.activation import Elementwise
from actlib.contract.arrays import Float64Array, FloatArray
from actlib.course import figures
from actlib.course.widgets.parts import FUNCTIONS, apart, one_of
from actlib.course.widgets.portable import Portable
from actlib.lab.random import Random
from actlib.measure import gaussian_moments

__all__ = ["FiftyLayers"]

WIDTH, SAMPLES = 128, 4
GAINS, DEPTHS, SEEDS = (0.25, 16), (5, 50), (0, 999)
REACH = 4
"""How far the axis of the pre-activations goes."""


@dataclass(frozen=True)
class Sizes:
    """The sizes (root mean square) in each layer, from the input on."""

    signal: FloatArray
    gradient: FloatArray
    """Relative to that at the end."""


class FiftyLayers(Portable):
    r"""Sends a signal up and a gradient down a deep random network, at a gain that the reader moves.

    A layer computes :math:`W f(x)` with :math:`W_{ij} \sim N(0, g^2/128)`, as in `actlib.measure`; the
    input and the gradient at the end are standard normal, for four samples. Dots show the sizes (root mean
    square) in this one network, lines those that the law for wide layers predicts, and a strip where
    the pre-activations of each layer lie. All of it is computed anew at each move, in the page;
    `picture` and ``repr`` compute the same network in Python, which draws its weights in some seconds.

    Parameters
    ----------
    function : str
        The activation: an element-wise one by its name in `actlib.activations`, or "gelu_tanh".
    gain : float
        The weight scale g, from 0.25 to 16.
    depth : int
        The number of layers, from 5 to 50.
    seed : int
        Of the weights, from 0 to 999.
    title : str
        What the figure shows; it stands above it.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> FiftyLayers("relu", gain=2, depth=5)
    FiftyLayers('relu', gain=2, depth=5, seed=1):
    signal in layer 5 = 5.45, by the law 5.66; gradient in layer 0 = 5.63, by the law 5.66
    """

    _script = "fifty_layers.js"
    _styles = ("plot.css", "fifty_layers.css")

    title = Unicode().tag(sync=True)
    functions = List(Unicode()).tag(sync=True)
    """The names that `function` may have."""
    labels = List(Unicode()).tag(sync=True)
    """What they are called on the screen."""

    function = Unicode().tag(sync=True, moves=True)
    gain = Float().tag(sync=True, moves=True)
    depth = Int().tag(sync=True, moves=True)
    seed = Int().tag(sync=True, moves=True)

    def __init__(
        self,
        function: str = "tanh",
        *,
        gain: float = 1.0,
        depth: int = 50,
        seed: int = 1,
        title: str = "Signal and gradient through random layers",
    ) -> None:
        if not title:
            raise ValueError(f"title must say something, got {title!r}")
        super().__init__(
            title=title,
            functions=list(FUNCTIONS),
            labels=[f.facts.title for f in FUNCTIONS.values()],
            function=function,
            gain=gain,
            depth=depth,
            seed=seed,
        )

    @validate("function")
    def _known(self, proposal: Any) -> str:
        return one_of("function", list(FUNCTIONS), proposal["value"])

    @validate("gain", "depth", "seed")
    def _within(self, proposal: Any) -> float:
        name, value = proposal["trait"].name, proposal["value"]
        low, high = {"gain": GAINS, "depth": DEPTHS, "seed": SEEDS}[name]
        if not low <= value <= high:
            raise ValueError(f"{name} must lie between {low} and {high}, got {value!r}")
        return value

    @property
    def f(self) -> Elementwise:
        """The activation that is shown."""
        return FUNCTIONS[self.function]

    def send(self) -> tuple[Sizes, list[Float64Array]]:
        """Return the sizes in this network, and the pre-activations of each layer, four columns of them."""
        start, end, weights = _network(self.seed, self.depth)
        x, f = [start], self.f
        for w in weights:
            x.append(self.gain * (w @ f(x[-1])))
        gradients = [end]
        for w, before in zip(reversed(weights), reversed(x[:-1]), strict=True):
            gradients.append(f.derivative(before) * (self.gain * (w.T @ gradients[-1])))
        sizes = np.array([_size(gradient) for gradient in reversed(gradients)])
        return Sizes(np.array([_size(each) for each in x]), sizes / sizes[-1]), x

    def law(self) -> Sizes:
        """Return the sizes that the law for wide layers predicts."""
        q, signal, factors = 1.0, [1.0], []
        for _ in range(self.depth):
            moments = gaussian_moments(self.f, q)
            q = self.gain**2 * moments.second
            signal.append(sqrt(q))
            factors.append(self.gain * sqrt(moments.derivative_second))
        return Sizes(np.array(signal), np.cumprod([1.0, *reversed(factors)])[::-1])

    def _read(self) -> str:
        """Return the read-outs."""
        found, law = self.send()[0], self.law()
        return (
            f"signal in layer {self.depth} = {found.signal[-1]:.3g}, by the law {law.signal[-1]:.3g}; "
            f"gradient in layer 0 = {found.gradient[0]:.3g}, by the law {law.gradient[0]:.3g}"
        )

    def __repr__(self) -> str:
        settings = f"{self.function!r}, gain={self.gain:g}, depth={self.depth}, seed={self.seed}"
        return f"FiftyLayers({settings}):\n{self._read()}"

    def picture(self) -> figures.Picture:
        """Return the figure as it is set."""
        (found, x), law, layers = self.send(), self.law(), np.arange(self.depth + 1)
        made, (above, below) = figures.figure(2, 1, height=4.8, sharex=True, height_ratios=(2, 1))
        ends = []
        for name, color, style in (("signal", "blue", "-"), ("gradient", "vermilion", (0, (5, 2)))):
            sizes, predicted = np.log10(getattr(found, name)), np.log10(getattr(law, name))
            hue = figures.PALETTE[color]
            above.plot(layers, predicted, color=hue, linestyle=style, linewidth=1.2)
            above.plot(layers, sizes, "o", color=hue, markersize=4)
            ends.append((name, color, float(predicted[-1])))
        low, high = above.get_ylim()
        above.set_ylim(min(low, -1), max(high, 1))
        above.yaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10), integer=True))
        above.yaxis.set_major_formatter(lambda power, _: f"$10^{{{power:.0f}}}$")
        above.set_title("size: dots in this network, lines by the law")
        heights = apart(above, [end for *_, end in ends])
        for y, (name, color, _) in zip(heights, ends, strict=True):
            figures.label(above, self.depth * 1.03, y, name, color, va="center")
        parts = np.array([np.quantile(each, (0.1, 0.25, 0.5, 0.75, 0.9)) for each in x]).T
        low_end, low_half, middle, high_half, high_end = np.clip(parts, -REACH, REACH)
        green = figures.PALETTE["green"]
        for bottom, top in ((low_end, high_end), (low_half, high_half)):
            below.fill_between(layers, bottom, top, color=green, alpha=0.3, linewidth=0)
        below.plot(layers, middle, color=green, linewidth=1.2)
        below.set(xlabel="layer", xlim=(-0.5, self.depth + 0.5), ylim=(-REACH, REACH))
        below.set_title("pre-activations: their median, half of them, eight in ten")
        shown = f"{self.f.facts.title}, gain g = {self.gain:g}, {self.depth} layers"
        return figures.picture(
            made,
            caption=f"{self.title}: {shown}. {self._read().capitalize()}.",
            alt=(
                f"{shown}. Above, sizes by layer, from 0 to {self.depth}, by powers of ten. Solid line, "
                f"the law for the signal: {_course(law.signal)}; dots of the network: "
                f"{_course(found.signal)}. Dashed line, the law for the gradient: "
                f"{_course(law.gradient)}; dots: {_course(found.gradient)}. "
                f"Below, where the pre-activations lie: half of them between {parts[1, 0]:.2g} and "
                f"{parts[3, 0]:.2g} in layer 0, between {parts[1, -1]:.2g} and {parts[3, -1]:.2g} in layer "
                f"{self.depth}."
            ),
        )


def _course(sizes: FloatArray) -> str:
    """Say in words how sizes run."""
    return f"from {sizes[0]:.2g} in layer 0 to {sizes[-1]:.2g} in layer {len(sizes) - 1}"


def _size(values: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


@lru_cache(maxsize=2)
def _draws(seed: int) -> tuple[Random, Float64Array, Float64Array, list[Float64Array]]:
    random = Random(seed)
    start, end = random.normal(size=(2, WIDTH, SAMPLES))
    return random, start, end, []


def _network(seed: int, depth: int) -> tuple[Float64Array, Float64Array, list[Float64Array]]:
    """Return the input, the gradient at the end and the weights, which are drawn once."""
    random, start, end, weights = _draws(seed)
    while len(weights) < depth:
        weights.append(random.normal(0, 1 / sqrt(WIDTH), (WIDTH, WIDTH)))
    return start, end, weights[:depth]
