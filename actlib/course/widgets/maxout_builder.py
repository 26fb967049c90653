"""A maxout unit built by hand: lines that the reader drags, the largest of them, and a convex target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from math import ceil, inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from traitlets import Float, Int, List, Unicode, observe, validate

from actlib.course import figures
from actlib.course.numerals import padded
from actlib.course.widgets.parts import one_of, positive
from actlib.course.widgets.portable import Portable

__all__ = ["MaxoutBuilder", "best_fit", "largest_error"]

Lines = Sequence[Sequence[float]]
Array = NDArray[np.float64]

MOST = 6
"""Lines that can be told apart."""

SAMPLES = 201
"""Points of a target that has no exact formula in the widget."""

TARGETS: Mapping[str, Callable[[Array], Array]] = {"x²": np.square, "|x|": np.abs}
"""The targets of every widget."""


class MaxoutBuilder(Portable):
    """Shows lines y = w x + b that the reader drags, the largest of them, and a convex target.

    One maxout unit with k pieces and one input is the largest of k lines. The reader adds and removes
    lines, drags each by its two handles or moves its slope and intercept, and sees the largest error
    on the interval and where it lies. A button puts the lines where that error is least. With a
    question it comes after the reader has had a try.

    Parameters
    ----------
    lines : sequence of pairs of float
        One to six slopes and intercepts, where the reader starts.
    target : str
        The target at first: ``"x²"``, ``"|x|"`` or a name in `others`.
    others : mapping of str to callable, optional
        Further targets: functions of an array that are convex on the interval. The widget joins 201
        samples of each by straight lines.
    x_range : tuple of float
        The ends of the interval.
    title : str
        What the figure shows; it stands above it.
    question : str, optional
        A question about the least error for `target`, such as "With three lines, how small can you
        make the largest error?"
    pieces : int, optional
        How many lines the question is about.
    tolerance : float
        By how much, as a part of the least error, a right error may exceed it.

    Raises
    ------
    TypeError
        If `lines` are not pairs of real numbers or `others` is not a mapping.
    ValueError
        If there are too few or too many lines, one lies outside the sliders, `target` is not known, a
        target is not finite or not convex, a range does not increase, or one of a pair of arguments
        is missing.

    Examples
    --------
    >>> MaxoutBuilder([(-1, -0.25), (1, -0.25)])
    MaxoutBuilder('Maxout of lines'): y = -1 x - 0.25, y = 1 x - 0.25
    x² from -1 to 1: largest error 0.25000 at x = -1, least for 2 lines 0.12500
    """

    _script = "maxout_builder.js"
    _styles = ("plot.css", "maxout_builder.css")

    title = Unicode().tag(sync=True)
    x_range = List(Float()).tag(sync=True)
    y_ranges: Any = List(List(Float())).tag(sync=True)
    """The ends of the y axis for each target."""
    limits: Any = List().tag(sync=True)
    """The ends of the sliders for the slope and for the intercept."""
    most = Int(MOST).tag(sync=True)
    targets = List(Unicode()).tag(sync=True)
    """The names of the targets."""
    samples = List(Unicode()).tag(sync=True)
    """The heights of each target at evenly spaced points; empty where the widget has its formula."""
    best: Any = List().tag(sync=True)
    """For each target and one to `most` lines a text: the least error, then slopes and intercepts."""
    question = Unicode().tag(sync=True)
    pieces = Int().tag(sync=True)
    asked = Unicode().tag(sync=True)
    """The one of `targets` that the question is about."""
    answer = Unicode().tag(sync=True)
    tolerance = Float().tag(sync=True)

    lines: Any = List(List(Float())).tag(sync=True, moves=True)
    """The slope and the intercept of each line."""
    selected = Int(0).tag(sync=True, moves=True)
    """Which of `lines` the sliders move, counted from 0."""
    target = Unicode().tag(sync=True, moves=True)
    """The one of `targets` that is shown."""
    guess = Float(None, allow_none=True).tag(sync=True, moves=True)
    """The largest error when the reader last had it checked, or None."""

    def __init__(
        self,
        lines: Iterable[Sequence[float]] = ((-1.0, -0.5), (0.5, 0.0)),
        *,
        target: str = "x²",
        others: Mapping[str, Callable[[Array], ArrayLike]] | None = None,
        x_range: tuple[float, float] = (-1, 1),
        title: str = "Maxout of lines",
        question: str | None = None,
        pieces: int | None = None,
        tolerance: float = 0.1,
    ) -> None:
        low, high = map(float, x_range)
        if not (isfinite(low) and isfinite(high) and low < high):
            raise ValueError(f"x_range must be two finite numbers, the smaller first, got {x_range!r}")
        if not title:
            raise ValueError(f"title must say something, got {title!r}")
        if others is not None and not isinstance(others, Mapping):
            raise TypeError(f"others must be a mapping of names to functions, got {others!r}")
        for name in others or {}:
            if name in TARGETS or not name:
                raise ValueError(f"others must not be named {list(TARGETS)} or '', got {name!r}")
        functions = {**TARGETS, **(others or {})}
        if target not in functions:
            raise ValueError(f"target must be one of {list(functions)}, got {target!r}")
        if (question is None) != (pieces is None):
            raise ValueError(f"question and pieces must come together, got {question!r} and {pieces!r}")
        if pieces is not None and not 1 <= pieces <= MOST:
            raise ValueError(f"pieces must lie between 1 and {MOST}, got {pieces!r}")
        xs = np.linspace(low, high, SAMPLES)
        heights = {name: _convex(name, f, xs) for name, f in functions.items()}
        fits = {
            name: [best_fit(functions[name], k, (low, high)) for k in range(1, MOST + 1)]
            for name in functions
        }
        super().__init__(
            title=title,
            x_range=[low, high],
            y_ranges=[_view(ys) for ys in heights.values()],
            limits=_limits(fits.values()),
            targets=list(functions),
            samples=["" if name in TARGETS else _numbers(heights[name]) for name in functions],
            best=[[_numbers([error, *np.ravel(found)]) for error, found in row] for row in fits.values()],
            question=question or "",
            pieces=pieces or 0,
            asked=target,
            answer="" if pieces is None else f"{fits[target][pieces - 1][0]:.4g}",
            tolerance=positive("tolerance", tolerance),
            lines=_pairs(lines),
            target=target,
        )
        self.functions = functions

    @validate("lines")
    def _one_to_six(self, proposal: Any) -> list[list[float]]:
        lines = _pairs(proposal["value"])
        for line in lines:
            for name, value, (low, high) in zip(("slope", "intercept"), line, self.limits, strict=True):
                if not low <= value <= high:
                    raise ValueError(
                        f"the {name} of a line must lie between {low:g} and {high:g}, got {value:g}"
                    )
        return lines

    @validate("selected")
    def _one_of_the_lines(self, proposal: Any) -> int:
        index, last = int(proposal["value"]), len(self.lines) - 1
        if not 0 <= index <= last:
            raise ValueError(f"selected must lie between 0 and {last}, got {index}")
        return index

    @observe("lines")
    def _keep_one_selected(self, change: Any) -> None:
        self.selected = min(self.selected, len(self.lines) - 1)

    @validate("target")
    def _one_of_the_targets(self, proposal: Any) -> str:
        return one_of("target", self.targets, proposal["value"])

    @validate("guess")
    def _an_error(self, proposal: Any) -> float | None:
        guess: float | None = proposal["value"]
        if guess is not None and not 0 <= guess < inf:
            raise ValueError(f"guess must be an error, 0 or more and finite, got {guess:g}")
        return guess

    @property
    def error(self) -> tuple[float, float]:
        """The largest error of the lines that are shown, and the leftmost x that has it."""
        return largest_error(self.lines, self.functions[self.target], (self.x_range[0], self.x_range[1]))

    @property
    def least(self) -> float:
        """The least error that so many lines can have."""
        return float(self.best[self.targets.index(self.target)][len(self.lines) - 1].split()[0])

    def _count(self) -> str:
        return f"{len(self.lines)} line{'s' if len(self.lines) > 1 else ''}"

    def __repr__(self) -> str:
        low, high = self.x_range
        error, x = self.error
        lines = ", ".join(f"y = {w:.5g} x {'-' if b < 0 else '+'} {abs(b):.5g}" for w, b in self.lines)
        text = (
            f"MaxoutBuilder({self.title!r}): {lines}\n"
            f"{self.target} from {low:g} to {high:g}: largest error {padded([error])} at x = {x:.4g}"
        )
        # With a question, how good lines can be comes after the guess.
        if not self.question or self.guess is not None:
            text += f", least for {self._count()} {padded([self.least])}"
        return f"{text}\n{self.question}" if self.question else text

    def picture(self) -> figures.Picture:
        """Return the lines, the largest of them and the target, as the widget shows them."""
        (low, high), name = self.x_range, self.target
        xs = np.linspace(low, high, SAMPLES)
        f = self.functions[name]
        error, x = self.error
        made, axes = figures.figure(height=3.4)
        axes.set(xlabel="x", xlim=(low, high), ylim=self.y_ranges[self.targets.index(name)])
        for w, b in self.lines:
            axes.plot([low, high], [w * low + b, w * high + b], color=figures.PALETTE["grey"], linewidth=1)
        bends = np.array(_bends(self.lines, (low, high)))
        axes.plot(bends, _largest(self.lines, bends), color=figures.PALETTE["blue"], linewidth=3.5)
        figures.plot_function(axes, xs, _convex(name, f, xs), 1)
        gap = [float(_largest(self.lines, np.array([x]))[0]), float(np.asarray(f(np.array([x])))[0])]
        axes.plot([x, x], gap, color=figures.PALETTE["purple"], linewidth=3, clip_on=False)
        said = "; ".join(f"slope {w:.4g}, intercept {b:.4g}" for w, b in self.lines)
        return figures.picture(
            made,
            caption=(
                f"{self.title}: the largest of {self._count()} (thick) and {name} (dashed); "
                f"they differ most, by {error:.4g}, at x = {x:.4g}."
            ),
            alt=(
                f"Over x from {low:g} to {high:g}: thin grey lines with {said}; a thick broken line, the "
                f"largest of them; the dashed curve {name}; an upright bar between the two at x = {x:.4g}."
            ),
        )


def largest_error(
    lines: Lines, f: Callable[[Array], ArrayLike], x_range: tuple[float, float] = (-1, 1)
) -> tuple[float, float]:
    """Return the largest distance of the largest of the lines from f, and the leftmost x that has it.

    Exact for `numpy.square` and `numpy.abs`, else for the broken line through 201 evenly spaced
    points of f, which must be convex.

    Examples
    --------
    >>> largest_error([(-1, -0.25), (1, -0.25)], np.square)
    (0.25, -1.0)
    """
    low, high = x_range
    grid = np.linspace(low, high, SAMPLES)
    if f is np.square:
        touches: Array = np.array([w / 2 for w, _ in lines])
    else:
        touches = np.array([0.0]) if f is np.abs else grid
    inside = touches[(low < touches) & (touches < high)]
    # Between two bends f less the line is convex: largest at a bend, smallest where it touches.
    x = np.unique([*_bends(lines, x_range), *inside])
    exact = f in TARGETS.values()
    goal = np.asarray(f(x), dtype=float) if exact else np.interp(x, grid, np.asarray(f(grid), dtype=float))
    off = np.abs(_largest(lines, x) - goal)
    first = int(np.flatnonzero(off >= off.max() * (1 - 1e-9))[0])
    return float(off[first]), float(x[first])


def best_fit(
    f: Callable[[Array], ArrayLike], count: int, x_range: tuple[float, float] = (-1, 1)
) -> tuple[float, list[tuple[float, float]]]:
    r"""Return the least error of the largest of `count` lines from a convex f, and such lines.

    The interval falls into `count` parts; on each the line is the secant of f, lowered until it is
    as far below f at both ends as it is above f within. Neighbours meet, so the largest of all lines is
    each of them on its own part, and no other lines do better if all parts have the same error. For
    x² on an interval of length L the parts are equal and the error is :math:`L^2/(8k^2)`, which on
    [-1, 1] is :math:`1/(2k^2)`.

    Parameters
    ----------
    f : callable
        A function of an array, convex on the interval. All but `numpy.square` and `numpy.abs` are
        replaced by the broken line through 201 evenly spaced points.
    count : int
        k, >= 1.
    x_range : tuple of float
        The ends of the interval.

    Examples
    --------
    >>> error, lines = best_fit(np.square, 2)
    >>> error, lines
    (0.125, [(-1.0, -0.125), (1.0, -0.125)])
    >>> best_fit(np.abs, 2)
    (0.0, [(-1.0, 0.0), (1.0, 0.0)])
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count!r}")
    low, high = x_range
    if f is np.square:
        error = ((high - low) / count) ** 2 / 8
        middles = [low + (2 * i + 1) * (high - low) / (2 * count) for i in range(count)]
        return error, [(2 * m, error - m * m) for m in middles]
    if f is np.abs:
        xs = np.array(sorted({low, min(max(0.0, low), high), high}))
    else:
        xs = np.linspace(low, high, SAMPLES)
    ys = np.asarray(f(xs), dtype=float)
    least, most = 0.0, _above(xs, ys, low, high)
    lines = _parts(xs, ys, 0.0, count)
    if lines is None:
        for _ in range(45):
            middle = (least + most) / 2
            least, most = (least, middle) if _parts(xs, ys, middle, count) else (middle, most)
        lines = _parts(xs, ys, most, count) or [_lowered(xs, ys, low, high, most)]
    else:
        most = 0.0
    return most, [*lines, *[lines[-1]] * (count - len(lines))]


