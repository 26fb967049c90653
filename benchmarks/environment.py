"""What a measurement depends on: the date, the machine and the versions."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np


def installed(package: str) -> bool:
    """Whether `package` can be imported."""
    return find_spec(package) is not None


def print_environment(*packages: str) -> None:
    """Print the date, the machine, and the versions of Python, NumPy and those packages that are there."""
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} processors")
    known = [f"{package} {version(package)}" for package in packages if installed(package)]
    print(", ".join([f"Python {platform.python_version()}", f"NumPy {np.__version__}", *known]))
