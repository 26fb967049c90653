"""The sweep's Python side: state, texts, picture, errors."""

from __future__ import annotations

import gzip
import json
from typing import Any

import numpy as np
import pytest

from actlib import relu, tanh
from actlib.course.numerals import padded
from actlib.course.widgets import Sweep
from tests.course.widgets.examples import GAINS, X, decay, fits, sweeps

GAIN: dict[str, Any] = {"parameter": "g", "values": [1, 2], "title": "T"}
LINE = np.zeros((2, 3))


def numbers(text: str) -> Any:
    return np.array(text.split(" "), dtype=float)


def wire(text: str) -> int:
    return len(gzip.compress(text.encode(), 6))


def test_state_is_what_was_given_to_a_thousandth_of_the_axis() -> None:
    state = sweeps()["sweep"].portable()["state"]
    assert state["values"] == ["0.5", "1", "1.5", "2", "4"]
    assert state["names"] == ["tanh(g x)", "its slope", "σ(g x)", "1/(g x)"]
    np.testing.assert_allclose(numbers(state["x"]), X, rtol=5e-6, atol=1e-9)
    ((*curves,),) = state["curves"]
    for name, stops in zip(state["names"], curves, strict=True):
        assert len(stops) == len(GAINS)
        for gain, text in zip(GAINS, stops, strict=True):
            given = fits(gain)[name]
            np.testing.assert_allclose(
                numbers(text), np.where(np.isinf(given), np.nan, given), atol=5.001e-4, rtol=0
            )
    np.testing.assert_allclose(numbers(state["references"][0]), X, atol=5.001e-4)
    assert state["readings"] == [[padded(np.array(GAINS)), " ".join(["61"] * len(GAINS))]]


def test_gaps_stay_gaps() -> None:
    widget = sweeps()["sweep"]
    pole = numbers(widget.curves[0][3][0])
    assert np.flatnonzero(np.isnan(pole)).tolist() == np.flatnonzero((np.abs(X) >= 2.5) | (X == 0)).tolist()
    gap = Sweep([0, 1, 2], {"a": [[0, np.inf, 1], [-np.inf, np.nan, 1]]}, **GAIN)
    assert gap.curves == [[["0 nan 1", "nan nan 1"]]]


def test_log_heights_are_powers_of_ten_and_zero_is_a_gap() -> None:
    widget = sweeps()["choices"]
    low, high = numbers(widget.y_range)
    assert (low, high) == (-7, 10)
    for f, (stops,) in zip((tanh, relu), widget.curves, strict=True):
        for gain, text in zip(GAINS, stops, strict=True):
            given = decay(f, gain)
            kept = given > 0
            np.testing.assert_allclose(numbers(text)[kept], np.log10(given[kept]), atol=5.001e-3)
            assert np.isnan(numbers(text)[~kept]).all()
    assert np.isnan(numbers(widget.curves[1][0][-1])[2])


def test_a_curve_moved_by_what_can_be_seen_changes_the_output() -> None:
    curves = {"a": np.vstack([X, 2 * X])}
    assert Sweep(X, curves, **GAIN).portable() != Sweep(X, {"a": 1.001 * curves["a"]}, **GAIN).portable()
    read = [Sweep(X, curves, readouts={"r": [1, value]}, **GAIN).portable() for value in (2.0, 2.0001)]
    assert read[0] != read[1]


def test_far_outside_is_cut_where_nobody_sees_it() -> None:
    widget = Sweep([0, 1, 2], {"a": [[0, 1e300, 0.5], [0, -1e300, 1]]}, y_range=(0, 1), **GAIN)
    assert widget.curves == [[["0 101 0.5", "0 -100 1"]]]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ([1, 200000], "1 200000"),
        ([1.0, 0.5], "1.0000 0.50000"),
        ([123456.0, 1e-9], "1.2346e+05 1.0000e-09"),
        ([np.inf, -np.inf, np.nan, -0.0], "∞ -∞ NaN 0"),
    ],
)
def test_read_outs_are_texts_with_five_digits(given: Any, text: str) -> None:
    assert padded(given) == text


def test_text_tells_the_state() -> None:
    widget = sweeps()["sweep"]
    widget.value = 4
    assert repr(widget) == (
        "Sweep('A steeper tanh'): tanh(g x), its slope, σ(g x), 1/(g x) at gain g = 4, "
        "largest slope = 4.0000, points = 61; gain g from 0.5, 1, 1.5, 2, 4; 61 points from -3 to 3"
    )


