"""The softmax's Python side: state, texts, picture, errors."""

from __future__ import annotations

import gzip
import json
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from actlib import Softmax
from actlib.course.widgets import SoftmaxBars
from actlib.course.widgets.softmax_bars import TEMPERATURES
from tests.course.widgets.examples import bars

THREE = {"a": 1.0, "b": 0.0, "c": -1.0}


def test_temperatures_are_even_in_ratio_and_hold_one() -> None:
    assert (TEMPERATURES[0], TEMPERATURES[-1], len(TEMPERATURES)) == (0.05, 20, 53)
    assert {0.1, 0.5, 1.0, 2.0, 10.0} <= set(TEMPERATURES)
    assert np.all(np.diff(TEMPERATURES) > 0)


def test_state_is_what_was_given_in_tenths() -> None:
    state = SoftmaxBars({"a": 1.26, "b": np.float32(2), "c": -0.01}, temperature=0.52).portable()["state"]
    assert state["names"] == ["a", "b", "c"]
    assert state["logits"] == state["asked"] == [1.3, 2.0, 0.0]
    assert state["temperature"] == state["start"] == 0.5
    assert "-0.0" not in json.dumps(state)


@pytest.mark.parametrize("name", bars())
def test_python_side_is_actlibs_softmax(name: str) -> None:
    widget = bars()[name]
    true = widget.names.index(widget.truth)
    p, y = widget.probabilities, np.eye(len(widget.names))[true]
    f = Softmax(temperature=widget.shown)
    np.testing.assert_array_equal(p, f(widget.logits))
    np.testing.assert_array_equal(widget.jacobian, f.jacobian(widget.logits))
    entropy, square = widget.losses.values()
    np.testing.assert_allclose(entropy[0], -f.log(widget.logits)[true], rtol=1e-12)
    np.testing.assert_allclose(entropy[1], (p - y) / widget.shown, atol=1e-14)
    np.testing.assert_allclose(square[0], np.sum((p - y) ** 2), atol=1e-14)
    np.testing.assert_allclose(square[1], widget.jacobian @ (2 * (p - y)), atol=1e-14)


def test_a_question_holds_the_temperature_until_the_guess() -> None:
    widget = bars()["hot"]
    widget.temperature = 0.2
    assert widget.shown == 1
    assert "at T = 1\n" in repr(widget)
    assert repr(widget).endswith("\nAt which temperature is the largest probability 0.5?")
    widget.guess = 0.2
    assert "at T = 0.2\n" in repr(widget)


@pytest.mark.parametrize(
    ("answer", "tolerance", "right"),
    [(0.52, None, [0.5, 0.5]), (1, 0.15, [0.89, 1.1]), (20, None, [20, 20]), (0.2, 0.05, [0.16, 0.25])],
)
def test_right_guesses(answer: float, tolerance: float | None, right: list[float]) -> None:
    assert SoftmaxBars(THREE, question="?", answer=answer, tolerance=tolerance).right == right


def test_picture_says_what_it_shows_and_follows_the_state() -> None:
    widget = bars()["bars"]
    picture = widget.picture()
    assert f"<desc>{picture.alt}</desc>" in picture.source
    assert "at T = 0.5, the slopes of both losses by logit where dog is true" in picture.caption
    assert "Bars of the logits: cat 2.0, dog 1.0, bird -0.5." in picture.alt
    assert "Bars of the probabilities: cat 0.876, dog 0.118, bird 0.006." in picture.alt
    for title in ("logit", "probability", "slope, cross-entropy", "slope, squared error"):
        assert f">{title}<" in picture.source
    widget.truth = "bird"
    assert widget.picture().source != picture.source
    assert "<image" not in picture.source


@pytest.mark.parametrize("name", bars())
def test_a_page_pays_little(name: str) -> None:
    assert len(gzip.compress(json.dumps(bars()[name].portable()).encode(), 6)) <= 1024


def refuse(error: type[Exception], message: str, logits: Any = None, **given: Any) -> Any:
    return pytest.param(THREE if logits is None else logits, given, error, message, id=message)