def _above(xs: Array, ys: Array, start: float, end: float) -> float:
    """Return half of how far the secant of the broken line is above it: the error of one line."""
    a, b = np.interp([start, end], xs, ys)
    inside = (start < xs) & (xs < end)
    gap = a + (b - a) * (xs[inside] - start) / (end - start) - ys[inside]
    return float(gap.max()) / 2 if gap.size else 0.0


def _lowered(xs: Array, ys: Array, start: float, end: float, error: float) -> tuple[float, float]:
    """Return slope and intercept of the secant, lowered by the error."""
    a, b = np.interp([start, end], xs, ys)
    slope = float((b - a) / (end - start))
    return slope + 0.0, float(a - slope * start - error) + 0.0


def _parts(xs: Array, ys: Array, error: float, count: int) -> list[tuple[float, float]] | None:
    """Return the fewest lines with this error, or None if they are more than `count`."""
    lines = []
    start = float(xs[0])
    room = 2 * (error + 1e-13 * float(np.ptp(ys)))
    for _ in range(count):
        end = _reach(xs, ys, start, room)
        lines.append(_lowered(xs, ys, start, end, error))
        if end >= xs[-1]:
            return lines
        start = end
    return None


def _reach(xs: Array, ys: Array, start: float, room: float) -> float:
    """Return where the longest secant from `start` ends that is nowhere above the broken line by more."""
    height = np.interp(start, xs, ys)
    x, y = xs[xs > start], ys[xs > start]
    slopes = (y - height) / (x - start)
    # Each point before its end keeps a secant from being steeper.
    steepest = np.minimum.accumulate(slopes + room / (x - start))
    over = slopes[1:] > steepest[:-1]
    if not over.any():
        return float(x[-1])
    at = int(over.argmax())
    bend = (y[at + 1] - y[at]) / (x[at + 1] - x[at]) - steepest[at]
    end = float(x[at] + (steepest[at] - slopes[at]) * (x[at] - start) / bend)
    # A kink is a point of the broken line, and the end of a part.
    point = float(x[np.abs(x - end).argmin()])
    return point if abs(point - end) < 1e-11 * (xs[-1] - start) else end


