"""The sweep's JavaScript, run by node."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from actlib.course.widgets import Sweep
from actlib.course.widgets.parts import apart, numbers
from tests.course.widgets.examples import sweeps

Node = Callable[[str], Any]
WIDGET = Sweep


def test_module_is_an_anywidget_module(node: Node) -> None:
    keys = ["render", "settings"]
    assert node("[typeof widget.default.render, Object.keys(widget.default)]") == ["function", keys]


def test_source_has_no_imports_and_sets_no_inline_style() -> None:
    for refused in ("import ", "innerHTML", '"style"', "eval("):
        assert refused not in Sweep._esm


@pytest.mark.parametrize("name", sweeps())
def test_parsed_heights_are_pythons(node: Node, name: str) -> None:
    widget = sweeps()[name]
    for curves in widget.curves:
        for stops in curves:
            parsed = node(f"{json.dumps(stops)}.map(widget.heights)")
            for got, text in zip(parsed, stops, strict=True):
                # JSON writes a gap as null.
                np.testing.assert_array_equal(np.array(got, dtype=float), numbers(text))


def test_a_line_and_its_dots_have_a_gap_where_there_is_no_height(node: Node) -> None:
    given = "[0, 1, 2, 3], widget.heights('1 nan 3 4')"
    assert node(f"widget.line({given}, (x) => x, (y) => y)") == "M0.0 1.0M2.0 3.0L3.0 4.0"
    assert node(f"widget.dots({given}, [0, 3], (x) => x, (y) => y)") == "M0.0 1.0h0M2.0 3.0h0"


@pytest.mark.parametrize(
    ("start", "part", "stop"),
    [
        (0, 0.5, 5),
        (0, 1, 10),
        (4, 0.04, 4),
        (4, 0.06, 5),
        (4, -0.04, 4),
        (4, -0.1, 3),
        (4, -1, 0),
        (9, 0.5, 10),
    ],
)
def test_a_drag_across_the_plot_passes_all_stops(node: Node, start: int, part: float, stop: int) -> None:
    assert node(f"widget.dragged({start}, {part}, 10)") == stop


HEIGHTS = [[], [5], [50, 10, 30], [7, 7, 7], [0, 1, 2, 3], [99, 100, 100, 3], [60, 20, 22, 61, 21]]


@pytest.mark.parametrize("heights", HEIGHTS, ids=str)
def test_names_stay_apart_in_order_and_within_the_plot(node: Node, heights: list[float]) -> None:
    moved = node(f"widget.apart({heights}, 17, [0, 100])")
    order = sorted(range(len(heights)), key=heights.__getitem__)
    assert all(moved[b] - moved[a] >= 17 - 1e-9 for a, b in pairwise(order))
    assert all(0 <= height <= 100 for height in moved)


@pytest.mark.parametrize("heights", HEIGHTS, ids=str)
def test_names_in_the_picture_stand_where_the_widget_puts_them(node: Node, heights: list[float]) -> None:
    axes = Figure().subplots()
    axes.set_ylim(0, 100)
    # The screen counts downward.
    turned = node(f"widget.apart({heights}.map((h) => -h), 8)")
    np.testing.assert_allclose(apart(axes, heights), -np.array(turned), rtol=1e-12, atol=1e-12)


def test_verdict(node: Node) -> None:
    assert node("widget.verdict(true, 'g', '2', '1.9', ' for tanh')") == (
        "Yes: the computed answer is g = 1.9 for tanh."
    )
    assert node("widget.verdict(undefined, 'g', '2', '1.9')") == "The computed answer is g = 1.9."
    assert node("widget.verdict(false, 'g', '-2', '1e-07')") == (
        "You chose g = −2: the computed answer is g = 1 × 10⁻⁷."
    )


def test_readings(node: Node) -> None:
    assert node("['-∞', 'NaN', '1.2000e+09', undefined].map((text) => widget.reading('loss', text))") == [
        "loss = −∞",
        "loss = NaN",
        "loss = 1.2000 × 10⁹",
        "loss: after your guess",
    ]
