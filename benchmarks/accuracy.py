"""Prints the largest error of each function beside what a textbook and the frameworks compute.

Run it with ``python -m benchmarks.accuracy`` in the folder that holds ``benchmarks``. SciPy,
PyTorch and JAX have a column where they are installed. An error of 1e15 ulp and more means that no
digit is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actlib import activations
from actlib.contract.activation import Elementwise
from actlib.measure import ulp_error
from benchmarks.environment import installed, print_environment
from tests.reference import ORDERS, compute, exact, grid, row

Array = NDArray[np.floating[Any]]
Compute = Callable[[Array], Array]
DTYPES: tuple[type[np.floating[Any]], ...] = (np.float64, np.float32)
SCIPY = {"sigmoid": "scipy.special.expit"}
"""SciPy's own functions; it has no derivatives."""


def contestants(f: Elementwise, order: int) -> Iterator[tuple[str, Compute]]:
    """Yield a name and a function for everyone who computes f (order 0), f' (1) or f'' (2)."""
    yield "actlib", lambda x: compute(f, ORDERS[order], x)
    reference = row(f)
    textbook = (reference.naive, reference.naive_derivative)
    if order < len(textbook):
        yield "textbook", textbook[order]
    if order == 0 and f.name in SCIPY and installed("scipy"):
        yield "scipy", _lookup(SCIPY[f.name])
    names = f.facts.frameworks
    if "PyTorch" in names and installed("torch"):
        yield "torch", lambda x: _torch(names["PyTorch"].call, order, x)
    if "JAX" in names and installed("jax"):
        yield "jax", lambda x: _jax(names["JAX"].call, order, x)


def _lookup(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)


def _torch(call: str, order: int, x: Array) -> Array:
    torch = import_module("torch")
    points = torch.tensor(x, requires_grad=True)
    result = _lookup(call)()(points)
    for _ in range(order):
        (result,) = torch.autograd.grad(result.sum(), points, create_graph=True)
    return np.asarray(result.detach().numpy())


def _jax(call: str, order: int, x: Array) -> Array:
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    function = _lookup(call)
    for _ in range(order):
        function = jax.grad(function)
    return np.asarray(jax.vmap(function)(x))


def largest_error(function: Compute, f: Elementwise, order: int, dtype: type[np.floating[Any]]) -> float:
    """Return the largest error in ulp over the grid, infinity where NaN or an infinity came."""
    with np.errstate(all="ignore"):
        x = grid(f).astype(dtype)
        same = x == grid(f)
        return float(ulp_error(function(x[same]), exact(f, ORDERS[order])[same]).max())


def main() -> None:
    """Print one line for every function, order and dtype."""
    print_environment("scipy", "torch", "jax", "mpmath")
    print("\nLargest error in ulp; the grid is that of tests/reference.py.")
    for f in activations.values():
        if not isinstance(f, Elementwise):
            continue
        for order, symbol in enumerate(("f", "f'", "f''")):
            for dtype in DTYPES:
                errors = [
                    f"{name} {largest_error(function, f, order, dtype):.3g}"
                    for name, function in contestants(f, order)
                ]
                print(f"{f.name:12}{symbol:4}{dtype.__name__:9}{'   '.join(errors)}", flush=True)


if __name__ == "__main__":
    main()
