"""The hinge builder's JavaScript, run by node: sums, corners, errors and the search."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actlib.course.widgets import HingeBuilder
from actlib.course.widgets.hinge_builder import OWN, POINTS, TARGETS
from tests.course.widgets.examples import hinges

Node = Callable[[str], Any]
WIDGET = HingeBuilder
X = np.linspace(-2, 2, POINTS)
DRAW = np.random.default_rng(3)
CASES = [
    *hinges().values(),
    *(
        HingeBuilder(
            np.round(np.column_stack([DRAW.uniform(-2, 2, count), DRAW.uniform(-3, 3, count)]), 2).tolist(),
            start=(0.5, -1),
            target=name,
        )
        for count, name in enumerate(TARGETS, start=3)
    ),
]


def js(*values: Any) -> str:
    return ", ".join(json.dumps(value) for value in values)


def test_python_and_the_page_have_the_same_points_and_targets(node: Node) -> None:
    assert node("[widget.POINTS, [...Object.keys(widget.TARGETS), widget.OWN]]") == [POINTS, [*TARGETS, OWN]]


@pytest.mark.parametrize("name", TARGETS)
def test_the_targets_of_the_page_are_pythons(node: Node, name: str) -> None:
    got = node(f"widget.places([-2, 2], {POINTS}).map(widget.TARGETS[{js(name)}])")
    np.testing.assert_allclose(got, TARGETS[name](X), rtol=1e-14, atol=2e-15)


@pytest.mark.parametrize("widget", CASES, ids=repr)
def test_the_sum_is_pythons(node: Node, widget: HingeBuilder) -> None:
    got = node(
        f"widget.places([-2, 2], {POINTS}).map((x) => "
        f"widget.height({js(widget.start, widget.hinges)}, -2, x))"
    )
    np.testing.assert_allclose(got, widget.sum(X), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("widget", CASES, ids=repr)
def test_the_corners_make_the_same_sum_again(node: Node, widget: HingeBuilder) -> None:
    points, again = node(
        f"""(() => {{
          const points = widget.corners({js(widget.start, widget.hinges, [-2, 2])});
          return [points, widget.bentThrough(points)];
        }})()"""
    )
    assert [point["x"] for point in points] == sorted([-2, 2, *(b for b, _ in widget.hinges)])
    np.testing.assert_allclose(
        [point["y"] for point in points], widget.sum([p["x"] for p in points]), atol=1e-12
    )
    np.testing.assert_allclose(again["start"], widget.start, atol=1e-12)
    np.testing.assert_allclose(
        np.reshape(again["hinges"], (-1, 2)), np.reshape(widget.hinges, (-1, 2)), atol=1e-11
    )


@pytest.mark.parametrize("widget", [case for case in CASES if case.target != OWN], ids=repr)
def test_the_errors_are_pythons(node: Node, widget: HingeBuilder) -> None:
    got = node(
        f"""(() => {{
          const xs = widget.places([-2, 2], {POINTS});
          const ys = xs.map((x) => widget.height({js(widget.start, widget.hinges)}, -2, x));
          return widget.errors(xs, ys, xs.map(widget.TARGETS[{js(widget.target)}]));
        }})()"""
    )
    assert [got["largest"], got["x"], got["mean"]] == pytest.approx(widget.error, abs=1e-12)


def search(node: Node, goal: str, count: int) -> HingeBuilder:
    """Return what the search finds for a target, given in JavaScript."""
    found = node(f"widget.searched({goal}, [-2, 2], {count})")
    return HingeBuilder(found["hinges"], start=found["start"])


@pytest.mark.parametrize("count", range(7))
def test_the_search_finds_the_least_for_a_parabola(node: Node, count: int) -> None:
    """A piece is off by a 16th of the square of its width at best, so all are equally wide."""
    widget = search(node, "widget.TARGETS['x²/2']", count)
    widget.target = "x²/2"
    least = (4 / (count + 1)) ** 2 / 16
    assert least * (1 - 1e-2) <= widget.error[0] <= least * 1.02
    assert len(widget.hinges) == count


def test_the_search_finds_what_has_no_error(node: Node) -> None:
    assert search(node, "Math.abs", 1).sum(X) == pytest.approx(np.abs(X), abs=2e-3)
    assert search(node, "((x) => 0.5 - 0.25 * x)", 0).sum(X) == pytest.approx(0.5 - 0.25 * X, abs=2e-3)


def test_the_search_is_no_worse_than_bends_put_at_random(node: Node) -> None:
    goal = TARGETS["sin 2x"](X)
    draw = np.random.default_rng(1)
    off = [np.abs(search(node, "widget.TARGETS['sin 2x']", count).sum(X) - goal).max() for count in (1, 2, 4)]
    assert off == sorted(off, reverse=True)
    for count, found in zip((1, 2, 4), off, strict=True):
        for _ in range(200):
            bends = np.sort(draw.uniform(-1.9, 1.9, count))
            basis = np.column_stack([np.ones_like(X), X, *(np.maximum(X - b, 0) for b in bends)])
            residual = basis @ np.linalg.lstsq(basis, goal, rcond=None)[0] - goal
            assert found <= np.abs(residual).max() * 1.001


def test_a_formula_is_written_as_it_is_read(node: Node) -> None:
    assert node(f"widget.formula({js([0.5, -1.25], [[-0.5, 2], [0, -1], [1.25, 0.333]], -2)})") == (
        "0.5 − 1.25 (x + 2) + 2 relu(x + 0.5) − 1 relu(x) + 0.333 relu(x − 1.25)"
    )


def test_an_address_is_read_or_refused(node: Node) -> None:
    get = "(name) => ({ y_range: [-1.5, 2.5], limits: [[-2, 2], [-10, 10]], most: 6 })[name]"

    def read(name: str, *texts: str) -> Any:
        return node(
            f"{js(list(texts))}.map((text) => widget.default.settings.{name}(text, {get}) ?? 'refused')"
        )

    refused = "refused"
    assert read("start", "0.5 -1", "9 0", "0", "0 0 0", "a b") == [[0.5, -1], *[refused] * 4]
    assert read("hinges", "", "0 1,-0.5 2", "0 11", "0", ",".join(["0 1"] * 7)) == [
        [],
        [[0, 1], [-0.5, 2]],
        *[refused] * 3,
    ]
    assert read("target", "sin 2x", OWN, "cos") == ["sin 2x", OWN, refused]
