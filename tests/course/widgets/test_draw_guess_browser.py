"""The drawn guess in a browser: mouse, finger and keyboard draw, and the answer comes after."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from actlib import Swish, gelu, softplus
from actlib.course.widgets import DrawGuess
from actlib.course.widgets.draw_guess import POINTS
from tests.course.widgets.conftest import (
    DESK,
    PHONE,
    Open,
    assert_legible,
    assert_whole,
    frame,
    show_me,
    state,
    told,
)
from tests.course.widgets.examples import guesses
from tests.course.widgets.test_touch import Swipe, swipe, tall
from tests.fonts import in_every_font

X = np.linspace(-4, 4, POINTS)
EDGE = 12
"""Pixels by which the sheet reaches beyond the plot."""


def check(page: Page) -> Locator:
    return page.get_by_role("button", name="Check my line")


def status(page: Page) -> str:
    return page.get_by_role("status").first.inner_text()


def at(page: Page, part: float, height: float) -> tuple[float, float]:
    """Return a point on the screen: a part of the plot's width, and a height on its axis."""
    sheet = page.locator(".sheet").bounding_box()
    assert sheet
    x, y, width, height_ = (
        sheet["x"] + EDGE,
        sheet["y"] + EDGE,
        sheet["width"] - 2 * EDGE,
        sheet["height"] - 2 * EDGE,
    )
    low, high = state(page, "y_range")
    return x + part * width, y + (high - height) / (high - low) * height_


def draw(page: Page, *points: tuple[float, float]) -> None:
    """Draw with the mouse through points."""
    for i, point in enumerate(points):
        page.mouse.move(*at(page, *point))
        if i == 0:
            page.mouse.down()
    page.mouse.up()
    frame(page)


def put(page: Page, heights: Any) -> None:
    page.evaluate("drawn => mounted[0].model.set('drawn', drawn)", np.round(heights, 4).tolist())
    frame(page)


def test_the_mouse_draws_the_line_it_goes(visit: Open) -> None:
    page = visit("draw")
    draw(page, (0, 0), (0.5, 1), (1, 1))
    drawn = state(page, "drawn")
    np.testing.assert_allclose(drawn, np.interp(X, [-4, 0, 4], [0, 1, 1]), atol=0.02)
    # Beyond the plot's edges the line ends there.
    draw(page, (0.5, 0.5), (1.2, -3))
    assert state(page, "drawn")[40:][-1] == -0.5
    assert state(page, "drawn")[:40] == drawn[:40]


def test_what_is_not_drawn_yet_is_a_gap_until_the_check(visit: Open) -> None:
    page = visit("draw")
    draw(page, (0.25, 0.5), (0.75, 1))
    drawn = state(page, "drawn")
    assert [height is None for height in drawn] == [not 20 <= i <= 60 for i in range(POINTS)]
    assert (page.locator("path.mine").get_attribute("d") or "").count("M") == 1
    check(page).click()
    frame(page)
    np.testing.assert_allclose(state(page, "guess"), np.interp(X, [-2, 2], [0.5, 1]), atol=0.02)
    assert state(page, "guess") == state(page, "drawn")


def test_a_stroke_that_begins_a_little_outside_the_plot_counts(visit: Open) -> None:
    page = visit("draw")
    x, y = at(page, 0, 0)
    page.mouse.move(x - 8, y)
    page.mouse.down()
    page.mouse.move(*at(page, 1, 1), steps=20)
    page.mouse.up()
    frame(page)
    np.testing.assert_allclose(state(page, "drawn"), np.linspace(0, 1, POINTS), atol=0.03)


def test_a_tap_is_a_dot_and_no_guess(visit: Open) -> None:
    page = visit("draw")
    draw(page, (0.5, 1))
    assert (page.locator("path.mine").get_attribute("d") or "").endswith("h0")
    assert check(page).get_attribute("aria-disabled") == "true"
    check(page).click(force=True)
    assert status(page).startswith("Draw your line, over half of the plot or more, before you check it.")
    assert state(page, "guess") is None
    show_me(page)
    assert status(page).startswith("f′ goes from")
    assert state(page, "drawn") == []


