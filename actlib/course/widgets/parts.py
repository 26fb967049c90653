"""What the widgets' Python sides share: checks of arguments, names beside lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from math import isfinite
from statistics import fmean
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from actlib import GELU, activations
from actlib.contract.activation import Elementwise

__all__ = [
    "FUNCTIONS",
    "apart",
    "engine_name",
    "nearest",
    "numbers",
    "one_of",
    "positive",
    "question_and_answer",
    "right_stops",
]

FUNCTIONS: dict[str, Elementwise] = {
    **{name: f for name, f in activations.items() if isinstance(f, Elementwise)},
    "gelu_tanh": GELU(approximate="tanh"),
}
"""The functions that the page can compute, by the name that ``actlib/live/activations.js`` gives them."""


def numbers(texts: str) -> NDArray[np.float64]:
    """Return the finite numbers and gaps, ``nan``, of a text."""
    return np.array(texts.split(), dtype=float)


def positive(name: str, value: float) -> float:
    """Return `value`, which must be positive and finite."""
    if not (value > 0 and isfinite(value)):
        raise ValueError(f"{name} must be positive and finite, got {value!r}")
    return float(value)


def nearest(name: str, stops: Sequence[float], value: float) -> float:
    """Return the stop of a slider that is nearest to `value`, which must lie among them."""
    if not stops[0] <= value <= stops[-1]:
        raise ValueError(f"{name} must lie between {stops[0]:g} and {stops[-1]:g}, got {value:g}")
    return float(min(stops, key=lambda stop: abs(stop - value)))


def one_of(name: str, known: Sequence[str], value: str) -> str:
    """Return `value`, which must be one of the names known."""
    if value not in known:
        raise ValueError(f"{name} must be one of {list(known)}, got {value!r}")
    return value


def question_and_answer(question: str | None, answer: Any) -> None:
    """Refuse a question without an answer and the reverse."""
    if (question is None) != (answer is None):
        raise ValueError(f"question and answer must come together, got {question!r} and {answer!r}")


def right_stops(stops: Sequence[float], answer: float, tolerance: float | None) -> list[float]:
    """Return the first and the last stop of a slider that are right.

    Those lie no farther than `tolerance` from the answer; without one it is the nearest.
    """
    if not stops[0] <= answer <= stops[-1]:
        raise ValueError(f"answer must lie between {stops[0]:g} and {stops[-1]:g}, got {answer:g}")
    off = np.abs(np.array(stops) - answer)
    # A stop that rounding put beside the edge is still within it.
    reach = off.min() if tolerance is None else positive("tolerance", tolerance)
    within = np.flatnonzero(off <= reach * (1 + 1e-9))
    if not within.size:
        raise ValueError(f"tolerance must reach one of values from the answer {answer:g}, got {tolerance!r}")
    return [float(stops[within[0]]), float(stops[within[-1]])]


def engine_name(f: Elementwise) -> tuple[str, float | None]:
    """Return what ``actlib/live/activations.js`` calls an activation, and its parameter if it has one."""
    if not isinstance(f, Elementwise) or type(f) not in map(type, activations.values()):
        raise TypeError(
            f"f must be one of the book's element-wise activations, such as actlib.gelu, got {f!r}"
        )
    if isinstance(f, GELU):
        return {"none": "gelu", "tanh": "gelu_tanh"}[f.approximate], None
    values = [float(getattr(f, field.name)) for field in fields(f)]  # type: ignore[arg-type]
    return f.name, values[0] if values else None


def apart(axes: Axes, heights: Iterable[float], share: float = 0.08) -> list[float]:
    """Return heights for the names of lines: moved apart, as little as can be, where names would touch.

    A name takes a share of the height of the axes.
    """
    wanted = list(heights)
    low, high = axes.get_ylim()
    gap = share * (high - low)
    order = sorted(range(len(wanted)), key=lambda i: -wanted[i])
    # With its own share of gaps none may be over the one before: the nearest such row is means of runs.
    row = [wanted[index] + i * gap for i, index in enumerate(order)]
    moved = [0.0] * len(row)
    for i, index in enumerate(order):
        to = (max(fmean(row[j:k]) for k in range(i + 1, len(row) + 1)) for j in range(i + 1))
        moved[index] = min(to) - i * gap
    return moved
