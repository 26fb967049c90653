"""The widgets' JavaScript, run by node."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actlib import sigmoid
from actlib.course.widgets import CurveExplorer
from tests.course.widgets.examples import explorers

Node = Callable[[str], Any]
WIDGET = CurveExplorer


def test_module_is_an_anywidget_module(node: Node) -> None:
    keys = ["render", "settings"]
    assert node("[typeof widget.default.render, Object.keys(widget.default)]") == ["function", keys]


def test_source_has_no_imports_and_sets_no_inline_style() -> None:
    source = CurveExplorer._esm
    for refused in ("import ", "innerHTML", '"style"', "eval("):
        assert refused not in source


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("-8, 8, 10", [-8, -6, -4, -2, 0, 2, 4, 6, 8]),
        ("-8, 8, 4", [-5, 0, 5]),
        ("-0.05, 1.05, 5", [0, 0.5, 1]),
        ("-0.05, 1.05, 8", [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ("-18.3, 0.9, 5, 1", [-15, -10, -5, 0]),
        ("-1.2, 1.1, 10, 1", [-1, 0, 1]),
        ("0, 1, 0", [0, 1]),
    ],
)
def test_ticks_are_round(node: Node, arguments: str, expected: list[float]) -> None:
    assert node(f"widget.ticks({arguments})") == expected


def test_scale_maps_ends_to_ends(node: Node) -> None:
    assert node("[-2, 0, 3].map(widget.scale([-2, 3], [10, 60]))") == [10, 30, 60]


def test_nearest_finds_every_sample_and_stops_at_the_ends(node: Node) -> None:
    view = CurveExplorer(sigmoid).views["linear"]
    xs = json.dumps([float(text) for text in view["x"].split()])
    assert node(f"{xs}.map((x) => widget.nearest({xs}, x + 0.02))") == list(range(321))
    assert node(f"[-99, 99].map((x) => widget.nearest({xs}, x))") == [0, 320]


@pytest.mark.parametrize(
    ("text", "typeset"),
    [
        ("0", "0"),
        ("-1.50", "−1.50"),
        ("0.00033535", "0.00033535"),
        ("-7.2194e-34", "−7.2194 × 10⁻³⁴"),
        ("4.2484e-08", "4.2484 × 10⁻⁸"),
        ("1.2346e+07", "1.2346 × 10⁷"),
    ],
)
def test_typesetting_keeps_pythons_digits(node: Node, text: str, typeset: str) -> None:
    assert node(f"widget.typeset({json.dumps(text)})") == typeset


@pytest.mark.parametrize("name", explorers())
def test_parsed_numbers_are_pythons(node: Node, name: str) -> None:
    widget = explorers()[name]
    view = widget.views["linear"]
    parsed = node(f"widget.parse({json.dumps(view)}, false)")
    assert parsed["texts"] == view["x"].split()
    assert parsed["xs"] == [float(text) for text in view["x"].split()]
    for row, f, derivative in zip(parsed["rows"], view["f"], view["derivative"], strict=True):
        for line, texts in zip(row, (f, derivative), strict=True):
            assert line["texts"] == texts.split()
            assert line["heights"] == [float(text) for text in texts.split()]
            assert parsed["low"] < min(line["heights"]) <= max(line["heights"]) < parsed["high"]


def test_log_heights_are_powers_of_ten(node: Node) -> None:
    view = CurveExplorer(sigmoid).views["log"]
    parsed = node(f"widget.parse({json.dumps(view)}, true)")
    value = np.array(view["f"][0].split(), dtype=float)
    np.testing.assert_allclose(parsed["rows"][0][0]["heights"], np.log10(value), rtol=1e-12, atol=1e-12)
    assert -19 < parsed["low"] < -17
    assert 0 < parsed["high"] < 1


def test_log_scale_ends_where_float32_does(node: Node) -> None:
    view = explorers()["family"].views["log"]
    assert min(abs(float(text)) for text in view["f"][-1].split()) < 1e-60
    assert -41 < node(f"widget.parse({json.dumps(view)}, true).low") < -38


def test_a_line_has_a_gap_where_the_value_is_exactly_zero(node: Node) -> None:
    heights = "[1, 0, 0, 1, 10].map(Math.log10)"
    assert node(f"widget.line([0, 1, 2, 3, 4], {heights}, (x) => x, (y) => y)") == "M0.0 0.0M3.0 0.0L4.0 1.0"


def test_names_of_lines_do_not_touch(node: Node) -> None:
    assert node("[[10, 50], [10, 12], [12, 10], [7, 7]].map((pair) => widget.apart(pair, 18))") == [
        [10, 50],
        [2, 20],
        [20, 2],
        [-2, 16],
    ]
