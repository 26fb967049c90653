"""What the functions are tested against: their definitions in high precision, and where to look.

`REFERENCE` has one row an activation. A row says nothing about how actlib computes: its formulas
are evaluated with mpmath to 40 digits, whose exponents do not overflow. They are written so that no
subtraction loses those digits; `tests/functions/test_reference.py` checks them against each other.
They take the parameters of the activation as keywords.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import cache, partial
from typing import Any

import numpy as np
import pytest
from mpmath import mp
from numpy.typing import NDArray

from actlib import ELU, GELU, LeakyReLU, PReLU, Softplus, Swish, activations
from actlib.contract.activation import Elementwise

DIGITS = 40
ORDERS = ("value", "derivative", "second_derivative")

VARIANTS: list[Elementwise] = [
    LeakyReLU(0.2), LeakyReLU(-1), LeakyReLU(0), LeakyReLU(1), LeakyReLU(3),
    PReLU(0.7), PReLU(-0.3), PReLU(0), PReLU(1.5),
    ELU(0.5), ELU(1.7), ELU(3e-5),
    Swish(1.7), Swish(0.1), Swish(-30), Swish(0), Swish(2),
    Softplus(1.7), Softplus(0.1), Softplus(30),
    GELU("tanh"),
]  # fmt: skip
"""Activations with other parameters than the default: they keep the same promises."""

elementwise = [f for f in activations.values() if isinstance(f, Elementwise)]
each_activation = pytest.mark.parametrize("f", elementwise, ids=lambda f: f.name)
each_variant = pytest.mark.parametrize("f", [*elementwise, *VARIANTS], ids=repr)
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


def _naive_swish(x: NDArray[np.floating[Any]], beta: float) -> NDArray[np.floating[Any]]:
    return x * _naive_sigmoid(beta * x)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _normal_cdf(x: Any) -> Any:
    return mp.erfc(-_within(x, 10**5) / mp.sqrt(2)) / 2


def _normal_density(x: Any) -> Any:
    return mp.exp(-(_within(x, 10**5) ** 2) / 2) / mp.sqrt(2 * mp.pi)


def _within(x: Any, reach: int) -> Any:
    """Return `x` where |x| <= reach, else that end: beyond, what depends on it is 0 or 1."""
    return max(min(x, reach), -reach)


@dataclass(frozen=True)
class _GELU:
    """GELU as x p(x): p, p' and p'' of either form."""

    p: Formula
    slope: Formula
    bend: Formula

    @staticmethod
    def form(approximate: str) -> _GELU:
        if approximate == "none":
            return _GELU(_normal_cdf, _normal_density, lambda x: -x * _normal_density(x))
        k, c = 2 * mp.sqrt(2 / mp.pi), 2 * mp.sqrt(2 / mp.pi) * mp.mpf("0.044715")

        def v(x: Any) -> Any:
            return k * x + c * x**3

        def p_slope(x: Any) -> Any:
            return mp.sech(v(x) / 2) ** 2 / 4

        return _GELU(
            lambda x: _sigmoid(v(x)),
            lambda x: (k + 3 * c * x**2) * p_slope(x),
            lambda x: (6 * c * x - (k + 3 * c * x**2) ** 2 * mp.tanh(v(x) / 2)) * p_slope(x),
        )


def _naive_gelu(x: NDArray[np.floating[Any]], approximate: str) -> NDArray[np.floating[Any]]:
    u = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + (_erf(x / np.sqrt(2)) if approximate == "none" else np.tanh(u)))


def _naive_gelu_slope(x: NDArray[np.floating[Any]], approximate: str) -> NDArray[np.floating[Any]]:
    if approximate == "none":
        return 0.5 * (1 + _erf(x / np.sqrt(2))) + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    u, slope = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3), np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
    return 0.5 * (1 + np.tanh(u)) + 0.5 * x * slope * (1 - np.tanh(u) ** 2)


