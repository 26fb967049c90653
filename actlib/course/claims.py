"""The ledger of claims: shows a verdict in a chapter and refuses one whose evidence fails.

`data/claims.yml` holds every claim of the source article with its verdict, what is true, the
quantities that decide it and the bounds they must keep. A chapter measures the quantities and calls
`show`; the cell raises when a quantity is missing, unknown or out of its bounds. `show_chapter` lists
the verdicts of a chapter elsewhere, each with a link to the cell that measures it.
"""

from __future__ import annotations

import html
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import yaml

from actlib.course import data
from actlib.course.numerals import DIGITS, number

__all__ = [
    "VERDICTS",
    "Claim",
    "EvidenceError",
    "Listing",
    "Quantity",
    "Verdict",
    "ledger",
    "show",
    "show_chapter",
]

FILE = "claims.yml"
VERDICTS = ("holds", "holds with a condition", "misleading", "wrong")


class EvidenceError(AssertionError):
    """A claim's measured quantities do not support its verdict."""


@dataclass(frozen=True)
class Quantity:
    """A measured number that decides a claim: what it is, and the bounds it must keep."""

    name: str
    says: str
    low: float
    high: float
    is_noise: bool = False
    """Rounding noise, which differs between machines: shown as small enough, without its digits."""

    def __post_init__(self) -> None:
        if isnan(self.low) or isnan(self.high) or self.low > self.high:
            raise ValueError(
                f"within of {self.name} must be two numbers in order, got [{self.low}, {self.high}]"
            )

    def holds(self, value: float) -> bool:
        """Whether `value` lies within the bounds; NaN does not."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Claim:
    """One claim of the source article, in the book's own words."""

    id: str
    chapter: str
    section: str
    claim: str
    verdict: str
    truth: str
    evidence: tuple[Quantity, ...]
    references: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(
                f"verdict of {self.id} must be one of {', '.join(VERDICTS)}, got {self.verdict!r}"
            )
        if not self.evidence:
            raise ValueError(f"evidence of {self.id} must name at least one quantity, got none")


@dataclass(frozen=True)
class Verdict:
    """A claim together with the quantities measured for it; it exists only if they hold."""

    claim: Claim
    measured: Mapping[str, float]

    def __post_init__(self) -> None:
        wanted = {quantity.name for quantity in self.claim.evidence}
        if wanted != self.measured.keys():
            raise EvidenceError(
                f"{self.claim.id} needs the quantities {', '.join(sorted(wanted))}, "
                f"got {', '.join(sorted(self.measured)) or 'none'}"
            )
        for quantity in self.claim.evidence:
            value = self.measured[quantity.name]
            if not quantity.holds(value):
                raise EvidenceError(
                    f"{self.claim.id}: {quantity.name} must lie in "
                    f"[{quantity.low:g}, {quantity.high:g}], got {value!r}"
                )

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (quantity.says, _shown(quantity, self.measured[quantity.name]), _bounds(quantity))
            for quantity in self.claim.evidence
        ]

    def __repr__(self) -> str:
        lines = [
            f"{self.claim.id}: {self.claim.verdict}",
            f"Claim: {self.claim.claim}",
            f"Truth: {self.claim.truth}",
        ]
        lines += [f"  {says}: {value} ({bounds})" for says, value, bounds in self._rows()]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        key = html.escape(self.claim.id)
        rows = "".join(
            f'<tr><th scope="row">{html.escape(says)}</th><td>{value}</td><td>{bounds}</td></tr>'
            for says, value, bounds in self._rows()
        )
        return {
            "text/plain": repr(self),
            "text/html": (
                f'<section class="{_style(self.claim)}" id="{key}" aria-label="Claim {key}">'
                f"{_statement(self.claim, key)}"
                '<table><thead><tr><th scope="col">Measured here</th><th scope="col">Value</th>'
                f'<th scope="col">Must lie in</th></tr></thead><tbody>{rows}</tbody></table></section>'
            ),
        }


