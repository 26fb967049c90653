"""Where two long texts differ, short enough to read."""

import difflib
from collections.abc import Iterator, Sequence

SHOWN_LINES = 12
SHOWN_WIDTH = 160


def differences(stored: Sequence[str], computed: Sequence[str]) -> Iterator[str]:
    """Yield the lines in which two texts differ, cut around the first place that does.

    A line of `stored` has a minus before it, one of `computed` a plus.
    """
    # unified_diff compares whole lines only; ndiff would take minutes on a figure.
    changed = list(difflib.unified_diff(stored, computed, n=0, lineterm=""))[2:]
    changed = [line for line in changed if not line.startswith("@@")]
    start = max(0, _same(changed) - SHOWN_WIDTH // 2)
    for line in changed[:SHOWN_LINES]:
        sign, text = line[0], line[1:]
        cut = text[start : start + SHOWN_WIDTH]
        yield f"  {sign} {'…' * bool(start)}{cut}{'…' * (len(text) > start + SHOWN_WIDTH)}"
    if len(changed) > SHOWN_LINES:
        yield f"  and {len(changed) - SHOWN_LINES} more lines"


def _same(changed: Sequence[str]) -> int:
    """Return how many characters the first removed and the first added line share at their start."""
    removed = next((line[1:] for line in changed if line[0] == "-"), "")
    added = next((line[1:] for line in changed if line[0] == "+"), "")
    pairs = enumerate(zip(removed, added, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(removed), len(added)))