def _largest(lines: Lines, x: Array) -> Array:
    slopes, intercepts = np.array(lines, dtype=float).T
    return np.asarray((np.multiply.outer(x, slopes) + intercepts).max(axis=1))


def _bends(lines: Lines, x_range: Sequence[float]) -> list[float]:
    """Return both ends and every crossing of two lines between them, in order."""
    low, high = x_range
    crossings = [(c - b) / (w - v) for (w, b), (v, c) in combinations(lines, 2) if w != v]
    return sorted([low, high, *(x for x in crossings if low < x < high)])


def _pairs(lines: Any) -> list[list[float]]:
    try:
        pairs = [[float(value) for value in line] for line in lines]
    except (TypeError, ValueError):
        raise TypeError(f"lines must be pairs of real numbers, got {lines!r}") from None
    if not 1 <= len(pairs) <= MOST:
        raise ValueError(f"lines must hold 1 to {MOST} pairs, got {len(pairs)}")
    for pair in pairs:
        if len(pair) != 2 or not all(map(isfinite, pair)):
            raise ValueError(f"a line must be a finite slope and a finite intercept, got {pair!r}")
    return pairs


def _convex(name: str, f: Callable[[Array], ArrayLike], xs: Array) -> Array:
    ys = np.asarray(f(xs), dtype=float)
    if ys.shape != xs.shape or not np.all(np.isfinite(ys)):
        raise ValueError(f"target {name!r} must have a finite height at each x, got {ys!r}")
    bend = np.diff(ys, 2)
    if np.any(bend < -1e-9 * max(float(np.ptp(ys)), 1e-300)):
        at = xs[1 + int(bend.argmin())]
        ends = f"{xs[0]:g} and {xs[-1]:g}"
        raise ValueError(f"target {name!r} must be convex between {ends}, got a bend down at {at:.3g}")
    return ys


def _view(heights: Array) -> list[float]:
    """Return the ends of the y axis: the target and room for lines below and above."""
    low, high = float(heights.min()), float(heights.max())
    span = high - low or 1.0
    return [round(low - 0.45 * span, 2), round(high + 0.15 * span, 2)]


def _limits(fits: Iterable[list[tuple[float, list[tuple[float, float]]]]]) -> list[list[float]]:
    """Return ends for slope and intercept that hold every best line half as far again."""
    lines = np.array([line for row in fits for _, found in row for line in found])
    return [[-size, size] for size in (float(ceil(1.5 * top)) for top in np.abs(lines).max(axis=0))]


def _numbers(values: Iterable[float]) -> str:
    """Return numbers with seven digits, parted by spaces."""
    return " ".join(f"{float(value) + 0.0:.7g}" for value in values)