@dataclass(frozen=True)
class Listing:
    """Claims with their verdicts, each linked to the cell that measures it."""

    claims: tuple[Claim, ...]

    def __repr__(self) -> str:
        return "\n".join(
            f"{claim.id}: {claim.verdict}\n  Claim: {claim.claim}\n  Truth: {claim.truth}"
            for claim in self.claims
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        items = "".join(
            f'<li class="{_style(claim)}">'
            + _statement(claim, f'<a href="{claim.chapter}.ipynb#{claim.id}">{html.escape(claim.id)}</a>')
            + "</li>"
            for claim in self.claims
        )
        return {"text/plain": repr(self), "text/html": f'<ul class="claims">{items}</ul>'}


def _style(claim: Claim) -> str:
    return f"claim claim-{claim.verdict.replace(' ', '-')}"


def _statement(claim: Claim, name: str) -> str:
    return (
        f'<p class="claim-head"><strong>{name}</strong>'
        f' <span class="claim-verdict">{claim.verdict}</span></p>'
        f"<blockquote><p>{html.escape(claim.claim)}</p></blockquote><p>{html.escape(claim.truth)}</p>"
    )


def show(claim_id: str, **measured: float) -> None:
    """Display the verdict on a claim with the quantities measured for it.

    Parameters
    ----------
    claim_id : str
        An id of the ledger, such as ``"SIG-1"``.
    **measured : float
        The quantities that the ledger names under the claim's evidence, no more and no fewer.

    Raises
    ------
    KeyError
        If the ledger has no such claim.
    EvidenceError
        If a quantity is missing, unknown or no number, or lies outside its bounds.
    """
    from IPython.display import display

    claims = ledger()
    if claim_id not in claims:
        raise KeyError(f"claim_id must be in the ledger, got {claim_id!r}")
    values = {name: _real(f"{claim_id}: {name}", value) for name, value in measured.items()}
    display(Verdict(claims[claim_id], values))


def show_chapter(chapter: str) -> None:
    """Display every claim that `chapter` measures, with its verdict and a link to the cell.

    Raises
    ------
    KeyError
        If the ledger gives the chapter no claim.
    """
    from IPython.display import display

    found = tuple(claim for claim in ledger().values() if claim.chapter == chapter)
    if not found:
        raise KeyError(f"chapter must have claims in the ledger, got {chapter!r}")
    display(Listing(found))


def ledger(path: Path | None = None) -> Mapping[str, Claim]:
    """Return every claim of the ledger by its id, in the ledger's order.

    Raises
    ------
    ValueError
        If the ledger breaks its own form; the message names the claim, the key and the rule.
    """
    return _read(path or data.path(FILE))


@cache
def _read(path: Path) -> Mapping[str, Claim]:
    entries = yaml.load(path.read_text("utf-8"), _UniqueKeys)
    return {key: _claim(key, entry) for key, entry in entries.items()}


class _UniqueKeys(yaml.SafeLoader):
    """YAML alone lets the second of two equal keys win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"{node.start_mark.name} must have each key once, got {', '.join(twice)} twice")
        return super().construct_mapping(node, deep)


def _claim(key: str, entry: Mapping[str, Any]) -> Claim:
    required = ("chapter", "section", "claim", "verdict", "truth", "evidence")
    missing = [name for name in required if name not in entry]
    unknown = [name for name in entry if name not in (*required, "references")]
    if missing or unknown:
        raise ValueError(
            f"{key} must have the keys {', '.join(required)} and may have references, got {', '.join(entry)}"
        )
    return Claim(
        id=key,
        chapter=entry["chapter"],
        section=str(entry["section"]),
        claim=entry["claim"],
        verdict=entry["verdict"],
        truth=entry["truth"],
        evidence=tuple(_quantity(f"{key}: {name}", name, body) for name, body in entry["evidence"].items()),
        references=tuple(entry.get("references", ())),
    )


def _quantity(where: str, name: str, body: Mapping[str, Any]) -> Quantity:
    # YAML takes 1e-6 for text: it wants 1.0e-6.
    if set(body) == {"says", "within"} and len(body["within"]) == 2:
        low, high = (_real(where, end) for end in body["within"])
        return Quantity(name, body["says"], low, high)
    if set(body) == {"says", "noise_below"}:
        return Quantity(name, body["says"], 0.0, _real(where, body["noise_below"]), is_noise=True)
    raise ValueError(
        f"{where} must have says, and within with two numbers or noise_below with one, got {dict(body)}"
    )


def _real(where: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise EvidenceError(f"{where} must be a real number, got {value!r}") from None


def _shown(quantity: Quantity, value: float) -> str:
    return "rounding noise" if quantity.is_noise else number(value, DIGITS)


def _bounds(quantity: Quantity) -> str:
    if quantity.is_noise:
        return f"below {number(quantity.high, DIGITS)}"
    if quantity.low == quantity.high:
        return f"exactly {number(quantity.low, DIGITS)}"
    return f"{number(quantity.low, DIGITS)} to {number(quantity.high, DIGITS)}"
