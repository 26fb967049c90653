"""Prints what an activation costs beside the matrix product that feeds it.

Run it with ``python -m benchmarks.cost`` in the folder that holds ``benchmarks``, on a quiet
machine. A layer multiplies 256 rows by a square matrix of float32 and applies the activation. The two
take turns, and the shortest time of each counts: what disturbs a call makes it longer. Both run on one
thread, if threadpoolctl is there; NumPy's matrix product would take more, its element-wise functions
never do. For each function the table has its share of the layer's time at every width, and nanoseconds
for a number at the largest. A gated layer has two products; its own work is ``f(a) * c``. Nothing is
asserted: times belong to a machine.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib import activations, gelu, swish
from actlib.contract.activation import Elementwise
from benchmarks.environment import installed, print_environment

Array = NDArray[np.floating[Any]]
Task = Callable[[], Any]
WIDTHS = (128, 256, 512, 1024, 2048)
ROWS = 256
SECONDS = 0.4
"""How long one pair is measured, about."""


def turns(*tasks: Task) -> tuple[float, ...]:
    """Return the shortest seconds of a call of each task, called in turn."""
    times: list[list[float]] = [[] for _ in tasks]
    for task in tasks:
        task()
    end = perf_counter() + SECONDS
    while len(times[0]) < 5 or (perf_counter() < end and len(times[0]) < 2_000):
        for task, record in zip(tasks, times, strict=True):
            start = perf_counter()
            task()
            record.append(perf_counter() - start)
    return tuple(min(record) for record in times)


def plain(f: Callable[[Array], Array]) -> Callable[[int], tuple[float, float]]:
    """Return what times the product and `f` in a layer of some width."""

    def measure(width: int) -> tuple[float, float]:
        h, weights = layer(width)
        product, own = turns(lambda: h @ weights, lambda: f(h))
        return product, own

    return measure


def gated(f: Callable[[Array], Array]) -> Callable[[int], tuple[float, float]]:
    """Return the same for ``f(a) * c``, whose layer has two products."""

    def measure(width: int) -> tuple[float, float]:
        h, weights = layer(width)
        c = h[::-1].copy()
        product, own = turns(lambda: h @ weights, lambda: f(h) * c)
        return 2 * product, own

    return measure


def layer(width: int) -> tuple[Array, Array]:
    """Return normal pre-activations and a weight matrix of float32."""
    random = np.random.default_rng(0)
    h = random.normal(size=(ROWS, width)).astype(np.float32)
    return h, random.normal(size=(width, width)).astype(np.float32)


def main() -> None:
    """Print the table."""
    print_environment()
    if installed("threadpoolctl"):  # scikit-learn brings it along
        import_module("threadpoolctl").threadpool_limits(1)
    else:
        print("threadpoolctl is missing: the matrix product may run on several threads")
    rows: dict[str, Callable[[int], tuple[float, float]]] = {
        "np.maximum": plain(lambda x: np.maximum(x, 0)),
        **{f.name: plain(f) for f in activations.values() if isinstance(f, Elementwise)},
        "SwiGLU": gated(swish),
        "GEGLU": gated(gelu),
    }
    print(f"\nShare of the time of a layer, {ROWS} rows of float32, and nanoseconds for a number")
    print(f"{'width':12}" + "".join(f"{width:>8}" for width in WIDTHS) + f"{'ns':>9}")
    for name, measure in rows.items():
        times = [measure(width) for width in WIDTHS]
        shares = "".join(f"{own / (own + product):8.1%}" for product, own in times)
        each = 1e9 * times[-1][1] / (ROWS * WIDTHS[-1])
        print(f"{name:12}{shares}{each:9.2f}", flush=True)


if __name__ == "__main__":
    main()
