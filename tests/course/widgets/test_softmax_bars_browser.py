"""The softmax in a browser, on the state that Python made, used as a reader uses it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from actlib.course.widgets import SoftmaxBars
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
from tests.course.widgets.examples import bars
from tests.fonts import in_every_font


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def table(page: Page, kind: str) -> Any:
    rows = page.locator(f"table.{kind} tr").all()[1:]
    return np.array([read(row.locator("td").all_text_contents()) for row in rows])


def assert_shows(page: Page, widget: SoftmaxBars) -> None:
    """Check every number, bar and cell against Python's side in the same state."""
    frame(page)
    seen = page.evaluate(
        """() => {
          const boxes = (kind) => [...document.querySelectorAll(`rect.${kind}`)]
            .map((rect) => rect.height.baseVal.value);
          return {
            logits: boxes("logit"),
            shares: boxes("share"),
            texts: [...document.querySelectorAll("svg > text")].map((text) => text.textContent),
          };
        }"""
    )
    texts = np.reshape(seen["texts"], (-1, 3))
    assert read(list(texts[:, 0])) == widget.logits
    assert list(texts[:, 1]) == [f"{p:.3f}" for p in widget.probabilities]
    assert list(texts[:, 2]) == widget.names
    np.testing.assert_allclose(seen["shares"], 100 * widget.probabilities, atol=1e-6)
    rows = page.locator(".controls .range").all()
    assert read([row.locator(".value").inner_text() for row in rows]) == [widget.temperature, *widget.logits]
    losses = widget.losses
    want = [loss for loss, _ in losses.values()]
    want += [float(np.linalg.norm(widget.jacobian, 2)), 1 / (2 * widget.shown)]
    got = read(page.locator(".numbers span").all_text_contents())
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-9)
    slopes = np.array([slope for _, slope in losses.values()]).T
    np.testing.assert_allclose(table(page, "slopes"), slopes, rtol=6e-3, atol=1e-12)
    np.testing.assert_allclose(table(page, "heat"), widget.jacobian, atol=5.001e-4)


@pytest.mark.parametrize("name", bars())
def test_shows_what_python_computes(visit: Open, name: str) -> None:
    assert_shows(visit(name), bars()[name])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_keyboard_moves_logits_and_temperature(visit: Open, width: int) -> None:
    page, widget = visit("bars", width=width), bars()["bars"]
    slider(page, "logit of bird").focus()
    for key, value in [("ArrowRight", -0.4), ("ArrowDown", -0.5), ("End", 5.0), ("Home", -5.0)]:
        page.keyboard.press(key)
        widget.logits = [2.0, 1.0, value]
        assert_shows(page, widget)
    slider(page, "temperature T").focus()
    for key, value in [("ArrowRight", 0.56), ("End", 20.0), ("Home", 0.05)]:
        page.keyboard.press(key)
        widget.temperature = value
        assert_shows(page, widget)
        assert slider(page, "temperature T").get_attribute("aria-valuetext") == f"{value:g}"
    assert state(page, "logits") == widget.logits
    assert state(page, "temperature") == widget.temperature


def tip(page: Page, index: int) -> tuple[float, float]:
    """Return the middle of a bar's handle on the page."""
    box = (
        page.locator("rect.handle")
        .nth(index)
        .evaluate(
            """rect => {
          const { x, y, width, height } = rect.getBBox(), m = rect.getScreenCTM();
          return [m.a * (x + width / 2) + m.e, m.d * (y + height / 2) + m.f];
        }"""
        )
    )
    return box[0], box[1]


def test_mouse_drags_a_bar(visit: Open) -> None:
    page = visit("bars")
    x, y = tip(page, 1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 300, y - 30, steps=4)
    frame(page)
    logits = state(page, "logits")
    assert logits[0::2] == [2.0, -0.5]
    assert logits[1] == pytest.approx(1 + 30 / 170 * 13.4, abs=0.06)
    assert tip(page, 1)[1] == pytest.approx(y - 30, abs=1)
    page.mouse.move(x, y - 900, steps=2)
    page.mouse.up()
    page.mouse.move(x, y)
    frame(page)
    assert state(page, "logits") == [2.0, 5.0, -0.5]
    widget = bars()["bars"]
    widget.logits = [2.0, 5.0, -0.5]
    assert_shows(page, widget)


