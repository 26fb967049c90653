"""Prints how long the functions take beside PyTorch, or beside the textbook formula without it.

Run it with ``python -m benchmarks.speed`` in the folder that holds ``benchmarks``, on a quiet
machine. The two take turns, so that a busy spell hits both; the medians and their ratio are
printed. PyTorch runs on one thread and its derivative is forward and backward together, as a user
gets it; so is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import product
from statistics import geometric_mean, median
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib import activations
from actlib.activation import Elementwise
from benchmarks.environment import installed, print_environment
from tests.reference import row

Array = NDArray[np.floating[Any]]
Task = Callable[[], Any]
SIZES = (1_000, 10_000_000)
DTYPES: tuple[type[np.floating[Any]], ...] = (np.float64, np.float32)
SECONDS = 1.5
"""How long one pair is measured, about."""


def race(ours: Task, theirs: Task) -> tuple[float, float]:
    """Return the median seconds a call of each, called in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    ours(), theirs()
    end = perf_counter() + SECONDS
    while len(times[0]) < 5 or (perf_counter() < end and len(times[0]) < 2_000):
        for function, record in zip((ours, theirs), times, strict=True):
            start = perf_counter()
            function()
            record.append(perf_counter() - start)
    return median(times[0]), median(times[1])


def rivals(f: Elementwise, x: Array) -> tuple[str, Task, Task]:
    """Return who is raced, its value, and its value with derivative."""
    if not (installed("torch") and "PyTorch" in f.facts.frameworks):
        naive, slope = row(f.name).naive, row(f.name).naive_derivative
        return "textbook", lambda: naive(x), lambda: (naive(x), slope(x))
    torch = import_module("torch")
    torch.set_num_threads(1)
    function = getattr(torch.nn, f.facts.frameworks["PyTorch"].call.rpartition(".")[2])()
    points = torch.tensor(x)
    tracked = torch.tensor(x, requires_grad=True)
    upstream = torch.ones_like(points)
    return (
        "torch",
        lambda: function(points),
        lambda: torch.autograd.grad(function(tracked), tracked, upstream),
    )


def compare(f: Elementwise, dtype: type[np.floating[Any]], size: int) -> Iterator[tuple[str, float]]:
    """Print how long f takes, and f with f', and yield the ratio to the rival for each."""
    x: Array = np.random.default_rng(0).normal(0, 3, size).astype(dtype)
    rival, value, both = rivals(f, x)
    tasks: dict[str, tuple[Task, Task]] = {
        "f": (lambda: f(x), value),
        "f and f'": (lambda: (f(x), f.derivative(x)), both),
    }
    for task, pair in tasks.items():
        with np.errstate(all="ignore"):
            ours, theirs = race(*pair)
        label = f"{task:10}{dtype.__name__:9}{size:>10,}"
        scale = 1e9 / size
        print(
            f"{f.name:12}{label}  {scale * ours:7.2f} {scale * theirs:7.2f} {rival:9}{ours / theirs:6.2f}",
            flush=True,
        )
        yield label, ours / theirs


def main() -> None:
    """Print one line for every function, task, dtype and size, and the geometric means."""
    print_environment("torch")
    print("\nNanoseconds an element: actlib, its rival, and the ratio of the two")
    ratios: dict[str, list[float]] = {}
    for f in activations.values():
        if isinstance(f, Elementwise):
            for dtype, size in product(DTYPES, SIZES):
                for label, ratio in compare(f, dtype, size):
                    ratios.setdefault(label, []).append(ratio)
    print("\nGeometric means of the ratios")
    for label, values in ratios.items():
        print(f"{label}  {geometric_mean(values):6.2f}")


if __name__ == "__main__":
    main()
