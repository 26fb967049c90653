"""Each rule of the book notices what it is for. That the book keeps them, `make lint` says."""

import copy
import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from actlib.course.claims import Claim, Quantity, Verdict
from tests.own_book import BOOK
from tools import book as book_files, rules
from tools.book import Book, Page
from tools.execute import LIVE, METADATA, PORTABLE, kept
from tools.install_cell import CELL
from tools.references import Reference
from tools.rules import BRIDGE_HEADINGS, HEADINGS, LEDGER, LOOKED_UP, PAGE_RULES

SVG = """\
<svg viewBox="0 0 1 1">
 <title>T</title>
 <desc>D</desc>
 <path style="stroke: #0b5fa5; fill: none"/>
</svg>
"""


EXERCISE = "**{}. {}.** Do it.\n\n<details>\n<summary>Solution</summary>\n\nDone.\n\n</details>\n\n"
TITLES = ("A proof", "Code with a checker", "One", "Two", "Three")
SECTIONS = {
    "Predict, then look": f"The slope is 0.25 at most.\n\n{'Word ' * 2600}",
    "Exercises": "".join(EXERCISE.format(number, title) for number, title in enumerate(TITLES, 1)),
    "Recall": "<details>\n<summary>Why?</summary>\n\nSo.\n\n</details>\n" * 5,
}
ASKING = {"state": {"question": "Where?"}}
KEYS = ["Key1845", "Key1846", "Key1847", "Key1848", "Key1849", "Key1850"]
REFERENCES = {key: Reference(f"Key, {key[3:]}", f"Key. A title. {key[3:]}.") for key in KEYS}


CLAIM = Claim(
    id="SIG-1",
    chapter="sigmoid",
    section="1",
    claim="c",
    form="f",
    verdict="holds",
    truth="t",
    decided=("cited",),
    evidence=(Quantity("slope", "s", 0, 1),),
    references=("Key1845",),
)
SHOWN = Verdict(CLAIM, {"slope": 0.25}, {})


def good_notebook() -> NotebookNode:
    """Return a chapter that breaks no rule."""
    plan = [
        f"## {heading or 'An own experiment'}\n\n{SECTIONS.get(str(heading), '')}" for heading in HEADINGS
    ]
    citations = "; ".join(f"[{REFERENCES[key].label}](#{key})" for key in KEYS)
    opening = f"# Sigmoid\n\nA curve ({citations}). ![a line](line.svg)"
    items = [f'- <a id="{key}"></a>**{each.label}.** {each.text}' for key, each in REFERENCES.items()]
    plan[-1] = "\n".join(["## References\n", *items])
    after = HEADINGS.index("Exercises") + 1
    cells = [
        new_markdown_cell("\n\n".join([opening, *plan[:after]]), id="a"),
        new_code_cell(CELL, id="b", execution_count=1, metadata={"tags": ["install"]}),
        new_code_cell(
            'claims.show("SIG-1", slope=0.25)',
            id="c",
            execution_count=2,
            outputs=[new_output("display_data", data=SHOWN._repr_mimebundle_())],
        ),
        new_code_cell(
            "figures.show(fig)",
            id="d",
            execution_count=3,
            outputs=[new_output("display_data", data={"image/svg+xml": SVG, "text/plain": "Figure: T\n[D]"})]
            * 5,
        ),
        new_code_cell(
            "print(0.25)",
            id="e",
            execution_count=4,
            outputs=[new_output("stream", name="stdout", text="0.12345678\n")],
        ),
        new_code_cell(
            "def check_slope(f): ...\n\n\nexplorer = CurveExplorer(sigmoid)\nexplorer",
            id="f",
            execution_count=5,
            metadata=kept(["hide-input"]),
            outputs=[new_output("display_data", data={PORTABLE: ASKING, "text/plain": "CurveExplorer"})],
        ),
        new_markdown_cell("\n\n".join(plan[after:]), id="g"),
    ]
    notebook = new_notebook(cells=cells, metadata=copy.deepcopy(METADATA))
    notebook.nbformat_minor = 5
    return notebook


