"""Hinges added by hand: a sum of ReLUs that the reader bends towards a target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from traitlets import Float, Int, List, Unicode, observe, validate

from actlib import relu
from actlib.course import figures
from actlib.course.widgets.draw_guess import POINTS as DRAWN
from actlib.course.widgets.parts import one_of
from actlib.course.widgets.portable import Portable

__all__ = ["OWN", "POINTS", "TARGETS", "HingeBuilder"]

Array = NDArray[np.float64]

MOST = 6
"""Bends that can be told apart."""
POINTS = 401
"""Errors are read at so many points, evenly spaced."""
X_RANGE, Y_RANGE = (-2.0, 2.0), (-1.5, 2.5)
STEEPEST = 10.0
"""The largest slope of a line, and the largest change of it at a bend."""
OWN = "your own"
"""The target that the reader draws."""
TARGETS: Mapping[str, Callable[[Array], Array]] = {
    "|x|": np.abs,
    "x²/2": lambda x: x * x / 2,
    "sin 2x": lambda x: np.sin(2 * x),
    "a bump": lambda x: 2 * np.exp(-2 * x * x),
}


class HingeBuilder(Portable):
    """Shows a straight line plus hinges c relu(x - b), their sum, and how far that is from a target.

    Each hinge bends the sum at its b, by the slope c, which may be negative. The reader adds and removes
    bends, drags them or moves b and c, and sees the largest and the mean distance from a target of a list,
    or from one that the reader draws. A button shows the best that a search finds with as many bends.
    A hinge to the left, relu(b - x), is a hinge to the right less a straight line, so it is one of these.

    Parameters
    ----------
    hinges : iterable of pairs of float
        Up to six: where each bends the sum, b, and by what slope, c.
    start : pair of float
        The height and the slope at the left end.
    target : str
        One of `TARGETS`, or `OWN` for one that the reader draws.
    title : str
        What the figure shows; it stands above it.

    Raises
    ------
    TypeError
        If `hinges` are not pairs of real numbers.
    ValueError
        If there are too many hinges, a number is outside its slider, `target` is not known, or the
        title is empty.

    Examples
    --------
    >>> HingeBuilder([(0, 2)], start=(2, -1), target="|x|")
    HingeBuilder('A sum of hinges'): 2 - 1 (x + 2) + 2 relu(x)
    |x| from -2 to 2: largest error 0 at x = -2, mean error 0
    """

    _script = "hinge_builder.js"
    _styles = ("plot.css", "drawing.css", "hinge_builder.css")

    title = Unicode().tag(sync=True)
    x_range = List(Float(), list(X_RANGE)).tag(sync=True)
    y_range = List(Float(), list(Y_RANGE)).tag(sync=True)
    most = Int(MOST).tag(sync=True)
    limits: Any = List().tag(sync=True)
    """The ends of the sliders for where a bend is and for the change of slope."""

    start: Any = List(Float()).tag(sync=True, moves=True)
    """The height and the slope at the left end."""
    hinges: Any = List(List(Float())).tag(sync=True, moves=True)
    """Where each hinge bends the sum, and by what slope."""
    selected = Int(0).tag(sync=True, moves=True)
    """Which of `hinges` the sliders move, counted from 0; 0 if there is none."""
    target = Unicode().tag(sync=True, moves=True)
    drawn: Any = List(Float(allow_none=True)).tag(sync=True, moves=True)
    """The heights of the reader's own target, with None where there is none yet; empty at first."""

    def __init__(
        self,
        hinges: Iterable[Sequence[float]] = ((-0.5, 0.0), (0.5, 0.0)),
        *,
        start: Sequence[float] = (0.0, 0.0),
        target: str = "x²/2",
        title: str = "A sum of hinges",
    ) -> None:
        if not title:
            raise ValueError(f"title must say something, got {title!r}")
        super().__init__(title=title, limits=[list(X_RANGE), [-STEEPEST, STEEPEST]])
        self.start, self.hinges, self.target = list(start), list(hinges), target

    @validate("start")
    def _in_the_plot(self, proposal: Any) -> list[float]:
        start: list[float] = proposal["value"]
        if len(start) != 2:
            raise ValueError(f"start must be a height and a slope, got {start!r}")
        for name, value, ends in zip(("height", "slope"), start, (Y_RANGE, self.limits[1]), strict=True):
            _inside(f"the {name} of start", value, ends)
        return start

    @validate("hinges")
    def _up_to_six(self, proposal: Any) -> list[list[float]]:
        hinges: list[list[float]] = proposal["value"]
        if len(hinges) > MOST:
            raise ValueError(f"hinges must hold at most {MOST} pairs, got {len(hinges)}")
        for hinge in hinges:
            if len(hinge) != 2:
                raise ValueError(f"a hinge must be a place and a change of slope, got {hinge!r}")
            for name, value, ends in zip(("place", "change of slope"), hinge, self.limits, strict=True):
                _inside(f"the {name} of a hinge", value, ends)
        return hinges

    @validate("selected")
    def _one_of_the_hinges(self, proposal: Any) -> int:
        index, last = int(proposal["value"]), max(0, len(self.hinges) - 1)
        if not 0 <= index <= last:
            raise ValueError(f"selected must lie between 0 and {last}, got {index}")
        return index

    @observe("hinges")
    def _keep_one_selected(self, change: Any) -> None:
        self.selected = min(self.selected, max(0, len(self.hinges) - 1))

    @validate("target")
    def _one_of_the_targets(self, proposal: Any) -> str:
        return one_of("target", [*TARGETS, OWN], proposal["value"])

    @validate("drawn")
    def _heights(self, proposal: Any) -> list[float | None]:
        heights: list[float | None] = proposal["value"]
        if heights and len(heights) != DRAWN:
            raise ValueError(f"drawn must hold {DRAWN} heights or none, got {len(heights)}")
        for height in heights:
            if height is not None:
                _inside("a height in drawn", height, Y_RANGE)
        return heights

    def sum(self, x: Any) -> Array:
        """Return the heights of the line and all hinges together."""
        height, slope = self.start
        x = np.asarray(x, dtype=float)
        total = height + slope * (x - X_RANGE[0])
        for b, c in self.hinges:
            total = total + c * relu(x - b)
        return total

    def goal(self, x: Any) -> Array | None:
        """Return the heights of the target, or None while the reader has drawn none."""
        if self.target != OWN:
            return TARGETS[self.target](np.asarray(x, dtype=float))
        heights = np.array(self.drawn, dtype=float)
        known = np.flatnonzero(np.isfinite(heights))
        if not known.size:
            return None
        return np.interp(x, np.linspace(*X_RANGE, DRAWN)[known], heights[known])

    @property
    def error(self) -> tuple[float, float, float]:
        """The largest distance from the target, the leftmost x that has it, and the mean, at 401 points."""
        x = np.linspace(*X_RANGE, POINTS)
        goal = self.goal(x)
        if goal is None:
            raise ValueError("error needs a target, and of your own nothing is drawn, got drawn=[]")
        off = np.abs(self.sum(x) - goal)
        return float(off.max()), float(x[off.argmax()]), float(off.mean())

    def _formula(self) -> str:
        def signed(value: float) -> str:
            return f"{'-' if value < 0 else '+'} {abs(value):.3g}"

        def less(b: float) -> str:
            return f"x {signed(-b)}" if b else "x"

        height, slope = self.start
        first = f"{height:.3g} {signed(slope)} ({less(X_RANGE[0])})"
        return " ".join([first, *(f"{signed(c)} relu({less(b)})" for b, c in self.hinges)])

    def __repr__(self) -> str:
        text = f"HingeBuilder({self.title!r}): {self._formula()}\n"
        if self.goal(0.0) is None:
            return f"{text}no target is drawn yet"
        largest, x, mean = self.error
        low, high = X_RANGE
        return (
            f"{text}{self.target} from {low:g} to {high:g}: "
            f"largest error {largest:.3g} at x = {x:.3g}, mean error {mean:.3g}"
        )

    def picture(self) -> figures.Picture:
        """Return the sum and the target, as the widget shows them."""
        x = np.linspace(*X_RANGE, POINTS)
        goal = self.goal(x)
        count = f"{len(self.hinges)} bend{'' if len(self.hinges) == 1 else 's'}"
        made, axes = figures.figure(height=3.4)
        axes.set(xlabel="x", xlim=X_RANGE, ylim=Y_RANGE)
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10), integer=True))
        axes.plot(x, self.sum(x), color=figures.PALETTE["blue"], linewidth=3.5)
        for number, (b, _) in enumerate(self.hinges, start=1):
            axes.plot(b, self.sum(b), "o", color=figures.PALETTE["green"], markersize=7)
            figures.label(axes, b, float(self.sum(b)) + 0.15, str(number), "green", ha="center")
        said = f"a thick broken line, {self._formula()}"
        caption = f"{self.title}: a straight line and {count} (thick)."
        if goal is not None:
            largest, at, mean = self.error
            figures.plot_function(axes, x, goal, 1)
            here = [float(self.sum(at)), float(np.interp(at, x, goal))]
            axes.plot([at, at], here, color=figures.PALETTE["purple"], linewidth=3, clip_on=False)
            said += f"; the dashed curve {self.target}; an upright bar between the two at x = {at:.3g}"
            caption = (
                f"{self.title}: a straight line and {count} (thick), and {self.target} (dashed); they differ "
                f"by {largest:.3g} at most, at x = {at:.3g}, and by {mean:.3g} in the mean."
            )
        return figures.picture(made, caption=caption, alt=f"Over x from {x[0]:g} to {x[-1]:g}: {said}.")


def _inside(name: str, value: float, ends: Sequence[float]) -> None:
    if not (isfinite(value) and ends[0] <= value <= ends[1]):
        raise ValueError(f"{name} must lie between {ends[0]:g} and {ends[1]:g}, got {value:g}")
