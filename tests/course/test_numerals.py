"""A number is written in one way, whoever writes it."""

import pytest

from actlib.contract.facts import Interval
from actlib.course.numerals import fixed, interval, latex, number, padded


def test_numbers_have_six_digits_and_no_hyphen():
    assert number(1.23456789) == "1.23457"
    assert number(float("-inf")) == "−∞"
    assert number(4.73e-5, 2) == "4.7e−05"


def test_a_number_with_places_has_no_signed_zero():
    assert fixed(-0.0004, 3) == "0.000"
    assert fixed(-0.0006, 3) == "−0.001"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "0.25"),
        (-1.0, "-1"),
        (1 / 3, "0.3333333"),
        (4.73e-5, r"4.73 \cdot 10^{-5}"),
        (2e20, r"2 \cdot 10^{20}"),
        (float("inf"), r"\infty"),
        (float("-inf"), r"-\infty"),
    ],
)
def test_a_number_is_latex_with_seven_digits(value, text):
    assert latex(value) == text


def test_what_a_front_end_reads_back_has_a_hyphen():
    assert padded([-0.5, float("nan"), float("-inf")]) == "-0.50000 NaN -∞"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Interval(0, 1), "(0, 1)"),
        (Interval(-1, float("inf"), includes_low=True), "[−1, ∞)"),
        (Interval(float("-inf"), 2, includes_high=True), "(−∞, 2]"),
        (Interval(-0.278465, 1, True, True), "[−0.278465, 1]"),
    ],
)
def test_an_interval_shows_which_ends_belong_to_it(found, text):
    assert interval(found) == text
