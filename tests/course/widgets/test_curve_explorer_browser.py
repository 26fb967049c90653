"""The curve explorer in a browser, on the state that Python made, used as a reader uses it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from actlib import sigmoid
from actlib.contract.activation import Elementwise
from tests.course.widgets.conftest import (
    DESK,
    PHONE,
    Open,
    assert_legible,
    contrast,
    frame,
    show_me,
    told,
)
from tests.course.widgets.examples import BETAS, Gated, explorers
from tests.fonts import in_every_font


def slider(page: Page, name: str = "x") -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def printed(value: Any) -> str:
    """Return what the widget must show for a value: five digits, typeset."""
    digits, _, exponent = f"{value:#.5g}".partition("e")
    raised = str(int(exponent or 0)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return digits.replace("-", "−") + (f" × 10{raised}" if exponent else "")


def assert_shows(page: Page, f: Elementwise, x: float, symbol: str = "f") -> None:
    frame(page)
    assert page.locator(".numbers span").all_text_contents() == [
        f"{symbol}(x) = {printed(f(x))}",
        f"{symbol}′(x) = {printed(f.derivative(x))}",
    ]
    assert float(page.locator(".value").first.inner_text().replace("−", "-")) == x
    assert page.evaluate("mounted[0].model.get('x')") == x


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_keyboard_moves_x_and_shows_actlibs_numbers(visit: Open, width: int) -> None:
    page = visit("plain", width=width)
    assert_shows(page, sigmoid, -1.5, "σ")
    slider(page).focus()
    for key, x in [("ArrowRight", -1.45), ("ArrowDown", -1.5), ("PageUp", 0.1), ("Home", -8), ("End", 8)]:
        page.keyboard.press(key)
        assert_shows(page, sigmoid, x, "σ")
    assert slider(page).get_attribute("aria-valuetext") == "8.00"
    assert page.evaluate("mounted[0].model.saved") == 5


def test_positions_all_over_both_scales_show_actlibs_numbers(visit: Open) -> None:
    page = visit("plain")
    shown = page.evaluate(
        """async () => {
          const x = document.querySelector(".range input"), shown = [];
          for (const log of [false, true]) {
            if (log) document.querySelector(".checkbox input").click();
            await new Promise(requestAnimationFrame);
            for (let i = 0; i <= Number(x.max); i += 8) {
              x.value = i;
              x.dispatchEvent(new Event("input"));
              await new Promise(requestAnimationFrame);
              shown.push([".value", ".numbers .f", ".numbers .slope"].map((at) =>
                document.querySelector(at).textContent));
            }
          }
          return shown;
        }"""
    )
    assert len(shown) == 41 + 51
    for x_text, f_text, slope_text in shown:
        x = float(x_text.replace("−", "-"))
        assert f_text == f"σ(x) = {printed(sigmoid(x))}"
        assert slope_text == f"σ′(x) = {printed(sigmoid.derivative(x))}"


def points(page: Page) -> dict[str, float]:
    """Return where the dots are, in CSS pixels of the page."""
    return page.evaluate(
        """() => {
          const [ring, dot] = [...document.querySelectorAll("circle")].map((c) => c.getBoundingClientRect());
          const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
          return { x: middle(dot)[0], y: middle(dot)[1], slope: middle(ring)[1] };
        }"""
    )


@pytest.mark.parametrize("touch", [False, True])
def test_dragging_moves_x(visit: Open, touch: bool) -> None:
    page = visit("plain", width=PHONE, has_touch=touch)
    box = page.locator("svg").first.bounding_box()
    assert box
    start, end = box["x"] + 0.3 * box["width"], box["x"] + 0.8 * box["width"]
    height = box["y"] + 100
    if touch:
        page.touchscreen.tap(end, height)
    else:
        page.mouse.move(start, height)
        page.mouse.down()
        page.mouse.move(end, height - 500, steps=4)
        page.mouse.up()
        frame(page)
        page.mouse.move(start, height)
    frame(page)
    assert points(page)["x"] == pytest.approx(end, abs=1.5)
    assert_shows(page, sigmoid, page.evaluate("mounted[0].model.get('x')"), "σ")


def test_right_button_does_not_drag(visit: Open) -> None:
    page = visit("plain")
    page.locator("svg").first.click(button="right", position={"x": 500, "y": 100})
    assert_shows(page, sigmoid, -1.5, "σ")


def test_plot_takes_vertical_swipes_for_the_page_and_selects_no_text(visit: Open) -> None:
    style = (
        visit("plain")
        .locator("svg")
        .first.evaluate("svg => [getComputedStyle(svg).touchAction, getComputedStyle(svg).userSelect]")
    )
    assert style == ["pan-y", "none"]


def test_tangent_touches_the_curve_with_the_slope_shown(visit: Open) -> None:
    page = visit("plain")
    tangent, curve = (
        [float(number) for number in re.findall(r"-?[\d.]+", page.locator(path).get_attribute("d") or "")]
        for path in ("path.tangent", "path.f")
    )
    dot = [float(page.locator("circle.f").get_attribute(name) or "") for name in ("cx", "cy")]
    x0, y0, x1, y1 = tangent
    assert [(x0 + x1) / 2, (y0 + y1) / 2] == pytest.approx(dot, abs=0.1)
    run = (curve[-2] - curve[0]) / 16
    rise = (curve[1] - curve[-1]) / (sigmoid(8) - sigmoid(-8))
    assert -(y1 - y0) / rise / ((x1 - x0) / run) == pytest.approx(sigmoid.derivative(-1.5), rel=2e-3)


def test_log_scale_shows_the_tails(visit: Open) -> None:
    page = visit("plain")
    note = page.get_by_text("Zero has no place on this scale")
    assert not note.is_visible()
    slider(page).focus()
    page.get_by_role("checkbox", name="Log scale, to see the tails").check()
    frame(page)
    assert note.is_visible()
    assert_shows(page, sigmoid, -1.4, "σ")
    assert page.locator("svg text").filter(has_text="10⁻¹⁵").count() == 1
    assert page.locator("svg text.name").all_text_contents() == ["x", "|σ|", "|σ′|"]
    slider(page).focus()
    page.keyboard.press("Home")
    assert_shows(page, sigmoid, -40, "σ")
    left = points(page)
    page.keyboard.press("End")
    assert_shows(page, sigmoid, 40, "σ")
    right = points(page)
    assert left["slope"] == pytest.approx(left["y"], abs=0.5)
    assert right["slope"] == pytest.approx(left["slope"], abs=0.5)
    assert right["y"] < right["slope"] - 200
    page.get_by_role("checkbox").uncheck()
    assert_shows(page, sigmoid, 8, "σ")


def test_exact_zeros_have_no_place_on_the_log_scale(visit: Open) -> None:
    page = visit("ramp")
    page.get_by_role("checkbox").check()
    slider(page).focus()
    page.keyboard.press("Home")
    frame(page)
    assert page.locator(".numbers span").all_text_contents() == ["f(x) = 0", "f′(x) = 0"]
    assert page.locator("path.f").get_attribute("d", timeout=1000).count("M") == 1
    assert all(float(dot.get_attribute("cy") or "") < 0 for dot in page.locator("circle").all())


def test_parameter_slider_picks_a_computed_function(visit: Open) -> None:
    page = visit("family")
    show_me(page)
    page.evaluate("mounted[0].model.set('x', 1)")
    curve = page.locator("path.f")
    seen = set()
    slider(page, "beta").focus()
    page.keyboard.press("Home")
    for beta in BETAS:
        assert_shows(page, Gated(beta), 1)
        assert slider(page, "beta").get_attribute("aria-valuetext") == f"{beta:g}"
        assert f"for beta = {beta:g}." in page.get_by_role("status").first.inner_text()
        seen.add(curve.get_attribute("d"))
        page.keyboard.press("ArrowRight")
    assert len(seen) == len(BETAS)


def test_answer_comes_after_the_guess(visit: Open) -> None:
    page = visit("question")
    verdict = page.get_by_role("status").first
    assert page.get_by_text("Where is the slope steepest?").is_visible()
    assert page.locator(".numbers .slope").inner_text() == "f′(x): after your guess"
    assert page.locator("path.slope").get_attribute("d") == ""
    assert page.locator("path.answer").get_attribute("d") == ""
    assert verdict.inner_text() == ""
    assert "′" not in page.locator("svg").first.text_content()
    page.evaluate("mounted[0].model.set('x', 2.05)")
    frame(page)
    page.get_by_role("button", name="Check my guess").click()
    frame(page)
    assert verdict.inner_text() == "You chose x = 2.05: the computed answer is x = 0."
    assert page.locator("path.slope").get_attribute("d") != ""
    assert page.locator("path.answer").get_attribute("d") != ""
    assert_shows(page, sigmoid, 2.05)
    page.evaluate("mounted[0].model.set('x', 0.25)")
    page.get_by_role("button", name="Check my guess").click()
    frame(page)
    assert verdict.inner_text() == "Yes: the computed answer is x = 0."


def test_redraws_at_the_real_width(visit: Open) -> None:
    page = visit("plain", width=DESK)
    for width in (DESK, PHONE, 500):
        page.set_viewport_size({"width": width, "height": 800})
        frame(page)
        frame(page)
        seen = page.locator("svg").first.evaluate("svg => [svg.viewBox.baseVal.width, svg.clientWidth]")
        assert seen == [width - 32, width - 32]
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", explorers())
@pytest.mark.parametrize("log", [False, True])
@in_every_font
def test_text_in_the_plot_is_legible_on_a_phone_and_stays_inside(
    visit: Open, name: str, family: str, log: bool
) -> None:
    page = visit(name, width=PHONE, family=family)
    page.get_by_role("checkbox").set_checked(log)
    frame(page)
    assert_legible(page)


@pytest.mark.parametrize("log", [False, True])
@in_every_font
def test_names_of_lines_never_meet_the_dots(visit: Open, family: str, log: bool) -> None:
    page = visit("plain", width=PHONE, family=family)
    page.get_by_role("checkbox").set_checked(log)
    slider(page).focus()
    page.keyboard.press("End")
    frame(page)
    ends = page.evaluate(
        """[".name.f", ".name.slope", "circle"]
          .map((at) => document.querySelector(at).getBoundingClientRect())
          .map(({ left, right }) => [left, right])"""
    )
    assert min(ends[0][0], ends[1][0]) >= ends[2][1] - 0.5


def test_two_widgets_do_not_clash(visit: Open) -> None:
    page = visit("plain", "question")
    first, second = page.get_by_role("group").all()
    assert page.locator("[id]").count() == 0
    second.get_by_role("slider", name="x").focus()
    page.keyboard.press("End")
    frame(page)
    assert first.locator(".value").first.inner_text() == "−1.50"
    assert second.locator(".value").first.inner_text() == "8.00"
    assert first.get_attribute("aria-label") == "Sigmoid"


def test_names_and_keys_of_every_control(visit: Open) -> None:
    page = visit("family")
    assert page.get_by_role("img", name="Gated: f", exact=True).count() == 1
    controls = page.locator("input, button").all()
    assert len(controls) == 5
    for control in controls:
        assert control.get_attribute("data-lm-suppress-shortcuts") == ""
        page.keyboard.press("Tab")
        assert control.evaluate("control => document.activeElement === control")
        box = control.bounding_box()
        assert box
        assert box["height"] >= 24 or control.get_attribute("type") == "checkbox"
    assert page.locator("label").count() == 3


def test_screen_reader_is_told_once_the_reader_rests(visit: Open) -> None:
    page = visit("plain", alone=True)
    texts = told(page)
    slider(page).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(150)
    page.clock.run_for(700)
    want = f"x = −1.25, σ(x) = {printed(sigmoid(-1.25))}, σ′(x) = {printed(sigmoid.derivative(-1.25))}"
    assert texts() == [want]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(visit: Open, theme: str) -> None:
    page = visit("question", theme=theme)
    show_me(page)
    colours = page.evaluate(
        """() => {
          const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
          const of = (at, property) => rgb(getComputedStyle(document.querySelector(at))[property]);
          return {
            page: of("body", "backgroundColor"),
            strokes: ["path.f", "path.slope", "path.answer", "path.tangent"].map((at) => of(at, "stroke")),
            texts: [".name.f", ".name.slope", "svg g text"].map((at) => of(at, "fill")),
            html: [".numbers .f", ".numbers .slope", "button", ".question"].map((at) => of(at, "color")),
          };
        }"""
    )
    paper = colours.pop("page")
    for group in colours.values():
        for colour in group:
            assert contrast(colour, paper) >= 4.5, colour


def test_forced_colours_keep_curves_visible(visit: Open) -> None:
    page = visit("plain", forced_colors="active")
    frame(page)
    stroke, paper = page.evaluate(
        """[["path.f", "stroke"], ["body", "backgroundColor"]].map(([at, property]) =>
          getComputedStyle(document.querySelector(at))[property])"""
    )
    assert stroke != paper


def test_stops_when_told(visit: Open) -> None:
    page = visit("plain")
    before = page.locator("path.rule").get_attribute("d")
    page.evaluate("mounted[0].stop(), mounted[0].model.set('x', 5)")
    page.set_viewport_size({"width": PHONE, "height": 800})
    frame(page)
    assert page.locator("path.rule").get_attribute("d") == before
    assert page.evaluate("Object.values(mounted[0].model.listeners).every((all) => all.size === 0)")


def test_latency(visit: Open) -> None:
    page = visit("family")
    show_me(page)
    times = page.evaluate(
        """async () => {
          const times = {};
          for (const [name, input] of [["x", ".range input"], ["parameter", ".range:nth-child(2) input"]]) {
            const slider = document.querySelector(input);
            times[name] = [];
            for (let i = 0; i < 60; i++) {
              await new Promise((done) => setTimeout(done, 7 + i % 17));
              const start = performance.now();
              slider.value = i % (Number(slider.max) + 1);
              slider.dispatchEvent(new Event("input"));
              await new Promise((done) => requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = done;
                port2.postMessage(0);
              }));
              times[name].push(performance.now() - start);
            }
          }
          return times;
        }"""
    )
    for name, milliseconds in times.items():
        ordered = sorted(milliseconds)
        print(f"{name}: input to frame, median {ordered[30]:.1f} ms, p95 {ordered[57]:.1f} ms")
        assert len(milliseconds) == 60
