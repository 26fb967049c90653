"""Run notebooks and store their outputs; nothing else may: python -m tools.execute [--check] [NAME ...].

Without a name it runs every notebook of `_toc.yml`. A notebook is stored only if every cell ran and
none wrote to stderr. Two runs give the same bytes: no times, no random ids, no widget state, no
machine's paths. `--check` stores nothing; it runs each notebook twice and compares both with the file.
"""

import argparse
import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools.difference import differences
from tools.files import FileError, notebook as read, reason, replace
from tools.toc import BOOK, notebooks

PORTABLE = "application/vnd.actlib.widget.v1+json"
LIVE = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py"},
}
HIDDEN = {"hide-input", "remove-input"}
# Sums in a matrix product depend on how many threads share it.
KERNEL_ENVIRONMENT = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "OMP")}
TIMEOUT = 300
TRACEBACK_LINES = 30


class NotebookError(Exception):
    """A notebook that cannot be stored: which cell, and what it said."""


class Loop(asyncio.SelectorEventLoop):
    """An event loop that leaves signals alone, so that nbclient cannot take Ctrl-C from `main`."""

    def add_signal_handler(self, *arguments: Any) -> None:  # type: ignore[override]
        """Refuse, as the loop of any thread but the first does."""
        raise RuntimeError("signals are not for this loop")


async def execute(path: Path, folder: Path | None = None) -> str:
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
    FileError
        If the file is no notebook.
    """
    notebook = read(path)
    started: list[int] = []
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        shutdown_kernel="immediate",
        record_timing=False,
        coalesce_streams=True,
        on_cell_execute=lambda cell, cell_index: started.append(cell_index),
        resources={"metadata": {"path": str(folder or path.parent)}},
    )
    try:
        # The kernel's own log on stderr is noise; what a cell writes there comes as an output.
        await client.async_execute(env={**os.environ, **KERNEL_ENVIRONMENT}, stderr=subprocess.DEVNULL)
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
        cell.metadata = nbformat.from_dict(kept(cell.metadata.get("tags", ())))
    for _, output in outputs(notebook):
        if PORTABLE in output.get("data", {}):
            output.data.pop(LIVE, None)


def kept(tags: Sequence[str]) -> dict[str, Any]:
    """Return the metadata of a cell with these tags: JupyterLab and Colab have other words for hidden code.

    Examples
    --------
    >>> kept(["hide-input"])
    {'tags': ['hide-input'], 'jupyter': {'source_hidden': True}, 'cellView': 'form'}
    """
    folded = {"jupyter": {"source_hidden": True}, "cellView": "form"}
    return ({"tags": list(tags)} if tags else {}) | (folded if HIDDEN & set(tags) else {})


def outputs(notebook: NotebookNode) -> Iterator[tuple[int, Any]]:
    """Yield every output with the number that its cell shows."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield cell.execution_count, output


def tail(text: str) -> str:
    """Return the end of a traceback, without colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines()
    return "\n".join(lines[-TRACEBACK_LINES:])


async def store(path: Path) -> None:
    """Execute a notebook and write it."""
    text = await execute(path)
    try:
        replace(path, text)
    except OSError as error:
        raise NotebookError(f"not stored, the file is as it was: {error.strerror}") from None


async def check(path: Path) -> None:
    """Execute a notebook twice; raise where the results differ from each other or from the file."""
    first, second = await execute(path), await execute(path)
    for what, other in (
        ("two runs differ", second),
        ("the file is not what a run gives", path.read_text("utf-8")),
    ):
        if other != first:
            raise NotebookError("\n".join([what, *differences(other.splitlines(), first.splitlines())]))


Job = Callable[[Path], Awaitable[None]]


async def run(job: Job, paths: Sequence[Path]) -> int:
    """Do `job` with every notebook, two at a time, and say how each went; return how many failed.

    All happens in this process and its kernels, which end when it does: nothing is left to store a
    notebook later.
    """
    slots = asyncio.Semaphore(min(2, os.cpu_count() or 1))

    async def one(path: Path) -> tuple[str, float]:
        async with slots:
            start = time.monotonic()
            try:
                await job(path)
                problem = ""
            except (NotebookError, FileError) as error:
                problem = str(error)
            except OSError as error:
                problem = reason(error)
            return problem, time.monotonic() - start

    failed = 0
    tasks = [asyncio.create_task(one(path)) for path in paths]
    for path, task in zip(paths, tasks, strict=True):
        # nbclient takes being cancelled for a kernel that died, so Ctrl-C must not go through it.
        problem, seconds = await asyncio.shield(task)
        failed += bool(problem)
        print(f"  {path.relative_to(BOOK.parent)}  {seconds:.1f} s  {problem or 'ok'}", flush=True)
    return failed


def main() -> None:
    """Run the notebooks that the command line names, two at a time."""
    parser = argparse.ArgumentParser(description="Run notebooks and store their outputs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a chapter, such as sigmoid; all by default")
    parser.add_argument("--check", action="store_true", help="store nothing; run twice and compare")
    arguments = parser.parse_args()
    known = {path.stem: path for path in notebooks()}
    for name in arguments.names:
        if name not in known:
            raise FileError(
                f"_toc.yml lists no notebook {name!r}, only {', '.join(known) or 'pages of text'}"
            )
    paths = [known[name] for name in arguments.names or known]
    print(f"Running {len(paths)} notebook{'s' * (len(paths) != 1)}", flush=True)
    # What ends a job on a server ends it as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with asyncio.Runner(loop_factory=Loop) as runner:
        failed = runner.run(run(check if arguments.check else store, paths))
    if failed:
        sys.exit(f"execute: {failed} of {len(paths)} failed")


if __name__ == "__main__":
    try:
        main()
    except FileError as error:
        sys.exit(f"execute: {error}")
    except KeyboardInterrupt:
        sys.exit("\nexecute: stopped")
