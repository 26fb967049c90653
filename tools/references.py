"""Citations and lists of references that every front end shows: python -m tools.references.

An author cites with {cite}`Key1,Key2`. This command turns that into links, such as
``([Verhulst, 1838](#Verhulst1838))``, and writes the list below "## References" of each page from
references.bib. A notebook opened anywhere then shows its citations, and the site links them.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from pybtex.backends.markdown import Backend
from pybtex.database import Entry, parse_file
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.template import field, sentence

from tools.files import FileError, notebook, read_text, replace
from tools.toc import BOOK, sources

ROLE = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
LINK = re.compile(r"\[[^\][]*\]\(#(\w*[A-Z\d]\w*)\)")
"""A citation; a link to a heading or a claim has small letters alone or a hyphen."""
HEAD = "## References\n"
LIST = re.compile(rf"^{HEAD}.*\Z", re.M | re.S)
# What a link may continue as it is: a colon, the bar of a table, a word that asks for a name.
LEADS_ON = re.compile(r"(?:^|[:;|]|\b(?:by|from|in|of|see))\s*$")
ASIDE = re.compile(r"\$[^$]*\$|`[^`]*`|\]\([^)]*\)")


class Style(UnsrtStyle):
    """The plain style of BibTeX, but a title keeps its capitals: LSTM is no lstm."""

    def format_title(self, e: Entry, which_field: str, as_sentence: bool = True) -> Any:
        """Return the template of a title."""
        title = field(which_field)
        return sentence[title] if as_sentence else title


@dataclass(frozen=True)
class Reference:
    """An entry of references.bib."""

    label: str
    """How a text names it: Gers et al., 2000."""
    text: str
    """How a list shows it, in Markdown."""


def bibliography(path: Path = BOOK / "references.bib") -> dict[str, Reference]:
    """Return every entry of a file by its key; two of one author and year are told apart by a letter."""
    entries = parse_file(str(path)).entries
    alike: dict[str, list[str]] = {}
    for key, entry in entries.items():
        alike.setdefault(_label(entry), []).append(key)
    style = Style()  # which looks for its parts among all installed packages
    letters = {key: "abcdefgh"[at] for keys in alike.values() if len(keys) > 1 for at, key in enumerate(keys)}
    return {
        key: Reference(_label(entry) + letters.get(key, ""), _text(style, key, entry))
        for key, entry in entries.items()
    }


def _label(entry: Entry) -> str:
    authors = entry.persons.get("author") or entry.persons["editor"]
    names = [" ".join([*person.prelast_names, *person.last_names]).strip("{}") for person in authors]
    if len(names) > 2 or names[-1] == "others":
        names = [f"{names[0]} et al."]
    return ", ".join([" and ".join(names), *filter(None, [entry.fields.get("year")])])


def _text(style: Style, key: str, entry: Entry) -> str:
    text = " ".join(style.format_entry(key, entry).text.render(Backend()).split())
    text = re.sub(r"\\([-.(){}!#+]|(?<=\w\\)_(?=\w))", r"\1", text)  # marks that mean nothing here
    return re.sub(
        r"\\\\url (\S+?)(?=[,.]?(?:\s|$))", lambda found: f"<{found[1].replace(chr(92), '')}>", text
    )


def cited(text: str) -> Iterator[str]:
    """Yield the keys that a text cites, in order, with repetitions; those that a link or a role names."""
    for found in re.finditer(rf"{ROLE.pattern}|{LINK.pattern}", text):
        yield from (key.strip() for key in (found[1] or found[2]).split(","))


def written(texts: Sequence[str], references: Mapping[str, Reference]) -> list[str]:
    """Return the Markdown of a page's cells with its citations as links and its list as text.

    A key that `references` does not have is left as it is.
    """
    linked = [LIST.sub(HEAD, _linked(text, references)) for text in texts]
    keys = {key for text in linked for key in cited(text) if key in references}
    items = [
        f'- <a id="{key}"></a>**{references[key].label}.** {references[key].text}'
        for key in sorted(keys, key=lambda key: references[key].label.lower())
    ]
    return [text.replace(HEAD, "\n".join([HEAD, *items])) for text in linked]


def _linked(text: str, references: Mapping[str, Reference]) -> str:
    def link(key: str) -> str:
        return f"[{references[key].label}](#{key})"

    def links(role: re.Match[str]) -> str:
        keys = [key.strip() for key in role[1].split(",")]
        if not all(key in references for key in keys):
            return role[0]
        found = "; ".join(map(link, keys))
        before = ASIDE.sub("x", text[: role.start()].rpartition("\n\n")[2])
        is_inside = before.count("(") > before.count(")")
        return found if is_inside or LEADS_ON.search(before) else f"({found})"

    text = ROLE.sub(links, text)
    return LINK.sub(lambda found: link(found[1]) if found[1] in references else found[0], text)


def rewritten(path: Path, references: Mapping[str, Reference]) -> str:
    """Return the text of a page's file with its citations as links and its list of references.

    Raises
    ------
    FileError
        If it cannot be read as text or as a notebook.
    """
    if path.suffix == ".md":
        return written([read_text(path)], references)[0].rstrip() + "\n"
    content = notebook(path)
    cells = [cell for cell in content.cells if cell.cell_type == "markdown"]
    for cell, source in zip(cells, written([cell.source for cell in cells], references), strict=True):
        cell.source = source
    return nbformat.writes(content) + "\n"


def main() -> None:
    """Write the citations and the list of every page."""
    references = bibliography()
    for path in (path for path in sources(BOOK) if path.suffix in (".md", ".ipynb")):
        after = rewritten(path, references)
        if after == read_text(path):
            continue
        try:
            replace(path, after)
        except OSError as error:
            raise FileError(f"{path.name} is not stored and as it was: {error.strerror}") from None
        print(f"references: {path.name}")


if __name__ == "__main__":
    try:
        main()
    except FileError as error:
        sys.exit(f"references: {error}")
