"""The fact card shows what the facts say."""

import pytest

from actlib import ELU, LeakyReLU, PReLU, activations, elu, relu, sigmoid
from actlib.contract.facts import Extremum
from actlib.course.fact_card import FactCard, _extremum


def test_an_extremum_says_whether_it_is_taken():
    assert _extremum(None) == "none"
    assert _extremum(Extremum(0.0, 0.25)) == "$0.25$ at $x = 0$"
    assert _extremum(Extremum(float("inf"), 0.0)) == r"$0$, approached towards $\infty$"


def test_a_slope_beside_a_kink_is_not_said_to_be_taken_at_it():
    card = FactCard(relu)._repr_mimebundle_()["text/markdown"]
    assert "| largest slope | $1$ on one side of $x = 0$ |" in card
    assert "| smallest value | $0$ at $x = 0$ |" in card


@pytest.mark.parametrize("f", [relu, LeakyReLU(0.2), PReLU(0.25), ELU(alpha=2.0), elu])
def test_at_a_kink_or_jump_there_is_no_second_derivative(f):
    rows = dict(FactCard(f).rows())
    assert rows["second derivative"].endswith("; none at $x = 0$")
    assert " at $x = 0$" not in rows["largest $\\lvert f''\\rvert$"]
    if f.facts.smoothness == "C0":
        assert rows["slope at the kink $x = 0$"].endswith("(a convention)")
        assert "$f(0)$, $f'(0)$" not in rows


@pytest.mark.parametrize("f", activations.values(), ids=lambda f: f.name)
def test_every_card_is_a_table_of_two_columns(f):
    lines = FactCard(f)._repr_mimebundle_()["text/markdown"].splitlines()
    assert lines[1] == "| --- | --- |"
    assert all(line.count("|") == 3 for line in lines), "a bar inside a cell would split it"


def test_the_card_holds_the_numbers_of_the_facts():
    card = FactCard(sigmoid)._repr_mimebundle_()["text/markdown"]
    for expected in (
        "$0.25$ at $x = 0$",
        "$1.846229$",
        "$0.152827$",
        "`torch.nn.Sigmoid`",
        "strictly increasing",
    ):
        assert expected in card
