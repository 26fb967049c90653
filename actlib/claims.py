"""The ledger of claims: shows a verdict in a chapter and refuses one whose evidence fails.

`book/claims.yml` holds every claim of the source article with its verdict, what is true, the
quantities that decide it and the bounds they must keep. A chapter measures the quantities and calls
`show`; the cell raises when a quantity is missing, unknown or out of its bounds.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["VERDICTS", "Claim", "EvidenceError", "Quantity", "Verdict", "ledger", "show"]

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
                f"{self.claim.id} needs the quantities {', '.join(sorted(wanted))}, got {', '.join(sorted(self.measured)) or 'none'}"
            )
        for quantity in self.claim.evidence:
            value = self.measured[quantity.name]
            if not quantity.holds(value):
                raise EvidenceError(
                    f"{self.claim.id}: {quantity.name} must lie in [{quantity.low:g}, {quantity.high:g}], got {value!r}"
                )

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (quantity.says, _number(self.measured[quantity.name]), _bounds(quantity))
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
        text = html.escape
        rows = "".join(
            f'<tr><th scope="row">{text(says)}</th><td>{value}</td><td>{bounds}</td></tr>'
            for says, value, bounds in self._rows()
        )
        kind = self.claim.verdict.replace(" ", "-")
        return {
            "text/plain": repr(self),
            "text/html": (
                f'<section class="claim claim-{kind}" id="{self.claim.id}" aria-label="Claim {self.claim.id}">'
                f'<p class="claim-head"><strong>{self.claim.id}</strong> <span class="claim-verdict">{self.claim.verdict}</span></p>'
                f"<blockquote><p>{text(self.claim.claim)}</p></blockquote>"
                f"<p>{text(self.claim.truth)}</p>"
                '<table><thead><tr><th scope="col">Measured here</th><th scope="col">Value</th>'
                f'<th scope="col">Must lie in</th></tr></thead><tbody>{rows}</tbody></table></section>'
            ),
        }


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
        If a quantity is missing or unknown, or lies outside its bounds.
    """
    from IPython.display import display

    claims = ledger()
    if claim_id not in claims:
        raise KeyError(f"claim_id must be in the ledger, got {claim_id!r}")
    display(Verdict(claims[claim_id], {name: float(value) for name, value in measured.items()}))


def ledger(path: Path | None = None) -> Mapping[str, Claim]:
    """Return every claim of the ledger by its id, in the ledger's order."""
    return _read(path or _find())


@cache
def _read(path: Path) -> Mapping[str, Claim]:
    entries = yaml.safe_load(path.read_text("utf-8"))
    return {
        key: Claim(
            id=key,
            chapter=entry["chapter"],
            section=str(entry["section"]),
            claim=entry["claim"],
            verdict=entry["verdict"],
            truth=entry["truth"],
            evidence=tuple(
                Quantity(name, quantity["says"], *(float(end) for end in quantity["within"]))
                for name, quantity in entry["evidence"].items()
            ),
            references=tuple(entry.get("references", ())),
        )
        for key, entry in entries.items()
    }


def _find() -> Path:
    # A chapter runs in book/; from elsewhere the checkout that holds this package is meant.
    for folder in (Path.cwd(), Path.cwd() / "book", Path(__file__).resolve().parents[1] / "book"):
        if (folder / "claims.yml").is_file():
            return folder / "claims.yml"
    raise FileNotFoundError(
        "claims.yml must lie in the working folder or in book/ of the checkout, found in neither"
    )


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}").replace("inf", "\N{INFINITY}")


def _bounds(quantity: Quantity) -> str:
    if quantity.low == quantity.high:
        return f"exactly {_number(quantity.low)}"
    return f"{_number(quantity.low)} to {_number(quantity.high)}"
