"""The ledger and the stored pages hang together: no verdict and no bound can move unnoticed."""

import dataclasses
import re
from math import inf, nextafter

import pytest

from actlib.course.claims import VERDICTS, Claim, EvidenceError, Verdict
from tools import book as book_files, rules
from tools.book import MEASURED, Page

BOOK = book_files.read()
PAGES = {page.name: page for page in BOOK.pages}
every_claim = pytest.mark.parametrize("claim", BOOK.claims.values(), ids=lambda claim: claim.id)


def complaints(claim: Claim) -> list[str]:
    """Return what the lint says of a claim's page when the ledger holds this claim in its place."""
    book = dataclasses.replace(BOOK, claims={**BOOK.claims, claim.id: claim})
    return [found for found in rules.shown_claims(PAGES[claim.chapter], book) if claim.id in found]


def stored(page: Page, key: str) -> str:
    """Return what the page shows of a claim."""
    (text,) = (text for cell in page.code for text in book_files.printed(cell) if text.startswith(f"{key}: "))
    return text


def measured(claim: Claim) -> dict[str, float]:
    """Return the quantities of a claim as its page shows them; noise as the bound that it stays below."""
    shown = MEASURED.findall(stored(PAGES[claim.chapter], claim.id))
    return {
        quantity.name: quantity.high if quantity.is_noise else number(value)
        for quantity, (_, value, _) in zip(claim.evidence, shown, strict=True)
    }


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace("\N{INFINITY}", "inf"))


@every_claim
def test_a_claim_is_shown_once_and_no_verdict_can_be_flipped(claim: Claim) -> None:
    assert complaints(claim) == []
    for verdict in set(VERDICTS) - {claim.verdict}:
        assert any("verdict" in found for found in complaints(dataclasses.replace(claim, verdict=verdict)))


@every_claim
def test_each_quantity_decides_its_claim(claim: Claim) -> None:
    values = measured(claim)
    Verdict(claim, values)
    for at, quantity in enumerate(claim.evidence):
        moved = dataclasses.replace(quantity, low=-inf, high=nextafter(values[quantity.name], -inf))
        evidence = (*claim.evidence[:at], moved, *claim.evidence[at + 1 :])
        with pytest.raises(EvidenceError, match=re.escape(f"{claim.id}: {quantity.name} must lie in")):
            Verdict(dataclasses.replace(claim, evidence=evidence), values)
