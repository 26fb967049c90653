"""The JavaScript of the race, run by node, and Python running the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actlib.course.widgets import Race
from actlib.course.widgets.points import POINTS, wave
from actlib.course.widgets.race import KNOWN, RANGES, RATES
from actlib.measure import dead_units

Node = Callable[[str], Any]
WIDGET = Race
SHARED = ("data", "depth", "width", "initialiser", "rate", "optimiser", "seed")


def given(race: Race, side: str) -> str:
    """Return the settings of one network for `begin`."""
    return json.dumps({"activation": getattr(race, side)} | {name: getattr(race, name) for name in SHARED})


def test_lists_and_sliders_are_those_that_python_knows(node: Node) -> None:
    choices, sliders, rates = node("[widget.CHOICES, widget.SLIDERS, widget.RATES]")
    for name, known in choices.items():
        assert [value for value, _ in known] == KNOWN[name]
    assert {name: tuple(ends) for name, ends in sliders.items()} == {
        name: RANGES[name] for name in ("depth", "width")
    }
    assert rates == list(RATES)


@pytest.mark.parametrize("name", POINTS)
def test_the_points_are_those_of_the_page(node: Node, name: str) -> None:
    x, y, height = node(
        f"((set) => [[...set.x], [...set.y], widget.wave(0.3)])(widget.DATA['{name}'](120, 17))"
    )
    ours, targets = POINTS[name](120, 17)
    np.testing.assert_allclose(x, ours.ravel(), atol=1e-14)
    np.testing.assert_allclose(y, targets.ravel(), atol=1e-14)
    assert height == pytest.approx(wave(np.array(0.3)), abs=1e-15)


@pytest.mark.parametrize(
    "race",
    [
        Race("relu", "gelu_tanh", data="spirals", depth=3),
        Race("maxout", "prelu", data="moons", depth=1, optimiser="momentum", initialiser="pytorch_default"),
        Race("softmax", "softplus", data="waves", depth=3, width=4, optimiser="sgd", seed=8),
        Race("mish", "sigmoid", data="xor", depth=2, initialiser="4", rate=0.01),
    ],
    ids=lambda race: f"{race.left} {race.right}",
)
def test_both_networks_learn_as_in_python(node: Node, race: Race) -> None:
    for side, (network, history) in zip(("left", "right"), race.run(steps=60), strict=True):
        losses, weights, layers = node(
            f"""((run) => {{
              for (let i = 0; i < 60; i++) widget.advance([run]);
              const losses = [...run.losses, run.training.measure().loss];
              return [losses, [...run.network.parameters], widget.look(run)];
            }})(widget.begin({given(race, side)}))"""
        )
        assert losses[::10] == pytest.approx(history.loss, rel=1e-8)
        flat = np.concatenate([np.ravel(each) for each in network.parameters.values()])
        np.testing.assert_allclose(weights, flat, atol=1e-8 * np.abs(flat).max())
        gradients = [layer["gradient"] for layer in layers]
        assert gradients == pytest.approx(history.gradient[-1][:-1], rel=1e-6)
        dead = [layer["dead"] for layer in layers]
        if network.activation(1).name in ("softmax", "maxout"):  # type: ignore[union-attr]
            assert dead == [None] * race.depth  # NaN in JSON
        else:
            x = POINTS[race.data](120, race.seed)[0]
            assert dead == list(dead_units(network, x).dead)
            for layer, (f, z) in zip(layers, network.hidden(x), strict=True):
                assert layer["flat"] == np.mean(np.abs(f.derivative(z)) < 0.01)  # type: ignore[attr-defined]
                assert sum(layer["counts"]) == z.size


def test_a_race_that_fails_says_where_it_began(node: Node) -> None:
    race = Race("maxout", "prelu", data="waves", depth=3, rate=10, optimiser="sgd")
    said, moved, steps = node(
        f"""((run) => {{
          for (let i = 0; i < 80; i++) widget.advance([run]);
          return [widget.standing(run), widget.advance([run]), run.training.steps];
        }})(widget.begin({given(race, "left")}))"""
    )
    assert said.startswith(f"Stopped in step {steps + 1}: ")
    assert moved is False
    (_, history), _ = race.run(steps=80)
    assert history.stopped is not None
    assert history.stopped.startswith(f"epoch {steps + 1}: ")


@pytest.mark.parametrize(
    ("left", "right", "initialiser", "said"),
    [
        ("relu", "tanh", "he", "Both begin with the same 33 weights and biases."),
        (
            "relu",
            "tanh",
            "own_gain",
            "Both begin with the same 33 weights and biases, but for their scale: each has its own gain.",
        ),
        (
            "relu",
            "maxout",
            "he",
            "A has 33 weights and biases, B has 57. So they cannot begin alike.",
        ),
    ],
)
def test_what_differs_at_the_start_is_said(
    node: Node, left: str, right: str, initialiser: str, said: str
) -> None:
    race = Race(left, right, depth=1, width=8, initialiser=initialiser)
    one, other = (f"widget.begin({given(race, side)})" for side in ("left", "right"))
    assert node(f"widget.difference({one}, {other}, ['A', 'B'])") == said


def test_the_line_between_two_answers(node: Node) -> None:
    n = 7
    at = np.arange(n)
    # The plane x + 2 y = 4.3 crosses cells; every end of a piece lies on it, and the pieces join.
    values = (at[None, :] + 2 * at[:, None] - 4.3).ravel().tolist()
    pieces = np.array(
        node(f"((out) => {{ widget.contour({values}, {n}, (a, b) => out.push([a, b])); return out; }})([])")
    )
    np.testing.assert_allclose(pieces[..., 0] + 2 * pieces[..., 1], 4.3, atol=1e-12)
    counts = np.unique(pieces.reshape(-1, 2).round(9), axis=0, return_counts=True)[1]
    assert sorted(counts)[:2] == [1, 1]
    assert set(counts[2:]) <= {1, 2}
    assert np.sum(counts == 1) == 2
    assert node(f"((out) => {{ widget.contour({[1] * 9}, 3, (a) => out.push(a)); return out; }})([])") == []


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("left", "tanh", "tanh"),
        ("left", "sine", None),
        ("rate", "0.03", 0.03),
        ("rate", "0.02", None),
        ("initialiser", "4", "4"),
        ("depth", "8", 8),
        ("depth", "1.5", None),
        ("speed", "warp", None),
    ],
)
def test_what_an_address_may_set(node: Node, name: str, text: str, value: Any) -> None:
    assert node(f"widget.default.settings.{name}('{text}', () => ['relu', 'tanh']) ?? null") == value
