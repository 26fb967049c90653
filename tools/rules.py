"""The rules of the book that need no kernel: python -m tools.rules.

A rule is a function that yields a message for everything it finds wrong; its docstring says the
rule. `PAGE_RULES` look at one page, `BOOK_RULES` at the whole. tests/book runs each on every page,
and on pages broken for the purpose.
"""

import ast
import html
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, zip_longest
from math import inf

from nbformat import NotebookNode

from actlib.course.claims import Claim, EvidenceError, Listing
from actlib.course.figures import PALETTE
from tools import references
from tools.book import (
    Book,
    Page,
    cited,
    claims_shown,
    evidence_shown,
    output_texts,
    place,
    printed,
    read,
    section,
    sections,
    stored_verdict,
    unfenced,
)
from tools.execute import LIVE, METADATA, PORTABLE, kept
from tools.files import FileError
from tools.harmless import OUTPUTS, faults, wrong_figure, wrong_markdown
from tools.install_cell import CELL
from tools.text_numbers import TAG, unsupported
from tools.universals import unsupported as unsupported_universals

HEADINGS = (
    "Definition and form",
    "Predict, then look",
    "Implementation by hand",
    "Explore",
    "Role and use",
    "Advantages and limitations",
    "Vanishing and exploding gradients",
    None,  # the chapter's own experiment, under a heading of its own
    "Where it is used today",
    "When to use it",
    "Exercises",
    "Recall",
    "What to take along",
    "References",
)
BRIDGE_HEADINGS = ("Explore",)
"""What a notebook that is no chapter has among its sections, anywhere; it ends as a chapter does."""
ENDING = HEADINGS[-4:]
LOOKED_UP = ("play", "summary", "fact_sheet", "crosswalk", "ledger")
"""Notebooks to play with and to look things up in: they teach nothing, so they need neither plan nor size."""
LEDGER = LOOKED_UP[-1]
SIZES: Mapping[str, tuple[float, float]] = {
    "words of prose": (2500, 4000),
    "figures": (5, inf),
    "widgets": (1, inf),
    "exercises": (5, inf),
    "exercises without a folded solution": (0, 0),
    "exercises that are a proof": (1, inf),
    "exercises with a checker": (1, inf),
    "recall questions": (5, 5),
    "references": (6, inf),
}
"""How much of each a notebook has, at least and at most."""
PLACEHOLDER = "To write:"
"""What tools/chapter.py puts where an author has to write."""
COUNTING = ("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
COUNTED = re.compile(
    rf"\b(?:the|all|our) ({'|'.join(COUNTING)})\b(?! (?:\w+ )?(?:units|layers|seeds|runs|numbers))"
    rf"|\b({'|'.join(COUNTING)}) (?:of them|neural|activation|functions|names with|panels from|formulas)\b",
    re.I,
)
"""A count of the functions, in words."""
# Cells whose output nbval must not compare, as "page/cell id", each with the reason.
UNCOMPARED: Mapping[str, str] = {}
CHECKS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "text/html": faults,
    "text/markdown": wrong_markdown,
    "image/svg+xml": wrong_figure,
}
"""What looks through an output of a type."""
HYPE = re.compile(
    r"\b(powerful|crucial|delv|leverag|seamless|cutting-edge|state-of-the-art|game-chang|revolutioni"
    r"|groundbreaking|unleash|supercharge|effortless|unlock|tapestry)\w*",
    re.I,
)
MACHINE = re.compile(
    r" at 0x[0-9a-f]{4,}|/(?:home|Users|root|tmp|private|var/folders)/\w|[A-Z]:\\\\?Users"
    r"|ipykernel_\d|site-packages"
)
LARGEST_FILE = 1_000_000
DIGITS = 8


Finding = Iterator[str]