def test_before_the_guess_the_start_is_shown() -> None:
    widget = sweeps()["choices"]
    widget.value = 2
    assert "at tanh, gain g = 0.5;" in repr(widget)
    assert repr(widget).endswith("\nAt which gain does the signal keep its size?")
    widget.guess = 2
    widget.choice = "relu"
    assert f"at relu, gain g = 2, last layer = {padded([decay(relu, 2)[-1]])};" in repr(widget)


def test_without_at_the_first_value_is_shown() -> None:
    assert Sweep([0, 1, 2], {"a": LINE}, **GAIN).value == 1
    assert Sweep([0, 1, 2], {"a": LINE}, at=2.0, **GAIN).value == 2


@pytest.mark.parametrize(
    ("answer", "tolerance", "right"),
    [
        (1.3, None, [1.5] * 2),
        (1.3, 0.2, [1.5] * 2),
        (1, 0.5, [0.5, 1.5]),
        (4, None, [4, 4]),
        (1.25, None, [1, 1.5]),
    ],
)
def test_right_guesses(answer: float, tolerance: float | None, right: list[int]) -> None:
    given: dict[str, Any] = {**GAIN, "values": GAINS}
    widget = Sweep(
        [0, 1, 2], {"a": np.zeros((5, 3))}, question="?", answer=answer, tolerance=tolerance, **given
    )
    assert widget.right == [right]
    assert widget.answers == [f"{answer:g}"]


def test_each_choice_may_have_its_answer() -> None:
    widget = sweeps()["choices"]
    assert (widget.answers, widget.right) == (["1.313", "1"], [[1.5, 1.5], [1, 1]])


@pytest.mark.parametrize("name", sweeps())
def test_picture_says_what_it_shows(name: str) -> None:
    widget = sweeps()[name]
    picture = widget.picture()
    assert f"<title>{picture.caption}</title>" in picture.source
    assert f"<desc>{picture.alt}</desc>" in picture.source
    assert picture.caption.startswith(f"{widget.title}: ")
    assert f"{widget.parameter} = {widget.shown:g}" in picture.caption
    assert all((name in picture.caption) == (not widget.question) for name in widget.measures)
    for line in (*widget.names, *widget.reference_names):
        assert f"line, {line}: from " in picture.alt
        assert f">{line}<" in picture.source


def test_picture_follows_the_state() -> None:
    widget = sweeps()["sweep"]
    before = widget.picture()
    widget.value = 4
    assert "gain g = 4" in widget.picture().caption
    assert widget.picture().source != before.source


def test_a_line_with_nothing_to_draw_is_said_to_be_empty() -> None:
    widget = Sweep([0, 1, 2], {"a": [[np.nan] * 3, [0, 1, 2]]}, **GAIN)
    assert "Solid line, a: nothing to draw." in widget.picture().alt
    widget.value = 2
    assert "Solid line, a: from 0 at its left end to 2 at its right end" in widget.picture().alt


@pytest.mark.parametrize("name", sweeps())
def test_a_page_pays_little(name: str) -> None:
    assert wire(json.dumps(sweeps()[name].portable())) <= 3 * 1024


def refuse(error: type[Exception], message: str, x: Any = (0, 1, 2), curves: Any = None, **given: Any) -> Any:
    return pytest.param(x, curves, given, error, message, id=message)


A = {"a": LINE}


