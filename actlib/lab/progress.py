"""A progress bar for long loops, silent where outputs are stored."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TypeVar

__all__ = ["track"]

Item = TypeVar("Item")

PATIENCE = 2.0
"""Seconds before a bar appears."""
INTERVAL = 0.2
"""Seconds between two pictures of it."""
WIDTH = 30


def track(items: Sequence[Item], show: bool | None = None) -> Iterator[Item]:
    """Yield the items, and draw a bar once they have taken longer than two seconds.

    Parameters
    ----------
    items : sequence
        What to loop over.
    show : bool, optional
        By default the bar is drawn on a terminal only, on the error stream. True draws it
        elsewhere too, on the output stream: in a notebook, for a cell whose output is not stored.
        False never draws it. It is wiped out in the end.

    Examples
    --------
    >>> [2 * number for number in track(range(3))]
    [0, 2, 4]
    """
    terminal = sys.stderr.isatty()
    if show is False or (show is None and not terminal):
        yield from items
        return
    stream = sys.stderr if terminal else sys.stdout
    start = monotonic()
    drawn = 0.0
    try:
        for done, item in enumerate(items):
            now = monotonic()
            if now - start > PATIENCE and now - drawn > INTERVAL:
                drawn = now
                bar = ("#" * (WIDTH * done // len(items))).ljust(WIDTH, ".")
                stream.write(f"\r{bar} {done}/{len(items)}, {now - start:.0f} s")
                stream.flush()
            yield item
    finally:
        if drawn:
            stream.write("\r" + " " * (WIDTH + 30) + "\r")
            stream.flush()