def _erf(x: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.vectorize(math.erf, otypes=[np.float64])(x)


def _mish_gate(x: Any) -> Any:
    """Return tanh(softplus(x)) without a logarithm."""
    u = mp.exp(x)
    return u * (u + 2) / (u * (u + 2) + 2)


def _mish_derivative(x: Any) -> Any:
    u = mp.exp(x)
    q = u * (u + 2) + 2
    return _mish_gate(x) + 4 * x * u * (1 + u) / q**2


def _mish_second_derivative(x: Any) -> Any:
    u = mp.exp(x)
    s, q = 1 + u, u * (u + 2) + 2
    return 4 * u * (2 * s * q - x * (2 * s**3 - 3 * s**2 - 2 * s + 1)) / q**3


def _naive_mish(x: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return x * np.tanh(np.log(1 + np.exp(x)))


def _naive_mish_slope(x: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    gate = np.tanh(np.log(1 + np.exp(x)))
    return gate + x * _naive_sigmoid(x) * (1 - gate**2)


REFERENCE = {
    "sigmoid": Row(
        value=_sigmoid,
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
    "relu": Row(
        value=lambda x: max(x, 0),
        derivative=lambda x: mp.mpf(x > 0),
        second_derivative=lambda x: mp.zero,
        naive=lambda x: x * (x > 0),
        naive_derivative=lambda x: np.where(x > 0, 1.0, 0.0),
    ),
    "leaky_relu": Row(
        value=lambda x, negative_slope: x if x > 0 else negative_slope * x,
        derivative=lambda x, negative_slope: mp.mpf(1 if x > 0 else negative_slope),
        second_derivative=lambda x, negative_slope: mp.zero,
        naive=lambda x, negative_slope: np.where(x > 0, x, negative_slope * x),
        naive_derivative=lambda x, negative_slope: np.where(x > 0, 1.0, negative_slope),
    ),
    "prelu": Row(
        value=lambda x, negative_slope: max(x, 0) + negative_slope * min(x, 0),
        derivative=lambda x, negative_slope: mp.mpf(1 if x > 0 else negative_slope),
        second_derivative=lambda x, negative_slope: mp.zero,
        naive=lambda x, negative_slope: np.maximum(x, 0) + negative_slope * np.minimum(x, 0),
        naive_derivative=lambda x, negative_slope: np.where(x > 0, 1.0, negative_slope),
    ),
    "elu": Row(
        value=lambda x, alpha: x if x > 0 else alpha * mp.expm1(x),
        derivative=lambda x, alpha: mp.one if x > 0 else alpha * mp.exp(x),
        second_derivative=lambda x, alpha: mp.zero if x > 0 else alpha * mp.exp(x),
        naive=lambda x, alpha: np.where(x > 0, x, alpha * (np.exp(x) - 1)),
        naive_derivative=lambda x, alpha: np.where(x > 0, 1.0, alpha * np.exp(x)),
    ),
    "swish": Row(
        value=lambda x, beta: x * _sigmoid(beta * x),
        derivative=lambda x, beta: _sigmoid(beta * x) + beta * x * mp.sech(beta * x / 2) ** 2 / 4,
        second_derivative=lambda x, beta: (
            beta * mp.sech(beta * x / 2) ** 2 * (2 - beta * x * mp.tanh(beta * x / 2)) / 4
        ),
        naive=_naive_swish,
        naive_derivative=lambda x, beta: (
            beta * _naive_swish(x, beta) + _naive_sigmoid(beta * x) * (1 - beta * _naive_swish(x, beta))
        ),
    ),
    "softplus": Row(
        value=lambda x, beta: mp.log1p(mp.exp(beta * x)) / beta,
        derivative=lambda x, beta: _sigmoid(beta * x),
        second_derivative=lambda x, beta: beta * mp.sech(beta * x / 2) ** 2 / 4,
        naive=lambda x, beta: np.log(1 + np.exp(beta * x)) / beta,
        naive_derivative=lambda x, beta: np.exp(beta * x) / (1 + np.exp(beta * x)),
    ),
    "mish": Row(
        value=lambda x: x * _mish_gate(x),
        derivative=_mish_derivative,
        second_derivative=_mish_second_derivative,
        naive=_naive_mish,
        naive_derivative=_naive_mish_slope,
    ),
    "gelu": Row(
        value=lambda x, approximate: x * _GELU.form(approximate).p(x),
        derivative=lambda x, approximate: _GELU.form(approximate).p(x) + x * _GELU.form(approximate).slope(x),
        second_derivative=lambda x, approximate: (
            2 * _GELU.form(approximate).slope(x) + x * _GELU.form(approximate).bend(x)
        ),
        naive=_naive_gelu,
        naive_derivative=_naive_gelu_slope,
    ),
}


def row(f: Elementwise) -> Row:
    """Return the reference of an activation with its parameters, or say that it has none."""
    if f.name not in REFERENCE:
        raise KeyError(f"{f.name} has no row in tests/reference.py: add its exact and naive formulas")
    formulas = REFERENCE[f.name]
    bound = {field.name: partial(getattr(formulas, field.name), **asdict(f)) for field in fields(formulas)}
    return Row(**bound)


def compute(f: Elementwise, order: str, x: Any) -> Any:
    """Return f, f' or f'' at `x` as actlib computes it."""
    return f(x) if order == "value" else getattr(f, order)(x)


@cache
def grid(f: Elementwise) -> NDArray[np.float64]:
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
        [largest / 4, 1e300, 1e100, 1e10, 5e-324, 1e-323, 2.2250738585072014e-308],
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
    facts = f.facts
    marks = [*facts.inflections, facts.derivative_minimum.x, facts.derivative_maximum.x]
    marks += [extremum.x for extremum in (facts.minimum, facts.maximum) if extremum]
    marks += facts.kinks
    near = [mark + np.spacing(mark) * np.arange(-40, 41) for mark in marks if mark and np.isfinite(mark)]
    half = np.concatenate([np.concatenate(positive), np.float32(np.concatenate(single))])
    if "beta" in asdict(f) and f.beta:
        # The edges are those of e^(beta x).
        half = np.concatenate([half, random.uniform(690, 760, 300) / abs(f.beta)])
    points = np.unique(np.concatenate([half, -half, *near]))
    return points[points != 0]


@cache
def exact(f: Elementwise, order: str) -> NDArray[Any]:
    """Return the exact values on the grid, as mpmath numbers."""
    return evaluate(f, order, grid(f))


def evaluate(f: Elementwise, order: str, x: NDArray[np.floating[Any]]) -> NDArray[Any]:
    """Return the exact values at `x`, as mpmath numbers."""
    formula = getattr(row(f), order)
    with mp.workdps(DIGITS):
        return np.array([mp.mpf(formula(mp.mpf(float(value)))) for value in x], dtype=object)
