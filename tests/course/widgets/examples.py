"""Activations and widgets for these tests: a family with a parameter, and exact zeros in a tail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from actlib import ELU, gelu, relu, sigmoid, softplus, tanh
from actlib.contract.activation import Elementwise
from actlib.contract.facts import Facts
from actlib.course.widgets import (
    CurveExplorer,
    Curves,
    DrawGuess,
    FiftyLayers,
    HingeBuilder,
    MaxoutBuilder,
    Race,
    SoftmaxBars,
    Sweep,
)
from actlib.course.widgets.portable import Portable


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
GAINS = [0.5, 1, 1.5, 2, 4]
X = np.linspace(-3, 3, 61)
LAYERS = np.arange(1, 9)


def fits(g: float) -> dict[str, Any]:
    """Return four curves that depend on g; the last has gaps at both ends and one within."""
    with np.errstate(divide="ignore"):
        pole = np.where(np.abs(X) < 2.5, 1 / (g * X), np.nan)
    return {
        "tanh(g x)": tanh(g * X),
        "its slope": tanh.derivative(g * X),
        "σ(g x)": sigmoid(g * X),
        "1/(g x)": pole,
    }


def decay(f: Elementwise, g: float) -> Any:
    """Return numbers that shrink or grow by layers; a zero among them for ReLU at the last gain."""
    heights = (g * float(f(1.0))) ** (2.0 * LAYERS)
    return np.where((f is relu) & (g == GAINS[-1]) & (LAYERS == 3), 0, heights)


def sweeps() -> dict[str, Sweep]:
    """Return one sweep of every kind."""
    table = [fits(g) for g in GAINS]
    family = {f.name: {"forward": [decay(f, g) for g in GAINS]} for f in (tanh, relu)}
    return {
        "sweep": Sweep(
            X,
            {name: [curves[name] for curves in table] for name in table[0]},
            parameter="gain g",
            values=GAINS,
            at=1.5,
            reference={"target": X, "half": 0 * X + 0.5},
            readouts={"largest slope": np.array(GAINS, dtype=float), "points": np.full(len(GAINS), 61)},
            title="A steeper tanh",
            y_label="height",
            y_range=(-2, 2),
        ),
        "choices": Sweep(
            LAYERS,
            choices=family,
            parameter="gain g",
            values=GAINS,
            choice_label="activation",
            readouts={
                name: {"last layer": [row[-1] for row in curves["forward"]]}
                for name, curves in family.items()
            },
            title="Signals by layer",
            x_label="layer",
            log=True,
            points=True,
            question="At which gain does the signal keep its size?",
            answer={"tanh": 1.313, "relu": 1},
        ),
    }


def explorers() -> dict[str, CurveExplorer]:
    """Return one curve explorer of every kind."""
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
        "long name": CurveExplorer(tanh, symbol="tanh", x_range=(-5, 5)),
    }


def bars() -> dict[str, SoftmaxBars]:
    """Return one softmax of every kind: three classes, six with a question, far from 0."""
    return {
        "bars": SoftmaxBars({"cat": 2, "dog": 1, "bird": -0.5}, truth="dog", temperature=0.5),
        "hot": SoftmaxBars(
            {"plane": 1.5, "car": -4, "bird": 0, "cat": 3, "deer": -1.2, "horse": 2.9},
            title="Six classes",
            question="At which temperature is the largest probability 0.5?",
            answer=0.2,
            tolerance=0.05,
        ),
        "far": SoftmaxBars({"one": 1000, "two": 999, "three": -1000}, temperature=0.05, title="Far from 0"),
    }


def builders() -> dict[str, MaxoutBuilder]:
    """Return one maxout builder of every kind."""
    return {
        "builder": MaxoutBuilder([(-1, -0.25), (0.5, 0)]),
        "fit": MaxoutBuilder(
            title="Fit a parabola",
            question="With three lines, how small can you make the largest error for x²?",
            pieces=3,
        ),
        "others": MaxoutBuilder(
            [(0, 0.5), (1, 0), (-0.25, 1)],
            target="softplus",
            others={"softplus": softplus, "exp": np.exp},
            x_range=(-2, 1),
        ),
    }


def curves() -> dict[str, Curves]:
    """Return a function alone, and two of which one has a parameter."""
    return {
        "one": Curves("tanh"),
        "two": Curves("swish", value=2.5, beside="relu", x=-1, reach=8, title="Swish beside ReLU"),
    }


def stacks() -> dict[str, FiftyLayers]:
    """Return one stack of layers of every kind: what vanishes, what stays."""
    return {
        "stack": FiftyLayers("sigmoid", depth=6),
        "flat": FiftyLayers("relu", gain=1.414, depth=6, seed=4, title="He's gain"),
    }


def guesses() -> dict[str, DrawGuess]:
    """Return one drawn guess of every kind."""
    return {
        "draw": DrawGuess(gelu),
        "draw jump": DrawGuess(ELU(alpha=0.5), x_range=(-3, 2), symbol="g"),
        "draw f": DrawGuess(
            softplus,
            order=0,
            title="A smooth corner",
            question="Draw a curve that is near 0 on the left, near x on the right, and has no corner.",
        ),
    }


def races() -> dict[str, Race]:
    """Return a race of each kind: for a line between two classes, and for a curve."""
    return {
        "race": Race("relu", "maxout", data="moons", depth=2, width=4),
        "curve": Race("tanh", "gelu", data="waves", depth=1, width=6, optimiser="momentum", seed=3),
    }


def hinges() -> dict[str, HingeBuilder]:
    """Return one hinge builder of every kind."""
    return {
        "hinges": HingeBuilder([(-0.5, 1.5), (0.75, -2)], start=(1, -0.5), target="sin 2x"),
        "own hinges": HingeBuilder([], target="your own", title="Draw a target, then bend towards it"),
    }


def widgets() -> dict[str, Portable]:
    """Return one widget of every kind."""
    return {
        **explorers(),
        **sweeps(),
        **bars(),
        **builders(),
        **curves(),
        **stacks(),
        **guesses(),
        **races(),
        **hinges(),
    }
