"""The curve explorer: an activation, its derivative and the tangent at an x that the reader moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from math import ceil, floor, isfinite, log10
from typing import Any

import numpy as np
from traitlets import Bool, Dict, Float, List, Unicode, observe, validate

from actlib.contract.activation import Elementwise
from actlib.course import figures
from actlib.course.numerals import padded
from actlib.course.widgets.parts import apart, nearest, numbers, positive, question_and_answer
from actlib.course.widgets.portable import Portable

__all__ = ["CurveExplorer"]


class CurveExplorer(Portable):
    """Shows an activation f, its derivative f' and the tangent at an x that the reader moves.

    x moves along a grid on which actlib has computed f and f', so every number on the screen is one
    that Python wrote; nothing is interpolated. A switch shows abs(f) and abs(f') on a log scale over
    a wider range, down to 1e-38. With a question, f' stays hidden until the reader has committed to
    an x.

    Parameters
    ----------
    f : Elementwise
        The activation.
    x_range : tuple of float
        The ends of the x axis; each is moved outward to the grid, whose step is 1, 2 or 5 times a
        power of ten.
    tail_range : tuple of float
        The same for the log scale.
    x : float
        Where the tangent stands at first, moved to the nearest point of the grid.
    parameter : str, optional
        A field of `f`; the widget then has a slider over `values` of it.
    values : sequence of float, optional
        Increasing values of `parameter`; they must contain that of `f`, where the slider starts.
    symbol : str
        What the function is called on the screen.
    question : str, optional
        A question whose answer is an x, such as "Where is the slope steepest?"
    answer : float or callable
        The answer; with a `parameter` a function that takes the activation and returns it.
    tolerance : float
        How far from the answer a right guess may lie.

    Raises
    ------
    TypeError
        If `f` is not an element-wise activation.
    ValueError
        If a range does not increase, `x` or the answer lies outside, `parameter` is not a field of
        `f`, `values` do not suit it, or one of a pair of arguments is missing.

    Examples
    --------
    >>> from actlib import sigmoid
    >>> CurveExplorer(sigmoid, x=2)
    CurveExplorer(Sigmoid()): at x = 2.00, f = 0.88080 and f' = 0.10499; 321 points from -8.00 to 8.00
    """

    _script = "curve_explorer.js"
    _styles = ("plot.css", "curve_explorer.css")

    title = Unicode().tag(sync=True)
    symbol = Unicode().tag(sync=True)
    views = Dict().tag(sync=True)
    """What is drawn on the "linear" and on the "log" scale: texts of numbers, parted by spaces. `x` is
    the grid; `f` and `derivative` hold one text a value of the parameter."""
    parameter = Unicode().tag(sync=True)
    values = List(Float()).tag(sync=True)
    question = Unicode().tag(sync=True)
    answers = List(Unicode()).tag(sync=True)
    tolerance = Float().tag(sync=True)

    x = Float().tag(sync=True, moves=True)
    value: Any = Float(None, allow_none=True).tag(sync=True, moves=True)
    """The value of the parameter that is shown; a number is moved to the nearest of `values`."""
    powers = Bool(False).tag(sync=True, moves=True)
    """Whether heights are shown by powers of ten. (`log` is what every widget writes its warnings to.)"""
    guess = Float(None, allow_none=True).tag(sync=True, moves=True)
    """Where x was when the reader last asked for the answer, or None."""

    def __init__(
        self,
        f: Elementwise,
        *,
        x_range: tuple[float, float] = (-8, 8),
        tail_range: tuple[float, float] = (-40, 40),
        x: float = 1.0,
        parameter: str | None = None,
        values: Sequence[float] | None = None,
        symbol: str = "f",
        question: str | None = None,
        answer: float | Callable[[Any], float] | None = None,
        tolerance: float = 0.25,
    ) -> None:
        if not isinstance(f, Elementwise):
            raise TypeError(
                "f must be an element-wise activation such as actlib.sigmoid, or of your own class that "
                f"derives from actlib.contract.activation.Elementwise and has its slope, got {f!r}"
            )
        self.functions = _family(f, parameter, values)
        # A family repeats every curve: its grid is coarser, to keep the page light.
        points = 200 if parameter is None else 100
        views = {
            "linear": _view(self.functions, _grid("x_range", x_range, points)),
            "log": _view(self.functions, _grid("tail_range", tail_range, points)),
        }
        super().__init__(
            title=getattr(f.facts, "title", type(f).__name__),  # a class of one's own may have no facts
            symbol=symbol,
            views=views,
            parameter=parameter or "",
            values=[] if parameter is None else [float(getattr(g, parameter)) for g in self.functions],
            question=question or "",
            answers=_answers(self.functions, question, answer, x_range, parameter),
            tolerance=positive("tolerance", tolerance),
            x=x,
            value=None if parameter is None else float(getattr(f, parameter)),
        )

    @property
    def view(self) -> dict[str, Any]:
        """The one of `views` that is shown."""
        shown: dict[str, Any] = self.views["log" if self.powers else "linear"]
        return shown

    @property
    def f(self) -> Elementwise:
        """The activation that is shown."""
        return self.functions[self._row]

    @property
    def _row(self) -> int:
        return self.values.index(self.value) if self.values else 0

    @property
    def _veiled(self) -> bool:
        """Whether f' waits for the reader's guess."""
        return bool(self.question) and self.guess is None

    @property
    def at(self) -> tuple[str, str, str]:
        """The texts of x, f(x) and f'(x) that the widget shows."""
        x = self.view["x"].split()
        index = [float(text) for text in x].index(self.x)
        lines = (self.view[line][self._row].split() for line in ("f", "derivative"))
        return (x[index], *(line[index] for line in lines))

    @validate("x")
    def _x_on_grid(self, proposal: Any) -> float:
        return nearest("x", numbers(self.view["x"]).tolist(), proposal["value"])

    @validate("value")
    def _one_of_the_values(self, proposal: Any) -> float | None:
        if not self.values and proposal["value"] is None:
            return None
        if not self.values:
            raise ValueError(f"value needs a parameter, got value={proposal['value']!r} and no parameter")
        return nearest("value", self.values, proposal["value"])

    @observe("value")
    def _not_without_a_value(self, change: Any) -> None:
        # A trait that may be None, as it is without a parameter, does not ask the validator about it.
        if self.values and change["new"] is None:
            self.value = change["old"]
            raise ValueError(f"value must be one of the values of {self.parameter}, got None")

    @validate("guess")
    def _on_a_scale(self, proposal: Any) -> float | None:
        guess: float | None = proposal["value"]
        if guess is not None:
            ends = sorted(end for view in self.views.values() for end in numbers(view["x"])[[0, -1]])
            if not ends[0] <= guess <= ends[-1]:
                raise ValueError(f"guess must lie between {ends[0]:g} and {ends[-1]:g}, got {guess:g}")
        return guess

    @observe("powers")
    def _keep_x_in_view(self, change: Any) -> None:
        grid = numbers(self.view["x"])
        self.x = float(np.clip(self.x, grid[0], grid[-1]))

    def __repr__(self) -> str:
        grid = self.view["x"].split()
        x, value, slope = self.at
        shown = f"f = {value}" if self._veiled else f"f = {value} and f' = {slope}"
        text = (
            f"CurveExplorer({self.f!r}): at x = {x}, {shown}; {len(grid)} points from {grid[0]} to {grid[-1]}"
        )
        if self.parameter:
            text += f"; {self.parameter} from {', '.join(f'{value:g}' for value in self.values)}"
        return f"{text}\n{self.question}" if self.question else text

    def picture(self) -> figures.Picture:
        """Return the curves and the tangent, as the widget shows them on the linear scale."""
        view = self.views["linear"]
        x = numbers(view["x"])
        value, slope = (numbers(view[line][self._row]) for line in ("f", "derivative"))
        here = int(np.abs(x - self.x).argmin())
        name = self.title
        if self.parameter:
            name += f" with {self.parameter} = {self.value:g}"
        made, axes = figures.figure(height=3.4)
        figures.plot_function(axes, x, value)
        if not self._veiled:
            figures.plot_function(axes, x, slope, 1)
        axes.set(xlabel="x", xlim=(x[0], x[-1]), ylim=axes.get_ylim())
        axes.axline(
            (x[here], value[here]), slope=slope[here], color=figures.PALETTE["vermilion"], linewidth=1
        )
        axes.plot(x[here], value[here], "o", color=figures.PALETTE["blue"])
        named = [(self.symbol, "blue", value), (f"{self.symbol}\N{PRIME}", "vermilion", slope)]
        named = named[:1] if self._veiled else named
        ends = apart(axes, [line[-1] for _, _, line in named])
        beside = x[-1] + 0.015 * (x[-1] - x[0])
        for y, (text, color, _) in zip(ends, named, strict=True):
            figures.label(axes, beside, y, text, color, va="center")
        derivative = f"Dashed line: its derivative, between {slope.min():.5g} and {slope.max():.5g}. "
        steepness = f" and its slope {slope[here]:.5g}"
        drawn = "the function" if self._veiled else "the function, its derivative"
        return figures.picture(
            made,
            caption=f"{name}: {drawn} and the tangent at x = {x[here]:g}.",
            alt=(
                f"Curves over x from {x[0]:g} to {x[-1]:g}. Solid line: the function, from {value[0]:.5g} at "
                f"the left end to {value[-1]:.5g} at the right end. {'' if self._veiled else derivative}"
                f"Thin line: the tangent at x = {x[here]:g}, where the function is {value[here]:.5g}"
                f"{'' if self._veiled else steepness}."
            ),
        )


def _family(f: Elementwise, parameter: str | None, values: Sequence[float] | None) -> list[Elementwise]:
    """Return the activation for each value of the parameter, or alone."""
    if parameter is None:
        if values is not None:
            raise ValueError(f"values need a parameter, got values={values!r} and no parameter")
        return [f]
    names = [field.name for field in fields(f)]  # type: ignore[arg-type]
    if parameter not in names:
        raise ValueError(
            f"parameter must be one of {type(f).__name__}'s fields ({', '.join(names) or 'it has none'}), "
            f"got {parameter!r}"
        )
    if values is None or len(values) < 2 or not np.all(np.diff(values) > 0):
        raise ValueError(f"values must hold at least two increasing values of {parameter}, got {values!r}")
    if getattr(f, parameter) not in values:
        own = getattr(f, parameter)
        raise ValueError(f"values must contain the {parameter} of f, {own!r}, got {values!r}")
    return [replace(f, **{parameter: value}) for value in values]  # type: ignore[type-var]


def _answers(
    functions: list[Elementwise],
    question: str | None,
    answer: float | Callable[[Any], float] | None,
    x_range: tuple[float, float],
    parameter: str | None,
) -> list[str]:
    """Return the answer for each function as text."""
    question_and_answer(question, answer)
    if answer is None:
        return []
    if parameter is not None and not callable(answer):
        raise ValueError(f"answer must be a function of f where {parameter} varies, got {answer!r}")
    answers = [float(answer(f) if callable(answer) else answer) for f in functions]
    for x in answers:
        if not x_range[0] <= x <= x_range[1]:
            raise ValueError(f"answer must lie in x_range, {x_range[0]:g} to {x_range[1]:g}, got {x:g}")
    return [f"{x:.4g}" for x in answers]


def _grid(name: str, ends: tuple[float, float], points: int) -> list[str]:
    """Return the texts of at least `points` multiples of a round step that cover the range."""
    low, high = ends
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"{name} must be two finite numbers, the smaller first, got {ends!r}")
    coarsest = (high - low) / points
    exponent = floor(log10(coarsest))
    step = max(m * 10.0**exponent for m in (1, 2, 5) if m * 10.0**exponent <= coarsest * (1 + 1e-9))
    # Multiples of the step, so that 0, where kinks are, is one of the points.
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [f"{k * step:.{max(0, -exponent)}f}" for k in range(first, last + 1)]


def _view(functions: list[Elementwise], grid: list[str]) -> dict[str, Any]:
    x = np.array(grid, dtype=float)
    return {
        "x": " ".join(grid),
        "f": [padded(f(x)) for f in functions],
        "derivative": [padded(f.derivative(x)) for f in functions],
    }
