"""The first code cell of every notebook, which brings actlib where the notebook is opened.

The cell is the same everywhere but for one line: the build fills in where a published copy gets actlib.
It never installs another project: the folder above a notebook is taken only if it is this one.
"""

__all__ = ["CELL", "filled"]

EMPTY = 'SOURCE = ""'
CELL = f"""\
import importlib.util
import os
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

{EMPTY}
CHECKOUT = Path("..").resolve()

for library in ("OPENBLAS", "MKL", "OMP"):
    # One thread is the quickest on small matrices, and rounds alike anywhere.
    os.environ.setdefault(f"{{library}}_NUM_THREADS", "1")
try:
    origin = distribution("actlib").read_text("direct_url.json") or ""
except PackageNotFoundError:
    origin = ""
is_ours = bool(SOURCE) and SOURCE.rpartition("/")[0] in origin
is_old = is_ours and SOURCE not in origin
if is_old or importlib.util.find_spec("actlib") is None:
    project = CHECKOUT / "pyproject.toml"
    if is_old:
        %pip uninstall --quiet --yes actlib
    if SOURCE:
        %pip install --quiet "actlib[course] @ {{SOURCE}}"
    elif project.exists() and 'name = "actlib"' in project.read_text("utf-8"):
        %pip install --quiet --editable "{{CHECKOUT}}[course]"
        sys.path.insert(0, str(CHECKOUT))
    importlib.invalidate_caches()
    if importlib.util.find_spec("actlib") is None:
        raise ModuleNotFoundError(
            "This page needs actlib: open it in the folder book/ of the course "
            "files, or install actlib[course] from there, "
            "then run this cell again."
        )
    print("actlib is installed. Does a figure below not move?")
    print("Then reload this page and run all cells.")"""


def filled(source: str) -> str:
    """Return the cell of a copy that gets actlib from an address, an archive of this project.

    >>> '"https://example.org/archive/1.zip"' in filled("https://example.org/archive/1.zip")
    True
    """
    return CELL.replace(EMPTY, f'SOURCE = "{source}"')
