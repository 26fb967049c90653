"""Fit the polynomials of `actlib/live`: python -m benchmarks.polynomials prints them as they stand there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf

DIGITS = 60

Function = Callable[[Any], Any]


@dataclass(frozen=True)
class Polynomial:
    """What is fitted, in one variable, from `low` to `high`, by a polynomial of this degree."""

    of: Function
    low: Any
    high: Any
    degree: int


def _over_argument(function: Function) -> Function:
    """Return an odd function over its argument, as a function of the argument's square."""
    return lambda z: function(mp.sqrt(z)) / mp.sqrt(z)


def _near_root(gate: Function) -> Function:
    """Return f'(root + d)/d of f(x) = x gate(x), whose slope is zero at the root, left of 0."""

    def slope(x: Any) -> Any:
        return mp.diff(lambda x: x * gate(x), x)

    root = mp.findroot(slope, -0.75)
    return lambda d: slope(root + d) / d


def _tanh_gate(x: Any) -> Any:
    return (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3))) / 2


with mp.workdps(DIGITS):
    POLYNOMIALS = {
        "EXP": Polynomial(lambda r: (mp.expm1(r) - r - r**2 / 2) / r**3, -mp.log(2) / 2, mp.log(2) / 2, 9),
        "LOG": Polynomial(
            lambda z: (2 * _over_argument(mp.atanh)(z) - 2) / z, mpf(0), (mp.sqrt(2) - 1) ** 4, 7
        ),
        "TANH": Polynomial(lambda z: (_over_argument(mp.tanh)(z) - 1) / z, mpf(0), mpf("0.55") ** 2, 10),
        "SIN": Polynomial(lambda z: (_over_argument(mp.sin)(z) - 1) / z, mpf(0), (mp.pi / 4) ** 2, 6),
        "COS": Polynomial(lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, mpf(0), (mp.pi / 4) ** 2, 6),
        "NEAR_ROOT": Polynomial(_near_root(mp.ncdf), -mpf("0.2"), mpf("0.2"), 11),
        "NEAR_TANH_ROOT": Polynomial(_near_root(_tanh_gate), -mpf("0.2"), mpf("0.2"), 11),
    }
"""By their names in the modules."""


def fitted(polynomial: Polynomial) -> list[float]:
    """Return the coefficients, from the constant on.

    The polynomial agrees with the function at the Chebyshev points of the interval, which makes its largest
    error little more than the least that a polynomial can have.
    """
    with mp.workdps(DIGITS):
        low, high, n = polynomial.low, polynomial.high, polynomial.degree + 1
        nodes = [(low + high - (high - low) * mp.cos(mp.pi * (2 * i + 1) / (2 * n))) / 2 for i in range(n)]
        powers = mp.matrix([[node**power for power in range(n)] for node in nodes])
        values = mp.matrix([polynomial.of(node) for node in nodes])
        return [float(coefficient) for coefficient in mp.lu_solve(powers, values)]


if __name__ == "__main__":
    for name, polynomial in POLYNOMIALS.items():
        print(f"const {name} = [{', '.join(map(repr, fitted(polynomial)))}];")