def test_only_the_logits_are_dragged(visit: Open) -> None:
    page = visit("bars")
    box = page.locator("svg").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 200, box["y"] + 320)
    page.mouse.click(box["x"] + 10, box["y"] + 100)
    page.locator("svg").first.click(button="right", position={"x": 200, "y": 100})
    assert state(page, "logits") == [2.0, 1.0, -0.5]


def test_a_finger_drags_a_handle_and_scrolls_elsewhere(visit: Open) -> None:
    page = visit("bars", width=PHONE, has_touch=True)
    x, y = tip(page, 0)
    touch(page, [(x + 4, y + 12), (x, y + 20), (x, y + 40)])
    assert state(page, "logits")[0] == pytest.approx(2 - 40 / 170 * 13.4, abs=0.06)
    page.evaluate("scrollTo(0, 0)")
    before = state(page, "logits")
    x, y = tip(page, 2)
    touch(page, [(x, y + 60), (x, y - 60)])
    assert state(page, "logits") == before
    at = page.locator("rect.handle").first.evaluate("rect => getComputedStyle(rect).touchAction")
    assert at == "none"
    assert page.locator("svg").first.evaluate("svg => getComputedStyle(svg).touchAction") == "pan-y"


def test_adding_one_to_all_logits_moves_no_probability(visit: Open) -> None:
    page, widget = visit("bars"), bars()["bars"]
    before = [text.get_attribute("height") for text in page.locator("rect.share").all()]
    button = page.get_by_role("button", name="Add 1 to all logits")
    for _ in range(6):
        button.click()
    frame(page)
    widget.logits = [8.0, 7.0, 5.5]
    assert_shows(page, widget)
    assert slider(page, "logit of cat").get_attribute("max") == "8"
    heights = [float(text.get_attribute("height") or 0) for text in page.locator("rect.share").all()]
    np.testing.assert_allclose(heights, np.array(before, dtype=float), rtol=1e-12)
    told_so = page.get_by_text("All logits rose by 1; the largest change of a probability is")
    assert told_so.is_visible()
    page.get_by_role("button", name="Subtract 1").click()
    frame(page)
    assert page.get_by_text("All logits fell by 1").is_visible()
    assert state(page, "logits") == [7.0, 6.0, 4.5]
    slider(page, "logit of cat").press("ArrowLeft")
    assert page.get_by_text("All logits fell").count() == 0


def test_the_true_class_is_picked(visit: Open) -> None:
    page, widget = visit("bars"), bars()["bars"]
    assert page.locator("svg text.true").text_content() == "dog"
    page.get_by_role("combobox", name="true class").focus()
    page.keyboard.press("ArrowDown")
    widget.truth = "bird"
    assert_shows(page, widget)
    assert page.locator("svg text.true").text_content() == "bird"
    weight = page.locator("svg text.true").evaluate("text => getComputedStyle(text).textDecorationLine")
    assert weight == "underline"


def test_signs_of_cells_are_told_by_colour_text_and_side(visit: Open) -> None:
    page = visit("bars")
    cells = page.evaluate(
        """() => [...document.querySelectorAll("table th ~ td")].map((cell) => {
          const style = (at) => getComputedStyle(cell, at);
          return {
            kind: cell.closest("table").className,
            minus: cell.textContent.startsWith("−"),
            plus: Number(style("::before").opacity), less: Number(style("::after").opacity),
            left: parseFloat(style("::before").left), wide: parseFloat(style("::before").width),
            half: cell.getBoundingClientRect().width / 2,
          };
        })"""
    )
    for cell in cells:
        if cell["kind"] == "heat":
            assert min(cell["plus"], cell["less"]) == 0
            assert cell["plus"] <= 0 or not cell["minus"]
            assert cell["less"] <= 0 or cell["minus"] or cell["less"] < 0.001
        elif cell["minus"]:
            assert cell["left"] + cell["wide"] == pytest.approx(cell["half"], abs=1)
        else:
            assert cell["left"] == pytest.approx(cell["half"], abs=1)


