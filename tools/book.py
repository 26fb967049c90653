"""The book as its files have it: pages and cells, what they print and cite, the ledger and the facts.

Nothing here judges; `tools.rules` does.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from actlib import activations
from actlib.course.claims import Claim, Verdict, ledger
from actlib.course.fact_card import FactCard
from tools import references
from tools.execute import PORTABLE
from tools.files import FileError, notebook as read_notebook, read_text, settings as read_settings
from tools.references import Reference
from tools.text_numbers import Section, Support, printed_values, settings
from tools.toc import ROOT, pages, sources

ARTICLE: Mapping[str, int] = {
    "INT": 2,
    "SIG": 9,
    "TANH": 9,
    "RELU": 11,
    "LRELU": 11,
    "PRELU": 9,
    "ELU": 11,
    "SMX": 9,
    "SW": 9,
    "MX": 8,
    "SP": 9,
    "MI": 9,
    "GE": 9,
}
"""How many claims the article that the course grew from makes in each part: none may be passed over."""
MEASURED = re.compile(r"^  (.*): (rounding noise|\S+) \(([^()]*)\)$", re.M)


PRESENTATIONS = ("README.md", "actlib/README.md", "pyproject.toml")


@dataclass(frozen=True)
class Page:
    """A page of the book: its name and, for a notebook, its cells."""

    name: str
    cells: Sequence[NotebookNode]
    notebook: NotebookNode | None = None

    @property
    def text(self) -> str:
        """The page's Markdown."""
        return "\n\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")

    @property
    def code(self) -> list[NotebookNode]:
        """The page's code cells."""
        return [cell for cell in self.cells if cell.cell_type == "code"]

    def outputs(self, mime: str) -> Iterator[tuple[NotebookNode, Any]]:
        """Yield every output of a MIME type with its cell."""
        for cell in self.code:
            for output in cell.outputs:
                if mime in output.get("data", {}):
                    yield cell, output.data[mime]


@dataclass(frozen=True)
class Book:
    """What the rules look at."""

    pages: Sequence[Page]
    contents: Sequence[str]
    """The names in `_toc.yml`, in order."""
    chapters: Sequence[str]
    """The names of the activations; a page with such a name follows the chapter's plan."""
    claims: Mapping[str, Claim]
    article: Mapping[str, int]
    """How many claims the article makes, by the prefix of their ids."""
    bibliography: Sequence[str]
    """The keys of references.bib."""
    references: Mapping[str, Reference]
    """Its entries as a page shows them."""
    papers: Sequence[str]
    """The keys that the facts of the activations name."""
    facts: Mapping[str, Sequence[float]]
    """The numbers on the fact card of every activation."""
    allowed: Mapping[str, Sequence[Mapping[str, str]]]
    """For a page, the numbers that its text may state without support, each with the reason."""
    quoted: Mapping[str, Mapping[str, Sequence[str]]]
    """For a page, the numbers that its sentences take from their sources, by the keys that they cite."""
    universals: Mapping[str, Mapping[str, Mapping[str, str]]]
    """For a page, its sentences that say "all" or "never", each with what supports it."""
    assets: Sequence[Path]
    """Files under book/ that are neither a page nor data of the rules."""
    mentions: str
    """All text in which an asset may be named."""
    presentations: Mapping[str, str]
    """The texts outside the pages that say what the project has, by file."""


def read(root: Path = ROOT) -> Book:
    """Return the book of a checkout."""
    folder = root / "book"
    known = (
        "conftest.py",
        "ruff.toml",
        "numbers.yml",
        "quoted.yml",
        "references.bib",
        "search.yml",
        "universals.yml",
    )
    files = sources(folder)
    own = [path for path in files if path.parent == folder and path.suffix in (".md", ".ipynb")]
    assets = [path for path in files if path not in own and path.name not in known]
    texts = [*own, *root.glob("_*.yml"), *(root / "actlib").rglob("*.py"), *folder.rglob("*.css")]
    return Book(
        pages=[page(path) for path in own],
        contents=pages(root / "_toc.yml"),
        chapters=list(activations),
        claims=claims(root / "actlib/course/data/claims.yml"),
        article=ARTICLE,
        bibliography=re.findall(r"^@\w+\{([^,\s]+),", (folder / "references.bib").read_text("utf-8"), re.M),
        references=references.bibliography(folder / "references.bib"),
        papers=[key for f in activations.values() for key in f.facts.papers],
        facts={
            name: [number for _, fact in FactCard(f).rows() for number in printed_values(fact)]
            for name, f in activations.items()
        },
        allowed=read_settings(folder / "numbers.yml") or {},
        quoted=read_settings(folder / "quoted.yml") or {},
        universals=read_settings(folder / "universals.yml") or {},
        assets=assets,
        mentions="\n".join(path.read_text("utf-8") for path in texts),
        presentations={name: (root / name).read_text("utf-8") for name in PRESENTATIONS},
    )


def claims(path: Path) -> Mapping[str, Claim]:
    """Return the ledger.

    Raises
    ------
    FileError
        If the file is no YAML or breaks the ledger's own form.
    """
    read_text(path)  # which names what a merge left
    try:
        return ledger(path)
    except yaml.YAMLError:
        read_settings(path)  # which names the line that is no YAML
        raise
    except ValueError as error:
        raise FileError(f"{path.name}: {error}") from None


