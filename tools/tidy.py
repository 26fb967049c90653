"""Check what no file of the project may have, whatever it is: python -m tools.tidy."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.toc import ROOT, sources

LARGEST = 1_000_000  # bytes
LEFT = {"_build", "node_modules", "dist"}  # made by commands, as is all whose name begins with a dot
KEPT = (".ci", ".github")
FOREIGN = (ROOT / "book/_vendor/math", ROOT / "tools/publish/temml")  # the text of others
CONFLICT = re.compile(rb"^(?:<{7} |={7}$|>{7} )", re.M)


def files() -> list[Path]:
    """Return the files that are the project's own."""
    folders = [path for path in sorted(ROOT.iterdir()) if path.is_dir()]
    own = [path for path in folders if path.name in KEPT or (path.name[0] != "." and path.name not in LEFT)]
    return [
        *(path for path in sorted(ROOT.iterdir()) if path.is_file()),
        *(f for d in own for f in sources(d)),
    ]


def faults(content: bytes) -> Iterator[str]:
    """Yield what is wrong with a file's content."""
    if len(content) > LARGEST:
        yield f"is {len(content) / 1e6:.1f} MB; a file must have at most {LARGEST / 1e6:.0f} MB"
    if b"\0" in content:
        return
    if conflict := CONFLICT.search(content):
        line = content[: conflict.start()].count(b"\n") + 1
        yield f"line {line}: a merge conflict is left"
    if b"\r" in content:
        yield "has a carriage return; lines must end in a line feed alone"
    if content and not re.search(rb"[^\n]\n\Z", content):
        yield "must end in one line feed"


def main() -> None:
    """Print every fault of every file."""
    found = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in files()
        if not any(folder in path.parents for folder in FOREIGN)
        for fault in faults(path.read_bytes())
    ]
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
