"""Curves that follow a slider: a figure for each value of one parameter, computed beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, isfinite, log10
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray
from traitlets import Bool, Float, List, Unicode, validate

from actlib.course import figures
from actlib.course.numerals import padded
from actlib.course.widgets.parts import apart, nearest, numbers, one_of, question_and_answer, right_stops
from actlib.course.widgets.portable import Portable

__all__ = ["Sweep"]

STYLES: tuple[tuple[str, str, Any], ...] = (
    ("solid", "blue", "-"),
    ("dashed", "vermilion", (0, (5, 2))),
    ("dotted", "green", (0, (1.5, 1.5))),
    ("dash-dotted", "purple", (0, (6, 2, 1.5, 2))),
)
"""What tells the moving curves apart: the style of the line, its colour, the style for Matplotlib."""

LONGEST = 16
"""Characters of a curve's name: it stands beside the plot, on a phone as well."""


class Sweep(Portable):
    """Shows curves for each value of one parameter, which the reader moves with a slider.

    Python computes the curves for every value beforehand; the widget draws those of the value that
    the slider shows and prints the read-outs that belong to it. A drag across the plot moves the
    slider too. With a question, the curves rest and the read-outs are hidden until the reader has
    committed to a value.

    Parameters
    ----------
    x : array_like
        The abscissae, N increasing numbers.
    curves : mapping of str to array_like, optional
        One to four names (at most 16 characters each) and the heights that they stand for: an array
        of S rows, one a value of the parameter, and N columns. NaN and infinity are gaps.
    choices : mapping of str to mapping, optional
        Takes the place of `curves`: several of them by name, the first shown first. The reader picks
        one, such as the activation function. All have the same curves.
    parameter : str
        What the slider moves, such as "gain g".
    values : sequence of float
        The S increasing values of the parameter.
    at : float, optional
        The value where the slider starts, else the first.
    choice_label : str
        What the reader picks among `choices`.
    reference : mapping of str to array_like, optional
        One or two curves of N heights that do not move, drawn thin and grey.
    readouts : mapping of str to array_like, optional
        Names and S numbers each: what is printed for each value. Integers are printed in full, floats
        with five digits. With `choices` a mapping of these for each choice.
    title : str
        What the figure shows; it stands above it.
    x_label, y_label : str
        The names of the axes.
    log : bool
        Whether heights are shown by powers of ten; they must then not be negative, and a zero is a gap.
    y_range : tuple of float, optional
        The ends of the y axis, else it holds every curve.
    points : bool
        Whether each point is marked on its line and x has whole numbers only, as where it counts layers.
    question : str, optional
        A question whose answer is a value of the parameter.
    answer : float or mapping, optional
        The answer, from the first value to the last; with `choices` it may be a mapping that holds
        the answer for each.
    tolerance : float, optional
        How far from the answer a right guess may lie; without it only the value nearest to the
        answer is right.

    Raises
    ------
    TypeError
        If `curves`, `choices`, `reference` or `readouts` is not a mapping.
    ValueError
        If there is no or more than one of `curves` and `choices`, a shape does not fit, `x` or
        `values` do not increase, `at`, `y_range`, the answer or the tolerance lies outside, there are
        too many curves, or a name is too long.

    Examples
    --------
    >>> import numpy as np
    >>> x, gains = np.linspace(0, 3, 121), [0.5, 1, 2]
    >>> curves = {"tanh(g x)": [np.tanh(g * x) for g in gains]}
    >>> ends = {"at 3": [np.tanh(3 * g) for g in gains]}
    >>> Sweep(x, curves, parameter="gain g", values=gains, at=2, readouts=ends, title="Gain")
    Sweep('Gain'): tanh(g x) at gain g = 2, at 3 = 0.99999; gain g from 0.5, 1, 2; 121 points from 0 to 3
    """

    _script = "sweep.js"
    _styles = ("plot.css",)

    title = Unicode().tag(sync=True)
    x_label = Unicode().tag(sync=True)
    y_label = Unicode().tag(sync=True)
    parameter = Unicode().tag(sync=True)
    values = List(Unicode()).tag(sync=True)
    choice_label = Unicode().tag(sync=True)
    choices = List(Unicode()).tag(sync=True)
    x = Unicode().tag(sync=True)
    """Texts of numbers, parted by spaces, as in `curves`, `references`, `y_range` and `readings`."""
    names = List(Unicode()).tag(sync=True)
    curves: Any = List().tag(sync=True)
    """A text for each choice, name and value. Heights are rounded to what can be seen."""
    reference_names = List(Unicode()).tag(sync=True)
    references = List(Unicode()).tag(sync=True)
    measures = List(Unicode()).tag(sync=True)
    """The names of the read-outs."""
    readings: Any = List().tag(sync=True)
    """A text for each choice and measure."""
    y_range = Unicode().tag(sync=True)
    powers = Bool().tag(sync=True)
    """Whether heights are powers of ten. (`log` is what every widget writes its warnings to.)"""
    points = Bool().tag(sync=True)
    question = Unicode().tag(sync=True)
    answers = List(Unicode()).tag(sync=True)
    """The answer for each choice."""
    right: Any = List().tag(sync=True)
    """The lowest and the highest of `values` that are right, for each choice."""
    start = Float().tag(sync=True)
    """The value that is shown before the guess."""

    value = Float().tag(sync=True, moves=True)
    """The value of the parameter that the slider shows; a number is moved to the nearest of `values`."""
    choice = Unicode().tag(sync=True, moves=True)
    """The one of `choices` that is shown."""
    guess = Float(None, allow_none=True).tag(sync=True, moves=True)
    """The `value` when the reader last asked for the answer, or None."""

    def __init__(
        self,
        x: ArrayLike,
        curves: Mapping[str, ArrayLike] | None = None,
        *,
        parameter: str,
        values: Sequence[float],
        title: str,
        at: float | None = None,
        choices: Mapping[str, Mapping[str, ArrayLike]] | None = None,
        choice_label: str = "function",
        reference: Mapping[str, ArrayLike] | None = None,
        readouts: Mapping[str, Any] | None = None,
        x_label: str = "x",
        y_label: str = "",
        log: bool = False,
        y_range: tuple[float, float] | None = None,
        points: bool = False,
        question: str | None = None,
        answer: float | Mapping[str, float] | None = None,
        tolerance: float | None = None,
    ) -> None:
        for name, text in (("parameter", parameter), ("title", title)):
            if not text:
                raise ValueError(f"{name} must say something, got {text!r}")
        if (curves is None) == (choices is None):
            got = "neither" if curves is None else "both"
            raise ValueError(f"one of curves and choices must be given, got {got}")
        stops, xs = _increasing("values", values), _increasing("x", x)
        picks = None if choices is None else list(_mapping("choices", choices))
        size = (len(stops), len(xs))
        lines = _sets("curves" if picks is None else "choices", choices or curves, picks, size)
        (fixed,) = _sets("reference", reference, None, size[1:])
        read = _sets("readouts", readouts, picks, size[:1])
        _few("curves", list(lines[0]), 1, len(STYLES))
        _few("reference", list(fixed), 0, 2)
        drawn = [
            {name: _heights(name, array, log) for name, array in set_.items()} for set_ in (*lines, fixed)
        ]
        low, high = _range(y_range, drawn, log)
        *moving, still = [{name: _lines(array, low, high) for name, array in set_.items()} for set_ in drawn]
        start = stops[0] if at is None else _stop(stops, at)
        answers, right = _answers(stops, picks, question, answer, tolerance)
        super().__init__(
            title=title,
            x_label=x_label,
            y_label=y_label,
            parameter=parameter,
            values=[_short(value) for value in stops],
            choice_label=choice_label,
            choices=picks or [],
            x=" ".join(map(_short, xs)),
            names=list(lines[0]),
            curves=[list(set_.values()) for set_ in moving],
            reference_names=list(still),
            references=[text for (text,) in still.values()],
            measures=list(read[0]),
            readings=[[padded(array) for array in set_.values()] for set_ in read],
            y_range=f"{_short(low)} {_short(high)}",
            powers=log,
            points=points,
            question=question or "",
            answers=answers,
            right=right,
            start=start,
            value=start,
            choice=picks[0] if picks else "",
        )

    @validate("value", "guess")
    def _one_of_the_values(self, proposal: Any) -> float | None:
        name, value = proposal["trait"].name, proposal["value"]
        return None if value is None else nearest(name, self._stops, value)

    @validate("choice")
    def _one_of_the_choices(self, proposal: Any) -> str:
        return one_of("choice", self.choices or [""], proposal["value"])

    @property
    def shown(self) -> float:
        """The value that the curves are shown for."""
        return self.start if self._veiled else self.value

    @property
    def _veiled(self) -> bool:
        """Whether the read-outs wait for the reader's guess."""
        return bool(self.question) and self.guess is None

    @property
    def _stops(self) -> list[float]:
        return [float(text) for text in self.values]

    @property
    def _at(self) -> tuple[int, int]:
        """The places of the choice and of the value that are shown."""
        return self.choices.index(self.choice) if self.choices else 0, self._stops.index(self.shown)

    def _place(self) -> str:
        """Say for which value, and which choice, curves are shown."""
        chosen = f"{self.choice}, " if self.choices else ""
        return f"{chosen}{self.parameter} = {self.values[self._at[1]]}"

    def _read(self) -> str:
        """Return the read-outs that are shown, each after a comma."""
        if self._veiled:
            return ""
        choice, stop = self._at
        read = zip(self.measures, self.readings[choice], strict=True)
        return "".join(f", {name} = {text.split()[stop]}" for name, text in read)

    def __repr__(self) -> str:
        x = self.x.split()
        text = (
            f"Sweep({self.title!r}): {', '.join(self.names)} at {self._place()}{self._read()}; "
            f"{self.parameter} from {', '.join(self.values)}; {len(x)} points from {x[0]} to {x[-1]}"
        )
        return f"{text}\n{self.question}" if self.question else text

    def picture(self) -> figures.Picture:
        """Return the curves that are shown and the reference."""
        x, limits = numbers(self.x), numbers(self.y_range)
        made, axes = figures.figure(height=3.4)
        axes.set(xlabel=self.x_label, xlim=(x[0], x[-1]), ylim=limits)
        (choice, stop), ends, said = self._at, [], []
        for i, (name, text) in enumerate(zip(self.reference_names, self.references, strict=True)):
            heights = numbers(text)
            style = ("-", STYLES[1][2])[i]
            axes.plot(x, heights, color=figures.PALETTE["grey"], linewidth=1.2, linestyle=style)
            ends.append((name, "grey", heights))
            said.append(f"Thin grey line, {name}: {self._course(heights)}")
        for name, stops, (word, color, style) in zip(self.names, self.curves[choice], STYLES, strict=False):
            heights = numbers(stops[stop])
            axes.plot(x, heights, color=figures.PALETTE[color], linestyle=style)
            if self.points:
                inside = (limits[0] <= heights) & (heights <= limits[1])
                axes.plot(x[inside], heights[inside], "o", color=figures.PALETTE[color], clip_on=False)
            ends.append((name, color, heights))
            said.append(f"{word.capitalize()} line, {name}: {self._course(heights)}")
        if self.points:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if self.powers:
            axes.yaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10), integer=True))
            axes.yaxis.set_major_formatter(lambda power, _: f"$10^{{{power:.0f}}}$")
        if self.y_label:
            axes.set_title(self.y_label)
        ends = [(name, color, heights[np.isfinite(heights)][-1:]) for name, color, heights in ends]
        ends = [(name, color, last) for name, color, last in ends if last.size]
        levels = apart(axes, [float(np.clip(last[0], *limits)) for _, _, last in ends])
        beside = x[-1] + 0.015 * (x[-1] - x[0])
        for y, (name, color, _) in zip(levels, ends, strict=True):
            figures.label(axes, beside, y, name, color, va="center")
        return figures.picture(
            made,
            caption=f"{self.title}: {self._place()}{self._read()}.",
            alt=f"Curves over {self.x_label} from {x[0]:g} to {x[-1]:g} at {self._place()}. {' '.join(said)}",
        )

    def _course(self, heights: NDArray[np.float64]) -> str:
        """Say in words how a line runs."""
        drawn = heights[np.isfinite(heights)]
        if not drawn.size:
            return "nothing to draw."
        ends = (drawn[0], drawn[-1], drawn.min(), drawn.max())
        first, last, low, high = (f"{10**end:.2g}" if self.powers else f"{end:.4g}" for end in ends)
        return f"from {first} at its left end to {last} at its right end, between {low} and {high}."