@pytest.mark.parametrize(
    ("logits", "given", "error", "message"),
    [
        refuse(TypeError, r"logits must be a mapping of names to numbers, got \[1, 2, 3\]", [1, 2, 3]),
        refuse(TypeError, r"logits\['b'\] must be a real number, got 'x'", {**THREE, "b": "x"}),
        refuse(TypeError, r"logits\['b'\] must be a real number, got True", {**THREE, "b": True}),
        refuse(TypeError, r"logits\['b'\] must be a real number, got 1j", {**THREE, "b": 1j}),
        refuse(TypeError, r"name of a class must be a string, got 1", {"a": 0, "b": 0, 1: 0}),
        refuse(ValueError, r"logits must have 3 to 6 classes, got 2", {"a": 1, "b": 2}),
        refuse(ValueError, r"logits must have 3 to 6 classes, got 7", dict.fromkeys("abcdefg", 0)),
        refuse(ValueError, r"one of 3 classes must have 1 to 11 letters, got ''", {"a": 0, "b": 0, "": 0}),
        refuse(
            ValueError,
            r"one of 6 classes must have 1 to 5 letters, got 'banana'",
            {**dict.fromkeys("abcde", 0), "banana": 0},
        ),
        refuse(ValueError, r"logits\['b'\] must lie between -1000 and 1000, got nan", {**THREE, "b": np.nan}),
        refuse(ValueError, r"logits\['b'\] must lie between .*, got 1001", {**THREE, "b": 1001}),
        refuse(ValueError, r"temperature must lie between 0.05 and 20, got 0", temperature=0),
        refuse(ValueError, r"temperature must lie between 0.05 and 20, got nan", temperature=np.nan),
        refuse(ValueError, r"truth must be one of \['a', 'b', 'c'\], got 'd'", truth="d"),
        refuse(ValueError, r"reach must lie between 1 and 1000, got 0", reach=0),
        refuse(ValueError, r"title must say something, got ''", title=""),
        refuse(ValueError, r"question and answer must come together, got 'Why' and None", question="Why"),
        refuse(ValueError, r"question and answer must come together, got None and 1", answer=1),
        refuse(ValueError, r"answer must lie between 0.05 and 20, got 30", question="?", answer=30),
        refuse(ValueError, r"tolerance must be positive .*, got -1", question="?", answer=1, tolerance=-1),
        refuse(
            ValueError,
            r"tolerance must reach one of values from the answer 19, got 0.1",
            question="?",
            answer=19,
            tolerance=0.1,
        ),
        refuse(ValueError, r"tolerance needs an answer, got tolerance=1", tolerance=1),
    ],
)
def test_errors_name_argument_rule_and_value(
    logits: Any, given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        SoftmaxBars(logits, **given)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("logits", [1.0, 2.0], r"logits must be 3 numbers, got \[1.0, 2.0\]"),
        ("logits", [1.0, 2.0, np.inf], r"logits must lie between -1000000 and 1000000, got inf"),
        ("temperature", 21.0, r"temperature must lie between 0.05 and 20, got 21"),
        ("temperature", None, r"expected a float, not the NoneType None"),
        ("guess", -3, r"guess must lie between 0.05 and 20, got -3"),
        ("guess", np.nan, r"guess must lie between 0.05 and 20, got nan"),
        ("truth", "d", r"truth must be one of \['a', 'b', 'c'\], got 'd'"),
    ],
)
def test_state_must_stay_sound(name: str, value: Any, message: str) -> None:
    with pytest.raises((ValueError, TraitError), match=message):
        setattr(SoftmaxBars(THREE), name, value)


def test_arrays_and_numpys_numbers_are_taken() -> None:
    widget = SoftmaxBars(THREE)
    widget.logits = np.array([1, 2.5, -3])
    widget.temperature = np.float32(2)
    assert (widget.logits, widget.temperature) == ([1, 2.5, -3], 2)


@pytest.mark.parametrize("logits", [[1e6, 0, -1e6], [700, 0, 0], [745, 0, 0]])
def test_a_picture_far_from_0_draws_without_a_warning(logits: list[float]) -> None:
    widget = SoftmaxBars(THREE)
    widget.logits = logits
    assert f"a {logits[0]:.1f}" in widget.picture().alt