def form(page: Page, book: Book) -> Finding:
    """A notebook is stored as tools/execute.py stores it."""
    if page.notebook is None:
        return
    if (page.notebook.nbformat, page.notebook.nbformat_minor) != (4, 5):
        yield "the notebook's format is not 4.5"
    if page.notebook.metadata != METADATA:
        yield f"the notebook's metadata is not {METADATA}"
    ids = Counter(cell.get("id") for cell in page.cells)
    for cell in page.cells:
        if not cell.get("id") or ids[cell.id] > 1:
            yield f"cell id {cell.get('id')!r} is missing or not unique"
        if cell.metadata != kept(cell.metadata.get("tags", ())):
            yield f"{place(cell)} has other metadata than `make execute` stores: {', '.join(cell.metadata)}"
    for cell, _ in page.outputs(PORTABLE):
        if any(LIVE in output.get("data", {}) for output in cell.outputs):
            yield f"{place(cell)} stores a live widget beside the portable one"


def counts(page: Page, book: Book) -> Finding:
    """Code cells were executed in order, from 1, and none is empty."""
    for number, cell in enumerate(page.code, 1):
        if not cell.source.strip():
            yield f"{place(cell)} is empty"
        if cell.execution_count != number:
            yield f"{place(cell)} is code cell {number} and was executed as {cell.execution_count}"


def clean_outputs(page: Page, book: Book) -> Finding:
    """No stored output is an error or a warning."""
    for cell in page.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{place(cell)} stores an error: {output.ename}"
            if output.get("name") == "stderr":
                yield f"{place(cell)} stores what it wrote to stderr"


def harmless(page: Page, book: Book) -> Finding:
    """Nothing in Markdown or an output runs, loads from elsewhere or leads a reader away: tools.harmless."""
    for cell in page.cells:
        if cell.cell_type == "raw":
            yield f"{place(cell)} is raw; a page has Markdown and code"
        elif cell.cell_type == "markdown":
            yield from (f"{place(cell)}: {fault}" for fault in wrong_markdown(cell.source))
    for cell in page.code:
        for output in cell.outputs:
            for mime, data in output.get("data", {}).items():
                if mime not in OUTPUTS:
                    yield f"{place(cell)} stores an output of the type {mime}"
                elif check := CHECKS.get(mime):
                    yield from (f"{place(cell)}: {fault}" for fault in dict.fromkeys(check(data)))


def no_machine(page: Page, book: Book) -> Finding:
    """No memory address and no folder of a machine in a source or an output."""
    for cell in page.cells:
        for text in (cell.source, *output_texts(cell)):
            for found in MACHINE.findall(text):
                yield f"{place(cell)} shows {found.strip()!r}"


def compared(page: Page, book: Book) -> Finding:
    """No cell is kept from nbval, by a tag or a comment, without a reason in `UNCOMPARED`."""
    for cell in page.code:
        tags = [tag for tag in cell.metadata.get("tags", ()) if re.match("nbval|raises-|skip-", tag)]
        comments = re.findall(r"^\s*#+\s*((?:NBVAL|PYTEST_VALIDATE)_\w+)\s*$", cell.source, re.M)
        for marker in [*tags, *comments]:
            if not UNCOMPARED.get(f"{page.name}/{cell.id}"):
                yield f"{place(cell)} is marked {marker}"


def widgets_named(page: Page, book: Book) -> Finding:
    """The cell of a widget gives it a name and ends with it, so that a reader can go on with the widget."""
    for cell, _ in page.outputs(PORTABLE):
        if not re.search(r"^(\w+) = .*^\1\s*\Z", cell.source, re.M | re.S):
            yield f"{place(cell)} shows a widget and must end with a name that it gives to the widget"


def answers_hidden(page: Page, book: Book) -> Finding:
    """The cell of a widget that asks has the tag `hide-input` and shows nothing but the widget."""
    for cell, widget in page.outputs(PORTABLE):
        if widget.get("state", {}).get("question"):
            if "hide-input" not in cell.metadata.get("tags", ()):
                yield f"{place(cell)} builds a widget that asks and must have the tag hide-input"
            if len(cell.outputs) > 1:
                yield f"{place(cell)} shows a widget that asks and must show nothing else"


def installs(page: Page, book: Book) -> Finding:
    """The first code cell installs actlib where it is missing, and is tagged `install`."""
    if page.notebook is None:
        return
    first = page.code[0] if page.code else None
    if first is None or first.source != CELL or "install" not in first.metadata.get("tags", ()):
        yield "the first code cell must have the tag install and be CELL of tools/install_cell.py"


