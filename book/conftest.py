"""Make nbval strict.

nbval alone waits five seconds for an output, and passes a cell that was never
executed without looking at it. It compares no PNG; each stands beside an SVG of
the same figure, which it compares.
"""

import os
import re
from functools import partial
from types import MethodType
from typing import Any

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tools.difference import differences
from tools.execute import KERNEL_ENVIRONMENT

OUTPUT_TIMEOUT = 60


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Give the kernel its environment."""
    if isinstance(collector, IPyNbFile):
        os.environ.update(KERNEL_ENVIRONMENT)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Wait longer, explain better, refuse a cell that was never executed."""
    if not isinstance(item, IPyNbCell):
        return
    item.output_timeout = OUTPUT_TIMEOUT
    item.format_output_compare = partial(explain, item)
    item.repr_failure = partial(without_colours, item)
    if item.cell.source.strip() and item.cell.execution_count is None:
        item.runtest = MethodType(refuse, item)


def refuse(item: Any) -> None:
    """Fail in place of a cell that has no stored execution."""
    item.raise_cell_error("never executed: run make execute")


def without_colours(item: Any, failure: Any) -> str:
    """Return nbval's report without a terminal's escape codes."""
    return re.sub(r"\x1b\[[0-9;]*m", "", IPyNbCell.repr_failure(item, failure))


def explain(item: Any, key: str, stored: Any, computed: Any) -> None:
    """Say where a stored and a computed output differ; nbval prints it."""
    item.comparison_traceback.append(
        f"{key} differs; '-' is stored, '+' is what the cell gives now"
    )
    item.comparison_traceback.extend(
        differences(lines(stored), lines(computed))
    )


def lines(value: Any, name: str = "") -> list[str]:
    """Return an output as lines of text, a line for each nested value."""
    if isinstance(value, dict):
        return [
            line
            for key, inner in value.items()
            for line in lines(inner, f"{name}.{key}")
        ]
    if isinstance(value, list):
        return [
            line
            for at, inner in enumerate(value)
            for line in lines(inner, f"{name}[{at}]")
        ]
    return [
        f"{name}: {line}" if name else line for line in str(value).splitlines()
    ]
