"""A small project with the tools of this one, to run them as a person would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.toc import ROOT

CONFIG = """
title: Small
author: Nobody
copyright: "2026"
logo: ""
only_build_toc_files: true
execute:
  execute_notebooks: "off"
"""
TOC = """
format: jb-book
root: index
"""


def checkout(folder: Path) -> Path:
    """Make the project in `folder`, whose name has a space in it, and return its root."""
    root = folder / "a project"
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("book", "actlib"):
        (root / name).mkdir()
    for name, text in {
        "book/index.md": "# Small\n\nOne page.\n",
        "_config.yml": CONFIG,
        "_toc.yml": TOC,
        "requirements.txt": "",
        "pyproject.toml": "",
    }.items():
        (root / name).write_text(text, "utf-8")
    shutil.copy(ROOT / "Makefile", root)
    return root


# What `make test` and its own settings leave to the commands that it runs.
INHERITED = (
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
    "MAKEOVERRIDES",
    "PYTHON",
    "PORT",
    "CHAPTER",
    "BOOK_REPOSITORY",
)


MAY_NOT_WRITE = (
    ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override") if os.geteuid() == 0 else ()
)
"""What a command begins with so that the modes of files hold for it, also if root runs the tests."""


FULL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
"""What to prepare a command with so that its disk seems full; a kernel needs less to start."""


def run(root: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the project; its output and errors come as one text."""
    return subprocess.run(
        command,
        cwd=root,
        env={**{k: v for k, v in os.environ.items() if k not in INHERITED}, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )


def prepared(preparation: str, *command: str) -> list[str]:
    """Return a command that first runs a statement of Python in its own process.

    `preexec_fn` would run it between fork and exec, where JAX, once imported here, may deadlock.
    """
    return [
        sys.executable,
        "-c",
        f"{preparation}; import os, sys; os.execv(sys.argv[1], sys.argv[1:])",
        *command,
    ]


def module(root: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of the project with this Python."""
    return run(root, sys.executable, "-m", f"tools.{name}", *arguments)