def headings(page: Page, book: Book) -> Finding:
    """One title; no level is left out; a chapter follows the plan, a bridge ends as it does."""
    found = [(len(marks), text) for marks, text in re.findall(r"^(#+) +(.+?) *$", unfenced(page.text), re.M)]
    levels = [level for level, _ in found]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"one title must stand first, got the levels {levels}"
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"
    titles = [text for level, text in found if level == 2]
    if page.notebook is None or page.name in LOOKED_UP:
        return
    if page.name not in book.chapters:
        for title in BRIDGE_HEADINGS:
            if title not in titles:
                yield f"there is no section {title!r}"
        if tuple(titles[-len(ENDING) :]) != ENDING:
            yield f"the last sections must be {', '.join(ENDING)}"
        return
    for at in range(max(len(titles), len(HEADINGS))):
        is_, must = (names[at] if at < len(names) else "nothing" for names in (titles, HEADINGS))
        if is_ != must and (must is not None or is_ in HEADINGS):
            yield f"section {at + 1} must be {must or 'the own experiment'!r}, is {is_!r}"
            return


def sizes(page: Page, book: Book) -> Finding:
    """A notebook that teaches has as much of everything as `SIZES` says."""
    if page.notebook is None or page.name in LOOKED_UP:
        return
    for what, number in measured_sizes(page).items():
        least, most = SIZES[what]
        if not least <= number <= most:
            upwards = "" if most == least else " or more" if most == inf else f" to {most:g}"
            yield f"{what}: {number}, must be {least:g}{upwards}"


def alternatives(page: Page, book: Book) -> Finding:
    """Every picture has a text alternative: title and desc in SVG, alt in Markdown and HTML."""
    for cell, source in page.outputs("image/svg+xml"):
        for tag in ("title", "desc"):
            if not re.search(rf"<svg[^>]*>\s*(?:<title>[^<]*</title>\s*)?<{tag}>\s*[^\s<]", source):
                yield f"{place(cell)} shows a figure without {tag}"
    for cell in page.code:
        for output in cell.outputs:
            # A notebook check compares the SVG alone.
            pixels = {"image/png", "image/jpeg"} & output.get("data", {}).keys()
            if pixels and "image/svg+xml" not in output.data:
                yield f"{place(cell)} shows {pixels.pop()}; figures are SVG, shown by figures.show"
            about = output.get("metadata", {})
            for kind in pixels & about.keys():
                said = html.escape(about[kind].get("alt", ""), quote=False)
                if f"<desc>{said}</desc>" not in output.data.get("image/svg+xml", ""):
                    yield f"{place(cell)}: the {kind} has another alternative than the SVG"
    for target in re.findall(r"!\[\s*\]\(([^)]*)\)", page.text):
        yield f"the image {target} has no text alternative"
    for tag in re.findall(r"<img\b[^>]*>", page.text):
        if not re.search(r'\balt="\s*[^\s"]', tag):
            yield f"{tag} has no alt"
    for directive in re.findall(r"^[`:]{3,}\{(?:figure|image)\}.*?^[`:]{3,} *$", page.text, re.M | re.S):
        if not re.search(r"^:alt: *\S", directive, re.M):
            yield f"{directive.splitlines()[0]} has no :alt:"


def colours(page: Page, book: Book) -> Finding:
    """A figure uses the colours of figures.PALETTE alone; the site knows their dark values."""
    allowed = {*PALETTE.values(), "none", "inherit", "currentcolor"}
    for cell, source in page.outputs("image/svg+xml"):
        used = re.findall(r"""\b(?:fill|stroke|color)\s*[:=]\s*["']?([#\w][^;"'\s]*)""", source)
        for colour in sorted({colour.lower() for colour in used} - allowed):
            if not colour.startswith(("url(", "var(")):
                yield f"{place(cell)} draws with {colour}, which is not in figures.PALETTE"


