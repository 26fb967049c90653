"""Sentences that say "all", "never" or "the first", and what supports each of them.

A lint cannot read, but such a sentence is easy to find, and it is the first to say more than its
evidence. `book/universals.yml` lists each one with what supports it in its section. A sentence that
changes is no longer listed, so whoever changes it must say again why it is true.
"""

import re
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from tools import references
from tools.book import Page, output_texts, unfenced
from tools.text_numbers import TAG
from tools.toc import ROOT

WORDS = re.compile(
    r"\b(?:always|never|none|nobody|no one|no other|no reader|the only|only one|best"
    r"|all(?! (?:the same|in all|at once|over|right|of this))|(?<!at )most(?! of)"
    r"|first (?:to|who|that|paper|published|proved|used|named)|was first|comes? first)\b",
    re.I,
)
IDIOMS = re.compile(
    r"\b(?:at all|after all|above all|first of all|not all|not always|all but|best[- ]known|at best"
    r"|(?:almost|nearly) (?:all|always|never)|for all)\b",
    re.I,
)
NO_WORDS = re.compile(r"`[^`]*`|\]\([^)]*\)")
"""Code and the addresses of links: a word in there says nothing."""
LEFT_OUT = ("Exercises", "Recall", "References", "Predict", "Predict, then look", "What to take along")
"""Sections that ask, answer or repeat; what is folded is left out as well."""
SUPPORTS = ("cell", "proof", "cite", "page", "test", "definition")


def sentences(page: Page) -> Iterator[tuple[str, str]]:
    """Yield every such sentence of the running text, its section first.

    A quantifier of mathematics, "for all x", and an idiom, "at all", is none.
    """
    for heading, part in _parts(page):
        if heading in LEFT_OUT or part.cell_type != "markdown":
            continue
        text = re.sub(r"<details>.*?</details>", " ", part.source, flags=re.S)
        text = re.sub(r"^\s*[|#].*$|^[:`]{3,}.*$|^:[\w-]+:.*$", " ", TAG.sub(" ", text), flags=re.M)
        for paragraph in re.split(r"\n\s*\n|\n\s*(?:[-*]|\d+\.) ", text):
            for sentence in re.split(r"(?<=[.!?:])\s+(?=[A-Z*$\[])", " ".join(paragraph.split())):
                if WORDS.search(IDIOMS.sub(" ", NO_WORDS.sub(" ", sentence))):
                    yield heading, sentence.strip()


def unsupported(page: Page, listed: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield what is wrong with the list of a page.

    Parameters
    ----------
    page : Page
        With its outputs.
    listed : mapping
        A sentence in full, to what supports it: one of `SUPPORTS` to a text. A ``cell`` is named by a
        text that it prints, shows or computes in the same section, a ``proof`` by words of the section,
        ``cite`` by a key that the section cites, ``page`` by a link that the section has, a ``test`` by
        its file and name, and a ``definition`` says in a few words what makes the sentence true.
    """
    found = {sentence: heading for heading, sentence in sentences(page)}
    for sentence, heading in found.items():
        if sentence not in listed:
            yield f"universals.yml does not say what supports {sentence!r}"
            continue
        for kind, text in listed[sentence].items():
            if kind not in SUPPORTS:
                yield f"support of {sentence[:60]!r} must be one of {', '.join(SUPPORTS)}, got {kind!r}"
            elif not _stands(page, heading, kind, text):
                where = "is not there" if kind == "test" else "its section does not have"
                yield f"{sentence[:60]!r} rests on {kind} {text!r}, which {where}"
    for sentence in listed:
        if sentence not in found:
            yield f"universals.yml lists {sentence[:80]!r}, which the page does not say"


def _stands(page: Page, heading: str, kind: str, text: str) -> bool:
    cells = [part for title, part in _parts(page) if title == heading]
    own = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    if kind == "cell":
        code = [cell for cell in cells if cell.cell_type == "code"]
        shown = "\n".join(
            [*(cell.source for cell in code), *(t for cell in code for t in output_texts(cell))]
        )
        return text in shown
    if kind == "cite":
        return text in set(references.cited(own))
    if kind == "page":
        return re.search(rf"\]\({re.escape(text)}", own) is not None
    if kind == "test":
        file, _, name = text.partition("::")
        path = ROOT / file
        return path.is_file() and f"def {name}(" in path.read_text("utf-8")
    return kind == "definition" or text in " ".join(own.split())


def _parts(page: Page) -> Iterator[tuple[str, NotebookNode]]:
    """Yield all cells, text without its code blocks and in parts, under the heading of level 2 of each."""
    heading = ""
    for cell in page.cells:
        if cell.cell_type != "markdown":
            yield heading, cell
            continue
        for text in re.split(r"^(?=## )", unfenced(cell.source), flags=re.M):
            if text.startswith("## "):
                heading = text.partition("\n")[0].removeprefix("## ").strip()
            yield heading, new_markdown_cell(text)
