"""The maxout builder in a browser, on the state that Python made, used as a reader uses it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from actlib.course.widgets import MaxoutBuilder
from tests.course.widgets.conftest import (
    DESK,
    PHONE,
    Open,
    assert_legible,
    assert_whole,
    frame,
    read,
    state,
    told,
    touch,
)
from tests.course.widgets.examples import builders
from tests.fonts import in_every_font


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def points(page: Page, path: str) -> Any:
    """Return the corners of a path in the units of the plot."""
    return page.evaluate(
        """path => {
          const plot = document.querySelector("svg svg");
          const { model } = mounted[0], at = model.get("targets").indexOf(model.get("target"));
          const [low, high] = model.get("y_ranges")[at];
          const sides = ["x", "y", "width", "height"], [a, b] = model.get("x_range");
          const [left, top, width, height] = sides.map((name) => plot[name].baseVal.value);
          const data = document.querySelector(path).getAttribute("d");
          return [...data.matchAll(/[ML](-?[\\d.]+) (-?[\\d.]+)/g)].map(([, x, y]) =>
            [a + ((x - left) / width) * (b - a), high - ((y - top) / height) * (high - low)]);
        }""",
        path,
    )


def assert_shows(page: Page, widget: MaxoutBuilder) -> None:
    """Check lines, the largest of them, read-outs and sliders against Python's side in the same state."""
    frame(page)
    np.testing.assert_allclose(state(page, "lines"), widget.lines, atol=1e-6)
    error, x = widget.error
    got = read(page.locator(".numbers span").all_text_contents()[:2])
    assert got == pytest.approx([error, x], rel=1e-4, abs=1e-4)
    corners = np.array(points(page, "path.largest"))
    pieces = np.multiply.outer(corners[:, 0], [w for w, _ in widget.lines]) + [b for _, b in widget.lines]
    np.testing.assert_allclose(corners[:, 1], pieces.max(axis=1), atol=0.01)
    assert corners[[0, -1], 0] == pytest.approx(widget.x_range, abs=1e-3)
    shown = [row.inner_text() for row in page.locator(".range .value").all()]
    assert read(shown) == pytest.approx(widget.lines[state(page, "selected")], abs=5.1e-5)
    assert page.locator("path.chosen").count() == 1
    assert len([text for text in page.locator(".handle text").all_text_contents() if text]) == 2 * len(
        widget.lines
    )


@pytest.mark.parametrize("name", builders())
def test_shows_what_python_computes(visit: Open, name: str) -> None:
    assert_shows(visit(name), builders()[name])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_keyboard_moves_the_selected_line(visit: Open, width: int) -> None:
    page, widget = visit("builder", width=width), builders()["builder"]
    slider(page, "slope w").focus()
    for key, w in [("ArrowRight", -0.99), ("ArrowDown", -1.0), ("End", 3.0), ("Home", -3.0)]:
        page.keyboard.press(key)
        widget.lines = [[w, -0.25], [0.5, 0.0]]
        assert_shows(page, widget)
    page.get_by_role("combobox", name="line", exact=True).focus()
    page.keyboard.press("ArrowDown")
    frame(page)
    slider(page, "intercept b").press("ArrowRight")
    widget.lines = [[-3.0, -0.25], [0.5, 0.01]]
    assert_shows(page, widget)
    assert slider(page, "intercept b").get_attribute("aria-valuetext") == "0.01"


