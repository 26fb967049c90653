"""The ledger of claims: shows a verdict in a chapter and refuses one whose evidence fails.

`data/claims.yml` holds every claim of the source article with its verdict, what is true, the
quantities that decide it and the bounds they must keep. A chapter measures the quantities and calls
`show`; the cell raises when a quantity is missing, unknown or out of its bounds. Evidence must be able
to fail, so the chapter measures once more with the claim made false, and `show` raises unless that run
leaves the bounds. `show_chapter` lists the verdicts of a chapter elsewhere, each with a link to the
cell that measures it.
"""

from __future__ import annotations

import html
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import yaml

from actlib.course import data
from actlib.course.numerals import DIGITS, number

__all__ = [
    "KINDS",
    "VERDICTS",
    "Claim",
    "EvidenceError",
    "Listing",
    "Quantity",
    "Verdict",
    "decision",
    "ledger",
    "show",
    "show_chapter",
]

FILE = "claims.yml"

VERDICTS: Mapping[str, str] = {
    "holds": "It is true as it stands, and what was measured would leave its bounds if it were not.",
    "holds with a condition": "It is true when a condition is met that the claim leaves out.",
    "misleading": "The words are true or nearly so; what they are offered as a reason for does not follow.",
    "wrong": "A measurement, a proof or a source says the contrary of the words, read kindly.",
    "not decided here": "Nothing on the page can decide it.",
}
"""Every verdict with its rule."""

KINDS: Mapping[str, str] = {
    "proved": "derived on the page",
    "measured": "computed on the page, with a second run in which the claim is made false",
    "cited": "said by a source that is named",
}
"""Every kind of evidence: what it is."""


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
    counter: str | None = None
    """What a second run changes, so that the claim is false and the quantity leaves its bounds."""

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
    """Where the article makes it."""
    claim: str
    form: str
    """The group of claims of the same form: like claims get like verdicts."""
    verdict: str
    truth: str
    decided: tuple[str, ...]
    """The kinds of evidence that decide it; none, at most, where nothing does."""
    evidence: tuple[Quantity, ...] = ()
    differs: str | None = None
    """Why its verdict is another than that of the claims of its form, or of most of them."""
    proof: str | None = None
    """The heading on the page under which the proof stands."""
    also: tuple[str, ...] = ()
    """Keys of other public courses and tutorials that say the same."""
    references: tuple[str, ...] = ()
    """Keys of the sources that the truth rests on."""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(
                f"verdict of {self.id} must be one of {', '.join(VERDICTS)}, got {self.verdict!r}"
            )
        undecided = self.verdict == "not decided here"
        if not (self.decided or undecided) or not set(self.decided) <= KINDS.keys():
            raise ValueError(
                f"decided of {self.id} must be some of {', '.join(KINDS)}, got {', '.join(self.decided)!r}"
            )
        for kind, given, needs in (
            ("measured", any(quantity.counter for quantity in self.evidence), "a quantity with a counter"),
            ("proved", self.proof, "a proof"),
            ("cited", self.references, "references"),
        ):
            if (kind in self.decided) != bool(given):
                raise ValueError(
                    f"decided of {self.id} must name {kind} if, and only if, the claim has {needs}"
                )


@dataclass(frozen=True)
class Verdict:
    """A claim together with the quantities measured for it; it exists only if they hold."""

    claim: Claim
    measured: Mapping[str, float]
    counter: Mapping[str, float]
    """What the second runs gave, in which the claim is false."""

    def __post_init__(self) -> None:
        evidence = self.claim.evidence
        self._complete("quantities", [quantity.name for quantity in evidence], self.measured)
        self._complete("counters", [quantity.name for quantity in evidence if quantity.counter], self.counter)
        for quantity in evidence:
            bounds = f"[{quantity.low:g}, {quantity.high:g}]"
            value = self.measured[quantity.name]
            if not quantity.holds(value):
                raise EvidenceError(f"{self.claim.id}: {quantity.name} must lie in {bounds}, got {value!r}")
            if quantity.counter and quantity.holds(value := self.counter[quantity.name]):
                raise EvidenceError(
                    f"{self.claim.id}: {quantity.name} must leave {bounds} where the claim is false, "
                    f"{quantity.counter}, got {value!r}"
                )

    def _complete(self, what: str, wanted: Sequence[str], given: Mapping[str, float]) -> None:
        if set(wanted) != given.keys():
            raise EvidenceError(
                f"{self.claim.id} needs the {what} {', '.join(sorted(wanted)) or 'none'}, "
                f"got {', '.join(sorted(given)) or 'none'}"
            )

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (
                quantity.says,
                _shown(quantity, self.measured[quantity.name]),
                _bounds(quantity),
                f"{number(self.counter[quantity.name], 3)} for {quantity.counter}"
                if quantity.counter
                else "",
            )
            for quantity in self.claim.evidence
        ]

    def __repr__(self) -> str:
        lines = [
            f"{self.claim.id}: {decision(self.claim)}",
            f"Claim: {self.claim.claim}",
            f"Truth: {self.claim.truth}",
        ]
        for says, value, bounds, otherwise in self._rows():
            lines.append(f"  {says}: {value} ({bounds})")
            if otherwise:
                lines.append(f"    Otherwise: {otherwise}")
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        key = html.escape(self.claim.id)
        heads = ["Measured here", "Value", "Must lie in", "Were the claim false"]
        columns = 4 if self.counter else 3
        rows = "".join(
            f'<tr><th scope="row">{html.escape(says)}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells[: columns - 1])
            + "</tr>"
            for says, *cells in self._rows()
        )
        head = "".join(f'<th scope="col">{text}</th>' for text in heads[:columns])
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        return {
            "text/plain": repr(self),
            "text/html": (
                f'<section class="{_style(self.claim)}" id="{key}" aria-label="Claim {key}">'
                f"{_statement(self.claim, key)}{table}</section>"
            ),
        }