def book_of(notebook: NotebookNode) -> Book:
    """Return a book of this chapter alone."""
    return Book(
        pages=[Page("sigmoid", notebook.cells, notebook)],
        contents=["sigmoid"],
        chapters=["sigmoid"],
        claims={"SIG-1": CLAIM},
        article={"SIG": 1},
        bibliography=KEYS,
        references=REFERENCES,
        papers=["Key1845"],
        facts={"sigmoid": [0.25]},
        allowed={},
        universals={},
        quoted={},
        assets=[],
        mentions="",
        presentations={},
    )


def test_the_good_chapter_is_good() -> None:
    assert list(rules.findings(book_of(good_notebook()))) == []


def markdown(old: str, new: str) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        cell = next(cell for cell in notebook.cells if cell.cell_type == "markdown" and old in cell.source)
        cell.source = cell.source.replace(old, new)

    return change


def source(cell: int, text: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells[cell].update(source=text)


def data(cell: int, **data: object) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells[cell].outputs[0].data.update(from_dict(data))


def shown(old: str, new: str) -> Callable[[NotebookNode], None]:
    return data(2, **{"text/plain": repr(SHOWN).replace(old, new)})


def figure(old: str, new: str) -> Callable[[NotebookNode], None]:
    assert old in SVG
    return data(3, **{"image/svg+xml": SVG.replace(old, new)})


def pixels(alt: str) -> Callable[[NotebookNode], None]:
    """Give the figure a PNG beside its SVG."""

    def change(notebook: NotebookNode) -> None:
        output = notebook.cells[3].outputs[0]
        output.data.update({"image/png": "AAAA"})
        output.metadata.update(from_dict({"image/png": {"alt": alt}}))

    return change


def printed(text: str, stream: str = "stdout") -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells[4].outputs[0].update(text=text, name=stream)


def tagged(cell: int, *tags: str) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells[cell].metadata.update(tags=list(tags))


PROSE = """\
# Title

One two $x + y = z$ three ([Key, 1845](#Key1845); [Key, 1846](#Key1846)) — [four](https://example.org/a b).

$$
a + b
$$

| a | table |
| --- | --- |

```python
code = 1
```

<details>
<summary>Solution</summary>

Folded away.

</details>

## References

Not counted.
"""
BROKEN: list[tuple[str, str, Callable[[NotebookNode], object]]] = [
    ("form", "format", lambda n: n.update(nbformat_minor=4)),
    ("form", "metadata is not", lambda n: n.metadata.update(widgets={})),
    ("form", "metadata is not", lambda n: n.metadata.kernelspec.update(display_name="my env")),
    ("form", "not unique", lambda n: n.cells[1].update(id="c")),
    ("form", "other metadata", lambda n: n.cells[1].metadata.update(execution={})),
    ("form", "other metadata", lambda n: n.cells[5].metadata.pop("jupyter")),
    ("form", "other metadata", lambda n: n.cells[5].metadata.update(tags=[])),
    ("form", "live widget", data(3, **{PORTABLE: {}, LIVE: {}})),
    ("counts", "executed as None", lambda n: n.cells[3].update(execution_count=None)),
    ("counts", "executed as 9", lambda n: n.cells[3].update(execution_count=9)),
    ("counts", "empty", source(3, " ")),
    ("clean_outputs", "stderr", printed("UserWarning: x", "stderr")),
    (
        "clean_outputs",
        "error: ValueError",
        lambda n: n.cells[4].outputs.append(new_output("error", ename="ValueError", evalue="", traceback=[])),
    ),
    ("harmless", "<script> may not", markdown("A curve", "A <script>f()</script> curve")),
    ("harmless", "is raw", lambda n: n.cells[0].update(cell_type="raw")),
    ("harmless", "application/javascript", data(3, **{"application/javascript": "f()"})),
    ("harmless", "onclick may not", data(3, **{"text/html": "<b onclick='f()'>b</b>"})),
    ("harmless", "<meta> may not", data(3, **{"text/markdown": "a <meta http-equiv='refresh'> b"})),
    ("harmless", "<script> may not", figure("<path", "<script>f()</script><path")),
    ("no_machine", "at 0x7f", printed("<object at 0x7f12ab34>")),
    ("no_machine", "/home/a", printed("/home/ada/book")),
    ("no_machine", "/var/folders/x", source(4, "open('/var/folders/x')")),
    ("no_machine", "/Users/a", data(3, **{PORTABLE: {"state": {"where": ["/Users/ada"]}}})),
    ("compared", "nbval-ignore-output", tagged(3, "nbval-ignore-output")),
    ("compared", "raises-exception", tagged(3, "raises-exception")),
    ("compared", "NBVAL_SKIP", source(3, "# NBVAL_SKIP\nx = 1")),
    ("widgets_named", "must end with a name", source(5, "CurveExplorer(sigmoid)")),
    ("widgets_named", "must end with a name", source(5, "explorer = CurveExplorer(sigmoid)\nsweep")),
    ("answers_hidden", "must have the tag hide-input", tagged(5)),
    ("answers_hidden", "must have the tag hide-input", tagged(5, "hide-output")),
    (
        "answers_hidden",
        "must show nothing else",
        lambda n: n.cells[5].outputs.append(new_output("stream", name="stdout", text="R = 64\n")),
    ),
    ("installs", "first code cell", tagged(1)),
    ("installs", "first code cell", source(1, "import actlib")),
    ("installs", "first code cell", lambda n: n.cells.pop(1)),
    ("headings", "'Explore', is 'Role and use'", markdown("## Explore\n\n", "")),
    ("headings", "own experiment", markdown("## An own experiment\n\n", "")),
    ("headings", "'References', is 'nothing'", markdown("\n\n## References", "")),
    ("headings", "'Recall'", markdown("## Recall", "## Revision")),
    ("headings", "is 'More'", markdown("## References", "## References\n\n## More")),
    ("headings", "one title", markdown("# Sigmoid\n", "")),
    ("headings", "one title", markdown("A curve", "# A curve")),
    ("headings", "level 4", markdown("## Recall", "## Recall\n\n#### Deep")),
    ("sizes", "must be 2500 to 4000", markdown("Word " * 2600, "")),
    ("sizes", "must be 2500 to 4000", markdown("Word ", "Word word ")),
    ("sizes", "figures: 4, must be 5 or more", lambda n: n.cells[3].outputs.pop()),
    ("sizes", "widgets: 0", lambda n: n.cells[5].outputs.clear()),
    ("sizes", "exercises: 4", markdown("**5. Three.**", "Five.")),
    ("sizes", "folded solution: 1", markdown("**5. Three.**", "**6. Four.** Undone.\n\n**5. Three.**")),
    ("sizes", "a proof: 0", markdown("A proof", "An estimate")),
    ("sizes", "a checker: 0", source(5, "CurveExplorer(sigmoid)")),
    ("sizes", "questions: 6, must be 5", markdown("## Recall", "## Recall\n\n<details></details>")),
    ("sizes", "references: 5", markdown("Key1850", "Key1849")),
    ("alternatives", "without title", figure("<title>T</title>", "")),
    ("alternatives", "without desc", figure("<desc>D</desc>", "<desc> </desc>")),
    ("alternatives", "image/png", data(5, **{"image/png": "AAAA"})),
    ("alternatives", "has another alternative", pixels("not D")),
    ("alternatives", "line.svg has no", markdown("![a line]", "![]")),
    ("alternatives", "has no alt", markdown("A curve", '<img src="x.svg" alt=""> A curve')),
    ("alternatives", "no :alt:", markdown("A curve", "```{figure} x.svg\n:name: x\n\nText\n```\nA curve")),
    ("colours", "#123456", figure("#0b5fa5", "#123456")),
    ("colours", "red", figure("#0b5fa5", "red")),
    ("shown_claims", "0 times", source(2, "pass")),
    ("shown_claims", "2 times", source(4, 'claims.show("SIG-1", slope=0)')),
    ("shown_claims", "another page", source(4, 'claims.show("SIG-7", slope=0)')),
    ("shown_claims", "no verdict on SIG-1", data(2, **{"text/plain": "SIG-2: holds"})),
    ("shown_claims", "'SIG-1: wrong, cited', which must be 'SIG-1: holds, cited'", shown("holds", "wrong")),
    ("shown_claims", "'Truth: u', which must be 'Truth: t'", shown("Truth: t", "Truth: u")),
    ("shown_claims", "'  s: 0.25 (0 to 2)', which must be '  s: 0.25 (0 to 1)'", shown("to 1", "to 2")),
    ("shown_claims", "'  r: 0.25 (0 to 1)', which must be '  s: 0.25 (0 to 1)'", shown("  s:", "  r:")),
    ("shown_claims", "slope must lie in [0, 1], got 1.5", shown("0.25", "1.5")),
    ("shown_claims", "SIG-1 needs the quantities slope, got none", shown("  s: 0.25 (0 to 1)", "")),
    ("shown_claims", "'more', which must be None", shown("to 1)", "to 1)\nmore")),
    ("shown_claims", "another in HTML", data(2, **{"text/html": "holds"})),
    ("short_numbers", "0.123456789", printed("0.123456789 and more")),
    ("short_numbers", "1.23456789e-07", data(3, **{"text/plain": "array([1.23456789e-07])"})),
    ("supported_numbers", "supports 0.26 in", markdown("0.25 at most", "0.26 at most")),
    ("supported_numbers", "supports 0.26 in", data(3, **{"text/plain": "Figure: From 0.26 on\n[D]"})),
    ("supported_numbers", "supports 0.26 in", data(3, **{"text/plain": "Figure: T\n[Peak 0.26]"})),
    (
        "supported_numbers",
        "supports 0.26 in",
        data(2, **{"text/plain": "SIG-1: holds, cited\nTruth: It is 0.26."}),
    ),
    (
        "supported_numbers",
        "quotes ['0.3'] from Key1845, quoted.yml has []",
        markdown("0.25 at most", "It is 0.3 ([Key, 1845](#Key1845))"),
    ),
    ("finished", "is still 'To write:'", markdown("A curve", "To write: the curve")),
    ("plain_words", "'Powerful'", markdown("A curve", "Powerful curve")),
    ("plain_words", "'leverages'", markdown("A curve", "It leverages")),
    ("citations", "'Nobody1900'", markdown("(#Key1845)", "(#Nobody1900)")),
    ("citations", "'Nobody1900'", markdown("A curve", "A {cite}`Nobody1900` curve")),
    ("citations", "run python -m tools.references", markdown("A curve", "A {cite}`Key1845` curve")),
    ("citations", "must be 'A curve", markdown("[Key, 1845](", "[Key, 1846](")),
    ("citations", "None must be", markdown('\n- <a id="Key1850"></a>**Key, 1850.** Key. A title. 1850.', "")),
    ("citations", "must be None", markdown("Key. A title. 1850.", "Key. A title. 1850.\n- Another")),
    ("citations", "no section References", markdown("## References", "## Sources")),
]


@pytest.mark.parametrize(
    ("rule", "message", "change"), BROKEN, ids=[f"{rule}-{at}" for at, (rule, *_) in enumerate(BROKEN)]
)
def test_page_rule_bites(rule: str, message: str, change: Callable[[NotebookNode], object]) -> None:
    notebook = good_notebook()
    change(notebook)
    book = book_of(notebook)
    found = list(getattr(rules, rule)(book.pages[0], book))
    assert any(message in finding for finding in found), found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("slope=0.25", "0.25"),
        ("slope=-1 / 4", "-1 / 4"),
        ("slope=f(0), counter={'slope': 0.5}", "0.5"),
        ("slope=f(0), counter={'slope': g(0), **more}", None),
    ],
)
def test_a_measured_quantity_is_no_number_written_by_hand(given: str, found: str | None) -> None:
    notebook = good_notebook()
    notebook.cells[2].source = f'claims.show("SIG-1", {given})'
    book = book_of(notebook)
    assert list(rules.computed_evidence(book.pages[0], book)) == []  # the claim is decided by a citation
    slope = Quantity("slope", "s", 0, 1, counter="g in place of f")
    measured = dataclasses.replace(CLAIM, decided=("measured",), references=(), evidence=(slope,))
    book = dataclasses.replace(book, claims={"SIG-1": measured})
    messages = list(rules.computed_evidence(book.pages[0], book))
    assert len(messages) == (found is not None)
    assert all(f"passes {found} as evidence for SIG-1" in message for message in messages)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Each of the twelve functions is a curve", "the twelve"),
        ("All twelve are curves", "All twelve"),
        ("This course is about twelve of them", "twelve of them"),
        ("None of our twelve is alone", "our twelve"),
        ("It has twelve activation functions", "twelve activation"),
    ],
)
def test_a_thirteenth_function_makes_sentences_that_say_twelve_wrong(sentence: str, said: str) -> None:
    notebook = good_notebook()
    markdown("A curve", sentence)(notebook)
    book = book_of(notebook)
    assert list(rules.counted_functions(book)) == []
    more = dataclasses.replace(book, chapters=[f"f{n}" for n in range(13)])
    assert f"says {said!r}" in next(rules.counted_functions(more))
    markdown(sentence, f"In the article: {sentence}")(notebook)
    assert list(rules.counted_functions(more)) == []


