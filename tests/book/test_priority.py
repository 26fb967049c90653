"""Who was first, and when: chapters, facts, fact sheet, ledger and bibliography say the same."""

import re

import pytest
from pybtex.database import parse_file

from actlib import activations
from tests.own_book import BOOK, PAGES
from tools.book import Page
from tools.toc import BOOK as FOLDER

YEARS = {
    key: entry.fields.get("year", "") for key, entry in parse_file(FOLDER / "references.bib").entries.items()
}
YEAR = re.compile(r"\b(?:in|of|since|from|by)(?: [A-Z][a-z]+)? (1[789]\d\d|20[0-2]\d)\b(?! [a-z]+s\b)")
CITED = re.compile(r"\[[^\]]*\]\(#(\w+)\)")
OTHER = {
    ("elu", "Clevert2016"): "2015",  # the preprint; the conference was in 2016
    ("swish", "Elfwing2018"): "2017",  # the preprint, as the sentence says
    ("gelu", "Camilli1994"): "1952",  # what the source says of another
    ("tanh", "Barnett2004"): "1757",  # what the source says of another
}
"""Sentences in which the year is not that of the source: page and key, the year there."""


def running_text(page: Page) -> str:
    return re.split(r"^## References", page.text, flags=re.M)[0]


def dated(page: Page) -> list[tuple[str, str, str]]:
    """Return the key and the year of every sentence that cites one source and names one year."""
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\[])|\n\n", running_text(page)):
        keys = {key for key in CITED.findall(sentence) if key in YEARS}
        years = set(YEAR.findall(CITED.sub("", sentence)))
        if len(keys) == len(years) == 1:
            found.append((keys.pop(), years.pop(), " ".join(sentence.split())))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_year_beside_a_citation_is_that_of_the_source(name):
    for key, year, sentence in dated(PAGES[name]):
        assert year == OTHER.get((name, key), YEARS[key]), sentence


def test_enough_sentences_are_looked_at_and_no_exception_is_idle():
    found = {(name, key): year for name, page in PAGES.items() for key, year, _ in dated(page)}
    assert len(found) > 20
    assert {where for where in OTHER if found.get(where) != OTHER[where]} == set()


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_the_papers_of_the_facts_are_told_in_the_chapter(f):
    assert set(f.facts.papers) <= set(CITED.findall(running_text(PAGES[f.name])))


AUTHORS = [claim for claim in BOOK.claims.values() if "author" in claim.form]


@pytest.mark.parametrize("claim", AUTHORS, ids=lambda claim: claim.id)
def test_a_claim_of_authorship_rests_on_what_its_chapter_cites(claim):
    assert claim.decided == ("cited",)
    assert set(claim.references) <= set(CITED.findall(running_text(PAGES[claim.chapter])))
