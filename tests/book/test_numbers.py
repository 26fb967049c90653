"""A number of the text that is wrong in its last digit is found, on the pages of the book too."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from statistics import mean

import pytest

from tests.own_book import BOOK
from tools import book as book_files, rules
from tools.text_numbers import DRAWN, Section, Support, sentences, unsupported

FLOOR, MEAN = 0.65, 0.78
"""What share must be found, on each page and on average, of decimal numbers that are wrong by one step.

Chance supports the rest: where the text says 1.5 and is meant to, a section with many results prints a
1.4 too. Of the twenty pages that teach 0.68 to 0.95 were found, 0.79 on average.
"""
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?!\.?\w)")


def wrong(sentence: str, fewest: int) -> Iterator[str]:
    """Yield a sentence with the last digit of one of its decimal numbers one higher or lower."""
    for found in DECIMAL.finditer(sentence):
        places = len(found[0].partition(".")[2])
        if len(found[0].replace(".", "").lstrip("0")) < fewest:
            continue
        for step in (1, -1):
            value = f"{float(found[0]) + step * 10**-places:.{places}f}"
            yield sentence[: found.start()] + value + sentence[found.end() :]


def share_found(sections: list[Section], facts: list[float]) -> float:
    """Return the share of the wrong sentences in which the rule finds more than in the right ones."""
    silent = [Section((), (), section.support) for section in sections]

    def found(at: int, field: str, sentence: str) -> list[str]:
        speaking = replace(silent[at], **{field: (sentence,)})
        left = unsupported([*silent[:at], speaking, *silent[at + 1 :]], facts)
        return [number.written for number in left]

    seen = [
        found(at, field, mutant) != found(at, field, sentence)
        for at, section in enumerate(sections)
        for field, fewest in (("texts", 1), ("alternatives", DRAWN + 1))
        for text in getattr(section, field)
        for sentence in sentences(text)
        for mutant in wrong(sentence, fewest)
    ]
    return sum(seen) / len(seen) if seen else 1.0


def test_wrong_numbers_of_a_small_page() -> None:
    measured = Support(frozenset([0.23386, 0.51736, 316.69, 1.1036e-25, 0.0962]), frozenset([0.5, 256.0]))
    texts = ("A layer keeps 0.234 of a size of 0.517, or 0.52.", "The condition is 316.7, the bend 0.096.")
    assert list(unsupported([Section(texts, (), measured)])) == []
    assert share_found([Section(texts, (), measured)], []) == 1


TAUGHT = [page for page in BOOK.pages if page.notebook and page.name not in rules.LOOKED_UP]


@cache
def share_of(name: str) -> float:
    page = next(page for page in TAUGHT if page.name == name)
    return share_found(book_files.sections(page), list(BOOK.facts.get(name, ())))


@pytest.mark.parametrize("name", [page.name for page in TAUGHT])
def test_wrong_numbers_of_a_page(name: str) -> None:
    assert share_of(name) >= FLOOR


def test_wrong_numbers_of_the_book() -> None:
    assert mean(share_of(page.name) for page in TAUGHT) >= MEAN
