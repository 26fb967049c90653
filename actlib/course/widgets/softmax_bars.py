"""Softmax: logits that the reader drags, their probabilities, the Jacobian, the slopes of two losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.textpath import TextPath
from numpy.typing import NDArray
from traitlets import Float, List, Unicode, validate

from actlib.course import figures
from actlib.course.numerals import fixed, number, padded
from actlib.course.widgets.parts import one_of, question_and_answer, right_stops
from actlib.course.widgets.portable import Portable
from actlib.functions.softmax import Softmax
from actlib.lab.losses import softmax_cross_entropy, squared_error

__all__ = ["TEMPERATURES", "SoftmaxBars"]

TEMPERATURES: tuple[float, ...] = tuple(float(f"{10 ** (k / 20):.2g}") for k in range(-26, 27))
"""The stops of the temperature: twenty a decade from 0.05 to 20, 1 among them."""

LETTERS = 35
"""Letters of all names together, if each were as long as the longest: they stand in a row on a phone."""

LARGEST = 1000
"""How far from 0 a logit may lie at first."""

FARTHEST = 1_000_000
"""How far from 0 the buttons, or Python, may move it."""


class SoftmaxBars(Portable):
    """Shows logits as bars that the reader drags, and all that softmax makes of them.

    Below the logits stand their probabilities p at a temperature T; then, for a class that the
    reader calls true, the gradient by logit of cross-entropy and of squared error, and the Jacobian
    (diag(p) - p pᵀ)/T with its largest singular value. Two buttons add 1 to every logit and subtract
    it, which changes no probability. With a question all but the logits rests at the first
    temperature until the reader has committed to one.

    Parameters
    ----------
    logits : mapping of str to float
        Three to six classes and their logits, from -1000 to 1000, rounded to tenths. Names share the
        width of a phone: they have at most 11, 8, 7 or 5 letters where there are 3, 4, 5 or 6.
    temperature : float
        T at first, from 0.05 to 20, moved to the nearest of `TEMPERATURES`.
    truth : str, optional
        The class that is true at first, else the first one.
    reach : float
        Bars can be dragged from -`reach` to `reach`, farther if `logits` lie farther.
    title : str
        What the figure shows; it stands above it.
    question : str, optional
        A question whose answer is a temperature, for the logits that are given here.
    answer : float, optional
        The answer, from 0.05 to 20.
    tolerance : float, optional
        How far from the answer a right guess may lie; without it only the stop nearest to the answer
        is right.

    Raises
    ------
    TypeError
        If `logits` is not a mapping or holds something else than real numbers.
    ValueError
        If there are too few or too many classes, a name is empty or too long, a number lies outside,
        `truth` is not one of the classes, or one of a pair of arguments is missing.

    Notes
    -----
    The loss of cross-entropy is -log p of the true class, in nats; that of squared error is the sum
    of (p - y)² over the classes, y being 1 for the true class and 0 for the others.

    Examples
    --------
    >>> SoftmaxBars({"cat": 2, "dog": 1, "bird": 0})
    SoftmaxBars('Softmax'): cat 2.0, dog 1.0, bird 0.0 at T = 1
    p = 0.66524 0.24473 0.090031; largest singular value 0.37090
    cat is true: cross-entropy 0.40761, gradient -0.33476 0.24473 0.090031
    cat is true: squared error 0.18006, gradient -0.23957 0.19550 0.044066
    """

    _script = "softmax_bars.js"
    _styles = ("plot.css", "softmax_bars.css")

    title = Unicode().tag(sync=True)
    names = List(Unicode()).tag(sync=True)
    temperatures = List(Float()).tag(sync=True)
    """The stops of the slider."""
    reach = Float().tag(sync=True)
    asked = List(Float()).tag(sync=True)
    """The logits that the question is about."""
    start = Float().tag(sync=True)
    """The temperature before the guess."""
    question = Unicode().tag(sync=True)
    answer = Unicode().tag(sync=True)
    right = List(Float()).tag(sync=True)
    """The lowest and the highest temperature that is right."""

    logits = List(Float()).tag(sync=True, moves=True)
    temperature = Float().tag(sync=True, moves=True)
    truth = Unicode().tag(sync=True, moves=True)
    """The class that is true."""
    guess = Float(None, allow_none=True).tag(sync=True, moves=True)
    """The temperature when the reader last asked for the answer, or None."""

    def __init__(
        self,
        logits: Mapping[str, float],
        *,
        temperature: float = 1.0,
        truth: str | None = None,
        reach: float = 5.0,
        title: str = "Softmax",
        question: str | None = None,
        answer: float | None = None,
        tolerance: float | None = None,
    ) -> None:
        if not isinstance(logits, Mapping):
            raise TypeError(f"logits must be a mapping of names to numbers, got {logits!r}")
        names = list(logits)
        _check_names(names)
        if not title:
            raise ValueError(f"title must say something, got {title!r}")
        if not 1 <= reach <= LARGEST:
            raise ValueError(f"reach must lie between 1 and {LARGEST}, got {reach!r}")
        question_and_answer(question, answer)
        right: list[float] = []
        if answer is not None:
            right = right_stops(TEMPERATURES, answer, tolerance)
        elif tolerance is not None:
            raise ValueError(f"tolerance needs an answer, got tolerance={tolerance!r} and no answer")
        start = _stop("temperature", temperature)
        values = [_logit(f"logits[{name!r}]", value) for name, value in logits.items()]
        super().__init__(
            title=title,
            names=names,
            temperatures=list(TEMPERATURES),
            reach=float(reach),
            asked=values,
            start=start,
            question=question or "",
            answer="" if answer is None else f"{answer:.4g}",
            right=right,
            logits=values,
            temperature=start,
            truth=names[0] if truth is None else truth,
        )

    @validate("logits")
    def _one_a_class(self, proposal: Any) -> list[float]:
        given = proposal["value"]
        if len(given) != len(self.names):
            raise ValueError(f"logits must be {len(self.names)} numbers, got {given!r}")
        return [_logit("logits", value, FARTHEST) for value in given]

    @validate("temperature", "guess")
    def _one_of_the_stops(self, proposal: Any) -> float | None:
        name, value = proposal["trait"].name, proposal["value"]
        return None if value is None else _stop(name, value)

    @validate("truth")
    def _one_of_the_classes(self, proposal: Any) -> str:
        return one_of("truth", self.names, proposal["value"])

    @property
    def shown(self) -> float:
        """The temperature that all but its slider is shown for."""
        return self.start if self.question and self.guess is None else self.temperature

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The softmax of the logits at the temperature that is shown."""
        return np.asarray(Softmax(temperature=self.shown)(self.logits), dtype=float)

    @property
    def jacobian(self) -> NDArray[np.float64]:
        """The derivatives of the probabilities (rows) with respect to the logits (columns)."""
        return np.asarray(Softmax(temperature=self.shown).jacobian(self.logits), dtype=float)

    @property
    def losses(self) -> dict[str, tuple[float, NDArray[np.float64]]]:
        """Cross-entropy and squared error, each with its gradient with respect to the logits."""
        count, t = len(self.logits), self.shown
        true = self.names.index(self.truth)
        target = np.eye(count)[true]
        entropy, by_scaled = softmax_cross_entropy([np.array(self.logits) / t], [true])
        mean, by_share = squared_error(self.probabilities, target)
        slope = Softmax(temperature=t).vjp(np.array(self.logits), count * by_share)
        return {"cross-entropy": (entropy, by_scaled[0] / t), "squared error": (count * mean, slope)}

    def __repr__(self) -> str:
        logits = ", ".join(f"{name} {z:.1f}" for name, z in zip(self.names, self.logits, strict=True))
        lines = [
            f"SoftmaxBars({self.title!r}): {logits} at T = {self.shown:g}",
            f"p = {padded(self.probabilities)}; "
            f"largest singular value {padded([np.linalg.norm(self.jacobian, 2)])}",
            *(
                f"{self.truth} is true: {name} {padded([loss])}, gradient {padded(gradient)}"
                for name, (loss, gradient) in self.losses.items()
            ),
        ]
        return "\n".join([*lines, self.question] if self.question else lines)

    def picture(self) -> figures.Picture:
        """Return the bars, both gradients and the Jacobian that are shown."""
        names, count, t = self.names, len(self.names), self.shown
        made, grid = figures.figure(3, 2, height=2.2 + 0.75 * count)
        losses = self.losses
        short = partial(number, digits=3)
        bars: dict[str, tuple[Sequence[float], str, Callable[[float], str]]] = {
            "logit": (self.logits, "blue", partial(fixed, places=1)),
            "probability": (self.probabilities.tolist(), "green", partial(fixed, places=3)),
            **{f"slope, {name}": (slope.tolist(), "vermilion", short) for name, (_, slope) in losses.items()},
        }
        for axes, (title, (values, color, write)) in zip(grid.flat, bars.items(), strict=False):
            _draw_bars(axes, title, names, values, color, write)
        for axes in grid[2]:
            axes.remove()
        axes = made.add_subplot(grid[2, 0].get_gridspec()[2, :])
        matrix = self.jacobian
        _draw_matrix(axes, names, matrix, 4 * t)
        logits = ", ".join(f"{name} {z:.1f}" for name, z in zip(names, self.logits, strict=True))
        shares = ", ".join(f"{name} {p:.3f}" for name, p in zip(names, self.probabilities, strict=True))
        slopes = " ".join(
            f"Gradient of {name}, {loss:.4g}: {', '.join(f'{value:.3g}' for value in slope)}."
            for name, (loss, slope) in losses.items()
        )
        rows = "; ".join(", ".join(f"{value:.3f}" for value in row) for row in matrix + 0.0)
        return figures.picture(
            made,
            caption=(
                f"{self.title}: probabilities at T = {t:g}, the slopes of both losses by logit where "
                f"{self.truth} is true, and the Jacobian."
            ),
            alt=(
                f"Bars of the logits: {logits}. Bars of the probabilities: {shares}. {slopes} "
                f"Heat map of the Jacobian by rows: {rows}."
            ),
        )


