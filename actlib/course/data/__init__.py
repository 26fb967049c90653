"""What pages read: the ledger of claims, and results of experiments that are too long for a page."""

from __future__ import annotations

from pathlib import Path

__all__ = ["path"]

FOLDER = Path(__file__).parent


def path(name: str) -> Path:
    """Return a stored file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> from actlib.course import data
    >>> data.path("training.csv").read_text("utf-8").splitlines()[0]
    'function,initialisation,depth,rate,images,0,1,2,3,4,5,6,7,8,9'
    """
    found = FOLDER / name
    if not found.is_file():
        stored = sorted(each.name for each in FOLDER.iterdir() if each.suffix in (".csv", ".yml"))
        raise FileNotFoundError(f"name must be one of {', '.join(stored)}, got {name!r}")
    return found
