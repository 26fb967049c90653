"""Curves that the page computes: a function and its slope, and a second one over it."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from traitlets import Dict, Float, List, Unicode, observe, validate

from actlib.contract.activation import Elementwise
from actlib.course import figures
from actlib.course.numerals import number
from actlib.course.widgets.parts import FUNCTIONS, apart, one_of
from actlib.course.widgets.portable import Portable

__all__ = ["RANGES", "Curves"]

RANGES: dict[str, tuple[str, float, float, float]] = {
    "leaky_relu": ("negative_slope", 0, 0.5, 0.01),
    "prelu": ("negative_slope", -0.5, 1, 0.05),
    "elu": ("alpha", 0.1, 3, 0.1),
    "swish": ("beta", 0, 10, 0.1),
    "softplus": ("beta", 0.2, 10, 0.1),
}
"""The parameter of each function that has one, the ends of its slider and the step."""
REACHES = (4.0, 8.0, 40.0)
"""How far x reaches to either side."""
POINTS = 401


class Curves(Portable):
    """Shows a function and its slope, and a second one over it, at an x that the reader moves.

    The page computes all of it, with the formulas that actlib's tests check. The reader picks the
    functions and moves their parameters; the widget then says how far the two are apart.

    Parameters
    ----------
    function : str
        The function that is shown first, one of `FUNCTIONS`.
    beside : str
        The one that is drawn over it; empty for none.
    x : float
        Where the values are read.
    reach : float
        How far x reaches to either side: 4, 8 or 40.
    title : str
        What the figure shows; it stands above it.
    value, beside_value : float, optional
        The parameters of the two functions, else their defaults.

    Raises
    ------
    ValueError
        If a name is not known, or a number lies outside its range.

    Examples
    --------
    >>> from actlib.course.widgets import Curves
    >>> Curves("tanh")
    Curves('A function and its slope'): Tanh at x = 1, f = 0.761594, f' = 0.419974
    >>> Curves("swish", beside="relu", x=-1).distance
    (0.2784..., -1.28)
    """

    _script = "curves.js"
    _styles = ("plot.css", "curves.css")

    title = Unicode().tag(sync=True)
    titles = Dict().tag(sync=True)
    """What each function is called."""
    ranges = Dict().tag(sync=True)
    """Of each function with a parameter: its name, the ends of its slider, the step and the default."""
    reaches = List(Float()).tag(sync=True)

    function = Unicode().tag(sync=True, moves=True)
    function_value: Any = Float(None, allow_none=True).tag(sync=True, moves=True)
    """The parameter of `function`; None for its default, or where it has none."""
    beside = Unicode().tag(sync=True, moves=True)
    """The function that is drawn over it; empty for none."""
    beside_value: Any = Float(None, allow_none=True).tag(sync=True, moves=True)
    reach = Float(4.0).tag(sync=True, moves=True)
    x = Float(1.0).tag(sync=True, moves=True)

    def __init__(
        self,
        function: str,
        *,
        beside: str = "",
        x: float = 1.0,
        reach: float = 4.0,
        title: str = "A function and its slope",
        value: float | None = None,
        beside_value: float | None = None,
    ) -> None:
        one_of("function", list(FUNCTIONS), function)
        one_of("beside", ["", *FUNCTIONS], beside)
        if not title:
            raise ValueError(f"title must say something, got {title!r}")
        super().__init__(
            title=title,
            titles={name: f.facts.title for name, f in FUNCTIONS.items()},
            ranges={name: [*given, getattr(FUNCTIONS[name], given[0])] for name, given in RANGES.items()},
            reaches=list(REACHES),
            function=function,
            beside=beside,
            reach=reach,
        )
        self.x = x
        if value is not None:
            self.function_value = value
        if beside_value is not None:
            self.beside_value = beside_value

    @validate("function", "beside")
    def _one_of_the_functions(self, proposal: Any) -> str:
        name = proposal["trait"].name
        return one_of(name, [*([""] if name == "beside" else []), *FUNCTIONS], proposal["value"])

    @observe("function", "beside")
    def _begin_at_the_default(self, change: Any) -> None:
        given = RANGES.get(change.new)
        setattr(self, f"{change.name}_value", getattr(FUNCTIONS[change.new], given[0]) if given else None)

    @validate("function_value", "beside_value")
    def _within_its_slider(self, proposal: Any) -> float | None:
        name, value = proposal["trait"].name, proposal["value"]
        function = getattr(self, name.removesuffix("_value"))
        given = RANGES.get(function)
        if given is None:
            if value is not None:
                raise ValueError(
                    f"{name} must be None, {function or 'no function'} has no parameter, got {value!r}"
                )
            return None
        parameter, low, high, _ = given
        if not low <= value <= high:
            raise ValueError(
                f"{name}, the {parameter} of {function}, must lie between {low:g} and {high:g}, got {value!r}"
            )
        return float(value)

    @validate("reach")
    def _one_of_the_reaches(self, proposal: Any) -> float:
        if proposal["value"] not in REACHES:
            raise ValueError(f"reach must be one of {list(REACHES)}, got {proposal['value']!r}")
        return float(proposal["value"])

    @observe("reach")
    def _keep_x_inside(self, change: Any) -> None:
        self.x = min(max(self.x, -self.reach), self.reach)

    @validate("x")
    def _inside(self, proposal: Any) -> float:
        x = float(proposal["value"])
        if not (isfinite(x) and abs(x) <= self.reach):
            raise ValueError(f"x must lie between {-self.reach:g} and {self.reach:g}, got {x:g}")
        return x

    @property
    def _sides(self) -> list[tuple[str, dict[str, float]]]:
        """The names of the functions that are shown, each with its parameter."""
        sides = []
        for name, value in ((self.function, self.function_value), (self.beside, self.beside_value)):
            if name in RANGES:
                parameter = RANGES[name][0]
                default = getattr(FUNCTIONS[name], parameter)
                sides.append((name, {parameter: default if value is None else value}))
            elif name:
                sides.append((name, {}))
        return sides

    @property
    def shown(self) -> list[Elementwise]:
        """The functions that are shown, with their parameters."""
        return [replace(FUNCTIONS[name], **given) for name, given in self._sides]  # type: ignore[type-var]

    @property
    def distance(self) -> tuple[float, float]:
        """How far the two functions are apart at most on the plot, and the leftmost x where they are.

        Raises
        ------
        ValueError
            If only one is shown.
        """
        if len(self.shown) < 2:
            raise ValueError("a distance needs two functions, got beside=''")
        x = self._grid()
        one, other = (f(x) for f in self.shown)
        apart_ = np.abs(one - other)
        at = int(apart_.argmax())
        return float(apart_[at]), float(x[at])

    def _grid(self) -> NDArray[np.float64]:
        return np.asarray(self.reach * (2 * np.arange(POINTS) - (POINTS - 1)) / (POINTS - 1))

    def _lines(self, x: Any) -> dict[str, Any]:
        """Return the names and the heights of the lines."""
        return {
            f"{symbol}{prime}": compute(x)
            for symbol, f in zip("fg", self.shown, strict=False)
            for prime, compute in (("", f), ("'", f.derivative))
        }

    def _names(self) -> str:
        """Say which functions are shown, with their parameters."""
        return " and ".join(
            FUNCTIONS[name].facts.title
            + "".join(f" with {parameter} = {number(value)}" for parameter, value in given.items())
            for name, given in self._sides
        )

    def __repr__(self) -> str:
        here = ", ".join(f"{name} = {number(float(y))}" for name, y in self._lines(self.x).items())
        text = f"Curves({self.title!r}): {self._names()} at x = {number(self.x)}, {here}"
        if self.beside:
            most, at = self.distance
            text += f"; they differ by {number(most)} at most, at x = {number(at)}"
        return text

    def picture(self) -> figures.Picture:
        """Return the curves as the widget shows them."""
        x = self._grid()
        lines = self._lines(x)
        made, axes = figures.figure(height=3.6)
        styles = [*figures.ORDERS, {"color": figures.PALETTE["purple"], "linestyle": (0, (6, 2, 1.5, 2))}]
        for y, style in zip(lines.values(), styles, strict=False):
            axes.plot(x, y, **style)
        axes.set(xlabel="x", xlim=(x[0], x[-1]), ylim=axes.get_ylim())
        axes.axvline(self.x, color=figures.PALETTE["grey"], linewidth=1)
        levels = apart(axes, [float(np.clip(y[-1], *axes.get_ylim())) for y in lines.values()])
        colours = ("blue", "vermilion", "green", "purple")
        for (name, y), level, colour in zip(lines.items(), levels, colours, strict=False):
            axes.plot(self.x, np.interp(self.x, x, y), "o", color=figures.PALETTE[colour])
            beside = x[-1] + 0.015 * (x[-1] - x[0])
            figures.label(axes, beside, level, name.replace("'", "\N{PRIME}"), colour, va="center")
        words = ("Solid", "Dashed", "Dotted", "Dash-dotted")
        titles = [FUNCTIONS[name].facts.title for name, _ in self._sides]
        named = [part for title in titles for part in (title, f"the slope of {title}")]
        said = " ".join(
            f"{word} line, {name}: from {number(float(y[0]), 4)} to {number(float(y[-1]), 4)}, "
            f"between {number(float(y.min()), 4)} and {number(float(y.max()), 4)}."
            for word, name, y in zip(words, named, lines.values(), strict=False)
        )
        here = ", ".join(
            f"{name.replace(chr(39), chr(0x2032))} = {number(float(y), 5)}"
            for name, y in self._lines(self.x).items()
        )
        return figures.picture(
            made,
            caption=f"{self.title}: {self._names()} at x = {number(self.x)}, {here}.",
            alt=f"Curves over x from {number(x[0])} to {number(x[-1])}. {said}",
        )
