"""Run a notebook where readers open it, by the commands that they use: python -m tools.places [PLACE ...].

Each place is an empty environment with the packages of its front end and nothing of this project. The
notebook's first cell, or Binder's own script, must bring the rest. It needs network.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from tools.install_cell import filled
from tools.toc import ROOT

UV = [sys.executable, "-m", "uv"]
CHAPTER = "softmax"
"""It has a widget, claims and the digits."""
FILES = ("actlib", "tests", "binder", "pyproject.toml", "requirements.txt", "CITATION.cff")
PLACES = {
    "checkout": ["ipykernel"],
    "published": ["jupyterlab"],
    "hosted": ["ipykernel==6.17.1", "ipython==7.34.0", "numpy==2.0.2", "ipywidgets==7.7.1"],
    "binder": ["ipykernel"],
    "elsewhere": ["ipykernel"],
}
"""A place, and the packages that are there before the notebook."""
STOPS = "This page needs actlib"
RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=600, resources={"metadata": {"path": sys.argv[2]}}).execute()
"""


class PlaceError(Exception):
    """What went wrong at a place."""


def visit(place: str, folder: Path) -> None:
    """Make the place in `folder`, open the notebook there and run it.

    Raises
    ------
    PlaceError
        If a cell fails, or the first one changes what a hosted front end has.
    """
    project, book = folder / "project", folder / "project" / "book"
    book.mkdir(parents=True)
    call([*UV, "venv", "--quiet", "--seed", "--python", sys.executable, str(folder / "venv")], folder)
    there = [*PLACES[place], "nbclient"]
    python = str(folder / "venv" / "bin" / "python")
    call([*UV, "pip", "install", "--quiet", "--python", python, *there], folder)
    before = versions(python, there, folder)
    copy(folder / "source")
    source = ""
    if place in ("checkout", "binder"):
        shutil.copytree(folder / "source", project, dirs_exist_ok=True)
    elif place == "elsewhere":
        (project / "pyproject.toml").write_text('[project]\nname = "homework"\nversion = "1"\n', "utf-8")
    else:
        source = Path(shutil.make_archive(str(folder / "archive" / "1"), "zip", folder, "source")).as_uri()
    if place == "binder":
        call(["bash", "binder/postBuild"], project, PATH=f"{Path(python).parent}:{os.environ['PATH']}")
    path = book / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(ROOT / "book" / path.name, as_version=4)
    (first,) = (cell for cell in notebook.cells if "install" in cell.metadata.get("tags", ()))
    first.source = filled(source)
    nbformat.write(notebook, path)
    try:
        call([python, "-c", RUN, str(path), str(book)], folder)
    except PlaceError as error:
        if place != "elsewhere" or STOPS not in str(error):
            raise
    else:
        if place == "elsewhere":
            raise PlaceError("the notebook ran, though actlib could come from nowhere")
    if versions(python, there, folder) != before:
        raise PlaceError(f"the notebook replaced a package: {before} {versions(python, there, folder)}")


def copy(target: Path) -> None:
    """Copy what makes the package."""
    target.mkdir()
    for path in (*map(ROOT.joinpath, FILES), *ROOT.glob("LICENSE*")):
        if path.is_dir():
            shutil.copytree(path, target / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, target)


def versions(python: str, packages: Sequence[str], folder: Path) -> str:
    """Return the versions of packages in an environment."""
    code = (
        "import sys; from importlib.metadata import version; print([(p, version(p)) for p in sys.argv[1:]])"
    )
    return call([python, "-c", code, *(package.partition("==")[0] for package in packages)], folder)


def call(command: Sequence[str], folder: Path, **environment: str) -> str:
    """Run a command without this project on its path and return what it says."""
    own = ("PYTHONPATH", "VIRTUAL_ENV")
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        command, cwd=folder, env={**inherited, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PlaceError(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def main() -> None:
    """Visit the places that the command line names, all by default."""
    failed = []
    for place in sys.argv[1:] or PLACES:
        with tempfile.TemporaryDirectory(prefix=f"{place}-") as name:
            try:
                visit(place, Path(name))
                print(f"{place}: ok", flush=True)
            except PlaceError as error:
                failed.append(place)
                print(f"{place}: {error}", flush=True)
    if failed:
        sys.exit(f"places: {', '.join(failed)} failed")


if __name__ == "__main__":
    main()