def test_the_sentences_that_count_the_functions_are_found() -> None:
    """Were there a thirteenth function: in these places a sentence counts them."""
    book = dataclasses.replace(BOOK, chapters=[*BOOK.chapters, "thirteenth"])
    places = {re.split(": | says ", finding)[0] for finding in rules.counted_functions(book)}
    assert places >= {
        "api",
        "bug_museum",
        "crosswalk",
        "fact_sheet",
        "family",
        "summary",
        "training",
        "why_non_linear",
    }
    assert places >= set(book_files.PRESENTATIONS)


def test_every_page_rule_is_shown_to_bite() -> None:
    elsewhere = {"supported_universals", "computed_evidence"}
    assert elsewhere | {rule for rule, *_ in BROKEN} == {rule.__name__ for rule in PAGE_RULES}


def test_exempt_from_the_rules() -> None:
    notebook = good_notebook()
    printed("0.1000000000000000055")(notebook)
    tagged(4, "exact")(notebook)
    markdown("A curve", "```python\n# no heading\n```\nA curve")(notebook)
    assert list(rules.findings(book_of(notebook))) == []


def test_a_bridge_needs_no_plan() -> None:
    notebook = good_notebook()
    for title in HEADINGS[:-4]:
        if title not in BRIDGE_HEADINGS:
            markdown(f"## {title or 'An own experiment'}\n", "")(notebook)
    book = dataclasses.replace(book_of(notebook), chapters=[])
    assert list(rules.headings(book.pages[0], book)) == []


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("no section 'Explore'", markdown("## Explore\n", "")),
        ("last sections must be", markdown("## Recall\n", "")),
        ("last sections must be", markdown("## References", "## References\n\n## More")),
    ],
)
def test_a_bridge_explores_and_ends_as_a_chapter(
    message: str, change: Callable[[NotebookNode], None]
) -> None:
    notebook = good_notebook()
    change(notebook)
    book = dataclasses.replace(book_of(notebook), chapters=[])
    assert any(message in found for found in rules.headings(book.pages[0], book))


