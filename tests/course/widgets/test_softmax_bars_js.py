"""The softmax's JavaScript, run by node: its formulas are actlib's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actlib import Softmax
from actlib.course.widgets import SoftmaxBars
from actlib.lab import softmax_cross_entropy, squared_error

Node = Callable[[str], Any]
WIDGET = SoftmaxBars


def cases() -> list[tuple[list[float], float, int]]:
    """Return logits, temperatures and true classes: random, saturated, equal, as far apart as they can be."""
    draw = np.random.default_rng(7)
    made = [
        ([0.0, 0.0, 0.0], 1.0, 0),
        ([1.0, 1.0, -1000.0], 0.05, 2),
        ([1000.0, 999.9, 999.8, 1000.0], 0.05, 1),
        ([1000.0, -1000.0, 0.0], 0.05, 1),
        ([1000.0, -1000.0, 0.0], 0.05, 0),
        ([-1000.0] * 6, 20.0, 5),
        ([35.0, 0.0, 0.0], 1.0, 0),
        ([700.0, 0.0, -40.0], 1.0, 2),
    ]
    for size in (3, 4, 5, 6):
        for spread in (0.1, 1, 5, 30, 500):
            for temperature in (0.05, 0.5, 1, 20):
                logits = np.round(draw.uniform(-spread, spread, size), 1).tolist()
                made.append((logits, temperature, int(draw.integers(size))))
    return made


@pytest.fixture
def computed(node: Node) -> list[dict[str, Any]]:
    return node(
        f"""{json.dumps(cases())}.map(([logits, t, truth]) => {{
          const p = widget.softmax(logits, t), jacobian = widget.jacobian(p, t);
          return {{ p, jacobian, norm: widget.norm(jacobian), losses: widget.losses(logits, t, truth) }};
        }})"""
    )


def test_module_is_an_anywidget_module(node: Node) -> None:
    keys = ["render", "settings"]
    assert node("[typeof widget.default.render, Object.keys(widget.default)]") == ["function", keys]


def test_source_has_no_imports_and_sets_no_inline_style() -> None:
    for refused in ("import ", "innerHTML", '"style"', "eval("):
        assert refused not in SoftmaxBars._esm


def test_every_number_is_finite(computed: list[dict[str, Any]]) -> None:
    # JSON writes NaN and infinity as null.
    assert "null" not in json.dumps(computed)


def test_probabilities_are_actlibs(computed: list[dict[str, Any]]) -> None:
    for (logits, t, _), got in zip(cases(), computed, strict=True):
        np.testing.assert_allclose(got["p"], Softmax(temperature=t)(logits), rtol=3e-13, atol=1e-300)
        assert sum(got["p"]) == pytest.approx(1, abs=1e-15)


def test_jacobian_is_actlibs_symmetric_and_its_rows_sum_to_zero(computed: list[dict[str, Any]]) -> None:
    for (logits, t, _), got in zip(cases(), computed, strict=True):
        matrix = np.array(got["jacobian"])
        np.testing.assert_allclose(matrix, Softmax(temperature=t).jacobian(logits), rtol=6e-13, atol=1e-300)
        np.testing.assert_allclose(matrix, matrix.T, rtol=1e-15)
        assert np.all(np.abs(matrix.sum(axis=1)) <= 1e-15 * np.abs(matrix).max())
        assert np.abs(matrix).max() <= 1 / (4 * t) * (1 + 1e-15)


def test_norm_is_the_largest_singular_value(computed: list[dict[str, Any]]) -> None:
    for (_, t, _), got in zip(cases(), computed, strict=True):
        want = np.linalg.norm(np.array(got["jacobian"]), 2)
        assert got["norm"] == pytest.approx(want, rel=1e-11, abs=1e-300)
        assert got["norm"] <= 1 / (2 * t) * (1 + 1e-11)


def test_norm_of_equal_and_of_nearly_equal_eigenvalues(node: Node) -> None:
    assert node("widget.norm([[2, 0, 0], [0, 2, 0], [0, 0, 1]])") == pytest.approx(2, rel=1e-11)
    assert node("widget.norm([[1, 0], [0, 1 + 1e-9]])") == pytest.approx(1 + 1e-9, rel=1e-11)
    assert node("widget.norm([[0, 0], [0, 0]])") == 0


def test_losses_and_gradients_are_actlibs(computed: list[dict[str, Any]]) -> None:
    for (logits, t, truth), got in zip(cases(), computed, strict=True):
        scaled = np.array(logits) / t
        entropy, by_scaled = softmax_cross_entropy([scaled], [truth])
        f, y = Softmax(temperature=t), np.eye(len(logits))[truth]
        mean, by_share = squared_error(f(logits), y)
        want_slope = f.vjp(np.array(logits), len(logits) * by_share)
        cross, square = got["losses"]
        assert cross["loss"] == pytest.approx(entropy, rel=1e-12, abs=1e-300)
        np.testing.assert_allclose(cross["gradient"], by_scaled[0] / t, rtol=3e-12, atol=1e-300)
        # The comparison, not the widget, loses digits where p nears y.
        assert square["loss"] == pytest.approx(len(logits) * mean, rel=1e-12, abs=1e-15)
        np.testing.assert_allclose(square["gradient"], want_slope, rtol=1e-12, atol=1e-15 / t)
        for loss in (cross, square):
            largest = max(map(abs, loss["gradient"]))
            assert abs(sum(loss["gradient"])) <= 1e-14 * largest + 1e-300


def test_gradient_keeps_its_digits_where_the_network_is_nearly_certain(node: Node) -> None:
    cross, square = node("widget.losses([40, 0, 0], 1, 0)")
    rest = 2 * np.exp(-40.0)
    assert cross["loss"] == pytest.approx(rest, rel=1e-14)
    assert cross["gradient"] == pytest.approx([-rest, rest / 2, rest / 2], rel=1e-14)
    # d = p - y is (-r, r/2, r/2): the first slope is 2 p (d_1 - d_2) r = -3 r².
    assert square["gradient"][0] == pytest.approx(-3 * rest**2, rel=1e-14)


def test_a_wrong_certainty_is_seen_by_cross_entropy_alone(node: Node) -> None:
    cross, square = node("widget.losses([20, 0, 0], 1, 1)")
    assert cross["gradient"][1] == pytest.approx(-1, abs=1e-8)
    assert max(map(abs, square["gradient"])) < 2e-8


@pytest.mark.parametrize("shift", [1, -1, 100, 1000])
def test_a_shift_changes_no_probability(node: Node, shift: float) -> None:
    shifted = f"[1, 2, -3].map((z) => z + {shift})"
    before, after = node(f"[[1, 2, -3], {shifted}].map((z) => widget.softmax(z, 0.5))")
    assert before == after
