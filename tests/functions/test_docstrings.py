"""The long numbers of the docstrings are facts, or computed here."""

from __future__ import annotations

import inspect
import re
from math import log

import numpy as np
import pytest

import actlib
from actlib import GELU, activations
from tests.own_book import BOOK
from tools.text_numbers import Number, Section, Support, unsupported

PAPER = re.compile(r"\d{4}\.\d{4,5}")
FEWEST = 4
"""Digits of a long number; shorter ones are mostly the accuracy, which test_accuracy reads."""


def gelu_forms() -> list[float]:
    """Return by how much the forms of GELU differ at most, where, and the depth of the second."""
    x = np.linspace(2, 3, 100_001)
    form = GELU(approximate="tanh")
    difference = np.abs(GELU()(x) - form(x))
    return [float(difference.max()), float(x[difference.argmax()]), -form.facts.range.low]


# sigmoid: 1 - 2^-53 is the last float64 below 1; what rounds to 1 lies half a step above.
COMPUTED = {"sigmoid": [53 * log(2), 54 * log(2)], "gelu": gelu_forms()}


def long_numbers(doc: str, measured: list[float]) -> list[Number]:
    """Return the long decimal numbers of a text that are neither facts nor papers."""
    left = unsupported([Section((doc,), (), Support())], measured)
    return [
        number
        for number in left
        if number.digits >= FEWEST and not number.written.isdecimal() and not PAPER.fullmatch(number.written)
    ]


@pytest.mark.parametrize("name", activations)
def test_long_numbers_are_facts(name: str) -> None:
    doc = inspect.getdoc(type(activations[name])) or ""
    said = re.split(r"\n\s*Examples\n", doc)[0]
    assert long_numbers(said, [*BOOK.facts[name], *COMPUTED.get(name, ())]) == []


def test_a_wrong_digit_is_found() -> None:
    doc = actlib.Swish.__doc__ or ""
    assert "1.099839" in doc
    assert long_numbers(doc.replace("1.099839", "1.098839"), [*BOOK.facts["swish"]]) != []
