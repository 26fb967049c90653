"""A verdict is shown only when every quantity that decides it was measured and holds."""

from collections.abc import Iterator
from html.parser import HTMLParser
from math import inf, nan
from pathlib import Path

import pytest

from actlib.course import claims, data
from actlib.course.claims import Claim, EvidenceError, Quantity, Verdict

LEDGER = """
T-1:
  chapter: test
  section: "1.2"
  claim: Slopes < 1 & > 0.
  form: slopes
  verdict: holds with a condition
  truth: Only "here".
  decided: [measured, cited]
  evidence:
    slope:
      says: slope at <0>
      within: [0.25, 0.25]
      counter: tanh & its slope
    loss:
      says: loss
      within: [-1.0e-6, .inf]
    rest:
      says: what is left over
      noise_below: 1.0e-13
  also: [Course2016]
  references: [Key1845]
"""
MEASURED = {"slope": 0.25, "loss": inf, "rest": 3e-16}
COUNTER = {"slope": 1.0}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    (tmp_path / "claims.yml").write_text(LEDGER, "utf-8")
    yield tmp_path
    claims._read.cache_clear()


@pytest.fixture
def claim(folder: Path) -> Claim:
    return claims.ledger()["T-1"]


def test_reading(claim: Claim) -> None:
    assert claim == Claim(
        id="T-1",
        chapter="test",
        section="1.2",
        claim="Slopes < 1 & > 0.",
        form="slopes",
        verdict="holds with a condition",
        truth='Only "here".',
        decided=("measured", "cited"),
        evidence=(
            Quantity("slope", "slope at <0>", 0.25, 0.25, counter="tanh & its slope"),
            Quantity("loss", "loss", -1e-6, inf),
            Quantity("rest", "what is left over", 0.0, 1e-13, is_noise=True),
        ),
        also=("Course2016",),
        references=("Key1845",),
    )


def test_text(claim: Claim) -> None:
    assert repr(Verdict(claim, MEASURED, COUNTER)).splitlines() == [
        "T-1: holds with a condition, measured, cited",
        "Claim: Slopes < 1 & > 0.",
        'Truth: Only "here".',
        "  slope at <0>: 0.25 (exactly 0.25)",
        "    Otherwise: 1 for tanh & its slope",
        "  loss: ∞ (−1e−06 to ∞)",
        "  what is left over: rounding noise (below 1e−13)",
    ]


def test_html_is_escaped_and_well_formed(claim: Claim) -> None:
    html = Verdict(claim, MEASURED, COUNTER)._repr_mimebundle_()["text/html"]
    assert html.startswith('<section class="claim claim-holds-with-a-condition" id="T-1"')
    open_tags: list[str] = []
    texts: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

        def handle_data(self, data: str) -> None:
            texts.append(data)

    Reader().feed(html)
    assert open_tags == []
    assert {
        "Slopes < 1 & > 0.",
        'Only "here".',
        "slope at <0>",
        "∞",
        "measured, cited",
        "1 for tanh & its slope",
    } <= set(texts)


def test_show_displays_the_verdict_for_a_terminal_and_a_site(
    folder: Path, claim: Claim, capsys: pytest.CaptureFixture[str]
) -> None:
    claims.show("T-1", counter=COUNTER, **MEASURED)  # outside a notebook, what is displayed is printed
    assert capsys.readouterr().out == f"{Verdict(claim, MEASURED, COUNTER)}\n"
    assert Verdict(claim, MEASURED, COUNTER)._repr_mimebundle_().keys() == {"text/plain", "text/html"}


def test_a_listing_leads_to_the_cells(folder: Path, claim: Claim, capsys: pytest.CaptureFixture[str]) -> None:
    claims.show_chapter("test")
    assert capsys.readouterr().out == (
        'T-1: holds with a condition, measured, cited\n  Claim: Slopes < 1 & > 0.\n  Truth: Only "here".\n'
        "  Article, section 1.2; also said by Course2016.\n"
    )
    html = claims.Listing((claim,))._repr_mimebundle_()["text/html"]
    assert '<li class="claim claim-holds-with-a-condition">' in html
    assert '<a href="test.ipynb#T-1">T-1</a>' in html
    assert "Slopes &lt; 1 &amp; &gt; 0." in html
    assert 'Article, section 1.2; also said by <a href="#Course2016">Course2016</a>.' in html


