"""Every formula that the facts print, computed as it is written and compared with the function."""

import random
import re

import pytest
from mpmath import mp

from actlib import relu, sigmoid, softmax
from tests.formulas import FORMULAS, FUNCTIONS, check_definition, check_vector
from tests.latex import TOKEN, FormulaError, Scene, equations

OTHER = {
    "+": "-", "-": "+", ">": r"\ge", r"\le": "<", r"\max": r"\min", r"\min": r"\max", r"\sigma": r"\tanh",
    r"\tanh": r"\sigma", r"\Phi": r"\varphi", r"\varphi": r"\Phi", r"\ln": r"\tanh", "'": "", "/": "",
    "x": "{(x + 1)}", "s": "{(2s)}", "v": "{(2v)}", "a": "{(2a)}", r"\alpha": r"{(2\alpha)}",
    r"\beta": r"{(2\beta)}", "T": "{(2T)}",
}  # fmt: skip
"""What a slip of the pen may put in the place of a token; of a number it changes one digit."""


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: f"{formula.f!r} {formula.place}")
def test_a_formula_is_what_the_function_computes(formula):
    formula.check(formula.f, formula.text)


def slips(text):
    """Give a formula with one slip, each that there can be."""
    for found in TOKEN.finditer(text):
        before, token, after = text[: found.start()], found[0], text[found.end() :]
        if token in OTHER:
            yield before + OTHER[token] + after
        for at, digit in enumerate(token if token[0].isdigit() else ""):
            if digit.isdigit():
                yield f"{before}{token[:at]}{(int(digit) + 1) % 10}{token[at + 1 :]}{after}"
    for exponent in re.finditer(r"\^(\{[^{}]*\}|\w)", text):
        yield text[: exponent.start()] + text[exponent.end() :]


def test_slips_of_a_formula():
    assert list(slips(r"2e^{-x}")) == ["3e^{-x}", "2e^{+x}", "2e^{-{(x + 1)}}", "2e"]


TEXTS = {(formula.f.name, formula.place, formula.text): [] for formula in FORMULAS}
for formula in FORMULAS:
    TEXTS[formula.f.name, formula.place, formula.text].append(formula)
ANY_NUMBER = "p(x) = p(x + c)"
"""True also with another sign."""


def found(formulas, slip):
    """Return whether the check finds a slip, for one of the parameters at least."""
    for formula in formulas:
        try:
            formula.check(formula.f, slip)
        except (AssertionError, FormulaError):
            return True
    return False


@pytest.mark.parametrize("at", [at for at in TEXTS if at[2] != ANY_NUMBER], ids=lambda at: f"{at[0]} {at[1]}")
def test_a_slip_in_a_formula_is_found(at):
    """One slip a formula, drawn by a seed: all of them take minutes."""
    assert found(TEXTS[at], random.Random(at[2]).choice(sorted(set(slips(at[2])))))


@pytest.mark.parametrize(
    "text",
    [
        r"f(x) = \arctan x",
        r"f(x) = x +",
        r"f(x) = (x",
        r"f(x) = x)",
        r"f(x) = y",
        "f(x) = x ?",
        r"f(x) = \sup_y x",
    ],
)
def test_what_cannot_be_read_is_an_error_with_the_whole_formula(text):
    with pytest.raises(FormulaError, match=re.escape(repr(text))):
        check_definition(relu, text)


def test_branches_must_neither_overlap_nor_leave_a_gap():
    for left in ("<", r"\le"):
        text = rf"f(x) = \begin{{cases}} x & x > 0 \\ 0 & x {left} 0 \end{{cases}}"
        if left == "<":
            with pytest.raises(FormulaError, match="0 branches hold"):
                check_definition(relu, text)
        else:
            check_definition(relu, text)
    with pytest.raises(FormulaError, match="2 branches hold"):
        check_definition(relu, r"f(x) = \begin{cases} x & x \ge 0 \\ 0 & x \le 0 \end{cases}")


def test_a_function_is_not_explained_by_itself():
    for f, text in ((sigmoid, r"\sigma(x) = \sigma(x)"), (relu, "x = x"), (relu, "f(x) = f(x)")):
        with pytest.raises(AssertionError):
            check_definition(f, text)
    with pytest.raises(AssertionError):
        check_vector(softmax, "p_i = p_i", begins="p _ i")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2x/4 - 1", 0.5),
        ("-x^2", -9),
        (r"\tfrac12 x^{1 + 1}", 4.5),
        (r"|1 - |x||", 2),
        (r"\max(1, x) \min(1, x)", 3),
        (r"\ln e^x", 3),
        (r"\tanh^2 0 + \sqrt4", 2),
        (r"\sum_j j x", 18),
    ],
)
def test_reading(text, value):
    (equation,) = equations(text, list(FUNCTIONS))
    scene = Scene({"x": mp.mpf(3)}, FUNCTIONS, counts={"j": 3})
    assert equation.sides[0](scene) == pytest.approx(value)