def _short(value: float) -> str:
    """Return a number with all digits that tell it from its neighbours, and no more than six."""
    return f"{value:.6g}"


def _increasing(name: str, given: Any) -> list[float]:
    """Return the numbers rounded to their texts."""
    array = np.asarray(given, dtype=float)
    if array.ndim == 1:
        rounded = [float(_short(value)) for value in array]
        if len(rounded) > 1 and np.all(np.isfinite(array)) and np.all(np.diff(rounded) > 0):
            return rounded
    raise ValueError(
        f"{name} must be at least two finite numbers that increase in their first six digits, got {given!r}"
    )


def _mapping(name: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise TypeError(f"{name} must be a mapping of names, got {given!r}")
    return given


def _sets(
    name: str, given: Any, picks: list[str] | None, size: tuple[int, ...]
) -> list[dict[str, NDArray[Any]]]:
    """Return the named arrays, each of a size, for every choice in turn."""
    if given is None:
        return [{} for _ in picks or [""]]
    _mapping(name, given)
    if picks is None:
        return [_arrays(name, given, size)]
    if list(given) != picks or not picks:
        raise ValueError(f"{name} must have an entry for each of the choices {picks}, got {list(given)}")
    sets = [_arrays(f"{name}[{pick!r}]", given[pick], size) for pick in picks]
    for pick, set_ in zip(picks, sets, strict=True):
        if list(set_) != list(sets[0]):
            raise ValueError(f"{name}[{pick!r}] must have the names {list(sets[0])}, got {list(set_)}")
    return sets


def _arrays(name: str, given: Any, size: tuple[int, ...]) -> dict[str, NDArray[Any]]:
    arrays = {key: np.asarray(value) for key, value in _mapping(name, given).items()}
    for key, array in arrays.items():
        if array.shape != size or array.dtype.kind not in "iuf":
            got = f"{array.dtype} of shape {array.shape}"
            raise ValueError(f"{name}[{key!r}] must be real numbers of shape {size}, got {got}")
    return arrays


def _few(argument: str, names: list[str], least: int, most: int) -> None:
    if not least <= len(names) <= most:
        raise ValueError(f"{argument} must hold {least} to {most} lines, to be told apart, got {len(names)}")
    for name in names:
        if not 0 < len(name) <= LONGEST:
            raise ValueError(
                f"the name of a line must have 1 to {LONGEST} characters, got {name!r} in {argument}"
            )


def _heights(name: str, given: NDArray[Any], log: bool) -> NDArray[np.float64]:
    """Return heights, or their powers of ten, with gaps where there is none."""
    heights = given.astype(float)
    heights[~np.isfinite(heights)] = np.nan
    if not log:
        return heights
    if np.any(heights < 0):
        raise ValueError(f"{name!r} must not be negative where log=True, got {np.nanmin(heights):g}")
    return np.log10(heights, where=heights > 0, out=np.full(heights.shape, np.nan))


def _range(
    y_range: tuple[float, float] | None, drawn: list[dict[str, NDArray[np.float64]]], log: bool
) -> tuple[float, float]:
    """Return the ends of the y axis, with `log` whole powers of ten."""
    if y_range is None:
        every = np.concatenate([array.ravel() for set_ in drawn for array in set_.values()])
        every = every[np.isfinite(every)]
        if not every.size:
            raise ValueError("curves must hold a finite height to draw, got none")
        low, high = float(every.min()), float(every.max())
        pad = 0 if log else 0.05 * (high - low) or 1
        low, high = low - pad, high + pad
    else:
        low, high = y_range
        if not (isfinite(low) and isfinite(high) and low < high) or (log and low <= 0):
            rule = "positive numbers" if log else "finite numbers"
            raise ValueError(f"y_range must be two {rule}, the smaller first, got {y_range!r}")
        low, high = (log10(low), log10(high)) if log else (low, high)
    # A log axis between two whole powers may have no tick at all.
    return (floor(low + 1e-9), max(ceil(high - 1e-9), floor(low + 1e-9) + 1)) if log else (low, high)


def _lines(heights: NDArray[np.float64], low: float, high: float) -> list[str]:
    """Return texts of the heights, row by row, rounded to a thousandth of the y axis or finer."""
    # What is far outside is drawn nowhere; a number that no screen can hold would break its line.
    near = np.clip(heights, low - 100 * (high - low), high + 100 * (high - low))
    places = 3 - floor(log10(high - low))
    rounded = np.round(near, places) + 0.0  # no minus zero
    return [" ".join(map(_height, row)) for row in np.atleast_2d(rounded).tolist()]


def _height(value: float) -> str:
    return f"{value:.7g}"


def _stop(stops: list[float], at: float) -> float:
    """Return the stop that `at` is."""
    near = np.flatnonzero(np.isclose(stops, at, rtol=1e-5, atol=1e-12))
    if not near.size:
        raise ValueError(f"at must be one of values, got {at!r}")
    return stops[near[0]]


def _answers(
    stops: list[float],
    picks: list[str] | None,
    question: str | None,
    answer: float | Mapping[str, float] | None,
    tolerance: float | None,
) -> tuple[list[str], list[list[float]]]:
    """Return for each choice the answer as text and the first and the last stop that are right."""
    question_and_answer(question, answer)
    if answer is None:
        if tolerance is not None:
            raise ValueError(f"tolerance needs an answer, got tolerance={tolerance!r} and no answer")
        return [], []
    if isinstance(answer, Mapping):
        if picks is None or list(answer) != picks:
            raise ValueError(
                f"answer must be a number or hold one for each of the choices {picks or []}, got {answer!r}"
            )
        answers = [float(value) for value in answer.values()]
    else:
        answers = [float(answer)] * len(picks or [""])
    right = [right_stops(stops, value, tolerance) for value in answers]
    return [f"{value:.4g}" for value in answers], right
