"""Draw your guess: the reader draws a curve before seeing it."""

from __future__ import annotations

from dataclasses import fields
from math import ceil, floor, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from traitlets import Float, Int, List, Unicode, observe, validate

from actlib.contract.activation import Elementwise
from actlib.course import figures
from actlib.course.widgets.parts import apart, engine_name
from actlib.course.widgets.portable import Portable

__all__ = ["POINTS", "DrawGuess"]

POINTS = 81
"""Heights of a drawn curve, evenly spaced over the range of x."""

FINE = 801
"""Points of a true curve in a picture."""


class DrawGuess(Portable):
    """Lets the reader draw f', or f, before it is shown, and says what the drawing has missed.

    The plot shows f, and the reader draws f' over it: with a finger, with the mouse, or from the keyboard
    with nine handles. Then the true curve appears, the area between the two is shaded, and one
    sentence says what was missed most. With `order` 0 the plot is empty, and the reader draws f from
    the description in `question`.

    Parameters
    ----------
    f : Elementwise
        One of the book's element-wise activations, with any parameter.
    order : int
        1 to draw f', 0 to draw f.
    question : str, optional
        What the reader is asked to draw; with `order` 0 it must describe the curve.
    x_range : tuple of float
        The ends of the x axis.
    y_range : tuple of float, optional
        The ends of the y axis, which must hold the whole curve that is drawn; f may leave it.
    symbol : str
        What the function is called on the screen.
    title : str, optional
        What stands above the plot; the name of the function if it is left out.

    Raises
    ------
    TypeError
        If `f` is not an element-wise activation of the book.
    ValueError
        If `order` is neither 0 nor 1, a range does not increase, `y_range` does not hold the curve, or
        a description is missing.

    Examples
    --------
    >>> from actlib import gelu
    >>> guess = DrawGuess(gelu)
    >>> guess
    DrawGuess(GELU(approximate='none'), order=1): nothing drawn
    Draw f′, the slope of f at every x.
    >>> guess.drawn = guess.guess = [0.5] * 81
    >>> guess
    DrawGuess(GELU(approximate='none'), order=1): mean distance 0.49981, largest 0.62886 at x = -1.4
    Draw f′, the slope of f at every x.
    """

    _script = "draw_guess.js"
    _styles = ("plot.css", "drawing.css", "draw_guess.css")

    title = Unicode().tag(sync=True)
    symbol = Unicode().tag(sync=True)
    question = Unicode().tag(sync=True)
    function = Unicode().tag(sync=True)
    """What the page computes: the name of the activation there."""
    parameter: Any = Float(None, allow_none=True).tag(sync=True)
    order = Int().tag(sync=True)
    x_range = List(Float()).tag(sync=True)
    y_range = List(Float()).tag(sync=True)

    drawn: Any = List(Float(allow_none=True)).tag(sync=True, moves=True)
    """The heights that are drawn, `POINTS` of them with None where there is none yet; empty at first."""
    guess: Any = List(Float(), None, allow_none=True).tag(sync=True, moves=True)
    """The heights when the reader last asked for the true curve, empty if nothing was drawn, or None."""

    def __init__(
        self,
        f: Elementwise,
        order: int = 1,
        *,
        question: str | None = None,
        x_range: tuple[float, float] = (-4, 4),
        y_range: tuple[float, float] | None = None,
        symbol: str = "f",
        title: str | None = None,
    ) -> None:
        name, parameter = engine_name(f)
        if order not in (0, 1):
            raise ValueError(f"order must be 0, to draw f, or 1, to draw f', got {order!r}")
        if not order and not question:
            raise ValueError(f"question must describe f where order is 0, got {question!r}")
        self.f = f
        low, high = _ends("x_range", x_range)
        x = np.linspace(low, high, FINE)
        true = f.derivative(x) if order else f(x)
        bottom, top = _ends("y_range", y_range or _view(f(x), order))
        if not (bottom <= true.min() and true.max() <= top):
            raise ValueError(
                f"y_range must hold the curve, {true.min():.3g} to {true.max():.3g}, got {(bottom, top)!r}"
            )
        super().__init__(
            title=title or _title(f),
            symbol=symbol,
            question=question or f"Draw {symbol}\N{PRIME}, the slope of {symbol} at every x.",
            function=name,
            parameter=parameter,
            order=order,
            x_range=[low, high],
            y_range=[bottom, top],
        )

    @validate("drawn", "guess")
    def _heights(self, proposal: Any) -> list[float | None] | None:
        name, heights = proposal["trait"].name, proposal["value"]
        if heights is None or not heights:
            return heights
        if len(heights) != POINTS:
            raise ValueError(f"{name} must hold {POINTS} heights or none, got {len(heights)}")
        low, high = self.y_range
        for height in heights:
            if height is not None and not low <= height <= high:
                raise ValueError(f"a height in {name} must lie between {low:g} and {high:g}, got {height:g}")
        return heights

    @observe("drawn")
    def _begin_anew(self, change: Any) -> None:
        if self.guess != self.drawn:
            self.guess = None

    def _places(self, points: int) -> NDArray[np.float64]:
        """Return evenly spaced x."""
        return np.linspace(self.x_range[0], self.x_range[1], points)

    def _true(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the curve that is drawn."""
        return np.asarray(self.f.derivative(x) if self.order else self.f(x), dtype=float)

    @property
    def distance(self) -> tuple[float, float, float]:
        """How far what was drawn is from the true curve: the mean, the largest, and where that is."""
        if not self.guess:
            raise ValueError(f"distance needs a guess that was drawn, got guess={self.guess!r}")
        x = self._places(POINTS)
        off = np.abs(np.array(self.guess) - self._true(x))
        return float(off.mean()), float(off.max()), float(x[off.argmax()])

    def __repr__(self) -> str:
        if self.guess:
            mean, largest, x = self.distance
            said = f"mean distance {mean:.5g}, largest {largest:.5g} at x = {x:.4g}"
        elif self.drawn:
            said = f"drawn at {sum(height is not None for height in self.drawn)} of {POINTS} points"
        else:
            said = "nothing drawn" if self.guess is None else "shown without a guess"
        return f"DrawGuess({self.f!r}, order={self.order}): {said}\n{self.question}"

    def picture(self) -> figures.Picture:
        """Return what the widget shows: of the curve that is asked for nothing before the guess."""
        name = f"{self.symbol}\N{PRIME}" if self.order else self.symbol
        x, grid = self._places(FINE), self._places(POINTS)
        low, high = self.y_range
        made, axes = figures.figure(height=3.4)
        axes.set(xlabel="x", xlim=self.x_range, ylim=(low, high))
        named: list[tuple[str, str, float]] = []
        seen = []
        if self.order:
            value = np.asarray(self.f(x), dtype=float)
            figures.plot_function(axes, x, value)
            named.append((self.symbol, "blue", value[-1]))
            seen.append(f"Solid line: {self.title}, from {value[0]:.5g} to {value[-1]:.5g}")
        if self.drawn:
            drawn = np.array(self.drawn, dtype=float)
            axes.plot(grid, drawn, color=figures.PALETTE["green"], linewidth=3.5)
            named.append(("yours", "green", drawn[np.isfinite(drawn)][-1]))
            seen.append(f"Thick line: the {name} that was drawn")
        if self.guess is not None:
            true = self._true(x)
            figures.plot_function(axes, x, true, 1)
            named.append((name, "vermilion", true[-1]))
            seen.append(f"Dashed line: the true {name}, between {true.min():.5g} and {true.max():.5g}")
            if self.guess:
                between = np.interp(x, grid, self.guess)
                axes.fill_between(x, between, true, color=figures.PALETTE["purple"], alpha=0.25, linewidth=0)
        beside = x[-1] + 0.015 * (x[-1] - x[0])
        ends = apart(axes, [min(max(end, low), high) for _, _, end in named])
        for y, (text, color, _) in zip(ends, named, strict=True):
            figures.label(axes, beside, y, text, color, va="center")
        seen = seen or ["nothing is drawn yet"]
        return figures.picture(
            made,
            caption=f"{self.title}: {self.question}",
            alt=(
                f"A plot for x from {x[0]:g} to {x[-1]:g} and heights from {low:g} to {high:g}. "
                f"{'. '.join(seen)}."
            ),
        )


def _ends(name: str, ends: tuple[float, float]) -> tuple[float, float]:
    low, high = map(float, ends)
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"{name} must be two finite numbers, the smaller first, got {ends!r}")
    return low, high


def _title(f: Elementwise) -> str:
    """Return the function's name, and its parameter where that is not the default."""
    title, default = f.facts.title, type(f)()
    if f == default or title != default.facts.title:
        return title
    (field,) = fields(f)  # type: ignore[arg-type]
    return f"{title} with {field.name} = {getattr(f, field.name):g}"


def _view(value: Any, order: int) -> tuple[float, float]:
    """Return the ends of the y axis, from f alone, so that they tell nothing of f'."""
    low = floor(2 * min(value.min() - 0.1, -0.5)) / 2
    # Where f' is drawn, f may leave the plot: with all of it the dips of f' could not be seen.
    return (max(low, -1.5), 1.5) if order else (low, ceil(2 * value.max() + 0.5) / 2)
