"""The sweep in a browser, on the state that Python made, used as a reader uses it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from tests.course.widgets.conftest import (
    DESK,
    PHONE,
    Open,
    assert_legible,
    assert_whole,
    frame,
    show_me,
    told,
)
from tests.course.widgets.examples import X, fits, sweeps
from tests.fonts import in_every_font


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="gain g", exact=True)


def drawn(page: Page, line: str) -> Any:
    """Return the points of a path."""
    data = page.locator(f"path.{line}").first.get_attribute("d") or ""
    return np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", data), dtype=float)


def inner(page: Page) -> list[float]:
    """Return left, top, width and height of the plot within its frame."""
    plot = page.locator("svg svg")
    return [float(plot.get_attribute(name) or "") for name in ("x", "y", "width", "height")]


def assert_shows(page: Page, gain: float) -> None:
    """Check the slider, the read-outs and every point of every curve."""
    frame(page)
    assert page.locator(".value").inner_text() == f"{gain:g}"
    assert slider(page).get_attribute("aria-valuetext") == f"{gain:g}"
    assert page.locator(".numbers span").all_text_contents() == [
        f"largest slope = {gain:#.5g}",
        "points = 61",
    ]
    left, top, width, height = inner(page)
    for i, heights in enumerate(fits(gain).values()):
        kept = np.isfinite(heights)
        want = [left + width * (X[kept] + 3) / 6, top + height * (2 - heights[kept]) / 4]
        np.testing.assert_allclose(drawn(page, f"line-{i}").T, want, atol=0.06 + height * 5e-4 / 4)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_keyboard_moves_the_curves(visit: Open, width: int) -> None:
    page = visit("sweep", width=width)
    assert_shows(page, 1.5)
    slider(page).focus()
    for key, gain in [("ArrowRight", 2), ("ArrowDown", 1.5), ("Home", 0.5), ("End", 4)]:
        page.keyboard.press(key)
        assert_shows(page, gain)
        assert page.evaluate("mounted[0].model.get('value')") == gain
    assert page.evaluate("mounted[0].model.saved") == 4


def test_a_click_on_the_track_moves_the_curves(visit: Open) -> None:
    page = visit("sweep")
    box = slider(page).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert_shows(page, 4)


def test_a_drag_across_the_plot_moves_the_slider(visit: Open) -> None:
    page = visit("sweep")
    box = page.locator("svg").first.bounding_box()
    assert box
    x, y, width = box["x"] + 200, box["y"] + 60, inner(page)[2]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.25 * width, y + 30, steps=4)
    assert_shows(page, 2)
    page.mouse.move(x - 0.5 * width, y, steps=4)
    page.mouse.up()
    assert_shows(page, 0.5)
    page.mouse.move(x, y)
    assert_shows(page, 0.5)


def test_touch_moves_the_curves(visit: Open) -> None:
    page = visit("sweep", width=PHONE, has_touch=True)
    box, plot = slider(page).bounding_box(), page.locator("svg").first.bounding_box()
    assert box
    assert plot
    page.touchscreen.tap(plot["x"] + 5, plot["y"] + 40)
    assert_shows(page, 1.5)
    page.touchscreen.tap(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert_shows(page, 4)
    session = page.context.new_cdp_session(page)
    for kind, x in [
        ("touchStart", 200),
        ("touchMove", 160),
        ("touchMove", 200 - 0.5 * inner(page)[2]),
        ("touchEnd", 0),
    ]:
        points = [] if kind == "touchEnd" else [{"x": x, "y": plot["y"] + 60}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert_shows(page, 1.5)


def test_the_reference_rests(visit: Open) -> None:
    page = visit("sweep")
    before = drawn(page, "fixed-0")
    assert len(before) == len(X)
    slider(page).press("End")
    frame(page)
    np.testing.assert_array_equal(drawn(page, "fixed-0"), before)


def test_gaps_are_not_bridged(visit: Open) -> None:
    page = visit("sweep")
    assert (page.locator("path.line-3").get_attribute("d") or "").count("M") == 2


def test_the_answer_comes_after_the_guess(visit: Open) -> None:
    page = visit("choices")
    status = page.get_by_role("status").first
    note = page.get_by_text("The curves stay at gain g = 0.5 until you check your guess.")
    before = page.locator("path.line-0").first.get_attribute("d")
    assert page.get_by_text("At which gain does the signal keep its size?").is_visible()
    slider(page).press("End")
    frame(page)
    assert page.locator("path.line-0").first.get_attribute("d") == before
    assert page.locator(".value").inner_text() == "4"
    assert page.locator(".numbers span").inner_text() == "last layer: after your guess"
    assert status.inner_text() == ""
    assert note.is_visible()
    assert "gain g = 0.5" in (page.locator("svg title").first.text_content() or "")
    page.get_by_role("button", name="Check my guess").click()
    frame(page)
    assert status.inner_text() == "You chose gain g = 4: the computed answer is gain g = 1.313 for tanh."
    assert page.locator("path.line-0").first.get_attribute("d") != before
    assert not note.is_visible()
    last = sweeps()["choices"].readings[0][0].split()[-1]
    assert page.locator(".numbers span").inner_text().startswith(f"last layer = {last.partition('e')[0]}")
    slider(page).press("Home")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Check my guess").click()
    frame(page)
    assert status.inner_text() == "Yes: the computed answer is gain g = 1.313 for tanh."


def test_a_choice_changes_curves_read_outs_and_answer(visit: Open) -> None:
    page = visit("choices")
    show_me(page)
    slider(page).press("End")
    frame(page)
    before = drawn(page, "line-0")
    page.get_by_role("combobox", name="activation").focus()
    page.keyboard.press("ArrowDown")
    frame(page)
    assert page.evaluate("mounted[0].model.get('choice')") == "relu"
    assert len(before) == 8
    assert len(drawn(page, "line-0")) == 7  # a zero has no place by powers of ten
    assert page.locator(".numbers span").inner_text() == "last layer = 4.2950 × 10⁹"
    assert "gain g = 1 for relu" in page.get_by_role("status").first.inner_text()
    assert page.locator("svg text").filter(has_text="10⁵").count() == 1


def test_points_are_marked(visit: Open) -> None:
    page = visit("choices")
    assert (page.locator("path.dots").get_attribute("d") or "").count("h0") == 8
    assert page.locator("path.dots").evaluate("path => getComputedStyle(path).strokeLinecap") == "round"
    assert visit("sweep").locator("path.dots").count() == 0


@pytest.mark.parametrize("name", sweeps())
@pytest.mark.parametrize("key", ["Home", "End"])
@in_every_font
def test_texts_are_legible_on_a_phone_and_stay_apart(visit: Open, name: str, family: str, key: str) -> None:
    page = visit(name, width=PHONE, family=family)
    slider(page).press(key)
    frame(page)
    assert_legible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_redraws_at_the_real_width(visit: Open) -> None:
    page = visit("sweep", width=DESK)
    for width in (DESK, PHONE, 500):
        page.set_viewport_size({"width": width, "height": 800})
        frame(page)
        frame(page)
        seen = page.locator("svg").first.evaluate("svg => [svg.viewBox.baseVal.width, svg.clientWidth]")
        assert seen == [width - 32, width - 32]
        assert_shows(page, 1.5)


def test_names_and_keys_of_every_control(visit: Open) -> None:
    page = visit("choices")
    assert page.get_by_role("group", name="Signals by layer").count() == 1
    assert page.get_by_role("img", name="Signals by layer: forward; tanh; gain g = 0.5").count() == 1
    assert page.locator("[id]").count() == 0
    controls = page.locator("select, input, button").all()
    assert len(controls) == 4
    for control in controls:
        assert control.get_attribute("data-lm-suppress-shortcuts") == ""
        page.keyboard.press("Tab")
        assert control.evaluate("control => document.activeElement === control")
        box = control.bounding_box()
        assert box
        assert box["height"] >= 24


def test_screen_reader_is_told_once_the_reader_rests(visit: Open) -> None:
    page = visit("sweep", alone=True)
    texts = told(page)
    slider(page).press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(150)
    page.clock.run_for(700)
    assert texts() == ["gain g = 2, largest slope = 2.0000, points = 61"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", sweeps())
def test_axe_finds_nothing_and_contrast_holds(visit: Open, name: str, theme: str) -> None:
    assert_whole(visit(name, theme=theme))


def test_curves_differ_in_style_and_not_only_in_colour(visit: Open) -> None:
    page = visit("sweep", forced_colors="active")
    styles = page.locator("path.line, path.fixed").evaluate_all(
        """all => all.map((path) => getComputedStyle(path))
          .map((style) => [style.strokeDasharray, style.strokeWidth].join())"""
    )
    assert len(set(styles)) == len(styles) == 6


def test_stops_when_told(visit: Open) -> None:
    page = visit("sweep")
    before = page.locator("path.line-0").get_attribute("d")
    page.evaluate("mounted[0].stop(), mounted[0].model.set('value', 0.5)")
    page.set_viewport_size({"width": PHONE, "height": 800})
    frame(page)
    assert page.locator("path.line-0").get_attribute("d") == before
    assert page.evaluate("Object.values(mounted[0].model.listeners).every((all) => all.size === 0)")


def test_two_widgets_of_two_kinds_do_not_clash(visit: Open) -> None:
    page = visit("sweep", "plain", "choices")
    page.get_by_role("slider", name="gain g").last.press("End")
    frame(page)
    assert [text.inner_text() for text in page.locator(".value").all() if text.is_visible()] == [
        "1.5",
        "−1.50",
        "4",
    ]


def test_one_frame_from_input_to_picture(visit: Open) -> None:
    page = visit("sweep")
    changed = page.evaluate(
        """async () => {
          const input = document.querySelector("input"), path = document.querySelector("path.line-0");
          const changed = [];
          for (let i = 0; i < 20; i++) {
            const before = path.getAttribute("d");
            input.value = i % 5;
            input.dispatchEvent(new Event("input"));
            await new Promise((done) => requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = done;
              port2.postMessage(0);
            }));
            changed.push(path.getAttribute("d") !== before);
          }
          return changed;
        }"""
    )
    assert all(changed)