def _check_names(names: list[Any]) -> None:
    if not 3 <= len(names) <= 6:
        raise ValueError(f"logits must have 3 to 6 classes, got {len(names)}")
    longest = LETTERS // len(names)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"the name of a class must be a string, got {name!r}")
        if not 0 < len(name) <= longest:
            raise ValueError(
                f"the name of one of {len(names)} classes must have 1 to {longest} letters, got {name!r}"
            )


def _logit(name: str, value: Any, most: int = LARGEST) -> float:
    """Return a finite logit rounded to tenths."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    logit = float(value)
    if not abs(logit) <= most:
        raise ValueError(f"{name} must lie between {-most} and {most}, got {value!r}")
    return round(logit, 1) + 0.0  # no minus zero


def _stop(name: str, temperature: float) -> float:
    """Return the stop whose ratio to a temperature is nearest to 1."""
    if not TEMPERATURES[0] <= temperature <= TEMPERATURES[-1]:
        raise ValueError(
            f"{name} must lie between {TEMPERATURES[0]:g} and {TEMPERATURES[-1]:g}, got {temperature!r}"
        )
    return min(TEMPERATURES, key=lambda stop: abs(np.log(stop / temperature)))


def _draw_bars(
    axes: Any,
    title: str,
    names: list[str],
    values: Sequence[float],
    color: str,
    write: Callable[[float], str],
) -> None:
    """Draw a bar a class, from the top down, each with its number."""
    rows = list(range(len(names)))
    axes.barh(rows, values, height=0.6, color=figures.PALETTE[color], alpha=0.55)
    low, high = min(0.0, *values), max(0.0, *values)
    if high - low < 1e-280:  # too short an axis for Matplotlib
        low, high = 0.0, 1.0
    span = high - low
    # A number stands beyond the end of its bar: room for it on each side that has bars, more for a long one.
    left, right = (0.8 if low < 0 else 0), (0.75 if high > 0 else 0)
    for value in values:
        part = (TextPath((0, 0), write(value), size=11).get_extents().width + 6) / 135  # points of the axis
        left = max(left, (1 + right) * part / (1 - part)) if value < 0 else left
    axes.set_xlim(low - left * span, high + right * span)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(rows, names)
    axes.set_xticks([0])
    axes.grid(axis="y", visible=False)
    axes.set_title(title)
    for row, value in zip(rows, values, strict=True):
        axes.annotate(
            write(value),
            (value, row),
            xytext=(-3 if value < 0 else 3, 0),
            textcoords="offset points",
            ha="right" if value < 0 else "left",
            va="center",
        )


def _draw_matrix(axes: Any, names: list[str], matrix: NDArray[np.float64], unit: float) -> None:
    """Draw a heat map with a number in every cell; blue is positive, vermilion negative."""
    for (i, j), value in np.ndenumerate(matrix):
        color = figures.PALETTE["blue" if value > 0 else "vermilion"]
        axes.bar(j, 0.94, 0.96, i - 0.47, color=color, alpha=0.4 * min(1.0, float(abs(value)) * unit))
        text = fixed(value, 3)
        axes.text(j, i, text, ha="center", va="center")
    count = len(names)
    axes.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5))
    axes.set_title("Jacobian: ∂p (row) by ∂logit (column)")
    axes.set_xticks(range(count), names)
    axes.set_yticks(range(count), names)
    axes.grid(visible=False)
