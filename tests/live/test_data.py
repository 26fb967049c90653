"""The data sets of the live figures: what they hold, and that a seed decides them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.live.node import node

CLASSES = ["circles", "spirals", "xor", "moons"]


def test_the_sets_by_name() -> None:
    assert node("Object.keys(data.DATA)") == [*CLASSES, "waves"]


@pytest.mark.parametrize("name", CLASSES)
def test_classes_take_turns_and_the_seed_decides_the_points(name: str) -> None:
    one, same, other = node("[5, 5, 6].map((seed) => data.DATA[name](200, seed))", name=name)
    assert one["x"].tobytes() == same["x"].tobytes() != other["x"].tobytes()
    assert one["y"].tolist() == [0, 1] * 100
    assert one["samples"] == 200
    assert one["loss"] == "binary_cross_entropy"
    assert len(one["x"]) == 400
    assert np.abs(one["x"]).max() < 1.3


def test_without_noise_the_points_lie_where_they_are_said_to() -> None:
    found = node(
        "Object.fromEntries(Object.entries(data.DATA).map(([name, make]) => [name, make(400, 1, 0)]))"
    )
    points = {name: found[name]["x"].reshape(-1, 2) for name in CLASSES}
    label = np.arange(400) % 2
    radius = {name: np.hypot(*x.T) for name, x in points.items()}
    assert radius["circles"][label == 0].max() <= 0.45
    np.testing.assert_allclose(radius["circles"][label == 1], 0.9)
    np.testing.assert_array_equal(np.prod(points["xor"], axis=1) < 0, label == 1)
    angle = np.arctan2(*points["spirals"].T[::-1])
    turn = 2.5 * np.pi * radius["spirals"] + np.pi * label
    np.testing.assert_allclose(np.cos(angle - turn), 1)
    centre = np.where(label[:, None] == 1, [0.3, 0.15], [-0.3, -0.15])
    np.testing.assert_allclose(np.hypot(*(points["moons"] - centre).T), 0.6)
    assert ((points["moons"] - centre)[:, 1] * (1 - 2 * label) >= -1e-15).all()
    assert found["waves"]["loss"] == "squared_error"
    np.testing.assert_array_equal(found["waves"]["y"], node("x.map(data.wave)", x=found["waves"]["x"]))


def test_noise_moves_the_points_as_far_as_it_says() -> None:
    x, y = node("(() => { const { x, y } = data.waves(4000, 3, 0.2); return [y, x.map(data.wave)]; })()")
    assert (x - y).std() == pytest.approx(0.2, rel=0.04)


def test_the_spirals_are_learned() -> None:
    found = node(
        """["relu", "gelu"].map((activation) => {
          const net = new network.Network({ widths: [2, 12, 12, 1], activation, seed: 1 });
          const spirals = data.spirals(300, 2);
          const optimiser = new network.Adam({ learningRate: 0.02 });
          const run = new network.Training({ network: net, data: spirals, loss: spirals.loss, optimiser });
          for (let i = 0; i < 4000; i++) run.step();
          return run.measure().accuracy;
        })"""
    )
    assert min(found) > 0.97
