"""Citations become links that read well anywhere, and a page lists what it cites."""

from pathlib import Path

import pytest

from tools import references

BIB = r"""
@misc{Roe1986, author = {Roe, Ann and {van Doe}, Bo}, title = {An LSTM for ImageNet},
  year = 1986, doi = {10.1/a_b(c)}}
@misc{Roe1986b, author = {Roe, Ann and {van Doe}, Bo}, title = {Again}, year = 1986}
@misc{lib12, author = {{lib contributors}}, title = {lax.py},
  howpublished = {\url{https://example.org/a_b.py}}, year = 2020}
@misc{Two, author = {{lib contributors}}, title = {Two places},
  howpublished = {\url{https://example.org/a_b/} and \url{https://example.org/c}}, year = 2021}
@misc{Many, author = {Poe, A. and Coe, B. and Loe, C.}, title = {Many}}
"""


@pytest.fixture
def known(tmp_path: Path) -> dict[str, references.Reference]:
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    return references.bibliography(tmp_path / "references.bib")


def test_labels(known: dict[str, references.Reference]) -> None:
    assert {key: each.label for key, each in known.items()} == {
        "Roe1986": "Roe and van Doe, 1986a",
        "Roe1986b": "Roe and van Doe, 1986b",
        "lib12": "lib contributors, 2020",
        "Two": "lib contributors, 2021",
        "Many": "Poe et al.",
    }


def test_texts_keep_capitals_and_their_links(known: dict[str, references.Reference]) -> None:
    assert known["Roe1986"].text == (
        "Ann Roe and Bo van Doe. An LSTM for ImageNet. 1986. [doi:10.1/a_b(c)](https://doi.org/10.1/a_b(c))."
    )
    assert known["lib12"].text == "lib contributors. lax.py. <https://example.org/a_b.py>, 2020."
    assert known["Two"].text.endswith(" <https://example.org/a_b/> and <https://example.org/c>, 2021.")


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("It grows {cite}`Many`.", "It grows ([Poe et al.](#Many))."),
        (
            "It grows {cite:t}`Many, lib12`.",
            "It grows ([Poe et al.](#Many); [lib contributors, 2020](#lib12)).",
        ),
        ("As in {cite}`Many`, it", "As in [Poe et al.](#Many), it"),
        ("Of $x$ {cite}`Many`", "Of $x$ ([Poe et al.](#Many))"),
        ("(measured by all {cite}`Many`)", "(measured by all [Poe et al.](#Many))"),
        ("| cited: {cite}`Many` |", "| cited: [Poe et al.](#Many) |"),
        (
            "[Old name](#Many) and [a heading](#many-heads)",
            "[Poe et al.](#Many) and [a heading](#many-heads)",
        ),
        ("No such {cite}`Nobody1`, [N](#Nobody1)", "No such {cite}`Nobody1`, [N](#Nobody1)"),
    ],
)
def test_a_citation_is_a_link(text: str, linked: str, known: dict[str, references.Reference]) -> None:
    assert references.written([text], known) == [linked]
    assert references.written([linked], known) == [linked]


def test_the_list_has_what_the_page_cites_by_label(known: dict[str, references.Reference]) -> None:
    page = ["{cite}`Roe1986b` {cite}`Many`", "So.\n\n## References\n\n```{bibliography}\n```"]
    _, last = references.written(page, known)
    head, *items = last.split("\n- ")
    assert head == "So.\n\n## References\n"
    assert [item.partition(".**")[0] for item in items] == [
        '<a id="Many"></a>**Poe et al.',
        '<a id="Roe1986b"></a>**Roe and van Doe, 1986b',
    ]
    assert list(references.cited(page[0])) == ["Roe1986b", "Many"]