def test_the_keyboard_alone_draws_and_checks(visit: Open) -> None:
    page = visit("draw")
    handles = page.get_by_role("slider").all()
    assert [handle.get_attribute("aria-label") for handle in handles] == [
        f"your f′ at x = {str(x).replace('-', '−')}" for x in range(-4, 5)
    ]
    page.keyboard.press("Tab")
    assert page.locator(".knob").first.evaluate("knob => getComputedStyle(knob).opacity") == "1"
    for key in (
        ["ArrowRight"] * 4 + ["PageUp"] * 2 + ["ArrowUp", "ArrowRight", "End", "ArrowLeft", "ArrowDown"]
    ):
        page.keyboard.press(key)
        frame(page)
    want = np.interp(np.arange(POINTS), range(0, 81, 10), [0, 0, 0, 0, 0.4, 1.5, 0, 0, 0])
    np.testing.assert_allclose(state(page, "drawn"), want, atol=1e-3)
    assert handles[4].get_attribute("aria-valuetext") == "0.4"
    for _ in range(5):
        page.keyboard.press("Tab")
    assert check(page).evaluate("button => document.activeElement === button")
    page.keyboard.press("Enter")
    frame(page)
    assert status(page) == "At the right end you drew 0; it is 1 there."
    assert all(handle.get_attribute("tabindex") == "-1" for handle in page.locator(".knob").all())


def test_a_handle_leaves_what_a_finger_drew_as_it_is(visit: Open) -> None:
    page = visit("draw")
    wavy = 0.5 + 0.1 * np.sin(9 * X)
    put(page, wavy)
    page.get_by_role("slider").nth(2).press("PageUp")
    frame(page)
    rise = np.interp(np.arange(POINTS), [10, 20, 30], [0, 0.2, 0])
    np.testing.assert_allclose(state(page, "drawn"), wavy + rise, atol=1e-3)


@pytest.mark.parametrize(
    ("name", "f", "order", "x"),
    [
        ("draw", gelu, 1, X),
        ("draw jump", None, 1, np.linspace(-3, 2, POINTS)),
        ("draw f", softplus, 0, X),
    ],
)
def test_the_read_outs_are_actlibs(visit: Open, name: str, f: Any, order: int, x: Any) -> None:
    page, made = visit(name), guesses()[name]
    assert [span.inner_text() for span in page.locator(".numbers span").all()] == [
        "mean distance: after your guess",
        "largest distance: after your guess",
    ]
    made.drawn = made.guess = np.round(0.5 + 0.4 * np.sin(2 * x), 4).tolist()
    put(page, made.drawn)
    check(page).click()
    frame(page)
    mean, largest, where = made.distance
    assert [span.inner_text() for span in page.locator(".numbers span").all()] == [
        f"mean distance = {round(mean, 3):.3g}",
        f"largest distance = {round(largest, 3):.3g} at x = {round(where, 2):.3g}".replace("-", "−"),
    ]


@pytest.mark.parametrize("name", guesses())
def test_nothing_of_the_true_curve_is_in_the_page_before_it_is_asked_for(visit: Open, name: str) -> None:
    page = visit(name)
    draw(page, (0, 0), (1, 1))
    hidden = page.evaluate(
        """["truth", "between"].map((kind) => document.querySelector(`path.${kind}`).getAttribute("d"))"""
    )
    assert hidden == ["", ""]
    assert status(page) == ""
    assert float(page.locator("text.truth").get_attribute("y") or 0) == -99
    check(page).click()
    frame(page)
    shown = page.evaluate(
        """["truth", "between"].map((kind) => document.querySelector(`path.${kind}`).getAttribute("d"))"""
    )
    assert all(shown)
    assert status(page)


def test_who_draws_nothing_is_shown_the_curve_in_words(visit: Open) -> None:
    page = visit("draw")
    show_me(page)
    assert status(page) == (
        "f′ goes from −0.001 at x = −4 to 1 at x = 4, lowest −0.129 at x = −1.41, highest 1.13 at x = 1.41."
    )
    assert page.locator("path.between").get_attribute("d") == ""
    page.get_by_role("button", name="Start again").click()
    frame(page)
    assert page.locator("path.truth").get_attribute("d") == ""
    assert state(page, "guess") is None


def test_who_asks_to_be_shown_keeps_the_line_and_sees_the_difference(visit: Open) -> None:
    page = visit("draw")
    draw(page, (0, 0), (1, 0))
    show_me(page)
    assert status(page).startswith("The highest you drew is 0; it goes up to 1.13,")
    assert page.locator("path.between").get_attribute("d")
    page.get_by_role("button", name="Start again").click()
    frame(page)
    assert (state(page, "drawn"), state(page, "guess")) == ([], None)
    assert page.locator("path.mine").get_attribute("d") == ""
    assert check(page).get_attribute("aria-disabled") == "true"


def test_a_line_from_elsewhere_begins_anew(visit: Open) -> None:
    """As Reset, an address, or Python puts it."""
    page = visit("draw")
    draw(page, (0, 0), (1, 0))
    check(page).click()
    frame(page)
    put(page, [])
    frame(page)
    assert state(page, "guess") is None
    assert page.locator("path.truth").get_attribute("d") == ""


def test_after_the_answer_nothing_is_drawn(visit: Open) -> None:
    page = visit("draw")
    draw(page, (0, 0), (1, 0))
    check(page).click()
    frame(page)
    before = state(page, "drawn")
    draw(page, (0, 1), (1, 1))
    assert state(page, "drawn") == before


