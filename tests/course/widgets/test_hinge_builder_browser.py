"""The hinge builder in a browser, on the state that Python made, used as a reader uses it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from actlib.course.widgets import HingeBuilder
from tests.course.widgets.conftest import (
    DESK,
    PHONE,
    Open,
    assert_legible,
    assert_whole,
    frame,
    state,
    told,
)
from tests.course.widgets.examples import hinges
from tests.course.widgets.test_sentences import put
from tests.course.widgets.test_touch import Swipe, swipe, tall
from tests.fonts import in_every_font


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def assert_reads(texts: list[str], widget: HingeBuilder) -> None:
    """Check the largest error, where it is, and the mean error, to the digits that are shown."""
    found = re.fullmatch(r"largest error = (\S+) at x = (\S+); mean error = (\S+)", "; ".join(texts))
    assert found, texts
    largest, x, mean = (float(text.replace("−", "-")) for text in found.groups())
    assert (largest, mean) == pytest.approx((widget.error[0], widget.error[2]), rel=6e-3)
    # Of two places that are equally far rounding chooses one.
    assert np.abs(widget.sum(x) - widget.goal(x)) == pytest.approx(widget.error[0], abs=0.03)


def assert_shows(page: Page, widget: HingeBuilder) -> None:
    """Take the state of the page over and check what is shown against Python."""
    frame(page)
    for name in ("start", "hinges", "selected", "target", "drawn"):
        setattr(widget, name, state(page, name))
    assert_reads(page.locator(".numbers span").all_inner_texts(), widget)
    first = repr(widget).splitlines()[0].partition(": ")[2]
    assert page.locator(".equation").inner_text() == first.replace("-", "−")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"target": "|x|", "hinges": [[0.25, -1.5]]},
        {"target": "a bump", "start": [0.1, 0], "hinges": [[-1, 2], [0, -4], [1, 2], [1.5, 0.125]]},
        {"target": "x²/2", "start": [2, -1.5], "hinges": []},
    ],
    ids=str,
)
def test_shows_what_python_computes(visit: Open, given: dict[str, Any]) -> None:
    page, widget = visit("hinges"), hinges()["hinges"]
    put(page, widget, **given)
    assert_reads(page.locator(".numbers span").all_inner_texts(), widget)
    assert_shows(page, widget)
    svg = page.locator("svg").first
    corners = np.array(
        [
            [float(each) for each in pair]
            for pair in re.findall(
                r"(-?[\d.]+) (-?[\d.]+)", page.locator("path.sum").get_attribute("d") or ""
            )
        ]
    )
    left, top, width, height = (
        float(svg.locator("svg").get_attribute(name) or 0) for name in ("x", "y", "width", "height")
    )
    xs = -2 + (corners[:, 0] - left) / width * 4
    np.testing.assert_allclose(2.5 - (corners[:, 1] - top) / height * 4, widget.sum(xs), atol=0.03)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_keyboard_alone_builds_a_sum(visit: Open, width: int) -> None:
    page, widget = visit("hinges", width=width), hinges()["hinges"]
    button(page, "Add a bend").press("Enter")
    frame(page)
    assert state(page, "hinges")[2] == [-1.25, 0]
    slider(page, "change of slope c").press("ArrowRight")
    slider(page, "bend at b").press("ArrowLeft")
    frame(page)
    assert state(page, "hinges")[2] == [pytest.approx(-1.26), pytest.approx(0.01)]
    slider(page, "height at the left end").press("ArrowLeft")
    slider(page, "slope at the left end").press("Home")
    frame(page)
    assert state(page, "start") == [pytest.approx(0.99), -10]
    page.get_by_role("combobox", name="bend", exact=True).select_option("1")
    frame(page)
    assert slider(page, "bend at b").get_attribute("aria-valuetext") == "−0.5"
    assert_shows(page, widget)
    for count in (2, 1, 0):
        button(page, "Remove bend 1").press("Enter")
        frame(page)
        assert len(state(page, "hinges")) == count
    assert button(page, "Remove a bend").get_attribute("aria-disabled") == "true"
    assert not slider(page, "bend at b").is_visible()
    assert_shows(page, widget)


def test_no_more_than_six_bends(visit: Open) -> None:
    page = visit("hinges")
    for count in (3, 4, 5, 6, 6):
        button(page, "Add a bend").click(force=True)
        frame(page)
        assert len(state(page, "hinges")) == count
    assert button(page, "Add a bend").get_attribute("aria-disabled") == "true"
    assert len({b for b, _ in state(page, "hinges")}) == 6


def grip(page: Page, index: int) -> tuple[float, float]:
    """Return the middle of a handle; they stand from left to right."""
    box = page.locator(".handle .reach").nth(index).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_mouse_drags_a_bend_and_the_other_corners_rest(visit: Open) -> None:
    page, widget = visit("hinges"), hinges()["hinges"]
    before = [grip(page, i) for i in range(4)]
    x, y = before[2]
    page.mouse.move(x + 3, y - 2)
    page.mouse.down()
    page.mouse.move(x + 33, y - 62, steps=4)
    page.mouse.up()
    frame(page)
    assert state(page, "selected") == 1
    after = [grip(page, i) for i in range(4)]
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        want = (x + 30, y - 60) if i == 2 else old
        assert new == pytest.approx(want, abs=1.5)
    assert_shows(page, widget)


def test_a_bend_does_not_pass_another_and_an_end_moves_up_and_down_only(visit: Open) -> None:
    page = visit("hinges")
    for index, by in ((1, (900, 0)), (0, (80, -40))):
        x, y = grip(page, index)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + by[0], y + by[1], steps=4)
        page.mouse.up()
        frame(page)
    (first, _), (second, _) = state(page, "hinges")
    assert -2 < first < second
    assert grip(page, 0) == pytest.approx((x, y - 40), abs=1.5)


@pytest.mark.parametrize("way", [-1, 1], ids=["up", "down"])
def test_a_finger_on_a_bend_drags_it_and_elsewhere_it_scrolls(visit: Open, way: int) -> None:
    page = tall(visit, "hinges")
    start = grip(page, 2)
    assert swipe(page, start, (0, 40 * way)) == Swipe(0, 0)
    assert grip(page, 2) == pytest.approx((start[0], start[1] + 40 * way), abs=1.5)
    before = state(page, "hinges")
    box = page.locator("svg svg").bounding_box()
    assert box
    done = swipe(page, (box["x"] + box["width"] / 2 + 8, box["y"] + 12), (0, 90 * way))
    assert np.sign(done.scrolled) == -way
    assert state(page, "hinges") == before


def test_the_best_is_told_when_asked_for_and_given_back(visit: Open) -> None:
    page, widget = visit("hinges"), hinges()["hinges"]
    status = page.get_by_role("status").first
    assert (status.inner_text(), button(page, "Back to mine").count()) == ("", 0)
    mine = state(page, "hinges")
    widget.target = "sin 2x"
    had = widget.error[0]
    button(page, "Show the best with 2 bends").click()
    frame(page)
    assert_shows(page, widget)
    assert widget.error[0] == pytest.approx(0.1387, abs=2e-3)
    assert status.inner_text() == (
        f"A search found this: its largest error is {widget.error[0]:.3g}. Before it was {had:.3g}."
    )
    button(page, "Back to mine").click()
    frame(page)
    assert state(page, "hinges") == mine
    assert (status.inner_text(), button(page, "Back to mine").count()) == ("", 0)


def test_the_reader_draws_a_target_and_bends_towards_it(visit: Open) -> None:
    page, widget = visit("own hinges"), hinges()["own hinges"]
    assert page.locator(".numbers").inner_text().strip() == "largest error: after you draw a target"
    button(page, "Show the best").click(force=True)
    frame(page)
    assert state(page, "hinges") == []
    sheet = page.locator(".sheet").bounding_box()
    assert sheet
    for i, (across, down) in enumerate(((0.02, 0.3), (0.5, 0.7), (0.98, 0.3))):
        page.mouse.move(sheet["x"] + across * sheet["width"], sheet["y"] + down * sheet["height"])
        if i == 0:
            page.mouse.down()
    page.mouse.up()
    assert_shows(page, widget)
    button(page, "Add a bend").click()
    button(page, "Show the best with 1 bend").click()
    assert_shows(page, widget)
    assert widget.error[0] < 0.06
    button(page, "Draw the target anew").click()
    frame(page)
    assert state(page, "drawn") == []
    page.get_by_role("combobox", name="target").select_option("|x|")
    frame(page)
    # With another target the plot is no sheet: nothing is drawn, and its handles are out of the way.
    page.mouse.move(sheet["x"] + 90, sheet["y"] + 20)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 200, sheet["y"] + 20, steps=3)
    page.mouse.up()
    assert state(page, "drawn") == []
    assert page.locator(".knob[tabindex='0']").count() == 0
    assert not button(page, "Draw the target anew").is_visible()


@pytest.mark.parametrize("name", hinges())
@pytest.mark.parametrize("width", [320, PHONE, DESK])
@in_every_font
def test_texts_are_legible_and_stay_apart(visit: Open, name: str, width: int, family: str) -> None:
    page = visit(name, width=width, family=family)
    assert_legible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", hinges())
def test_axe_finds_nothing_and_contrast_holds(visit: Open, name: str, theme: str) -> None:
    assert_whole(visit(name, theme=theme))


def test_screen_reader_is_told_once_the_reader_rests(visit: Open) -> None:
    page = visit("hinges", alone=True)
    texts = told(page)
    slider(page, "change of slope c").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(150)
    page.clock.run_for(700)
    widget = hinges()["hinges"]
    widget.hinges = state(page, "hinges")
    (text,) = texts()
    bends, *numbers = text.split("; ")
    assert bends == "2 bends: 1 − 0.5 (x + 2) + 1.55 relu(x + 0.5) − 2 relu(x − 0.75)"
    assert_reads(numbers, widget)


def test_lines_differ_in_style_and_not_only_in_colour(visit: Open) -> None:
    page = visit("hinges", forced_colors="active")
    styles = page.locator("path:is(.sum, .line-1, .gap)").evaluate_all(
        """all => all.map((path) => getComputedStyle(path))
          .map((style) => [style.strokeDasharray, style.strokeWidth].join())"""
    )
    assert len(set(styles)) == 3


def test_stops_when_told(visit: Open) -> None:
    page = visit("hinges")
    before = page.locator("path.sum").get_attribute("d")
    page.evaluate("mounted[0].stop(), mounted[0].model.set('hinges', [])")
    page.set_viewport_size({"width": PHONE, "height": 800})
    frame(page)
    assert page.locator("path.sum").get_attribute("d") == before
    assert page.evaluate("Object.values(mounted[0].model.listeners).every((all) => all.size === 0)")