def grip(page: Page, index: int) -> tuple[float, float]:
    """Return the middle of a handle on the page; a line's two follow one another."""
    box = page.locator(".handle .reach").nth(index).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_mouse_drags_a_line_by_a_handle_about_the_other(visit: Open) -> None:
    page, widget = visit("builder"), builders()["builder"]
    (x0, y0), (x1, y1) = grip(page, 2), grip(page, 3)
    page.mouse.move(x1 + 3, y1 - 2)
    page.mouse.down()
    page.mouse.move(x1 + 3 - 40, y1 - 2 - 60, steps=4)
    frame(page)
    # The one follows the mouse, the other rests.
    assert grip(page, 3) == pytest.approx((x1 - 40, y1 - 60), abs=1)
    assert grip(page, 2) == pytest.approx((x0, y0), abs=1)
    assert state(page, "selected") == 1
    page.mouse.up()
    page.mouse.move(x1, y1)
    w, b = state(page, "lines")[1]
    levels = page.locator("path.chosen").evaluate(
        """(path, xs) => {
          const [x0, y0, x1, y1] = path.getAttribute("d").match(/-?[\\d.]+/g).map(Number);
          const box = document.querySelector("svg").getBoundingClientRect();
          return xs.map((x) => box.top + y0 + ((x - box.left - x0) / (x1 - x0)) * (y1 - y0));
        }""",
        [x0, x1 - 40],
    )
    assert levels == pytest.approx([y0, y1 - 60], abs=4)
    widget.lines = [[-1, -0.25], [w, b]]
    assert w > 0.5
    assert_shows(page, widget)


def test_a_handle_does_not_cross_the_other(visit: Open) -> None:
    page = visit("builder")
    x, y = grip(page, 3)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 900, y, steps=4)
    page.mouse.up()
    frame(page)
    (x0, _), (x1, _) = grip(page, 2), grip(page, 3)
    assert x1 > x0
    assert max(map(abs, np.ravel(state(page, "lines")))) <= 3


def test_a_finger_drags_a_handle_and_scrolls_elsewhere(visit: Open) -> None:
    page = visit("builder", width=PHONE, has_touch=True)
    x, y = grip(page, 0)
    touch(page, [(x + 5, y + 5), (x, y + 15), (x - 2, y + 30)])
    (w, b), other = state(page, "lines")
    assert other == [0.5, 0]
    assert w > -1
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("svg").first.bounding_box()
    assert box
    touch(page, [(box["x"] + 190, box["y"] + 20), (box["x"] + 190, box["y"] - 40)])
    assert state(page, "lines") == [[w, b], [0.5, 0]]
    styles = page.evaluate(
        """[".handle .reach", "svg"].map((at) => getComputedStyle(document.querySelector(at)).touchAction)"""
    )
    assert styles == ["none", "pan-y"]


def test_lines_are_added_and_removed(visit: Open) -> None:
    page, widget = visit("builder"), builders()["builder"]
    for count in range(3, 7):
        button(page, "Add a line").click()
        frame(page)
        assert state(page, "selected") == count - 1
    lines = state(page, "lines")
    assert len({tuple(line) for line in lines}) == 6
    button(page, "Add a line").click()
    widget.lines = lines
    widget.selected = 5
    assert_shows(page, widget)
    assert page.locator("select option:not([hidden])").count() == 2 + 6
    for count in range(5, 0, -1):
        button(page, f"Remove line {count + 1}").click()
        frame(page)
    remove = button(page, "Remove line 1")
    assert remove.get_attribute("aria-disabled") == "true"
    remove.click(force=True)
    frame(page)
    assert state(page, "lines") == [[-1, -0.25]]
    assert button(page, "Best fit with 1 line").is_visible()


@pytest.mark.parametrize("name", ["builder", "others"])
def test_best_fit_reaches_the_least_error(visit: Open, name: str) -> None:
    page = visit(name)
    target = page.get_by_role("combobox", name="target")
    for index in range(target.locator("option").count()):
        target.select_option(index=index)
        for _ in range(2):
            button(page, "Best fit with").click()
            frame(page)
            error, _, least = read(page.locator(".numbers span").all_text_contents())
            assert error == pytest.approx(least, rel=1e-4, abs=2e-6)
            if name == "builder" and index == 0:
                assert error == pytest.approx(1 / (2 * len(state(page, "lines")) ** 2), rel=1e-4)
            button(page, "Add a line").click()
            frame(page)