def box(page: Page) -> Any:
    """Return where the sheet is."""
    return page.locator(".sheet").bounding_box()


@pytest.mark.parametrize("way", [-1, 1], ids=["up", "down"])
def test_a_finger_that_goes_up_or_down_draws_and_the_page_stays(visit: Open, way: int) -> None:
    page = tall(visit, "draw")
    sheet = box(page)
    middle = (sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 2)
    assert swipe(page, middle, (10, 60 * way)) == Swipe(0, 0)
    drawn = [height for height in state(page, "drawn") if height is not None]
    low, high = state(page, "y_range")
    assert drawn[-1] == pytest.approx(
        (low + high) / 2 - way * 60 / (sheet["height"] - 2 * EDGE) * (high - low), abs=0.03
    )


@pytest.mark.parametrize("way", [-1, 1], ids=["up", "down"])
@pytest.mark.parametrize("side", ["left", "right", "below"])
def test_beside_the_sheet_a_finger_scrolls_the_page(visit: Open, side: str, way: int) -> None:
    page = tall(visit, "draw")
    sheet = box(page)
    middle, last = sheet["y"] + sheet["height"] / 2, sheet["x"] + sheet["width"]
    start = {
        "left": (sheet["x"] - 6, middle),
        "right": (last + 8, middle),
        "below": (last - 60, sheet["y"] + sheet["height"] + 12),
    }[side]
    done = swipe(page, start, (0, 90 * way))
    assert np.sign(done.scrolled) == -way
    assert state(page, "drawn") == []


@pytest.mark.parametrize("way", [-1, 1], ids=["up", "down"])
def test_after_the_answer_a_finger_scrolls_the_page(visit: Open, way: int) -> None:
    page = tall(visit, "draw")
    page.evaluate("mounted[0].model.set('guess', [])")
    frame(page)
    sheet = box(page)
    middle = (sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 2)
    done = swipe(page, middle, (4, 90 * way))
    assert np.sign(done.scrolled) == -way
    assert state(page, "drawn") == []


@pytest.mark.parametrize("width", [320, PHONE, DESK])
@pytest.mark.parametrize("name", guesses())
@in_every_font
def test_texts_are_legible_and_stay_apart(visit: Open, name: str, width: int, family: str) -> None:
    page = visit(name, width=width, family=family)
    put(page, np.linspace(0, 1, POINTS))
    show_me(page)
    assert_legible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", guesses())
def test_axe_finds_nothing_and_contrast_holds(visit: Open, name: str, theme: str) -> None:
    page = visit(name, theme=theme)
    assert_whole(page)
    put(page, np.linspace(0, 1, POINTS))
    check(page).click()
    frame(page)
    assert_whole(page)


def test_screen_reader_is_told_once_the_reader_rests(visit: Open) -> None:
    page = visit("draw", alone=True)
    texts = told(page)
    page.get_by_role("slider").nth(4).focus()
    for _ in range(5):
        page.keyboard.press("PageUp")
        page.clock.run_for(150)
    page.clock.run_for(700)
    assert texts() == ["Your f′: from 0 at x = −4 to 0 at x = 4, highest 1 at x = 0"]


def test_names_and_keys_of_every_control(visit: Open) -> None:
    page = visit("draw")
    assert page.get_by_role("group", name="GELU", exact=True).count() == 1
    assert page.locator("[id]").count() == 0
    controls = page.locator(".knob, button").all()
    assert len(controls) == 11
    for control in controls:
        assert control.get_attribute("data-lm-suppress-shortcuts") == ""
        page.keyboard.press("Tab")
        assert control.evaluate("control => document.activeElement === control")


def test_lines_differ_in_style_and_not_only_in_colour(visit: Open) -> None:
    page = visit("draw", forced_colors="active")
    show_me(page)
    styles = page.locator("path:is(.given, .truth, .mine)").evaluate_all(
        """all => all.map((path) => getComputedStyle(path))
          .map((style) => [style.strokeDasharray, style.strokeWidth].join())"""
    )
    assert len(set(styles)) == 3


def test_stops_when_told(visit: Open) -> None:
    page = visit("draw")
    page.evaluate("mounted[0].stop(), mounted[0].model.set('drawn', [])")
    page.set_viewport_size({"width": PHONE, "height": 800})
    frame(page)
    assert page.locator("path.mine").get_attribute("d") == ""
    assert page.evaluate("Object.values(mounted[0].model.listeners).every((all) => all.size === 0)")


def test_a_parameter_reaches_the_page() -> None:
    assert DrawGuess(Swish(beta=3)).portable()["state"]["parameter"] == 3
