"""The generator is the published one, and what it draws has the distributions that it promises."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from actlib import tanh
from actlib.lab import Network, Random, he

COUNT = 200_000


def xoshiro(state: list[int]) -> int:
    """Return the next output of xoshiro128++, written as in its authors' C."""

    def turned(x: int, k: int) -> int:
        return (x << k | x >> 32 - k) % 2**32

    result = (turned((state[0] + state[3]) % 2**32, 7) + state[0]) % 2**32
    t = state[1] << 9 & 0xFFFFFFFF
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= t
    state[3] = turned(state[3], 11)
    return result


def test_the_bits_are_those_of_xoshiro128pp() -> None:
    random = Random(0)
    random._state = [1, 2, 3, 4]
    assert random.bits(4) == [641, 1573767, 3222811527, 3517856514]  # of the authors' code
    state = list(Random(7)._state)
    assert Random(7).bits(1000) == [xoshiro(state) for _ in range(1000)]


def test_seeds_give_different_states() -> None:
    seeds = [*range(1000), 2**31 - 1, 2**31, 2**32 - 1]
    states = {tuple(Random(seed)._state) for seed in seeds}
    assert len(states) == len(seeds)
    assert (0, 0, 0, 0) not in states  # there it would stay


def test_normal_numbers() -> None:
    z = Random(1).normal(size=COUNT)
    # The moments of so many, within four of their standard deviations.
    for power, expected, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)):
        assert np.mean(z**power) == pytest.approx(expected, abs=4 * np.sqrt(variance / COUNT)), power
    assert stats.kstest(z, "norm").pvalue > 1e-3
    pairs = z[::2] * z[1::2]
    assert pairs.mean() == pytest.approx(0, abs=4 * np.sqrt(2 / COUNT))


def test_uniform_numbers() -> None:
    u = Random(2).uniform(-3, 5, size=COUNT)
    assert u.min() >= -3
    assert u.max() < 5
    counts = np.histogram(u, bins=256, range=(-3, 5))[0]
    assert stats.chisquare(counts).pvalue > 1e-3
    assert stats.chisquare(np.bincount((u[:-1] > 1) * 2 + (u[1:] > 1))).pvalue > 1e-3


def test_integers_and_orders() -> None:
    random = Random(3)
    assert stats.chisquare(np.bincount([random.integer(6) for _ in range(6000)])).pvalue > 1e-3
    orders = Counter(tuple(random.shuffle([0, 1, 2, 3])) for _ in range(4800))
    assert len(orders) == 24
    assert stats.chisquare(list(orders.values())).pvalue > 1e-3
    assert sorted(random.permutation(50)) == list(range(50))
    assert Random(5).integer(1) == 0
    assert Random(5).integer(2**32) >= 0


def test_numbers_do_not_depend_on_how_they_are_asked_for() -> None:
    together = Random(8).normal(size=(3, 5))
    one_by_one = Random(8)
    assert [one_by_one.normal() for _ in range(15)] == together.ravel().tolist()
    in_parts = Random(8)
    parts = [in_parts.normal(size=size) for size in (0, 4, 1, 10)]
    assert np.concatenate(parts).tolist() == together.ravel().tolist()
    assert Random(8).normal(2, 3, 4).tolist() == (2 + 3 * Random(8).normal(size=4)).tolist()
    assert Random(8).uniform(size=()).shape == ()


def test_a_network_begins_with_its_numbers() -> None:
    network = Network([3, 4, 2], tanh, initialise=he, seed=Random(9))
    z = Random(9).normal(size=20)
    assert network.parameters["W1"].ravel().tolist() == (np.sqrt(2) / np.sqrt(3) * z[:12]).tolist()
    assert network.parameters["W2"].ravel().tolist() == (np.sqrt(2) / np.sqrt(4) * z[12:]).tolist()


def test_bad_input() -> None:
    for seed, kind, message in (
        (-1, ValueError, "seed must be >= 0, got -1"),
        (2**32, ValueError, "seed must be <= 4294967295, got"),
        (10**30, ValueError, "seed must be <= 4294967295, got"),
        (0.5, TypeError, "seed must be an integer, got 0.5"),
        (float("nan"), TypeError, "seed must be an integer, got nan"),
        (True, TypeError, "seed must be an integer, got True"),
        (None, TypeError, "seed must be an integer, got None"),
    ):
        with pytest.raises(kind, match=message):
            Random(seed)  # type: ignore[arg-type]
    for n in (0, -3, 2**32 + 1):
        with pytest.raises(ValueError, match=r"^n must be [<>]= "):
            Random(0).integer(n)