def shown_claims(page: Page, book: Book) -> Finding:
    """Each claim of a page is shown once, by a cell whose output has it as the ledger does, bounds too."""
    shown = [(key, cell) for cell in page.code for key in claims_shown(cell)]
    times = Counter(key for key, _ in shown)
    here = [claim for claim in book.claims.values() if claim.chapter == page.name]
    for claim in here:
        if times[claim.id] != 1:
            yield f"claim {claim.id} is shown {times[claim.id]} times"
    for key, cell in shown:
        if key not in {claim.id for claim in here}:
            yield f"{place(cell)} shows {key}, which the ledger gives to no or another page"
        else:
            yield from (f"{place(cell)}: {fault}" for fault in _stale(book.claims[key], cell))


def _stale(claim: Claim, cell: NotebookNode) -> Finding:
    """Yield what a cell's output has otherwise than the ledger; its values alone are the page's own."""
    bundles = [output.get("data", {}) for output in cell.outputs]
    shown = next((data for data in bundles if data.get("text/plain", "").startswith(f"{claim.id}: ")), None)
    if shown is None:
        yield f"the output has no verdict on {claim.id}"
        return
    try:
        must = stored_verdict(claim, shown["text/plain"])._repr_mimebundle_()
    except EvidenceError as error:
        yield str(error)
        return
    lines = zip_longest(*(data["text/plain"].splitlines() for data in (shown, must)))
    for is_line, must_line in (pair for pair in lines if pair[0] != pair[1]):
        yield f"the verdict on {claim.id} has the line {is_line!r}, which must be {must_line!r}"
    if shown["text/plain"] == must["text/plain"] and shown.get("text/html") != must["text/html"]:
        yield f"the verdict on {claim.id} is another in HTML than in text"


def computed_evidence(page: Page, book: Book) -> Finding:
    """No quantity of a measured claim, nor its counter, is a number written by hand."""
    for cell in page.code:
        for key, value in evidence_shown(cell):
            claim = book.claims.get(key)
            by_hand = not any(isinstance(part, ast.Name) for part in ast.walk(value))
            if claim and "measured" in claim.decided and by_hand:
                yield f"{place(cell)} passes {ast.unparse(value)} as evidence for {key}: compute it"


def short_numbers(page: Page, book: Book) -> Finding:
    """No printed number has over eight significant digits; a cell tagged `exact` may have more."""
    for cell in page.code:
        if "exact" in cell.metadata.get("tags", ()):
            continue
        for text in printed(cell):
            for number in re.findall(r"(?<![\w.])\d+\.\d+(?:e[-+]?\d+)?", text):
                digits = number.partition("e")[0].replace(".", "").lstrip("0")
                if len(digits) > DIGITS:
                    yield f"{place(cell)} prints {number}"


def supported_numbers(page: Page, book: Book) -> Finding:
    """Every number of the text is printed, a setting of a cell, on the fact card, quoted, or allowed.

    The text is all Markdown and what figures and claims say. Counts up to twelve, years, and integers
    in formulas need no support. `quoted.yml` has what sentences quote from the sources that they cite,
    `numbers.yml` what the page proves or everybody knows.
    """
    found = list(unsupported(sections(page), book.facts.get(page.name, ())))
    quoted = book.quoted.get(page.name, {})
    for source in sorted({*quoted, *(number.source for number in found if number.is_quoted)}):
        here = [number.written for number in found if number.source == source]
        if here != quoted.get(source, []):
            yield f"the page quotes {here} from {source}, quoted.yml has {quoted.get(source, [])}"
    found = [number for number in found if not number.is_quoted]
    allowed = {entry["number"]: entry.get("why") for entry in book.allowed.get(page.name, ())}
    for number in found:
        if number.written not in allowed:
            yield f"nothing supports {number.written} in {number.sentence.strip()[:160]!r}"
    for written, why in allowed.items():
        if written not in {number.written for number in found}:
            yield f"numbers.yml allows {written}, which has support or is not there"
        if not why:
            yield f"numbers.yml allows {written} and gives no reason"


def supported_universals(page: Page, book: Book) -> Finding:
    """A sentence that says "all", "never" or "the first" stands in `universals.yml` with its support."""
    yield from unsupported_universals(page, book.universals.get(page.name, {}))


def plain_words(page: Page, book: Book) -> Finding:
    """The words of advertising stay out; a title that is cited may have them."""
    for found in HYPE.finditer(references.LIST.sub("", page.text)):
        yield f"the text says {found[0]!r}"