def test_a_page_of_plain_markdown_has_no_plan_and_no_size() -> None:
    page = Page("index", [new_markdown_cell("# Start")])
    book = dataclasses.replace(book_of(good_notebook()), pages=[page], contents=["index"])
    assert [*rules.headings(page, book), *rules.sizes(page, book)] == []


def test_a_page_to_look_up_needs_no_plan_and_no_size() -> None:
    page = Page(LEDGER, [new_markdown_cell("# All")], good_notebook())
    book = dataclasses.replace(book_of(good_notebook()), pages=[page], contents=[LEDGER])
    assert [*rules.headings(page, book), *rules.sizes(page, book)] == []


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("SIG-1: holds, cited\n  Claim: c\n  Truth: t\n  Article, section 1.", []),
        (
            "SIG-1: wrong\n  Claim: c\n  Truth: t\n  Article, section 1.",
            ["ledger does not list SIG-1, or has it otherwise"],
        ),
        ("SIG-1: holds, cited\n  Claim: c", ["ledger does not list SIG-1, or has it otherwise"]),
    ],
)
def test_the_ledger_lists_every_claim_as_it_is(text: str, messages: list[str]) -> None:
    notebook = good_notebook()
    data(2, **{"text/plain": text})(notebook)
    page = Page(LEDGER, notebook.cells, notebook)
    book = dataclasses.replace(book_of(notebook), pages=[page], contents=[LEDGER])
    assert list(rules.listed_claims(book)) == messages


