"""What the functions are tested against: their definitions in high precision, and where to look.

`REFERENCE` has one row an activation. A row says nothing about how actlib computes: its formulas
are evaluated with mpmath to 40 digits, whose exponents do not overflow. They are written so that no
subtraction loses those digits; `tests/functions/test_reference.py` checks them against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from mpmath import mp
from numpy.typing import NDArray

from actlib import activations
from actlib.activation import Elementwise

DIGITS = 40
ORDERS = ("value", "derivative", "second_derivative")

elementwise = [f for f in activations.values() if isinstance(f, Elementwise)]
each_activation = pytest.mark.parametrize("f", elementwise, ids=lambda f: f.name)
each_order = pytest.mark.parametrize("order", ORDERS)

Formula = Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """One activation: its exact formulas, and what a textbook computes in NumPy."""

    value: Formula
    derivative: Formula
    second_derivative: Formula
    naive: Formula
    naive_derivative: Formula


def _naive_sigmoid(x: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return 1 / (1 + np.exp(-x))


REFERENCE = {
    "sigmoid": Row(
        value=lambda x: 1 / (1 + mp.exp(-x)),
        derivative=lambda x: mp.sech(x / 2) ** 2 / 4,
        second_derivative=lambda x: -mp.sinh(x / 2) / mp.cosh(x / 2) ** 3 / 4,
        naive=_naive_sigmoid,
        naive_derivative=lambda x: _naive_sigmoid(x) * (1 - _naive_sigmoid(x)),
    ),
    "tanh": Row(
        value=mp.tanh,
        derivative=lambda x: mp.sech(x) ** 2,
        second_derivative=lambda x: -2 * mp.sinh(x) / mp.cosh(x) ** 3,
        naive=lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
        naive_derivative=lambda x: 1 - np.tanh(x) ** 2,
    ),
}


def row(name: str) -> Row:
    """Return the reference of an activation, or say that it has none."""
    if name not in REFERENCE:
        raise KeyError(f"{name} has no row in tests/reference.py: add its exact and naive formulas")
    return REFERENCE[name]


def compute(f: Elementwise, order: str, x: Any) -> Any:
    """Return f, f' or f'' at `x` as actlib computes it."""
    return f(x) if order == "value" else getattr(f, order)(x)


@cache
def grid(name: str) -> NDArray[np.float64]:
    """Return the points at which an activation is measured, ascending, without zero.

    More than half are float32 numbers, so that one set of exact values serves both dtypes.
    """
    random = np.random.default_rng(0)
    largest = float(np.finfo(np.float64).max)

    def log_uniform(low: float, high: float, count: int) -> NDArray[np.float64]:
        return 10 ** random.uniform(low, high, count)

    positive = [
        log_uniform(-300, 3.5, 800),
        log_uniform(-323, -300, 60),
        log_uniform(-20, 0, 300),
        random.uniform(0, 50, 1200),
        # Where e^x, e^2x and e^(x^2/2) run into subnormal and infinite float64.
        random.uniform(690, 760, 300),
        random.uniform(340, 385, 300),
        random.uniform(36, 40, 200),
        [largest, largest / 2, 1e300, 1e100, 1e10, 5e-324, 1e-323, 2.2250738585072014e-308],
    ]
    single = [
        log_uniform(-44.5, 3.5, 600),
        random.uniform(0, 50, 1200),
        # The same edges of float32, and every sixteenth float16.
        random.uniform(80, 110, 300),
        random.uniform(40, 55, 200),
        random.uniform(11, 15.5, 200),
        np.arange(7, 31744, 16, dtype=np.uint16).view(np.float16),
    ]
    facts = activations[name].facts
    marks = [*facts.inflections, facts.derivative_minimum.x, facts.derivative_maximum.x]
    marks += [extremum.x for extremum in (facts.minimum, facts.maximum) if extremum]
    near = [mark + np.spacing(mark) * np.arange(-40, 41) for mark in marks if mark and np.isfinite(mark)]
    half = np.concatenate([np.concatenate(positive), np.float32(np.concatenate(single))])
    points = np.unique(np.concatenate([half, -half, *near]))
    return points[points != 0]


@cache
def exact(name: str, order: str) -> NDArray[Any]:
    """Return the exact values on the grid, as mpmath numbers."""
    return evaluate(name, order, grid(name))


def evaluate(name: str, order: str, x: NDArray[np.floating[Any]]) -> NDArray[Any]:
    """Return the exact values at `x`, as mpmath numbers."""
    formula = getattr(row(name), order)
    with mp.workdps(DIGITS):
        return np.array([formula(mp.mpf(float(value))) for value in x], dtype=object)
