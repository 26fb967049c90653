"""The ledger and the stored pages hang together: no verdict and no bound can move unnoticed."""

import dataclasses
import re
from collections import Counter
from math import inf, isfinite, nextafter
from typing import Any

import pytest

from actlib.course.claims import VERDICTS, Claim, EvidenceError
from tests.own_book import BOOK, PAGES
from tools import book as book_files, rules
from tools.book import Page, stored_verdict

every_claim = pytest.mark.parametrize("claim", BOOK.claims.values(), ids=lambda claim: claim.id)


def complaints(claim: Claim) -> list[str]:
    """Return what the lint says of a claim's page when the ledger holds this claim in its place."""
    book = dataclasses.replace(BOOK, claims={**BOOK.claims, claim.id: claim})
    cells = [cell for cell in PAGES[claim.chapter].code if claim.id in cell.source]
    page = Page(claim.chapter, cells)
    return [found for found in rules.shown_claims(page, book) if claim.id in found]


def stored(page: Page, key: str) -> str:
    """Return what the page shows of a claim."""
    (text,) = (text for cell in page.code for text in book_files.printed(cell) if text.startswith(f"{key}: "))
    return text


@every_claim
def test_a_claim_is_shown_once_and_no_verdict_can_be_flipped(claim: Claim) -> None:
    assert complaints(claim) == []
    for verdict in set(VERDICTS) - {claim.verdict}:
        if not claim.decided:  # what nothing decides can have no other verdict
            with pytest.raises(ValueError, match="decided of"):
                dataclasses.replace(claim, verdict=verdict)
            continue
        assert complaints(dataclasses.replace(claim, verdict=verdict))


@every_claim
def test_no_word_and_no_bound_can_be_changed(claim: Claim) -> None:
    for name in ("claim", "truth"):
        assert complaints(dataclasses.replace(claim, **{name: f"{getattr(claim, name)} More."}))
    for at, quantity in enumerate(claim.evidence):
        changes: list[dict[str, Any]] = [{"says": f"{quantity.says}, more"}]
        if quantity.counter:
            changes.append({"counter": f"{quantity.counter}, more"})
        if isfinite(quantity.high):
            changes.append({"high": quantity.high + (abs(quantity.high) / 100 or 1)})
        if isfinite(quantity.low) and not quantity.is_noise:
            changes.append({"low": quantity.low - (abs(quantity.low) / 100 or 1)})
        for change in changes:
            changed = dataclasses.replace(quantity, **change)
            evidence = (*claim.evidence[:at], changed, *claim.evidence[at + 1 :])
            assert complaints(dataclasses.replace(claim, evidence=evidence)), change


@every_claim
def test_each_quantity_decides_its_claim(claim: Claim) -> None:
    shown = stored_verdict(claim, stored(PAGES[claim.chapter], claim.id))
    for at, quantity in enumerate(claim.evidence):
        value = shown.measured[quantity.name]
        narrow = dataclasses.replace(quantity, low=-inf, high=nextafter(value, -inf))
        wide = dataclasses.replace(quantity, low=-inf, high=inf)
        changes = [(narrow, "must lie in"), *([(wide, "must leave")] if quantity.counter else [])]
        for changed, message in changes:
            evidence = (*claim.evidence[:at], changed, *claim.evidence[at + 1 :])
            with pytest.raises(EvidenceError, match=re.escape(f"{claim.id}: {quantity.name} {message}")):
                dataclasses.replace(shown, claim=dataclasses.replace(claim, evidence=evidence))


def test_claims_of_one_form_have_one_verdict_or_say_why_not() -> None:
    forms: dict[str, list[Claim]] = {}
    for claim in BOOK.claims.values():
        if claim.form:
            forms.setdefault(claim.form, []).append(claim)
    for form, alike in forms.items():
        usual, count = Counter(claim.verdict for claim in alike).most_common(1)[0]
        others = [claim for claim in alike if claim.verdict != usual]
        silent = [claim.id for claim in others if not claim.differs]
        assert not silent, f"{form!r} is usually {usual!r}, {count} of {len(alike)}; why not {silent}?"
        idle = [claim.id for claim in alike if claim.differs and len(others) == 0]
        assert not idle, f"{idle} say why they differ from their form {form!r}, and none does"


@pytest.mark.parametrize("name", ["index", "ledger"])
def test_pages_give_the_rules_of_the_verdicts_as_they_are(name: str) -> None:
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \|$", PAGES[name].text, re.M)
    assert dict(rows) == dict(VERDICTS)


def test_the_article_is_named_once_and_is_in_the_bibliography() -> None:
    assert "Suanfajin2024" in BOOK.bibliography
    assert [page.name for page in BOOK.pages if "(#Suanfajin2024)" in page.text] == ["ledger"]
