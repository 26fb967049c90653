"""Prints how long the functions take beside PyTorch, or beside the textbook formula without it.

Run it with ``python -m benchmarks.speed`` in the folder that holds ``benchmarks``, on a quiet
machine. The two take turns, so that a busy spell hits both; the medians of the processor's time and
their ratio are printed. PyTorch runs on one thread and its derivative is forward and backward
together, as a user gets it; ours is `value_and_derivative`. Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from math import inf
from statistics import geometric_mean, median
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib import activations, softmax
from actlib.contract.activation import Activation, Elementwise
from benchmarks.environment import installed, print_environment
from tests.reference import row

Array = NDArray[np.floating[Any]]
Task = Callable[[], Any]
SECONDS = 1.5
"""How long one pair is measured, about."""
MEMORY_BAR = 8
"""MiB that a call may take beyond its result."""


@dataclass(frozen=True)
class Race:
    """One line of the table of bars: what is raced, and the largest ratio allowed."""

    task: str
    dtype: type[np.floating[Any]]
    size: int
    mean: float
    """The bar of the geometric mean over the functions."""
    worst: float = inf
    """The bar of every function."""


RACES = (
    Race("f", np.float64, 10_000_000, mean=1.0, worst=3.0),
    Race("f and f'", np.float64, 10_000_000, mean=0.8, worst=2.0),
    Race("f", np.float32, 10_000_000, mean=2.0),
    Race("f and f'", np.float64, 1_000, mean=0.7),
)


def duel(ours: Task, theirs: Task) -> tuple[float, float]:
    """Return the median seconds that the processor needs for a call of each, called in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    ours(), theirs()
    end = process_time() + SECONDS
    with np.errstate(all="ignore"):
        while len(times[0]) < 5 or (process_time() < end and len(times[0]) < 2_000):
            for function, record in zip((ours, theirs), times, strict=True):
                start = process_time()
                function()
                record.append(process_time() - start)
    return median(times[0]), median(times[1])


def rivals(f: Elementwise, x: Array) -> dict[str, Task]:
    """Return what computes f, and f with f', beside us."""
    if not installed("torch"):
        naive, slope = row(f).naive, row(f).naive_derivative
        return {"f": lambda: naive(x), "f and f'": lambda: (naive(x), slope(x))}
    torch, function = torch_function(f)
    points = torch.tensor(x)
    tracked = torch.tensor(x, requires_grad=True)
    upstream = torch.ones_like(points)
    function = function.to(points.dtype)
    return {
        "f": lambda: function(points),
        "f and f'": lambda: torch.autograd.grad(function(tracked), tracked, upstream),
    }


def torch_function(f: Activation, **parameters: Any) -> tuple[Any, Any]:
    """Return PyTorch, with one thread, and its module for f."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    return torch, getattr(torch.nn, f.facts.frameworks["PyTorch"].call.rpartition(".")[2])(**parameters)


def show(name: str, label: str, size: int, seconds: tuple[float, float]) -> float:
    """Print the nanoseconds an element and return the ratio."""
    ours, theirs = (1e9 / size * each for each in seconds)
    print(f"{name:12}{label:30}  {ours:7.2f} {theirs:7.2f} {ours / theirs:7.2f}", flush=True)
    return ours / theirs


def run(race: Race) -> bool:
    """Print a line for every function and one for all; return whether a bar is missed."""
    x: Array = np.random.default_rng(0).normal(0, 3, race.size).astype(race.dtype)
    label = f"{race.task:10}{race.dtype.__name__:9}{race.size:>10,}"
    ratios = []
    for f in activations.values():
        if isinstance(f, Elementwise):
            ours = {"f": lambda f=f: f(x), "f and f'": lambda f=f: f.value_and_derivative(x)}
            ratios.append(show(f.name, label, race.size, duel(ours[race.task], rivals(f, x)[race.task])))
    missed = judge("geometric mean", label, geometric_mean(ratios), race.mean)
    return judge("largest", label, max(ratios), race.worst) or missed


def judge(name: str, label: str, figure: float, bar: float) -> bool:
    """Print a figure beside its bar; return whether it is missed."""
    missed = figure > bar
    print(f"{name:15}{label:30} {figure:7.2f}  bar {bar:.2f}{'  MISSED' if missed else ''}\n", flush=True)
    return missed


def run_softmax() -> bool:
    """Print the line of softmax over ten classes; return whether its bar is missed."""
    x = np.random.default_rng(0).normal(0, 3, (10_000, 10))
    torch, function = torch_function(softmax, dim=-1)
    points = torch.tensor(x)
    label = "f         float64   10,000 x 10"
    ratio = show("softmax", label, x.size, duel(lambda: softmax(x), lambda: function(points)))
    return judge("softmax", label, ratio, 1.0)


def memory() -> bool:
    """Print the most that a call takes beyond its result; return whether the bar is missed."""
    x = np.zeros((1_000_000, 10))
    extra = {}
    for f in activations.values():
        for call in (f, getattr(f, "derivative", f)):
            tracemalloc.start()
            result = call(x)
            extra[f.name] = max(extra.get(f.name, 0), tracemalloc.get_traced_memory()[1] - result.nbytes)
            tracemalloc.stop()
    name = max(extra, key=lambda name: extra[name])
    return judge("memory, MiB", f"{name}, float64, 10,000,000", extra[name] / 2**20, MEMORY_BAR)


def main() -> int:
    """Print every race; return 1 if a bar is missed. Without PyTorch only that of memory counts."""
    print_environment("torch")
    print("\nNanoseconds an element: actlib, its rival, and the ratio of the two")
    missed = [run(race) for race in RACES]
    missed = [*missed, run_softmax()] if installed("torch") else []
    return int(any([*missed, memory()]))


if __name__ == "__main__":
    sys.exit(main())
