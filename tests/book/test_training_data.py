"""training.csv is what its command makes: complete, and a part of it made again."""

import csv

import numpy as np
import pytest

from actlib.lab import SGD, softmax_cross_entropy, train
from benchmarks import training

NEAR = 4
"""Images by which a network's count may differ on another processor."""


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, ...], list[int]]:
    with training.FILE.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["function", "initialisation", "depth", "rate", "images", *map(str, training.SEEDS)]
    assert len({tuple(row[:5]) for row in rows}) == len(rows)
    return {tuple(row[:5]): [int(count) for count in row[5:]] for row in rows}


def test_every_combination_has_a_row(table: dict[tuple[str, ...], list[int]]) -> None:
    wanted = {
        (*map(str, row), images) for row in training.combinations() for images in ("validation", "test")
    }
    assert set(table) == wanted


def test_counts_are_counts(table: dict[tuple[str, ...], list[int]]) -> None:
    for (*_, images), counts in table.items():
        assert len(counts) == len(training.SEEDS)
        assert 0 <= min(counts) <= max(counts) <= getattr(training, images.upper())


@pytest.mark.parametrize(
    ("name", "initialisation", "depth", "rate"),
    [
        ("tanh", "own gain", 3, 0.1),
        ("relu", "He", 3, 0.1),
        ("elu", "default", 3, 0.1),
        ("maxout", "own gain", 3, 0.1),
        ("sigmoid", "own gain", 3, 3.0),
        ("relu", "own gain", 10, 0.03),
        ("relu", "default", 10, 0.1),
    ],
)
def test_a_row_made_again(
    table: dict[tuple[str, ...], list[int]], name: str, initialisation: str, depth: int, rate: float
) -> None:
    made = training.run(name, initialisation, depth, rate)
    for images, counts in zip(("validation", "test"), made, strict=True):
        stored = np.array(table[name, initialisation, str(depth), str(rate), images])
        assert np.abs(counts - stored).mean() <= NEAR / 2
        assert np.abs(counts - stored).max() <= 2 * NEAR


@pytest.mark.parametrize("name", ["sigmoid", "prelu", "softmax", training.WIDE])
def test_side_by_side_is_what_the_laboratory_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "EPOCHS", 1)
    _, counts = training.run(name, "own gain", 3, 0.1, seeds=(3, 5))
    for seed, count in zip((3, 5), counts, strict=True):
        (network,) = training.networks(name, "own gain", 3, [seed])
        learn, _, test = training.split(seed)
        train(network, learn, softmax_cross_entropy, SGD(learning_rate=0.1), 1, training.BATCH, seed, test)
        right = network(test[0]).argmax(axis=1) == test[1]
        assert abs(int(right.sum()) - count) <= 1


def test_maxout_has_as_many_weights_as_the_others() -> None:
    for depth in training.DEPTHS:
        others = training.weights(training.sizes("relu", depth), 1)
        assert training.weights(training.sizes("maxout", depth), 2) == pytest.approx(others, rel=0.03)
        assert training.weights(training.sizes(training.WIDE, depth), 2) > 1.7 * others
