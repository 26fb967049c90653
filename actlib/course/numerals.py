"""How a number becomes text: the one place where digits, signs and infinities are written."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from actlib.contract.facts import Interval

__all__ = ["DIGITS", "fixed", "interval", "latex", "number", "padded"]

DIGITS = 5
"""Significant digits of a number that a reader reads off a widget or a verdict."""


def number(value: float, digits: int = 6) -> str:
    """Return a number in as few digits as it takes, at most `digits`.

    Examples
    --------
    >>> number(-1 / 3), number(float("inf")), number(2e-5), number(21, 2)
    ('−0.333333', '∞', '2e−05', '21')
    """
    return _signs(f"{value:.{digits}g}")


def padded(values: ArrayLike) -> str:
    """Return the values parted by spaces: integers in full, floats with all their `DIGITS` digits.

    Its minus is that of ASCII, so that the front end of a widget can read the number back.

    Examples
    --------
    >>> padded([1.5, 0.0, 1e-7, float("inf")]), padded([12, 3])
    ('1.5000 0 1.0000e-07 ∞', '12 3')
    """
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return " ".join(map(str, array.tolist()))
    return " ".join(map(_padded, array.tolist()))


def fixed(value: float, places: int) -> str:
    """Return a number with `places` decimals; what rounds to zero has no sign.

    Examples
    --------
    >>> fixed(-2 / 3, 2), fixed(-1e-9, 3)
    ('−0.67', '0.000')
    """
    return _signs(f"{value:z.{places}f}")


def latex(value: float, digits: int = 7) -> str:
    r"""Return a number in LaTeX, without dollar signs.

    Examples
    --------
    >>> latex(float("-inf")), latex(2.5e-20)
    ('-\\infty', '2.5 \\cdot 10^{-20}')
    """
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    power = rf" \cdot 10^{{{int(exponent)}}}" if exponent else ""
    return mantissa.replace("inf", r"\infty") + power


def interval(found: Interval) -> str:
    """Return an interval with a bracket at an end that belongs to it.

    Examples
    --------
    >>> interval(Interval(-1, float("inf"), includes_low=True))
    '[−1, ∞)'
    """
    left, right = "[" if found.includes_low else "(", "]" if found.includes_high else ")"
    return f"{left}{number(found.low)}, {number(found.high)}{right}"


def _padded(value: float) -> str:
    if not isfinite(value):
        return "NaN" if value != value else "-∞" if value < 0 else "∞"
    return f"{value:#.{DIGITS}g}".rstrip(".") if value else "0"


def _signs(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}").replace("inf", "\N{INFINITY}")
