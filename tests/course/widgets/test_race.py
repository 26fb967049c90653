"""The Python side of the race: state, networks, texts, picture, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actlib.course.widgets import Race


def test_state_is_the_settings() -> None:
    given = {"left": "mish", "right": "softmax", "data": "xor", "depth": 3, "seed": 9, "speed": "fast"}
    state = Race(**given).portable()["state"]  # type: ignore[arg-type]
    assert {name: state[name] for name in given} == given
    assert len(state["functions"]) == len(state["labels"]) == 13


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"left": "sine"}, r"left must be one of \['sigmoid', .*got 'sine'"),
        ({"data": "digits"}, r"data must be one of \['circles', .*got 'digits'"),
        ({"initialiser": "2"}, "initialiser must be one of .*got '2'"),
        ({"rate": 0.02}, "rate must be one of .*got 0.02"),
        ({"rate": float("nan")}, "rate must be one of .*got nan"),
        ({"depth": 9}, "depth must lie between 1 and 8, got 9"),
        ({"width": 1}, "width must lie between 2 and 16, got 1"),
        ({"seed": 1000}, "seed must lie between 0 and 999, got 1000"),
        ({"speed": "warp"}, "speed must be one of .*got 'warp'"),
        ({"title": ""}, "title must say something, got ''"),
    ],
)
def test_what_is_unknown_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Race(**given)
    if "title" not in given:
        race = Race()
        with pytest.raises(ValueError, match=message):
            setattr(race, *next(iter(given.items())))


def test_both_begin_with_the_same_weights_but_for_the_gain() -> None:
    left, right = Race("relu", "tanh", initialiser="he").networks()
    for name, weights in left.parameters.items():
        np.testing.assert_array_equal(weights, right.parameters[name])
    left, right = Race("relu", "tanh").networks()
    np.testing.assert_array_equal(left.parameters["W1"], right.parameters["W1"])
    ratio = left.parameters["W2"] / right.parameters["W2"]
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-14)
    assert ratio[0, 0] != 1


def test_maxout_has_its_pieces_and_prelu_its_slope() -> None:
    maxout, prelu = Race("maxout", "prelu", depth=2, width=5).networks()
    assert maxout.parameters["W2"].shape == (5, 10)
    assert {"a1", "a2"} <= prelu.parameters.keys()


def test_the_text_says_how_both_stand() -> None:
    race = Race("elu", "swish", data="circles", depth=1, width=4)
    (_, left), (_, right) = race.run()
    assert repr(race) == (
        "Race('elu', 'swish', data='circles', depth=1, width=4, initialiser='own_gain', rate=0.03, "
        "optimiser='adam', seed=1):\n"
        f"ELU after 300 steps: loss {left.loss[-1]:.3g}, {left.accuracy[-1]:.0%} right; "
        f"Swish after 300 steps: loss {right.loss[-1]:.3g}, {right.accuracy[-1]:.0%} right"
    )


def test_a_race_that_diverged_says_so_and_has_its_picture() -> None:
    race = Race("relu", "tanh", data="waves", rate=10, optimiser="sgd", initialiser="4")
    assert "ReLU stopped in epoch " in repr(race)
    picture = race.picture()
    assert "120 points and the curve that each has found" in picture.alt