def finished(page: Page, book: Book) -> Finding:
    """Nothing of a chapter's skeleton is left to write."""
    for cell in page.cells:
        if cell.cell_type == "markdown" and PLACEHOLDER in cell.source:
            yield f"{place(cell)} is still {PLACEHOLDER!r}"


def citations(page: Page, book: Book) -> Finding:
    """Every key that a page cites is in references.bib; tools.references wrote the links and the list."""
    for key in cited(page):
        if key not in book.bibliography:
            yield f"{key!r} is cited and not in references.bib"
    texts = [cell.source for cell in page.cells if cell.cell_type == "markdown"]
    if any(cited(page)) and references.HEAD not in page.text:
        yield "the page cites and has no section References"
    for is_, must in zip(texts, references.written(texts, book.references), strict=True):
        if is_.rstrip() != must.rstrip():
            is_line, must_line = next(
                pair for pair in zip_longest(is_.splitlines(), must.splitlines()) if pair[0] != pair[1]
            )
            yield f"run python -m tools.references: {is_line!r} must be {must_line!r}"


def complete_contents(book: Book) -> Finding:
    """Every page is in `_toc.yml`, and the reverse; `numbers.yml` and `universals.yml` speak of no other."""
    names = [page.name for page in book.pages]
    for name in names:
        if name not in book.contents:
            yield f"{name} is not in _toc.yml"
    for name in book.contents:
        if name not in names:
            yield f"_toc.yml lists {name}, which is not in book/"
    for file, listed in (("numbers.yml", book.allowed), ("universals.yml", book.universals)):
        for name in listed:
            if name not in names:
                yield f"{file} speaks of {name}, which is not in book/"


def used_assets(book: Book) -> Finding:
    """Every other file under book/ is used, small, and not in a folder named _static."""
    for path in book.assets:
        if path.name not in book.mentions and not path.name.startswith("LICENSE"):
            yield f"nothing names {path.name}"
        if path.stat().st_size > LARGEST_FILE:
            yield f"{path.name} is larger than {LARGEST_FILE} bytes"
        if "_static" in path.parts:
            yield f"{path.name} lies in _static, whose scripts Jupyter Book links on every page"


def complete_bibliography(book: Book) -> Finding:
    """Every key that claims and facts name is in references.bib; each of its keys is used, and once."""
    named = {key: claim.id for claim in book.claims.values() for key in (*claim.references, *claim.also)}
    named |= dict.fromkeys(book.papers, "the facts of an activation")
    for key, where in named.items():
        if key not in book.bibliography:
            yield f"{where} names {key!r}, which is not in references.bib"
    used = {*named, *(key for page in book.pages for key in cited(page))}
    for key, times in Counter(book.bibliography).items():
        if key not in used:
            yield f"{key!r} of references.bib is used nowhere"
        if times > 1:
            yield f"{key!r} stands {times} times in references.bib"


def placed_claims(book: Book) -> Finding:
    """The page of every claim exists, proves it under its heading, and cites what its truth rests on."""
    texts = {page.name: page.text for page in book.pages}
    keys = {page.name: set(cited(page)) for page in book.pages}
    for claim in book.claims.values():
        if claim.chapter not in book.contents:
            yield f"{claim.id} belongs to {claim.chapter!r}, which is not in _toc.yml"
        elif claim.proof and not re.search(
            rf"^#+ {re.escape(claim.proof)} *$", texts.get(claim.chapter, ""), re.M
        ):
            yield f"{claim.id} is proved under {claim.proof!r}, which is no heading of {claim.chapter}"
        for key in sorted({*claim.references} - keys.get(claim.chapter, {*claim.references})):
            yield f"{claim.id} rests on {key}, which {claim.chapter} does not cite"


def complete_claims(book: Book) -> Finding:
    """The ledger has every claim of the article, and claims of one's own numbered without a gap."""
    own = Counter(key.rpartition("-")[0] for key in book.claims)
    counts = {**own, **book.article}
    wanted = {f"{part}-{n}" for part in counts for n in range(1, counts[part] + 1)}
    for key in sorted(wanted - book.claims.keys()):
        yield f"{key} is missing from the ledger"
    for key in sorted(book.claims.keys() - wanted):
        yield f"{key} is no claim of the article, or leaves a gap before it"


