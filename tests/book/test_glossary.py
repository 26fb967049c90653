"""The glossary is in order, and each of its words is used where its links lead."""

from __future__ import annotations

import re

import pytest

from tests.own_book import PAGES
from tools.book import output_texts

ENTRY = re.compile(r"^(?P<term>\S.*)\n(?P<text>(?: {2}.*\n)+)", re.M)
LINK = re.compile(r"\]\((\w+)\.ipynb(?:#[\w-]+)?\)")


def entries() -> dict[str, str]:
    """Return every term and what is said about it."""
    body = PAGES["glossary"].text.partition("```{glossary}\n")[2].rpartition("```")[0]
    found = {entry["term"]: entry["text"] for entry in ENTRY.finditer(body)}
    assert len(found) == len(re.findall(r"^\S", body, re.M)), "a term stands twice, or has no text"
    return found


def text(name: str) -> str:
    """Return all that a page says, its outputs too, in small letters."""
    cells = PAGES[name].cells
    return " ".join(" ".join([cell.source, *output_texts(cell)]) for cell in cells).lower()


def test_terms_are_in_order() -> None:
    terms = [term.lower() for term in entries()]
    assert terms == sorted(terms)


@pytest.mark.parametrize("term", entries())
def test_term_is_used_where_its_links_lead(term: str) -> None:
    pages = LINK.findall(entries()[term])
    assert pages
    for page in pages:
        assert term.lower() in text(page), page
