"""The elementary functions of the live figures: their errors, their special values, their polynomials."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from actlib.functions import gelu
from actlib.measure import ulp_error
from benchmarks.polynomials import POLYNOMIALS, fitted
from tests.live.node import FOLDER, node, sources

Array = np.ndarray[Any, np.dtype[np.float64]]
SOURCE = (FOLDER / "elementary.js").read_text("utf-8")
FUNCTIONS = ["exp", "expm1", "log", "log1p", "tanh", "sin", "cos"]
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, -1e-310, 1.0, -1.0, 1e308, -1e308]
DENSE = {
    "exp": [(-0.4, 0.4), (-3, 3), (-746, 709.78)],
    "expm1": [(-0.4, 0.4), (0.34, 0.42), (-3, 3), (-40, 60), (0, 709.78)],
    "log": [(0.65, 0.75), (0.5, 1.5), (0, 4)],
    "log1p": [(-0.35, 0.5), (-1, 3), (0, 1e4)],
    "tanh": [(0.5, 0.6), (-1, 1), (-20, 20)],
    "sin": [(-0.8, 0.8), (-10, 10), (-1e5, 1e5)],
    "cos": [(-0.8, 0.8), (-10, 10), (-1e5, 1e5)],
}


def arguments(name: str) -> Array:
    """Return arguments: some in every binade, many where most are used and where a formula changes."""
    random = np.random.default_rng(0)
    binades = np.ldexp(random.uniform(1, 2, (2098, 2)), np.arange(-1074, 1024)[:, None]).ravel()
    dense = [random.uniform(low, high, 2000) for low, high in DENSE[name]]
    near = []
    if name in ("sin", "cos"):  # next to their zeros
        near = [np.arange(1, 1000) * np.pi / 2, random.integers(1, 63000, 500) * np.pi / 2]
    if name == "log":
        near = [1 + np.ldexp(random.uniform(-1, 1, 60), -np.arange(60))]
    if name == "log1p":
        near = [np.expm1(-random.uniform(0, 36, 500))]
    return np.concatenate([binades, -binades, *dense, *near])


def exact(name: str, x: Array) -> list[Any]:
    function: Callable[[Any], Any] = getattr(mp, name)
    with mp.workprec(1300):  # the sine of the largest numbers needs that many digits of pi
        reduced = [mp.mpf(float(number)) for number in x]
        if name in ("sin", "cos"):
            reduced = [number - 2 * mp.pi * mp.nint(number / (2 * mp.pi)) for number in reduced]
    with mp.workprec(200):
        return [function(number) for number in reduced]


def domain(name: str, x: Array) -> Array:
    """Return the arguments whose value is a finite number."""
    if name == "log":
        return x[x > 0]
    if name == "log1p":
        return x[x > -1]
    return x[x < 709.78] if name in ("exp", "expm1") else x


@pytest.mark.parametrize("name", FUNCTIONS)
def test_error_is_within_what_the_module_says(name: str) -> None:
    said = re.search(rf"within ([\d.]+) ulp\.[^\n]*\nexport function {name}\(", SOURCE)
    assert said
    x = domain(name, arguments(name))
    true, computed = exact(name, x), node(f"x.map(elementary.{name})", x=x)
    error = ulp_error(computed, true)
    normal = np.abs(np.array(true, float)) >= np.finfo(float).tiny
    worst = np.argmax(np.where(normal, error, 0))
    assert error[worst] <= float(said[1]), x[worst]
    assert (error[~normal] <= 1).all()
    assert (np.signbit(computed) == [value < 0 for value in true])[computed != 0].all()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_special_values_are_those_of_math(name: str) -> None:
    x = np.array([*SPECIAL, 710.0, -746.0, 40.0, -40.0] if "exp" in name else SPECIAL)
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(x)
    computed = node(f"x.map(elementary.{name})", x=x)
    np.testing.assert_allclose(computed, expected, rtol=3e-16, atol=0)
    same = ~np.isnan(expected) & (expected == 0)
    np.testing.assert_array_equal(np.signbit(computed[same]), np.signbit(expected[same]))


def coefficients(name: str) -> list[float]:
    """Return an array of a module."""
    for path in sources():
        source = path.read_text("utf-8").replace(",\n]", "]")
        if text := re.search(rf"^const {name} = (\[[^;]*\]);", source, re.MULTILINE):
            return list(json.loads(text[1]))
    raise KeyError(name)


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_polynomials_are_the_fitted_ones(name: str) -> None:
    assert coefficients(name) == fitted(POLYNOMIALS[name])


def test_the_tail_of_gelu_is_actlibs() -> None:
    assert coefficients("TAIL") == list(gelu.TAIL)


def test_constants_are_the_nearest_and_their_products_exact() -> None:
    def constant(name: str) -> Any:
        text = re.search(rf"^const {name} = ([^;]+);", SOURCE, re.MULTILINE)
        assert text
        return json.loads(text[1])

    with mp.workprec(300):
        assert constant("TWO_OVER_PI") == float(2 / mp.pi)
        for name, number, bits in (("LN2", mp.ln2, 11), ("HALF_PI", mp.pi / 2, 16)):
            *first, last = constant(name)
            for part in first:
                mantissa = part.as_integer_ratio()[0]
                while mantissa % 2 == 0:
                    mantissa //= 2
                assert mantissa.bit_length() + bits <= 53, name
                number -= part
            assert last == float(number)