def test_a_chapter_without_claims_raises(folder: Path) -> None:
    with pytest.raises(KeyError, match="chapter must have claims in the ledger, got 'other'"):
        claims.show_chapter("other")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slope": 0.25 * (1 + 1e-6)}, r"T-1: slope must lie in \[0.25, 0.25\], got 0.25000025"),
        ({"loss": -1.0}, r"loss must lie in \[-1e-06, inf\], got -1.0"),
        ({"loss": nan}, "loss must lie in .* got nan"),
        ({"rest": 1e-12}, "rest must lie in"),
        ({"slope": "steep"}, "slope must be a real number, got 'steep'"),
        ({"slope": None}, "slope must be a real number, got None"),
        ({"extra": 1.0}, "needs the quantities loss, rest, slope, got extra, loss, rest, slope"),
    ],
)
def test_a_quantity_that_does_not_hold_raises(
    folder: Path, change: dict[str, float], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EvidenceError, match=message):
        claims.show("T-1", counter=COUNTER, **{**MEASURED, **change})
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("counter", "message"),
    [
        (None, "T-1 needs the counters slope, got none"),
        ({"slope": 1.0, "loss": 0.0}, "T-1 needs the counters slope, got loss, slope"),
        ({"slope": 0.25}, r"slope must leave \[0.25, 0.25\] where the claim is false, tanh & .* got 0.25"),
        ({"slope": "steep"}, "slope must be a real number, got 'steep'"),
    ],
)
def test_evidence_that_would_hold_of_a_false_claim_raises(
    folder: Path, counter: dict[str, float] | None, message: str
) -> None:
    with pytest.raises(EvidenceError, match=message):
        claims.show("T-1", counter=counter, **MEASURED)


@pytest.mark.parametrize("measured", [{}, {"slope": 0.25, "loss": 1.0}])
def test_a_missing_quantity_raises(folder: Path, measured: dict[str, float]) -> None:
    with pytest.raises(EvidenceError, match="needs the quantities loss, rest, slope, got"):
        claims.show("T-1", counter=COUNTER, **measured)


def test_an_unknown_claim_raises(folder: Path) -> None:
    with pytest.raises(KeyError, match="claim_id must be in the ledger, got 'T-2'"):
        claims.show("T-2")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "verdict: holds with a condition",
            "verdict: true",
            "verdict of T-1 must be one of holds, .* got True",
        ),
        (
            'truth: Only "here".',
            "",
            "T-1 must have the keys chapter, .* got chapter, section, claim, form, verdict, de",
        ),
        ('truth: Only "here".', "truth: x\n  colour: red", "T-1 must have the keys .* colour"),
        ("within: [0.25, 0.25]", "within: [0.25]", "T-1: slope must have says, and within with two numbers"),
        ("within: [0.25, 0.25]", "within: [1, 0]", "within of slope must be two numbers in order"),
        ("within: [0.25, 0.25]", "within: [.nan, 0]", "within of slope must be two numbers in order"),
        ("within: [0.25, 0.25]", "within: [low, 0]", "T-1: slope must be a real number, got 'low'"),
        ("says: loss", "say: loss", "T-1: loss must have says"),
        ("    loss:\n", "    slope:\n", "must have each key once, got slope twice"),
    ],
)
def test_a_malformed_ledger_says_where(folder: Path, old: str, new: str, message: str) -> None:
    assert old in LEDGER
    (folder / "claims.yml").write_text(LEDGER.replace(old, new), "utf-8")
    with pytest.raises((ValueError, EvidenceError), match=message):
        claims.ledger()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[measured, cited]", "[measured]", "must name cited if, and only if, the claim has references"),
        ("[measured, cited]", "[cited]", "must name measured if, and only if, the claim has a quantity with"),
        (
            "[measured, cited]",
            "[measured, cited, proved]",
            "must name proved if, and only if, .* has a proof",
        ),
        ("      counter: tanh & its slope\n", "", "must name measured if, and only if"),
        ("[measured, cited]", "[]", "decided of T-1 must be some of proved, measured, cited, got ''"),
        ("[measured, cited]", "[guessed]", "decided of T-1 must be some of proved, measured, cited, got 'gu"),
    ],
)
def test_the_kinds_of_evidence_are_those_that_are_there(
    folder: Path, old: str, new: str, message: str
) -> None:
    assert old in LEDGER
    (folder / "claims.yml").write_text(LEDGER.replace(old, new), "utf-8")
    with pytest.raises(ValueError, match=message):
        claims.ledger(folder / "claims.yml")
