"""The pages to look things up in say by hand what no output can: it must be what the facts say."""

import re

import pytest

from actlib import activations
from tools.book import page
from tools.toc import BOOK

SHEET, CROSSWALK = page(BOOK / "fact_sheet.ipynb"), page(BOOK / "crosswalk.ipynb")


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_the_papers_of_a_function_are_those_of_its_facts(f):
    (line,) = re.findall(rf"^\| \[{f.facts.title}\]\({f.name}\.ipynb\) \| (.*) \|$", SHEET.text, re.M)
    assert tuple(re.findall(r"\(#(\w+)\)", line)) == f.facts.papers


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_the_crosswalk_has_every_name_of_a_function(f):
    shown = "\n".join(text for _, text in CROSSWALK.outputs("text/markdown"))
    for name in f.facts.frameworks.values():
        assert f"`{name.call}" in shown
