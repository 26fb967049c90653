"""The modules compute with what IEEE 754 fixes to the last bit: all browsers give the same numbers."""

from __future__ import annotations

import re

import pytest

from tests.live.node import sources

FIXED = {
    "PI",
    "E",
    "SQRT2",
    "LN2",
    "LOG2E",
    "abs",
    "ceil",
    "clz32",
    "floor",
    "fround",
    "imul",
    "max",
    "min",
    "round",
}
FIXED |= {"sign", "sqrt", "trunc"}


def refused(source: str) -> list[str]:
    """Return what an engine may round in its own way, or what runs text as code."""
    code = re.sub(r'/\*.*?\*/|//[^\n]*|"[^"\n]*"', "", source, flags=re.DOTALL)
    found = [f"Math.{name}" for name in re.findall(r"\bMath\.(\w+)", code) if name not in FIXED]
    found += re.findall(r"\bMath\b(?!\.\w)|\*\*|\bFunction\b|\beval\b|\bDate\b|\bperformance\b", code)
    return found


@pytest.mark.parametrize(
    "source",
    [
        "Math.exp(x)",
        "const { exp } = Math",
        "Math['pow'](x, 2)",
        "x ** 2",
        "x **= 2",
        "eval('x')",
        "new Function('x')",
        "Math.random()",
    ],
)
def test_a_fault_is_found(source: str) -> None:
    assert refused(source) != []


def test_no_module_leaves_a_rounding_to_the_engine() -> None:
    for path in sources():
        assert refused(path.read_text("utf-8")) == [], path.name


def test_modules_import_each_other_alone() -> None:
    names = {path.name for path in sources()}
    for path in sources():
        imported = re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)""", path.read_text("utf-8"))
        assert {name.removeprefix("./") for name in imported} <= names, path.name
        assert all(name.startswith("./") for name in imported), path.name