def test_the_answer_comes_after_the_guess(visit: Open) -> None:
    page, widget = visit("hot"), bars()["hot"]
    status = page.get_by_role("status").first
    note = page.get_by_text("Probabilities, losses and Jacobian stay at T = 1 until you check your guess.")
    assert page.get_by_text("At which temperature is the largest probability 0.5?").is_visible()
    slider(page, "temperature T").press("Home")
    widget.temperature = 0.05
    assert_shows(page, widget)
    assert note.is_visible()
    assert status.inner_text() == ""
    slider(page, "logit of plane").press("Home")
    page.get_by_role("button", name="Check my guess").click()
    widget.guess = 0.05
    assert_shows(page, widget)
    assert not note.is_visible()
    of = "for the logits 1.5, −4, 0, 3, −1.2, 2.9."
    assert status.inner_text() == f"You chose T = 0.05: the computed answer is T = 0.2 {of}"
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if slider(page, "temperature T").evaluate("input => document.activeElement === input"):
            break
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Check my guess").click()
    frame(page)
    assert state(page, "guess") == 0.2
    assert status.inner_text() == f"Yes: the computed answer is T = 0.2 {of}"


@pytest.mark.parametrize("name", bars())
@in_every_font
def test_texts_are_legible_on_a_phone_and_stay_apart(visit: Open, name: str, family: str) -> None:
    page = visit(name, width=PHONE, family=family)
    assert_legible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    for cell in page.locator("td, th").all():
        assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth + 1")
        assert cell.evaluate("cell => parseFloat(getComputedStyle(cell).fontSize)") >= 12


def test_redraws_at_the_real_width(visit: Open) -> None:
    page = visit("bars", width=DESK)
    for width in (DESK, PHONE, 500):
        page.set_viewport_size({"width": width, "height": 800})
        frame(page)
        frame(page)
        seen = page.locator("svg").first.evaluate("svg => [svg.viewBox.baseVal.width, svg.clientWidth]")
        assert seen == [width - 32, width - 32]
    assert_shows(page, bars()["bars"])


def test_names_and_keys_of_every_control(visit: Open) -> None:
    page = visit("hot")
    assert page.get_by_role("group", name="Six classes").count() == 1
    assert page.get_by_role("img", name="Six classes: T = 1, p of plane = 0.102").count() == 1
    assert page.locator("[id]").count() == 0
    controls = page.locator("select, input, button").all()
    assert len(controls) == 1 + 6 + 3 + 2
    for control in controls:
        assert control.get_attribute("data-lm-suppress-shortcuts") == ""
        page.keyboard.press("Tab")
        assert control.evaluate("control => document.activeElement === control")
        box = control.bounding_box()
        assert box
        assert box["height"] >= 24
    assert page.get_by_role("table").count() == 2
    assert page.get_by_role("rowheader", name="plane").count() == 2


def test_screen_reader_is_told_once_the_reader_rests(visit: Open) -> None:
    page = visit("bars", alone=True)
    texts = told(page)
    slider(page, "temperature T").press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(150)
    page.clock.run_for(700)
    assert texts() == ["T = 0.071, p of cat = 1.000, p of dog = 0.000, p of bird = 0.000"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", bars())
def test_axe_finds_nothing_and_contrast_holds(visit: Open, name: str, theme: str) -> None:
    assert_whole(visit(name, theme=theme))


def test_forced_colours_keep_bars_visible(visit: Open) -> None:
    page = visit("bars", forced_colors="active")
    frame(page)
    stroke, paper = page.evaluate(
        """[["rect.share", "stroke"], ["body", "backgroundColor"]].map(([at, property]) =>
          getComputedStyle(document.querySelector(at))[property])"""
    )
    assert stroke != paper


def test_stops_when_told(visit: Open) -> None:
    page = visit("bars")
    before = page.locator("rect.share").first.get_attribute("height")
    page.evaluate("mounted[0].stop(), mounted[0].model.set('temperature', 20)")
    page.set_viewport_size({"width": PHONE, "height": 800})
    frame(page)
    assert page.locator("rect.share").first.get_attribute("height") == before
    assert page.evaluate("Object.values(mounted[0].model.listeners).every((all) => all.size === 0)")


def test_two_widgets_do_not_clash(visit: Open) -> None:
    page = visit("bars", "far", "sweep")
    slider(page, "temperature T").last.press("End")
    frame(page)
    values = [row.inner_text() for row in page.locator(".softmax-bars .range:first-child .value").all()]
    assert values == ["0.5", "20"]
