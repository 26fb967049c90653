"""Run notebooks and store their outputs; nothing else may: python -m tools.execute [--check] [NAME ...].

Without a name it runs every notebook of `_toc.yml`. A notebook is stored only if every cell ran and
none wrote to stderr. Two runs give the same bytes: no times, no random ids, no widget state, no
machine's paths. `--check` stores nothing; it runs each notebook twice and compares both with the file.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools.difference import differences
from tools.toc import BOOK, notebooks

PORTABLE = "application/vnd.actlib.widget.v1+json"
LIVE = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# Sums in a matrix product depend on how many threads share it.
KERNEL_ENVIRONMENT = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "OMP")}
TIMEOUT = 300
TRACEBACK_LINES = 30


class NotebookError(Exception):
    """A notebook that cannot be stored: which cell, and what it said."""


def execute(path: Path, folder: Path | None = None) -> str:
    """Return the text of a notebook after all its cells ran in a new kernel.

    Parameters
    ----------
    path : Path
        The notebook; the file is not written.
    folder : Path, optional
        The kernel's working folder, that of the notebook by default.

    Raises
    ------
    NotebookError
        If a cell raises, writes to stderr, takes over `TIMEOUT` seconds or ends the kernel.
    """
    notebook = nbformat.read(path, as_version=4)
    started: list[int] = []
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        on_cell_execute=lambda cell, cell_index: started.append(cell_index),
        resources={"metadata": {"path": str(folder or path.parent)}},
    )
    try:
        # The kernel's own log on stderr is noise; what a cell writes there comes as an output.
        client.execute(env={**os.environ, **KERNEL_ENVIRONMENT}, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        raise NotebookError(f"cell {len(started)} raised:\n{tail(error.traceback)}") from None
    except CellTimeoutError:
        raise NotebookError(f"cell {len(started)} took over {TIMEOUT} s") from None
    except DeadKernelError:
        raise NotebookError(f"cell {len(started)} ended the kernel") from None
    for number, output in outputs(notebook):
        if output.get("name") == "stderr":
            raise NotebookError(f"cell {number} wrote to stderr:\n{tail(output.text)}")
    clean(notebook)
    return nbformat.writes(notebook) + "\n"


def clean(notebook: NotebookNode) -> None:
    """Remove from an executed notebook all that differs between runs or machines."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k == "tags"})
    for _, output in outputs(notebook):
        if PORTABLE in output.get("data", {}):
            output.data.pop(LIVE, None)


def outputs(notebook: NotebookNode) -> Iterator[tuple[int, Any]]:
    """Yield every output with the number that its cell shows."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield cell.execution_count, output


def tail(text: str) -> str:
    """Return the end of a traceback, without colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines()
    return "\n".join(lines[-TRACEBACK_LINES:])


def store(path: Path) -> str | None:
    """Execute a notebook and write it; return what went wrong, if anything did."""
    try:
        text = execute(path)
    except NotebookError as error:
        return str(error)
    path.write_text(text, "utf-8")
    return None


def check(path: Path) -> str | None:
    """Execute a notebook twice; return how the results differ from each other or from the file."""
    try:
        first, second = execute(path), execute(path)
    except NotebookError as error:
        return str(error)
    for what, other in (
        ("two runs differ", second),
        ("the file is not what a run gives", path.read_text("utf-8")),
    ):
        if other != first:
            return "\n".join([what, *differences(other.splitlines(), first.splitlines())])
    return None


def timed(job: Any, path: Path) -> tuple[str | None, float]:
    """Return what `job` says of a notebook, and the seconds it took."""
    start = time.monotonic()
    return job(path), time.monotonic() - start


def main() -> None:
    """Run the notebooks that the command line names, two at a time."""
    parser = argparse.ArgumentParser(description="Run notebooks and store their outputs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a chapter, such as sigmoid; all by default")
    parser.add_argument("--check", action="store_true", help="store nothing; run twice and compare")
    arguments = parser.parse_args()
    known = {path.stem: path for path in notebooks()}
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        sys.exit(f"execute: no notebook {unknown[0]!r} in _toc.yml, which has {', '.join(known)}")
    paths = [known[name] for name in arguments.names or known]
    print(f"Running {len(paths)} notebook{'s' * (len(paths) != 1)}", flush=True)
    failed = 0
    with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for path, (problem, seconds) in zip(
            paths, pool.map(partial(timed, check if arguments.check else store), paths), strict=True
        ):
            failed += problem is not None
            print(f"  {path.relative_to(BOOK.parent)}  {seconds:.1f} s  {problem or 'ok'}", flush=True)
    if failed:
        sys.exit(f"execute: {failed} of {len(paths)} failed")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nexecute: stopped")
