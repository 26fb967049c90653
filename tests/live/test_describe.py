"""What is told of a function is true, and told with no digit that is not."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from math import inf, log
from typing import Any

import numpy as np
import pytest

from actlib.contract.activation import Elementwise
from tests.live.node import node
from tests.reference import each_activation, elementwise


@cache
def all_told() -> dict[str, dict[str, Any]]:
    """Return what is told of all formulas here: node starts once for them."""
    texts = list(dict.fromkeys([*NAMED, *(text for text, *_ in TOLD), *LOST]))
    told = node("texts.map((text) => describe.describe(formula.parse(text)))", texts=texts)
    return dict(zip(texts, told, strict=True))


def written(number: float) -> str:
    """Return a number with six digits as actlib's facts are to be told."""
    digits, _, exponent = f"{number:.6g}".replace("inf", "∞").replace("-", "−").partition("e")
    assert not exponent
    return digits


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.5, "0.5"),
        (-1 / 3, "−0.333333"),
        (1234567.0, "1.23457 × 10⁶"),
        (1.5e-300, "1.5 × 10⁻³⁰⁰"),
        (-inf, "−∞"),
        (-0.0, "0"),
        (100.0, "100"),
    ],
)
def test_a_number_in_words(number: float, text: str) -> None:
    assert node("describe.written(number)", number=number) == text


@each_activation
def test_an_activation_is_told_by_its_facts(f: Elementwise) -> None:
    facts, said = f.facts, all_told()[f"{f.name}(x)"]
    names = ("mean", "second", "derivativeMean", "derivativeSecond")
    for name, value in zip(names, asdict(facts.moments).values(), strict=True):
        assert said["moments"][name] == pytest.approx(value, rel=2e-14, abs=1e-15)
    assert (
        f"; the gain is {written(facts.moments.gain)}, and χ is {written(facts.moments.chi)}."
        in said["average"]
    )
    least = said["range"].removeprefix("The values go from ")
    if facts.minimum:
        place = "for x up to 0" if f.name == "relu" else f"at x = {written(facts.minimum.x)}"
        assert least.startswith(f"{written(facts.minimum.value)} ({place}) to ")
    else:
        assert least.startswith(written(facts.range.low))
    assert said["range"].rstrip(".").endswith("∞" if facts.range.high == inf else ")")
    for side, limit in zip(("left", "right"), facts.limits, strict=True):
        goes = f"goes to {written(limit)}" if np.isfinite(limit) else "rises" if limit > 0 else "falls"
        assert f"the value {goes}" in said[side]
    assert ("at x = 0" in said["kinks"]) == (facts.smoothness == "C0")
    assert said["floats"] == "Value and derivative are finite for every float x that was tried."


NAMED = [f"{f.name}(x)" for f in elementwise]
LOST = ["x^3 - 3x^2 + 3x - 1", "(1-cos(x))/x^2"]
NORMAL = "For standard normal inputs the mean"
OVERFLOW = f"{log(np.finfo(float).max):.6g}"  # of e^x


TOLD = [
    ("1/(1+exp(-x))", "floats", f"The derivative alone is not a number for x up to −{OVERFLOW}."),
    ("ln(1+e^x)", "floats", f"The value is infinite for x from {OVERFLOW} on."),
    (
        "(e^x-e^-x)/(e^x+e^-x)",
        "floats",
        f"The value is not a number for x up to −{OVERFLOW}, for x from {OVERFLOW} on.",
    ),
    ("x/x", "floats", "The value is not a number at x = 0."),
    (
        "sqrt(x)",
        "floats",
        "The value is not a number for x < 0. The derivative alone is infinite at x = 0.",
    ),
    ("1/(x-0.3)", "floats", "The value grows beyond all bounds at x = 0.3."),
    ("sqrt(-1-x^2)", "range", "The value is not a number for any x that was tried."),
    ("5", "range", "The value is 5 (for every x)."),
    ("x^3-x", "range", "The values go from −∞ to ∞."),
    ("x^2-2", "range", "The values go from −2 (at x = 0) to ∞."),
    ("1/(x-0.3)^2", "range", "The values go from 0 (rounded, for x up to −1.34078 × 10¹⁵⁴) to ∞."),
    ("sin(x)", "range", "The values go from −1 (at x = −1.5708) to 1 (at x = 1.5708)."),
    ("max(0, min(x, 6))", "range", "The values go from 0 (for x up to 0) to 6 (for x from 6 on)."),
    (
        "1/(1+exp(-x))",
        "range",
        f"The values go from 0 (rounded, for x up to −{OVERFLOW}) to 1 (rounded, for x from 36.7368 on).",
    ),
    ("x^2-2", "zeros", "The value is 0 at x = 1.41421, at x = −1.41421."),
    ("relu(x - 1)", "zeros", "The value is 0 for x up to 1."),
    ("e^x", "zeros", "No zero was found. It is rounded to 0 for x up to −745.133."),
    ("1/x", "zeros", "No zero was found."),
    (
        "sin(x)",
        "zeros",
        "The value is 0 at x = 0, at x = 3.14159, at x = −3.14159, at x = 6.28319, and elsewhere.",
    ),
    ("x*min(max(x+3,0),6)/6", "kinks", "The derivative jumps at x = −3, at x = 3."),
    ("tanh(1000x)", "kinks", ""),
    ("sqrt(sin(x))", "kinks", ""),
    ("ln(x)", "left", "To the left the value is not a number."),
    (
        "ln(x)",
        "right",
        "To the right the value rises as far as was tried, to 708.396 at x = 4.49423 × 10³⁰⁷.",
    ),
    ("sin(x)", "right", "To the right no limit is seen."),
    ("x^3", "left", "To the left the value goes beyond all floats, to −∞."),
    ("2 - 3/(1+x^2)", "left", "To the left the value goes to 2."),
    ("1/x", "right", "To the right the value goes to 0."),
    (
        "max(x-1,0)",
        "average",
        f"{NORMAL} is 0.0833155 and the mean square 0.0753398; the gain is 3.64324, and χ is 2.10586.",
    ),
    (
        "1/x",
        "average",
        f"{NORMAL} is 0 and the mean square not sure in any digit, so there is no gain.",
    ),
    (
        "0x",
        "average",
        f"{NORMAL} is 0 and the mean square 0, so there is no gain.",
    ),
    (
        "ln(x)",
        "average",
        "For some standard normal inputs value or derivative is no finite number, so there are no moments.",
    ),
    (
        "sin(x)/cos(x)",
        "average",
        "The square of a value that grows so has no mean, so there are no moments.",
    ),
]


@pytest.mark.parametrize(("text", "about", "sentence"), TOLD)
def test_what_is_told(text: str, about: str, sentence: str) -> None:
    assert all_told()[text][about] == sentence


def test_digits_that_cancel_are_not_told() -> None:
    # (x - 1)^3 is a difference of terms that hide a cube below 1e-16.
    assert all_told()[LOST[0]]["zeros"] == "The value is 0 for x from 0.999995 to 1.00001."
    assert "χ is not sure in any digit" in all_told()[LOST[1]]["average"]