def listed_claims(book: Book) -> Finding:
    """The page of all claims lists each one as `claims.yml` has it."""
    for page in book.pages:
        if page.name == LEDGER:
            listed = "\n".join(text for cell in page.code for text in printed(cell))
            for claim in book.claims.values():
                if str(Listing((claim,))) not in listed:
                    yield f"{LEDGER} does not list {claim.id}, or has it otherwise"


def counted_functions(book: Book) -> Finding:
    """No sentence counts fewer functions than actlib has, unless it speaks of those of the article."""
    too_few = COUNTING[: max(0, len(book.chapters) - 12)]
    cells = [(f"{page.name}: {place(cell)}", cell.source) for page in book.pages for cell in page.cells]
    for where, text in [*cells, *book.presentations.items()]:
        for sentence in re.split(r"(?<=[.?!])\s", text):
            for found in COUNTED.finditer(sentence):
                said = (found[1] or found[2]).lower()
                if said in too_few and "article" not in sentence:
                    yield f"{where} says {found[0]!r}; actlib has {len(book.chapters)} functions"


PAGE_RULES: tuple[Callable[[Page, Book], Finding], ...] = (
    form,
    counts,
    clean_outputs,
    harmless,
    no_machine,
    compared,
    widgets_named,
    answers_hidden,
    installs,
    headings,
    sizes,
    alternatives,
    colours,
    shown_claims,
    computed_evidence,
    short_numbers,
    supported_numbers,
    supported_universals,
    plain_words,
    finished,
    citations,
)
BOOK_RULES: tuple[Callable[[Book], Finding], ...] = (
    complete_contents,
    used_assets,
    complete_bibliography,
    placed_claims,
    complete_claims,
    listed_claims,
    counted_functions,
)


def measured_sizes(page: Page) -> dict[str, int]:
    """Count what `SIZES` bounds.

    Prose is all Markdown before the references, headings too, but no code, display formula, table,
    citation, or anything folded; a formula in a line is a word. An exercise begins with its number in
    bold and is a proof if its title says so; its checker is a function named `check_…`.
    """
    prose = re.split(r"^## References", unfenced(page.text), flags=re.M)[0]
    prose = re.sub(r"<details>.*?</details>|\$\$.*?\$\$", " ", prose, flags=re.S)
    prose = re.sub(r"^\s*\|.*$|^[`:]{3,}.*$|^:[\w-]+:.*$", " ", prose, flags=re.M)
    prose = re.sub(rf"\(?{references.LINK.pattern}[;)]?|\]\([^)]*\)", " ", TAG.sub(" ", prose))
    prose = re.sub(r"\$[^$]+\$", "x", prose)
    exercises = re.split(r"^(?=\*\*\d+\. )", section(page, "Exercises"), flags=re.M)[1:]
    return {
        "words of prose": sum(any(map(str.isalnum, word)) for word in prose.split()),
        "figures": sum(text.startswith("Figure: ") for cell in page.code for text in printed(cell)),
        "widgets": len(list(page.outputs(PORTABLE))),
        "exercises": len(exercises),
        "exercises without a folded solution": sum("<details>" not in text for text in exercises),
        "exercises that are a proof": sum(
            bool(re.match(r"\*\*[^*]*\bpro(?:of|ve)\b", text, re.I)) for text in exercises
        ),
        "exercises with a checker": sum(bool(re.search(r"^def check_", text, re.M)) for text in exercises),
        "recall questions": section(page, "Recall").count("<details>"),
        "references": len(set(cited(page))),
    }


def findings(book: Book) -> Iterator[str]:
    """Yield everything that breaks a rule."""
    for page_rule in PAGE_RULES:
        for each in book.pages:
            yield from (f"{each.name}: {message} [{page_rule.__name__}]" for message in page_rule(each, book))
    for book_rule in BOOK_RULES:
        yield from (f"book: {message} [{book_rule.__name__}]" for message in book_rule(book))


if __name__ == "__main__":
    try:
        found = list(findings(read()))
    except FileError as error:
        sys.exit(f"rules: {error}")
    if found:
        sys.exit("\n".join(found))
