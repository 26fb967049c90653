"""The race in a browser, used as a reader uses it; its numbers are Python's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from actlib.course.numerals import number
from actlib.course.widgets import Race
from tests.course.widgets.conftest import DESK, PHONE, Open, assert_legible, assert_whole, frame, read, told
from tests.course.widgets.examples import races
from tests.fonts import in_every_font


def press(page: Page, name: str, times: int = 1) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(times):
        button.click()
    frame(page)


def counter(page: Page) -> int:
    said = re.fullmatch(r"Step (\d+) of 3000", page.locator(".counter").inner_text())
    assert said
    return int(said[1])


def images(page: Page) -> list[str]:
    found: list[str] = page.locator("canvas").evaluate_all("all => all.map((each) => each.toDataURL())")
    return found


def assert_stands(page: Page, race: Race, steps: int) -> None:
    """Check step, losses, and the share of right answers against Python."""
    frame(page)
    assert counter(page) == steps
    texts = page.locator(".state").all_inner_texts()
    for text, (_, history) in zip(texts, race.run(steps), strict=True):
        said = re.fullmatch(r"Loss (.*?)(?:, (\d+)\s%.right)?", text)
        assert said, text
        assert read([said[1]]) == [float(f"{history.loss[-1]:.3g}")]
        if said[2]:
            assert int(said[2]) == pytest.approx(100 * history.accuracy[-1], abs=0.5)


@pytest.mark.parametrize("name", races())
def test_steps_one_by_one(visit: Open, name: str) -> None:
    page, race = visit(name), races()[name]
    frame(page)
    assert_stands(page, race, 0)
    press(page, "One step", 3)
    assert_stands(page, race, 3)
    press(page, "Start over")
    assert_stands(page, race, 0)


def test_a_race_plays_pauses_and_ends_where_python_does(visit: Open) -> None:
    page = visit("race")
    before = images(page)
    page.get_by_role("combobox", name="speed").select_option(label="slow")
    press(page, "Play")
    page.wait_for_timeout(300)
    press(page, "Pause")
    steps = counter(page)
    assert steps > 0
    page.wait_for_timeout(100)
    assert counter(page) == steps
    assert all(a != b for a, b in zip(before, images(page), strict=True))
    assert_stands(page, races()["race"], steps)


@pytest.mark.parametrize(
    "settings",
    [
        {"left": "gelu", "right": "softmax", "data": "spirals", "depth": 3},
        {"left": "prelu", "data": "xor", "width": 7, "optimiser": "sgd", "rate": 0.3},
        {"data": "circles", "initialiser": "0.25", "seed": 12},
        {"data": "waves", "left": "swish", "right": "elu", "depth": 2},
    ],
    ids=str,
)
def test_settings_begin_anew(visit: Open, settings: dict[str, Any]) -> None:
    page, race = visit("race"), races()["race"]
    press(page, "One step", 2)
    for name, value in settings.items():
        setattr(race, name, value)
    page.evaluate("all => { for (const name in all) mounted[0].model.set(name, all[name]); }", settings)
    assert_stands(page, race, 0)
    press(page, "One step", 5)
    assert_stands(page, race, 5)


def test_controls_set_what_they_name(visit: Open) -> None:
    page = visit("race")
    for name, label, trait, value in (
        ("left network", "GELU, tanh form", "left", "gelu_tanh"),
        ("right network", "Softmax", "right", "softmax"),
        ("points", "a curve to fit", "data", "waves"),
        ("first weights", "Xavier", "initialiser", "xavier"),
        ("optimiser", "SGD", "optimiser", "sgd"),
        ("speed", "fast", "speed", "fast"),
    ):
        page.get_by_role("combobox", name=name, exact=True).select_option(label=label)
        assert page.evaluate("name => mounted[0].model.get(name)", trait) == value
    for name, trait, value in (
        ("hidden layers", "depth", 8),
        ("units in each", "width", 16),
        ("learning rate", "rate", 10),
    ):
        page.get_by_role("slider", name=name, exact=True).press("End")
        frame(page)
        assert page.evaluate("name => mounted[0].model.get(name)", trait) == value
        shown = page.get_by_role("slider", name=name, exact=True).get_attribute("aria-valuetext")
        assert shown == number(value)
    assert page.locator("table").first.locator("tbody tr").count() == 8
    press(page, "Other points and weights")
    assert page.evaluate("mounted[0].model.get('seed')") == 2


def test_what_leaves_the_range_of_floats_is_said_and_stops(visit: Open) -> None:
    page = visit("curve")
    page.evaluate(
        """() => {
          const all = { left: "relu", right: "relu", rate: 10, optimiser: "sgd", initialiser: "4", depth: 3 };
          for (const name in all) mounted[0].model.set(name, all[name]);
        }"""
    )
    frame(page)
    press(page, "Play")
    page.wait_for_function("() => document.querySelector('button').textContent === 'Play'")
    for text in page.locator(".state").all_inner_texts():
        assert re.match(r"Stopped in step \d+: .*(range of floats|loss is)", text), text


def test_a_screen_reader_is_told_at_a_pause(visit: Open) -> None:
    page = visit("race", alone=True)
    frame(page)
    heard = told(page)
    page.get_by_role("button", name="One step").click()
    page.clock.run_for(700)
    (text,) = heard()
    assert re.fullmatch(r"Step 1\. ReLU: Loss [\d.]+, \d+\s% right; Maxout: Loss [\d.]+, \d+\s% right", text)


@in_every_font
@pytest.mark.parametrize("width", [320, PHONE, DESK])
def test_texts_are_legible(visit: Open, width: int, family: str) -> None:
    page = visit("race", width=width, family=family)
    press(page, "One step", 2)
    assert_legible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = "all => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
    assert min(page.locator(".race :is(td, th, p, span, select, button)").evaluate_all(sizes)) >= 12


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", races())
def test_accessible(visit: Open, name: str, theme: str) -> None:
    page = visit(name, theme=theme)
    frame(page)
    assert_whole(page)


def test_nothing_runs_out_of_sight_paused_or_after_the_end(visit: Open) -> None:
    page = visit("race")
    press(page, "Play")
    page.evaluate("document.body.style.paddingTop = '4000px'")
    page.wait_for_timeout(100)
    steps = counter(page)
    page.evaluate(
        """() => {
          window.asked = 0;
          const ask = requestAnimationFrame;
          window.requestAnimationFrame = (call) => { asked += 1; return ask(call); };
        }"""
    )
    page.wait_for_timeout(150)
    assert (counter(page), page.evaluate("asked")) == (steps, 0)
    page.evaluate("document.body.style.paddingTop = '0'")
    page.wait_for_timeout(200)
    assert counter(page) > steps
    press(page, "Pause")
    page.evaluate("asked = 0")
    page.wait_for_timeout(150)
    assert page.evaluate("asked") == 0
    press(page, "Play")
    page.evaluate("mounted[0].stop()")
    page.wait_for_timeout(50)
    page.evaluate("() => { asked = 0; mounted[0].model.set('seed', 3); }")
    page.wait_for_timeout(150)
    assert page.evaluate("asked") == 0
