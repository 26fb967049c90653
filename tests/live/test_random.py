"""Node and Python draw the same numbers, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actlib import tanh
from actlib.lab import Network, Random, he
from tests.live.node import node

SEEDS = [0, 1, 4, 2**31, 2**32 - 1]
COUNT = 40_000  # of each seed: 200,000 in all


@pytest.mark.parametrize("seed", SEEDS)
def test_node_draws_pythons_numbers(seed: int) -> None:
    drawn = node(
        """(() => {
          const r = new random.Random(seed);
          return {
            bits: Array.from({ length: 100 }, () => r.bits()),
            normal: new Float64Array(count).map(() => r.normal()),
            uniform: new Float64Array(1000).map(() => r.uniform()),
            integer: Array.from({ length: 100 }, (_, i) => r.integer(i + 1)),
            order: r.shuffle(Array.from({ length: 100 }, (_, i) => i)),
            last: r.normal(),
          };
        })()""",
        seed=seed,
        count=COUNT - 1,  # odd, so that one of a pair is kept
    )
    r = Random(seed)
    assert drawn["bits"] == r.bits(100)
    assert drawn["normal"].tobytes() == r.normal(size=COUNT - 1).tobytes()
    assert drawn["uniform"].tobytes() == r.uniform(size=1000).tobytes()
    assert drawn["integer"] == [r.integer(i + 1) for i in range(100)]
    assert drawn["order"] == r.permutation(100).tolist()
    assert drawn["last"] == r.normal()


@pytest.mark.parametrize("seed", [-1, 2**32, 1e300, 0.5, float("nan"), float("inf"), "1", None, True, [1]])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    with pytest.raises(RuntimeError, match="RangeError: seed must be an integer from 0 to 4294967295, got "):
        node("new random.Random(seed)", seed=seed)


@pytest.mark.parametrize("n", [0, -1, 2.5, 2**32 + 1, float("nan")])
def test_a_count_that_is_none_is_refused(n: float) -> None:
    with pytest.raises(RuntimeError, match="RangeError: n must be an integer from 1 to 4294967296, got "):
        node("new random.Random(0).integer(n)", n=n)


def test_an_array_is_shuffled_in_place() -> None:
    shuffled = node(
        "(() => { const a = Float64Array.of(1, 2, 3, 4, 5); return [a, new random.Random(0).shuffle(a)]; })()"
    )
    assert shuffled[0].tolist() == shuffled[1].tolist() == (Random(0).permutation(5) + 1).tolist()
    assert node("new random.Random(0).shuffle([])") == []


def test_weights_are_pythons() -> None:
    network = Network([3, 5, 2], tanh, initialise=he, seed=Random(6))
    z = node("new Float64Array(25).map(((r) => () => r.normal())(new random.Random(6)))")
    weights = np.concatenate([network.parameters["W1"].ravel(), network.parameters["W2"].ravel()])
    gain = np.sqrt(2) / np.sqrt(np.repeat([3, 5], [15, 10]))
    assert (gain * z).tobytes() == weights.tobytes()