def page(path: Path) -> Page:
    """Return a page from its file; a Markdown page has one cell."""
    if path.suffix == ".md":
        return Page(path.stem, [nbformat.v4.new_markdown_cell(path.read_text("utf-8"))])
    notebook = read_notebook(path)
    return Page(path.stem, notebook.cells, notebook)


def place(cell: NotebookNode) -> str:
    """Name a cell so that an author finds it."""
    first = next(iter(cell.source.strip().splitlines()), "")
    return f"cell {cell.get('execution_count') or cell.get('id')} ({first[:40]!r})"


def unfenced(text: str) -> str:
    """Return Markdown without its code blocks; the body of a directive stays."""
    return re.sub(r"^(`{3,})(?!\{)[^\n]*\n.*?^\1`*\s*?$", "", text, flags=re.M | re.S)


def output_texts(cell: NotebookNode) -> Iterator[str]:
    """Yield all text of a cell's outputs but not encoded bytes."""

    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key != "buffers" and not (key.startswith("image/") and key != "image/svg+xml"):
                    yield from strings(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from strings(inner)

    for output in cell.get("outputs", ()):
        yield from strings(dict(output))


def printed(cell: NotebookNode) -> Iterator[str]:
    """Yield what a cell prints or shows as text."""
    for output in cell.get("outputs", ()):
        yield output.get("text", "")
        yield output.get("data", {}).get("text/plain", "")


def python(cell: NotebookNode) -> str:
    """Return the source of a code cell without the commands of IPython."""
    return re.sub(r"^(\s*)[%!].*$", r"\1pass", cell.source, flags=re.M)


def sections(page: Page) -> list[Section]:
    """Return the text and the measurements of a page from one heading of level 2 to the next."""
    found: list[tuple[list[str], list[str], list[float], list[float], list[float]]] = [([], [], [], [], [])]
    for cell in page.cells:
        if cell.cell_type == "markdown":
            first, *others = re.split(r"^(?=## )", cell.source, flags=re.M)
            found[-1][0].append(first)
            found += [([text], [], [], [], []) for text in others]
        elif cell.cell_type == "code":
            texts, alternatives, measured, literals, rates = found[-1]
            literals += settings(python(cell))
            rates += settings(python(cell), rates=True)
            for output in cell.outputs:
                data = output.get("data", {})
                text = output.get("text", "") + data.get("text/plain", "")
                if text.startswith("Figure: "):
                    caption, _, alternative = text.partition("\n[")
                    texts.append(caption)
                    alternatives.append(alternative.removesuffix("]"))
                elif re.match(r"[A-Z]+-\d+: ", text):
                    texts += re.findall(r"^Truth: (.*)$", text, re.M)
                    for says, value, bounds in MEASURED.findall(text):
                        texts.append(says)
                        measured += printed_values(bounds if value == "rounding noise" else value)
                else:
                    for each in (text, data.get("text/markdown", ""), *answers(data)):
                        measured += printed_values(each)
                        rates += printed_values(each, rates=True)
    return [
        Section(tuple(texts), tuple(alternatives), Support(*map(frozenset, support)))
        for texts, alternatives, *support in found
    ]


def section(page: Page, title: str) -> str:
    """Return the sources of a section, of code cells too."""
    whole = "\n\n".join(cell.source for cell in page.cells)
    found = re.search(rf"^## {title} *$(.*?)(?=^## |\Z)", whole, re.M | re.S)
    return found[1] if found else ""


def answers(data: Mapping[str, Any]) -> Sequence[str]:
    """Return the answers to a widget's question, which it computed."""
    return data.get(PORTABLE, {}).get("state", {}).get("answers", ())


def claims_shown(cell: NotebookNode) -> Iterator[str]:
    """Yield the ids that a code cell passes to claims.show."""
    yield from (key for key, _ in _shown(cell))


def stored_verdict(claim: Claim, text: str) -> Verdict:
    """Return a claim with its quantities as a page's text has them; noise as the bound that it stays below.

    Raises
    ------
    EvidenceError
        If the text lacks a quantity, or one is out of its bounds.
    """
    measured = {
        quantity.name: quantity.high if quantity.is_noise else _number(value)
        for quantity, (_, value, _) in zip(claim.evidence, MEASURED.findall(text), strict=False)
    }
    false = [quantity.name for quantity in claim.evidence if quantity.counter]
    counter = map(_number, re.findall(r"^    Otherwise: (\S+) for ", text, re.M))
    return Verdict(claim, measured, dict(zip(false, counter, strict=False)))


def _number(text: str) -> float:
    typed = text.replace("\N{MINUS SIGN}", "-").replace("\N{INFINITY}", "inf")
    return nan if typed == "rounding noise" else float(typed)


def evidence_shown(cell: NotebookNode) -> Iterator[tuple[str, ast.expr]]:
    """Yield an id and each value that a code cell passes with it to claims.show, counters too."""
    for key, call in _shown(cell):
        for given in (keyword.value for keyword in call.keywords):
            yield from ((key, value) for value in (given.values if isinstance(given, ast.Dict) else [given]))


def _shown(cell: NotebookNode) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(python(cell))):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "claims.show"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value), node


def cited(page: Page) -> Iterator[str]:
    """Yield the keys that a page cites."""
    yield from references.cited(page.text)