def test_the_best_fit_comes_after_a_try(visit: Open) -> None:
    page = visit("fit")
    status = page.get_by_role("status").first
    best = page.get_by_role("button", name="Best fit", include_hidden=True)
    assert page.get_by_text("With three lines, how small can you make").is_visible()
    assert not best.is_visible()
    assert page.get_by_text("least for").count() == 0
    check = button(page, "Check my lines")
    slider(page, "slope w").press("ArrowRight")
    frame(page)
    check.click()
    frame(page)
    assert status.inner_text() == "The question is about 3 lines and x²."
    assert not best.is_visible()
    button(page, "Add a line").click()
    check.click()
    frame(page)
    assert status.inner_text().startswith("Your largest error is ")
    assert status.inner_text().endswith(": with 3 lines it can be 0.05556 for x².")
    assert page.get_by_text("least for 3 lines = 0.055556").is_visible()
    best.click()
    frame(page)
    check.click()
    frame(page)
    assert status.inner_text() == "Yes: with 3 lines it can be 0.05556 for x²."


@pytest.mark.parametrize("name", ["builder", "fit"])
@in_every_font
def test_texts_are_legible_on_a_phone_and_stay_apart(visit: Open, name: str, family: str) -> None:
    page = visit(name, width=PHONE, family=family)
    assert_legible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_redraws_at_the_real_width(visit: Open) -> None:
    page = visit("builder", width=DESK)
    for width in (DESK, PHONE, 500):
        page.set_viewport_size({"width": width, "height": 800})
        frame(page)
        frame(page)
        seen = page.locator("svg").first.evaluate("svg => [svg.viewBox.baseVal.width, svg.clientWidth]")
        assert seen == [width - 32, width - 32]
    assert_shows(page, builders()["builder"])


def test_names_and_keys_of_every_control(visit: Open) -> None:
    page = visit("builder")
    assert page.get_by_role("group", name="Maxout of lines").count() == 1
    assert page.get_by_role("img", name="Maxout of lines: the largest of 2 lines and x²").count() == 1
    assert page.locator("[id]").count() == 0
    controls = page.locator("select, input, button").all()
    assert len(controls) == 7
    for control in controls:
        assert control.get_attribute("data-lm-suppress-shortcuts") == ""
        page.keyboard.press("Tab")
        assert control.evaluate("control => document.activeElement === control")
        box = control.bounding_box()
        assert box
        assert box["height"] >= 24


def test_screen_reader_is_told_once_the_reader_rests(visit: Open) -> None:
    page = visit("builder", alone=True)
    texts = told(page)
    slider(page, "intercept b").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(150)
    page.clock.run_for(700)
    assert texts() == ["2 lines; line 1: slope −1, intercept −0.2; largest error = 0.50000 at x = 1"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", builders())
def test_axe_finds_nothing_and_contrast_holds(visit: Open, name: str, theme: str) -> None:
    assert_whole(visit(name, theme=theme))


def test_lines_differ_in_style_and_not_only_in_colour(visit: Open) -> None:
    page = visit("builder", forced_colors="active")
    styles = page.locator("path:is(.largest, .line, .gap, .chosen), path.piece:not(.chosen)").evaluate_all(
        """all => all.filter((path) => path.getAttribute("d")).map((path) => getComputedStyle(path))
          .map((style) => [style.strokeDasharray, style.strokeWidth].join())"""
    )
    assert len(set(styles)) == len(styles) == 5


def test_stops_when_told(visit: Open) -> None:
    page = visit("builder")
    before = page.locator("path.largest").get_attribute("d")
    page.evaluate("mounted[0].stop(), mounted[0].model.set('lines', [[0, 0]])")
    page.set_viewport_size({"width": PHONE, "height": 800})
    frame(page)
    assert page.locator("path.largest").get_attribute("d") == before
    assert page.evaluate("Object.values(mounted[0].model.listeners).every((all) => all.size === 0)")


def test_two_widgets_of_two_kinds_do_not_clash(visit: Open) -> None:
    page = visit("builder", "bars", "fit")
    slider(page, "slope w").last.press("End")
    frame(page)
    values = [row.inner_text() for row in page.locator(".maxout-builder .range .value").all()]
    assert values == ["−1", "−0.25", "3", "−0.5"]
    width = page.locator("path.largest").first.evaluate("path => getComputedStyle(path).strokeWidth")
    assert re.fullmatch(r"4(px)?", width)
