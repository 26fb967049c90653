"""Activations and widgets for these tests: a family with a parameter, and exact zeros in a tail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actlib import sigmoid
from actlib.activation import Elementwise
from actlib.facts import Facts
from actlib.widgets import CurveExplorer


@dataclass(frozen=True)
class Gated(Elementwise):
    """x times the sigmoid of beta x."""

    beta: float = 1.0
    name = "gated"

    def __post_init__(self) -> None:
        if not self.beta > 0:
            raise ValueError(f"beta must be > 0, got {self.beta!r}")

    def _value(self, x: Any) -> Any:
        return x * sigmoid(self.beta * x)

    def _derivative(self, x: Any) -> Any:
        return sigmoid(self.beta * x) + self.beta * x * sigmoid.derivative(self.beta * x)

    def _second_derivative(self, x: Any) -> Any:
        raise NotImplementedError

    @property
    def facts(self) -> Facts:
        return replace(sigmoid.facts, title="Gated")


@dataclass(frozen=True)
class Ramp(Elementwise):
    """max(x, 0): its left tail is exactly zero."""

    name = "ramp"

    def _value(self, x: Any) -> Any:
        return np.maximum(x, 0)

    def _derivative(self, x: Any) -> Any:
        return (x > 0).astype(float)

    def _second_derivative(self, x: Any) -> Any:
        raise NotImplementedError

    @property
    def facts(self) -> Facts:
        return replace(sigmoid.facts, title="Ramp")


BETAS = [0.25, 0.5, 1.0, 2.0, 4.0]


def widgets() -> dict[str, CurveExplorer]:
    """Return one widget of every kind."""
    return {
        "plain": CurveExplorer(sigmoid, symbol="σ", x=-1.5),
        "question": CurveExplorer(
            sigmoid,
            x=2,
            question="Where is the slope steepest?",
            answer=sigmoid.facts.derivative_maximum.x,
        ),
        "family": CurveExplorer(
            Gated(),
            parameter="beta",
            values=BETAS,
            question="Where is f smallest?",
            answer=lambda f: -1.27846454276 / f.beta,
        ),
        "ramp": CurveExplorer(Ramp(), x_range=(-2, 4)),
    }
