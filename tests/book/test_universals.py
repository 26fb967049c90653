"""A sentence that says "all" is found, and its support must stand in its own section."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools.book import Page
from tools.universals import sentences, unsupported

ALL = "All ten networks learn it."
TEXT = f"""## A section

At most five do. {ALL} For all $x$ it holds, after all. See [the other page](other.ipynb#part).

By induction the rest follows {{cite}}`Key1845`.

<details><summary>More</summary>

It never fails.

</details>
"""


def page(text: str = TEXT) -> Page:
    cell = new_code_cell("learned = 10", outputs=[new_output("stream", name="stdout", text="10 of 10\n")])
    cells = [new_markdown_cell(text), cell, new_markdown_cell("## Exercises\n\nNobody knows.")]
    return Page("p", cells)


def test_quantifiers_idioms_folds_and_questions_are_left_out():
    assert list(sentences(page())) == [("A section", ALL)]


@pytest.mark.parametrize(
    "text",
    ['Pass `approximate="none"` there.', "See [it](a.ipynb#all-paths).", ":all:"],
)
def test_a_word_in_code_an_address_or_an_option_says_nothing(text):
    assert list(sentences(page(f"## A\n\n{text}"))) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It never fails.",
        "None of them did.",
        "The only cure is another weight.",
        "GELU was first.",
        "Nobody had tried.",
        "It is the best of the twelve.",
        "Most networks learn.",
        "They were the first to do so.",
    ],
)
def test_a_sentence_about_everything_is_found(sentence):
    assert [found for _, found in sentences(page(f"## A\n\nBefore. {sentence} After."))] == [sentence]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cell", "10 of 10"),
        ("cell", "learned = 10"),
        ("proof", "By induction the rest follows"),
        ("cite", "Key1845"),
        ("page", "other.ipynb"),
        ("test", "tests/book/test_universals.py::page"),
        ("definition", "ten were trained"),
    ],
)
def test_support_that_stands_in_the_section_is_enough(kind, text):
    assert list(unsupported(page(), {ALL: {kind: text}})) == []


@pytest.mark.parametrize("section", ["A section", "Another"])
@pytest.mark.parametrize("kind", ["proof", "cite", "page"])
def test_support_counts_for_the_section_it_stands_in_also_within_one_cell(section, kind):
    support = {
        "proof": "By induction the rest follows",
        "cite": "[Key, 1845](#Key1845)",
        "page": "[there](other.ipynb)",
    }
    other = "Another" if section == "A section" else "A section"
    body = {section: ALL, other: ". ".join(support.values())}
    text = "\n\n".join(f"## {heading}\n\n{body[heading]}" for heading in ("A section", "Another"))
    named = {"proof": "By induction", "cite": "Key1845", "page": "other.ipynb"}[kind]
    (message,) = unsupported(Page("p", [new_markdown_cell(text)]), {ALL: {kind: named}})
    assert f"rests on {kind}" in message


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ({}, "does not say what supports 'All ten networks learn it.'"),
        ({ALL: {"cell": "9 of 10"}}, "rests on cell '9 of 10', which its section does not have"),
        ({ALL: {"proof": "By contradiction"}}, "rests on proof"),
        ({ALL: {"cite": "Key1900"}}, "rests on cite"),
        ({ALL: {"page": "tanh.ipynb"}}, "rests on page"),
        ({ALL: {"test": "tests/book/test_universals.py::nothing"}}, "rests on test"),
        ({ALL: {"test": "tests/book/nothing.py::page"}}, "rests on test"),
        ({ALL: {"hope": "so"}}, "must be one of cell, proof, cite, page, test, definition, got 'hope'"),
        (
            {ALL: {"cell": "10"}, "All twenty do.": {"cell": "10"}},
            "'All twenty do.', which the page does not",
        ),
    ],
)
def test_support_that_is_not_there_is_refused(listed, message):
    found = list(unsupported(page(), listed))
    assert len(found) == 1
    assert message in found[0]
