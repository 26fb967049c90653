"""The JavaScript of the fifty layers, run by node, and Python computing the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actlib.course.widgets import FiftyLayers
from actlib.course.widgets.fifty_layers import GAINS

Node = Callable[[str], Any]
WIDGET = FiftyLayers
SEND = """((stack) => {{
  while (stack.depth < {depth}) stack.draw();
  const lists = ([name, array]) => [name, [...array]];
  const sent = Object.entries(stack.send("{name}", {gain}, {depth})).map(lists);
  const law = Object.entries(widget.law("{name}", {gain}, {depth})).map(lists);
  return [Object.fromEntries(sent), Object.fromEntries(law), stack.x.map((x) => [...x])];
}})(new widget.Stack({seed}))"""


@pytest.mark.parametrize(
    ("name", "gain", "depth", "seed"),
    [("gelu", 1.414, 12, 0), ("tanh", 4.0, 12, 5), ("softplus", 0.25, 7, 999), ("elu", 16.0, 12, 5)],
)
def test_the_page_sends_what_python_sends(node: Node, name: str, gain: float, depth: int, seed: int) -> None:
    found, law, x = node(SEND.format(name=name, gain=gain, depth=depth, seed=seed))
    widget = FiftyLayers(name, gain=gain, depth=depth, seed=seed)
    sizes, signal = widget.send()
    np.testing.assert_allclose(found["signal"], sizes.signal, rtol=1e-11)
    np.testing.assert_allclose(found["gradient"], sizes.gradient, rtol=1e-11)
    np.testing.assert_allclose(law["signal"], widget.law().signal, rtol=1e-6)
    np.testing.assert_allclose(law["gradient"], widget.law().gradient, rtol=1e-6)
    for flat, layer in zip(x, signal, strict=True):
        np.testing.assert_allclose(np.reshape(flat, (-1, 4)), layer, atol=1e-11 * np.abs(layer).max())


def test_a_network_that_has_shown_another_function_gives_the_same(node: Node) -> None:
    again = """((stack) => {
      for (let l = 0; l < 6; l++) stack.draw();
      const show = () => [...stack.send("mish", 2, 4).signal, ...stack.send("mish", 2, 4).gradient];
      const before = show();
      stack.send("elu", 16, 6);
      return [before, show()];
    })(new widget.Stack(1))"""
    before, after = node(again)
    assert before == after


def test_the_slider_goes_by_even_steps_from_end_to_end(node: Node) -> None:
    gains = node("widget.GAINS")
    assert (gains[0], gains[-1]) == GAINS
    np.testing.assert_allclose(np.diff(np.log2(gains)), 1 / 12, atol=0.01)
    assert {1, 1.41, 2, 4} <= set(gains)


def test_all_values_are_counted_those_beyond_at_the_edges(node: Node) -> None:
    counts = node("[...widget.histogram([-1e9, -3.9, 0, 0.1, 3.95, 4, 7, 1e300], new Uint32Array(33), 4)]")
    assert sum(counts) == 8
    assert (counts[0], counts[16], counts[-1]) == (2, 2, 4)


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([1, 0.7, 1.4], "keeps its size in every layer, within a factor of 2"),
        ([1, 0.4, 0.9], "ends near the size with which it began; in layer 11 it is 0.4 times that"),
        ([2, 12, 0.1, 3], "ends near the size with which it began; in layer 12 it is 0.05 times that"),
        ([1, 0.1, 0.01], "shrinks by a factor of 100"),
        ([2, 4, 5e6], "grows by a factor of 2.5 × 10⁶"),
        ([1, 1e-20, 1e-39, 1e-60], "vanishes: in layer 12 it is below 1.18 × 10⁻³⁸, too small for float32"),
        ([1, 1e20, 1e30, 1e39], "overflows: in layer 13 it is above 3.4 × 10³⁸, too large for float32"),
    ],
)
def test_what_becomes_of_sizes_in_words(node: Node, sizes: list[float], said: str) -> None:
    assert node(f"widget.course({sizes}, (l) => 10 + l)") == said


@pytest.mark.parametrize(("power", "end"), [(-3, 1), (0.2, 1), (1, 1), (1.1, 2), (5, 8), (33, 64)])
def test_the_axis_ends_at_few_powers(node: Node, power: float, end: int) -> None:
    assert node(f"widget.reach({power})") == end


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("function", "mish", "mish"),
        ("function", "softmax", None),
        ("gain", "1.7", 1.7),
        ("gain", "17", None),
        ("gain", "", None),
        ("depth", "20", 20),
        ("depth", "20.5", None),
        ("depth", "4", None),
        ("seed", "999", 999),
        ("seed", "-1", None),
    ],
)
def test_what_an_address_may_set(node: Node, name: str, text: str, value: Any) -> None:
    read = f"widget.default.settings.{name}('{text}', () => ['tanh', 'mish']) ?? null"
    assert node(read) == value
