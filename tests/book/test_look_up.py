"""The pages to look things up in say by hand what no output can: it must be what the facts say."""

import re

import pytest

from actlib import activations, elu, gelu, mish, sigmoid, softplus, swish
from actlib.contract.activation import Elementwise
from tests.formulas import check_definition, check_vector
from tools.book import page
from tools.toc import BOOK, pages

SHEET, CROSSWALK = page(BOOK / "fact_sheet.ipynb"), page(BOOK / "crosswalk.ipynb")
CHAPTERS = [f for f in activations.values() if f.name in pages()]
each_chapter = pytest.mark.parametrize("f", CHAPTERS, ids=lambda f: f.name)


@each_chapter
def test_the_papers_of_a_function_are_those_of_its_facts(f):
    (line,) = re.findall(rf"^\| \[{f.facts.title}\]\({f.name}\.ipynb\) \| (.*) \|$", SHEET.text, re.M)
    assert tuple(re.findall(r"\(#(\w+)\)", line)) == f.facts.papers


def test_what_the_fact_sheet_says_of_shapes():
    facts = {f.name: f.facts for f in CHAPTERS if isinstance(f, Elementwise)}
    falling = [name for name, each in facts.items() if each.monotone == "none"]
    convex = [name for name, each in facts.items() if each.convex]
    assert len(convex) == 5
    assert not set(convex) & set(falling)
    assert all(facts[name].smoothness == "analytic" for name in falling)
    assert [name for name, each in facts.items() if each.parity == "odd"] == ["tanh"]
    assert not [name for name, each in facts.items() if each.even]
    bends = {name: each.second_derivative_bound.value for name, each in facts.items()}
    assert bends["elu"] == max(bends.values()) == 1
    assert bends["gelu"] > bends["tanh"]


@each_chapter
def test_the_crosswalk_has_every_name_of_a_function(f):
    shown = "\n".join(text for _, text in CROSSWALK.outputs("text/markdown"))
    for name in f.facts.frameworks.values():
        assert f"`{name.call}" in shown


TABLE, NOTE = [text for _, text in page(BOOK / "summary.ipynb").outputs("text/markdown")]
"""What the sheet to print says of each function, and how to compute them."""


@each_chapter
def test_the_sheet_to_print_has_a_value_that_the_function_computes(f):
    (value,) = re.findall(rf"^\| \[{f.facts.title}\]\({f.name}\.ipynb\) \| \$(.*?)\$ \|", TABLE, re.M)
    if isinstance(f, Elementwise):
        check_definition(f, f"f(x) = {value}")
    else:
        letter = f.facts.formula[0]
        check_vector(f, f"{letter}_i = {value}", begins=f"{letter} _ i")


def test_the_sheet_to_print_says_how_to_compute_the_functions():
    u, right, left, where, _, soft, line, gate, m, r, m_left, r_left, again, normal, _ = re.findall(
        r"\$([^$]+)\$", NOTE
    )

    def cases(left, right):
        return rf"\begin{{cases}} {left} & {where} \\ {right} & x \ge 0 \end{{cases}}"

    def defined(at_left, at_right):
        (letter, left), (_, right) = at_left.split(" = "), at_right.split(" = ")
        return f"{letter} = {cases(left, right)}"

    assert where == again == "x < 0"
    check_definition(sigmoid, rf"\sigma(x) = {cases(left, right)}, {u}")
    check_definition(swish, f"f(x) = x {cases(left, right)}, {u}")
    check_definition(softplus, f"f(x) = {soft}, {u}")
    check_definition(elu, f"f(x) = {line}")
    check_definition(mish, f"f(x) = {gate}, {u}, {defined(m_left, m)}, {defined(r_left, r)}")
    check_definition(gelu, f"f(x) = {normal}")
