"""A table says what it is given, whatever shows it."""

import pytest

from actlib import activations, prelu
from actlib.contract.facts import Extremum, FrameworkName
from actlib.course.fact_card import FactCard
from actlib.course.tables import Table, call, extremum, link
from tests.parity.frameworks import MODULES


def test_a_table_is_markdown_in_every_form():
    bundle = Table(["a", "$|b|$"], [["1", "$|x|$"]])._repr_mimebundle_()
    assert set(bundle.values()) == {"| a | $\\vert b\\vert $ |\n| --- | --- |\n| 1 | $\\vert x\\vert $ |"}
    assert bundle.keys() == {"text/plain", "text/markdown"}


def test_a_row_has_as_many_cells_as_the_head():
    with pytest.raises(ValueError, match="must have 2 cells as the head has"):
        Table(["a", "b"], [["1"]])


def test_a_name_leads_to_its_chapter():
    assert link(prelu) == "[PReLU](prelu.ipynb)"


def test_an_extremum_says_whether_it_is_taken_and_whether_twice():
    assert extremum(None) == "none"
    assert extremum(Extremum(-2.0, -0.5)) == "−0.5 at −2"
    assert extremum(Extremum(2.0, 0.5), mirrored=True) == "0.5 at ±2"
    assert extremum(Extremum(0.0, 0.5), mirrored=True) == "0.5 at 0"
    assert extremum(Extremum(float("-inf"), 0.0)) == "0 towards −∞"
    assert extremum(Extremum(0.0, 1.0), kinked=True) == "1 beside 0"


def test_a_framework_name_shows_its_defaults():
    assert call(FrameworkName("torch.nn.Sigmoid")) == "`torch.nn.Sigmoid`"
    assert (
        call(FrameworkName("jax.f", {"alpha": 1.0, "approximate": "none"}))
        == "`jax.f(alpha=1.0, approximate='none')`"
    )


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_a_name_is_marked_unless_the_parity_tests_run_it(f):
    for framework, name in f.facts.frameworks.items():
        assert call(name).endswith(" (not run)") == (framework not in MODULES)
        assert (f"in {framework}", call(name)) in FactCard(f).rows()
