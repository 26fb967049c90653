"""The files of the book, read and written so that nothing is lost and a damaged one is named."""

import contextlib
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat.validator
import yaml
from nbformat import NotebookNode

CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.M)


class FileError(Exception):
    """A file that cannot be used: its name, what is wrong, and what to do, in one line."""


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    FileError
        If there is no such file, a merge left it in two versions, or it is no UTF-8.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"{path.name} is no text in UTF-8 (byte {error.start}); save it as such") from None
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}") from None
    if conflict := CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise FileError(
            f"{path.name}, line {line}: a merge left two versions here; keep one of them, "
            "or take the whole file from one side: git checkout --theirs, or --ours"
        )
    return text


def notebook(path: Path) -> NotebookNode:
    """Return a notebook as its file has it.

    Raises
    ------
    FileError
        If there is no such file, a merge left it in two versions, or it is no notebook of format 4.
    """
    found = read_text(path)
    try:
        content = json.loads(found)
    except json.JSONDecodeError as error:
        raise FileError(
            f"{path.name}, line {error.lineno}: this is no JSON ({error.msg}); "
            f"take the file's last good version from git, or mend the line"
        ) from None
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise FileError(f"{path.name} is no notebook of format 4; save it anew as one")
    for fault in nbformat.validator.iter_validate(content):
        raise FileError(f"{path.name} is no valid notebook: {str(fault).splitlines()[0]}")
    return nbformat.reads(found, as_version=4)


def settings(path: Path) -> Any:
    """Return what a YAML file says.

    Raises
    ------
    FileError
        If there is no such file, a merge left it in two versions, or it is no YAML.
    """
    try:
        return yaml.safe_load(read_text(path))
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise FileError(f"{path.name}{where}: this is no YAML ({error.problem}); mend the line") from None


def replace(path: Path, text: str) -> None:
    """Give a file a new text at once: until it is written whole, the old one stays."""
    number, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(number, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def reason(error: OSError) -> str:
    """Say why the system refused, and what of: "No space left on device: book/tanh.ipynb"."""
    return ": ".join(str(part) for part in (error.strerror or error, error.filename) if part)