def test_the_list_of_allowed_numbers_is_short_and_has_reasons() -> None:
    notebook = good_notebook()
    markdown("0.25 at most", "0.26 at most")(notebook)
    entries = [{"number": "0.26", "why": ""}, {"number": "0.27", "why": "x"}]
    book = dataclasses.replace(book_of(notebook), allowed={"sigmoid": entries})
    assert list(rules.supported_numbers(book.pages[0], book)) == [
        "numbers.yml allows 0.26 and gives no reason",
        "numbers.yml allows 0.27, which has support or is not there",
    ]


def test_what_prose_is() -> None:
    page = Page("x", [new_markdown_cell(PROSE)])
    assert rules.measured_sizes(page)["words of prose"] == 6  # Title One two x three four


@pytest.mark.parametrize(
    ("rule", "message", "change"),
    [
        ("complete_contents", "sigmoid is not in", {"contents": []}),
        ("complete_contents", "lists tanh", {"contents": ["sigmoid", "tanh"]}),
        (
            "complete_bibliography",
            "'Old1900' of references.bib is used nowhere",
            {"bibliography": ["Old1900"]},
        ),
        ("complete_bibliography", "SIG-1 names 'Key1845'", {"bibliography": [], "papers": []}),
        ("complete_bibliography", "2 times", {"bibliography": ["Key1845", "Key1845"]}),
        ("complete_bibliography", "facts of an activation names 'P1'", {"papers": ["P1"]}),
        ("complete_contents", "numbers.yml speaks of tanh", {"allowed": {"tanh": []}}),
        ("complete_contents", "universals.yml speaks of tanh", {"universals": {"tanh": {}}}),
        ("complete_claims", "SIG-2 is missing", {"article": {"SIG": 2}}),
        ("complete_claims", "SIG-1 is missing", {"claims": {}}),
        ("complete_claims", "SIG-1 is no claim", {"article": {"SIG": 0}}),
        ("complete_claims", "SELU-2 is no claim", {"claims": {"SELU-2": CLAIM}, "article": {}}),
        ("placed_claims", "SIG-1 belongs to 'sigmoid'", {"contents": []}),
        (
            "placed_claims",
            "SIG-1 rests on Dugas2001, which sigmoid does not cite",
            {"claims": {"SIG-1": dataclasses.replace(CLAIM, references=("Dugas2001",))}},
        ),
        (
            "placed_claims",
            "SIG-1 is proved under 'Nowhere'",
            {"claims": {"SIG-1": dataclasses.replace(CLAIM, proof="Nowhere", decided=("cited", "proved"))}},
        ),
    ],
)
def test_book_rule_bites(rule: str, message: str, change: dict[str, object]) -> None:
    book = dataclasses.replace(book_of(good_notebook()), **change)
    found = list(getattr(rules, rule)(book))
    assert any(message in finding for finding in found), found


def test_unused_large_and_misplaced_assets(tmp_path: Path) -> None:
    (tmp_path / "_static").mkdir()
    assets = [tmp_path / name for name in ("used.css", "unused.js", "LICENSE", "_static/used.js")]
    for path in assets:
        path.write_text("")
    large = tmp_path / "large.css"
    large.write_bytes(b" " * 1_000_001)
    book = dataclasses.replace(
        book_of(good_notebook()), assets=[*assets, large], mentions="used.css used.js large.css"
    )
    found = list(rules.used_assets(book))
    assert len(found) == 3
    assert "nothing names unused.js" in found[0]
    assert "_static" in found[1]
    assert "large.css is larger" in found[2]


def test_reading_finds_every_kind_of_file() -> None:
    assert "temml.css" in {path.name for path in BOOK.assets}
    assert {"index", *LOOKED_UP} <= {page.name for page in BOOK.pages}
    assert BOOK.claims
    assert BOOK.bibliography
    assert BOOK.papers