@dataclass(frozen=True)
class Listing:
    """Claims with their verdicts, each linked to the cell that measures it."""

    claims: tuple[Claim, ...]

    def __repr__(self) -> str:
        return "\n".join(
            f"{claim.id}: {decision(claim)}\n  Claim: {claim.claim}\n  Truth: {claim.truth}\n"
            f"  {_origin(claim)}"
            for claim in self.claims
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        items = "".join(
            f'<li class="{_style(claim)}">'
            + _statement(claim, f'<a href="{claim.chapter}.ipynb#{claim.id}">{html.escape(claim.id)}</a>')
            + f'<p class="claim-origin">{_origin(claim, link=True)}</p></li>'
            for claim in self.claims
        )
        return {"text/plain": repr(self), "text/html": f'<ul class="claims">{items}</ul>'}


def decision(claim: Claim) -> str:
    """Return a claim's verdict and the kinds of evidence that decide it."""
    return ", ".join((claim.verdict, *claim.decided))


def _origin(claim: Claim, link: bool = False) -> str:
    """Return where the article makes the claim, and who else does, with links into the references."""
    where = f"Article, {'' if claim.section[0].isalpha() else 'section '}{claim.section}"
    also = [f'<a href="#{key}">{key}</a>' if link else key for key in claim.also]
    return f"{where}; also said by {', '.join(also)}." if also else f"{where}."


def _style(claim: Claim) -> str:
    return f"claim claim-{claim.verdict.replace(' ', '-')}"


def _statement(claim: Claim, name: str) -> str:
    kinds = f' <span class="claim-kinds">{", ".join(claim.decided)}</span>' if claim.decided else ""
    return (
        f'<p class="claim-head"><strong>{name}</strong>'
        f' <span class="claim-verdict">{claim.verdict}</span>'
        f"{kinds}</p>"
        f"<blockquote><p>{html.escape(claim.claim)}</p></blockquote><p>{html.escape(claim.truth)}</p>"
    )


def show(claim_id: str, *, counter: Mapping[str, float] | None = None, **measured: float) -> None:
    """Display the verdict on a claim with the quantities measured for it.

    Parameters
    ----------
    claim_id : str
        An id of the ledger, such as ``"SIG-1"``.
    counter : mapping of str to float
        The quantities again, of a run in which the claim is made false, as the ledger says: for each
        that has a ``counter`` there.
    **measured : float
        The quantities that the ledger names under the claim's evidence, no more and no fewer.

    Raises
    ------
    KeyError
        If the ledger has no such claim.
    EvidenceError
        If a quantity is missing, unknown or no number, or lies outside its bounds, or one of
        `counter` within them.
    """
    from IPython.display import display

    claims = ledger()
    if claim_id not in claims:
        raise KeyError(f"claim_id must be in the ledger, got {claim_id!r}")
    values, false = (
        {name: _real(f"{claim_id}: {name}", value) for name, value in given.items()}
        for given in (measured, counter or {})
    )
    display(Verdict(claims[claim_id], values, false))


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


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one: ten times as fast


class _UniqueKeys(_Loader):
    """YAML alone lets the second of two equal keys win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"{node.start_mark.name} must have each key once, got {', '.join(twice)} twice")
        return super().construct_mapping(node, deep)


REQUIRED = ("chapter", "section", "claim", "form", "verdict", "truth", "decided")
OPTIONAL = ("evidence", "differs", "proof", "also", "references")


def _claim(key: str, entry: Mapping[str, Any]) -> Claim:
    missing = [name for name in REQUIRED if name not in entry]
    unknown = [name for name in entry if name not in (*REQUIRED, *OPTIONAL)]
    if missing or unknown:
        raise ValueError(
            f"{key} must have the keys {', '.join(REQUIRED)} and may have {', '.join(OPTIONAL)}, "
            f"got {', '.join(entry)}"
        )
    return Claim(
        id=key,
        chapter=entry["chapter"],
        section=str(entry["section"]),
        claim=entry["claim"],
        form=entry["form"],
        verdict=entry["verdict"],
        truth=entry["truth"],
        decided=tuple(entry["decided"]),
        evidence=tuple(
            _quantity(f"{key}: {name}", name, body) for name, body in entry.get("evidence", {}).items()
        ),
        differs=entry.get("differs"),
        proof=entry.get("proof"),
        also=tuple(entry.get("also", ())),
        references=tuple(entry.get("references", ())),
    )


def _quantity(where: str, name: str, body: Mapping[str, Any]) -> Quantity:
    # YAML takes 1e-6 for text: it wants 1.0e-6.
    counter = body.get("counter")
    stated = body.keys() - {"counter"}
    if stated == {"says", "within"} and len(body["within"]) == 2:
        low, high = (_real(where, end) for end in body["within"])
        return Quantity(name, body["says"], low, high, counter=counter)
    if stated == {"says", "noise_below"}:
        high = _real(where, body["noise_below"])
        return Quantity(name, body["says"], 0.0, high, is_noise=True, counter=counter)
    raise ValueError(
        f"{where} must have says, and within with two numbers or noise_below with one, and may have "
        f"counter, got {dict(body)}"
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
