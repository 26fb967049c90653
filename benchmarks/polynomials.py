"""Fit the polynomials of `actlib/live`: python -m benchmarks.polynomials prints them as they stand there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpmath import mp

DIGITS = 60


@dataclass(frozen=True)
class Polynomial:
    """What is fitted, in one variable, from `low` to `high`, by a polynomial of this degree."""

    of: Callable[[Any], Any]
    low: str
    high: str
    degree: int


def _tanh_rest(z: Any) -> Any:
    return (mp.tanh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


def _log_rest(z: Any) -> Any:
    return (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z


POLYNOMIALS = {
    "EXP": Polynomial(lambda r: (mp.expm1(r) - r - r**2 / 2) / r**3, "-log(2)/2", "log(2)/2", 9),
    "LOG": Polynomial(_log_rest, "0", "(sqrt(2) - 1)**4", 7),
    "TANH": Polynomial(_tanh_rest, "0", "0.55**2", 10),
    "SIN": Polynomial(lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, "0", "(pi/4)**2", 6),
    "COS": Polynomial(lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, "0", "(pi/4)**2", 6),
}
"""By their names in the modules."""


def fitted(polynomial: Polynomial) -> list[float]:
    """Return the coefficients, from the constant on.

    The polynomial agrees with the function at the Chebyshev points of the interval, which makes its largest
    error little more than the least that a polynomial can have.
    """
    with mp.workdps(DIGITS):
        names = {name: getattr(mp, name) for name in ("log", "sqrt", "pi")}
        low, high = (mp.mpf(eval(end, names)) for end in (polynomial.low, polynomial.high))
        n = polynomial.degree + 1
        nodes = [(low + high - (high - low) * mp.cos(mp.pi * (2 * i + 1) / (2 * n))) / 2 for i in range(n)]
        powers = mp.matrix([[node**power for power in range(n)] for node in nodes])
        values = mp.matrix([polynomial.of(node) for node in nodes])
        return [float(coefficient) for coefficient in mp.lu_solve(powers, values)]


if __name__ == "__main__":
    for name, polynomial in POLYNOMIALS.items():
        print(f"const {name} = [{', '.join(map(repr, fitted(polynomial)))}];")
