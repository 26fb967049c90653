"""The maxout builder's JavaScript, run by node: the largest line and its error are actlib's."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from actlib import Maxout, softplus
from actlib.course.widgets import MaxoutBuilder
from actlib.course.widgets.maxout_builder import best_fit, largest_error

Node = Callable[[str], Any]
WIDGET = MaxoutBuilder
ENDS = [(-1.0, 1.0), (-2.0, 1.0), (0.5, 3.0)]
TARGETS: dict[str, Callable[[Any], Any]] = {
    "x²": np.square,
    "|x|": np.abs,
    "softplus": softplus,
    "exp": np.exp,
}


def cases() -> list[list[list[float]]]:
    """Return lines: random, equal, parallel, through one point, nearly parallel, steep."""
    draw = np.random.default_rng(11)
    made = [
        [[0.0, 0.5]],
        [[1.0, 0.0], [1.0, 0.0]],
        [[1.0, 0.0], [1.0, 0.25], [-1.0, 0.0]],
        [[k - 2.0, 0.0] for k in range(5)],
        [[1.0, 0.0], [1.0 + 1e-12, 0.0]],
        [[300.0, -1.0], [-300.0, 1.0]],
        [[2 * m, -m * m] for m in (-0.9, -0.5, -0.1, 0.3, 0.6, 0.95)],
    ]
    for count in range(1, 7):
        made += [np.round(draw.uniform(-3, 3, (count, 2)), 2).tolist() for _ in range(8)]
    return made


def goal(name: str, ends: tuple[float, float]) -> str:
    """Return a target as JavaScript."""
    xs = np.linspace(*ends, 201)
    samples = "" if name in ("x²", "|x|") else " ".join(f"{y!r}" for y in TARGETS[name](xs).tolist())
    return f"widget.target({json.dumps(name)}, {json.dumps(samples)}, {list(ends)})"


def test_module_is_an_anywidget_module(node: Node) -> None:
    keys = ["render", "settings"]
    assert node("[typeof widget.default.render, Object.keys(widget.default)]") == ["function", keys]


def test_source_has_no_imports_and_sets_no_inline_style() -> None:
    for refused in ("import ", "innerHTML", '"style"', "eval("):
        assert refused not in MaxoutBuilder._esm


def test_the_largest_of_the_lines_is_maxouts(node: Node) -> None:
    xs = np.linspace(-2, 2, 41)
    drawn = node(f"{json.dumps(cases())}.map((lines) => {xs.tolist()}.map((x) => widget.height(lines, x)))")
    for lines, got in zip(cases(), drawn, strict=True):
        slopes, intercepts = np.array(lines).T
        pieces = np.multiply.outer(xs, slopes) + intercepts
        want = Maxout(pieces=len(lines))(pieces)[:, 0] if len(lines) > 1 else pieces[:, 0]
        np.testing.assert_allclose(got, want, rtol=0, atol=0)


@pytest.mark.parametrize("ends", ENDS)
def test_between_two_bends_the_largest_is_straight(node: Node, ends: tuple[float, float]) -> None:
    found = node(
        f"""{json.dumps(cases())}.map((lines) => {{
          const at = widget.bends(lines, {list(ends)});
          const middles = at.slice(1).map((x, i) => (x + at[i]) / 2);
          return [at, at.map((x) => widget.height(lines, x)), middles.map((x) => widget.height(lines, x))];
        }})"""
    )
    for at, heights, middles in found:
        assert (at[0], at[-1]) == ends
        assert all(a <= b for a, b in pairwise(at))
        size = max(map(abs, heights)) + 1
        for middle, (a, b) in zip(middles, pairwise(heights), strict=True):
            assert middle == pytest.approx((a + b) / 2, abs=1e-13 * size)


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("name", TARGETS)
def test_the_largest_error_is_that_of_python_and_of_a_fine_grid(
    node: Node, name: str, ends: tuple[float, float]
) -> None:
    found = node(
        f"{json.dumps(cases())}.map((lines) => widget.largestError(lines, {goal(name, ends)}, {list(ends)}))"
    )
    x = np.linspace(*ends, 4001)
    f = TARGETS[name](x)
    for lines, got in zip(cases(), found, strict=True):
        error, at = largest_error(lines, TARGETS[name], ends)
        assert got["error"] == pytest.approx(error, rel=1e-12)
        assert got["x"] == pytest.approx(at, abs=1e-9)
        slopes, intercepts = np.array(lines).T
        dense = np.abs((np.multiply.outer(x, slopes) + intercepts).max(axis=1) - f).max()
        step = (ends[1] - ends[0]) / 4000
        steepest = np.abs(slopes).max() + np.abs(np.gradient(f, x)).max()
        assert dense - 1e-4 * (name == "exp") - 1e-5 <= got["error"] <= dense + steepest * step + 1e-4


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("count", range(1, 7))
def test_the_best_lines_have_the_least_error(node: Node, name: str, count: int) -> None:
    error, lines = best_fit(TARGETS[name], count)
    got = node(f"widget.largestError({json.dumps(lines)}, {goal(name, (-1.0, 1.0))}, [-1, 1])")
    assert got["error"] == pytest.approx(error, rel=1e-9, abs=1e-10)
    if name == "x²":
        assert got["error"] == pytest.approx(1 / (2 * count**2), rel=1e-12)


def test_sampled_target_goes_through_its_samples(node: Node) -> None:
    heights = "[-1, -0.5, 0, 0.25, 1].map(widget.target('f', '2 0 3', [-1, 1]).height)"
    assert node(heights) == [2, 1, 0, 0.75, 3]


@pytest.mark.parametrize(
    "line", [[0, 0], [1, 0.2], [-3, 0.5], [3, -2], [0.01, 5], [0, -9], [300, 0], [-2, -2]], ids=str
)
def test_handles_stand_in_the_plot_and_apart(node: Node, line: list[float]) -> None:
    (x0, y0), (x1, y1) = node(f"widget.handles({line}, [-1, 1], [-0.45, 1.15])")
    assert -1 < x0 < x1 < 1
    assert x1 - x0 >= 0.39
    for x, y in ((x0, y0), (x1, y1)):
        assert -0.45 <= y <= 1.15
        if abs(line[0]) < 3 and -0.45 < line[0] * x + line[1] < 1.15:
            assert y == pytest.approx(line[0] * x + line[1])


def test_within_keeps_hundredths_and_ends(node: Node) -> None:
    assert node("[-9, -0.004, 0.126, 9].map((value) => widget.within(value, [-3, 3]))") == [-3, 0, 0.13, 3]
