"""Try the lowest versions that pyproject.toml allows: python -m tools.lowest [NAME ...].

In an environment of its own, with the lowest version of everything that actlib names and the newest of
what builds and tests the book, it runs the tests of the package and of the widgets, then the notebooks
named: one with a widget and one that trains, by default. It needs network.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.execute import KERNEL_ENVIRONMENT
from tools.toc import ROOT

UV = [sys.executable, "-m", "uv", "pip"]
LOWEST_PYTHON = "3.11"
TESTS = ["tests/contract", "tests/functions", "tests/measure", "tests/lab", "tests/live", "tests/course"]
TOOLS = ["--group", "book", "--group", "test"]
CHAPTERS = ["sigmoid", "training"]
EXECUTE = """
import asyncio, sys
from tools import execute
asyncio.run(execute.execute(execute.BOOK / f"{sys.argv[1]}.ipynb"))
"""
# The lowest Matplotlib calls what its newest dependencies are about to drop.
ENVIRONMENT = {
    **KERNEL_ENVIRONMENT,
    "PYTHONWARNINGS": "ignore::DeprecationWarning",
    "PYTHONPATH": str(ROOT),
}


def install(folder: Path) -> str:
    """Make the environment in `folder` and return its Python."""
    pins, python = str(folder / "lowest.txt"), str(folder / "venv" / "bin" / "python")
    lowest = ["--resolution", "lowest-direct", "--python-version", LOWEST_PYTHON, "--extra", "course"]
    run([*UV, "compile", "--quiet", *lowest, "pyproject.toml", "--output-file", pins])
    run([*UV[:-1], "venv", "--quiet", "--python", LOWEST_PYTHON, str(folder / "venv")])
    tools = ["--constraint", pins, "--editable", ".[course]", *TOOLS]
    run([*UV, "install", "--quiet", "--python", python, *tools])
    return python


def run(command: list[str]) -> None:
    """Run a command in the checkout; end with its exit code if it fails."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Install, test and run."""
    with tempfile.TemporaryDirectory(prefix="lowest-") as name:
        python = install(Path(name))
        run([*UV, "list", "--python", python])
        run([python, "-m", "pytest", "-qq", "-n", "2", "-m", "not browser", "-o", "filterwarnings=", *TESTS])
        for chapter in sys.argv[1:] or CHAPTERS:
            print(f"Running {chapter}", flush=True)
            run([python, "-c", EXECUTE, chapter])


if __name__ == "__main__":
    main()