@pytest.mark.parametrize(
    ("x", "curves", "given", "error", "message"),
    [
        refuse(ValueError, r"one of curves and choices must be given, got neither"),
        refuse(ValueError, r"one of curves and choices must be given, got both", curves=A, choices={"f": A}),
        refuse(TypeError, r"curves must be a mapping of names, got \[1\]", curves=[1]),
        refuse(TypeError, r"choices must be a mapping of names, got \[1\]", choices=[1]),
        refuse(TypeError, r"choices\['f'\] must be a mapping of names, got 1", choices={"f": 1}),
        refuse(TypeError, r"reference must be a mapping of names, got 3", curves=A, reference=3),
        refuse(TypeError, r"readouts must be a mapping of names, got \[4\]", curves=A, readouts=[4]),
        refuse(ValueError, r"curves must hold 1 to 4 lines, .*, got 0", curves={}),
        refuse(ValueError, r"curves must hold 1 to 4 lines, .*, got 5", curves=dict.fromkeys("abcde", LINE)),
        refuse(
            ValueError,
            r"reference must hold 0 to 2 lines, .*, got 3",
            curves=A,
            reference=dict.fromkeys("abc", LINE[0]),
        ),
        refuse(
            ValueError,
            r"must have 1 to 16 characters, got 'abcdefghijklmnopq' in curves",
            curves={"abcdefghijklmnopq": LINE},
        ),
        refuse(
            ValueError,
            r"curves\['a'\] must be real numbers of shape \(2, 3\), got float64 of shape \(2, 4\)",
            curves={"a": np.zeros((2, 4))},
        ),
        refuse(ValueError, r"curves\['a'\] must be real numbers .*, got complex128", curves={"a": LINE * 1j}),
        refuse(
            ValueError,
            r"choices\['g'\] must have the names \['a'\], got \['b'\]",
            choices={"f": A, "g": {"b": LINE}},
        ),
        refuse(
            ValueError,
            r"reference\['t'\] must be real numbers of shape \(3,\)",
            curves=A,
            reference={"t": [1]},
        ),
        refuse(
            ValueError, r"readouts\['r'\] must be real numbers of shape \(2,\)", curves=A, readouts={"r": [1]}
        ),
        refuse(
            ValueError,
            r"readouts must have an entry for each of the choices \['f'\], got \['r'\]",
            choices={"f": A},
            readouts={"r": [1, 2]},
        ),
        refuse(
            ValueError,
            r"x must be at least two finite numbers that increase .*, got \(0, 2, 1\)",
            (0, 2, 1),
            A,
        ),
        refuse(ValueError, r"x must be at least two .*, got \[1, 1.0000001, 2\]", [1, 1.0000001, 2], A),
        refuse(ValueError, r"values must be at least two .*, got \[1\]", curves=A, values=[1]),
        refuse(ValueError, r"values must be at least two .*, got \[1, inf\]", curves=A, values=[1, np.inf]),
        refuse(ValueError, r"at must be one of values, got 1.5", curves=A, at=1.5),
        refuse(ValueError, r"title must say something, got ''", curves=A, title=""),
        refuse(ValueError, r"parameter must say something, got ''", curves=A, parameter=""),
        refuse(
            ValueError, r"curves must hold a finite height to draw, got none", curves={"a": LINE * np.nan}
        ),
        refuse(
            ValueError, r"'a' must not be negative where log=True, got -1", curves={"a": LINE - 1}, log=True
        ),
        refuse(ValueError, r"y_range must be two finite numbers, .*, got \(1, 1\)", curves=A, y_range=(1, 1)),
        refuse(
            ValueError,
            r"y_range must be two positive numbers, .*, got \(0, 1\)",
            curves={"a": LINE + 1},
            y_range=(0, 1),
            log=True,
        ),
        refuse(
            ValueError,
            r"question and answer must come together, got 'Why' and None",
            curves=A,
            question="Why",
        ),
        refuse(ValueError, r"question and answer must come together, got None and 1", curves=A, answer=1),
        refuse(ValueError, r"answer must lie between 1 and 2, got 3", curves=A, question="?", answer=3),
        refuse(
            ValueError,
            r"answer must be a number or hold one for each of the choices \['f'\], got {'g': 1}",
            choices={"f": A},
            question="?",
            answer={"g": 1},
        ),
        refuse(
            ValueError,
            r"tolerance must be positive and finite, got 0",
            curves=A,
            question="?",
            answer=1,
            tolerance=0,
        ),
        refuse(
            ValueError,
            r"tolerance must reach one of values from the answer 1.5, got 0.1",
            curves=A,
            question="?",
            answer=1.5,
            tolerance=0.1,
        ),
        refuse(ValueError, r"tolerance needs an answer, got tolerance=1", curves=A, tolerance=1),
    ],
)
def test_errors_name_argument_rule_and_value(
    x: Any, curves: Any, given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Sweep(x, curves, **{**GAIN, **given})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("value", 5, r"value must lie between 0.5 and 4, got 5"),
        ("guess", np.nan, r"guess must lie between 0.5 and 4, got nan"),
        ("choice", "elu", r"choice must be one of \['tanh', 'relu'\], got 'elu'"),
    ],
)
def test_state_must_stay_sound(name: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        setattr(sweeps()["choices"], name, value)


def test_a_value_is_moved_to_one_of_those_given() -> None:
    widget = sweeps()["choices"]
    widget.value = np.float32(1.4)
    widget.guess = 3.9
    assert (widget.value, widget.guess) == (1.5, 4)


def test_without_choices_there_is_none_to_make() -> None:
    with pytest.raises(ValueError, match=r"choice must be one of \[''\], got 'tanh'"):
        sweeps()["sweep"].choice = "tanh"
