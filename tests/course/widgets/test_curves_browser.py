"""The curves in a browser, used as a reader uses them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from actlib.course.widgets import Curves
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
)
from tests.fonts import in_every_font


def slider(page: Page, name: str = "x") -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def assert_shows(page: Page, widget: Curves) -> None:
    """Check the read-outs against actlib."""
    frame(page)
    wanted = [float(y) for y in widget._lines(widget.x).values()]
    assert read([text for text in page.locator(".numbers span").all_text_contents() if text]) == [
        float(f"{y:.3g}") for y in wanted
    ]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_keyboard_alone_shows_any_function(visit: Open, width: int) -> None:
    page = visit("one", width=width)
    widget = Curves("tanh")
    assert_shows(page, widget)
    slider(page).focus()
    page.keyboard.press("ArrowLeft")
    widget.x = 0.96
    assert_shows(page, widget)
    page.get_by_role("combobox", name="f", exact=True).select_option("Swish")
    widget.function = "swish"
    assert_shows(page, widget)
    slider(page, "beta").focus()
    page.keyboard.press("End")
    widget.function_value = 10
    assert_shows(page, widget)
    page.get_by_role("combobox", name="g", exact=True).select_option("GELU, tanh form")
    widget.beside = "gelu_tanh"
    assert_shows(page, widget)
    page.get_by_role("combobox", name="x from", exact=True).select_option("−40 to 40")
    widget.reach = 40
    assert_shows(page, widget)
    most, at = widget.distance
    assert page.get_by_text("differ by at most").inner_text() == (
        f"On this plot f and g differ by at most {most:.3g}, at x = {at:.3g}".replace("-", "−")
    )
    assert {name: state(page, name) for name in ("function", "function_value", "beside", "reach", "x")} == {
        "function": "swish",
        "function_value": 10,
        "beside": "gelu_tanh",
        "reach": 40,
        "x": 0.96,
    }


def test_a_slope_that_jumps_is_drawn_with_a_gap(visit: Open) -> None:
    page = visit("one")
    assert "M" not in str(page.locator("path.line-1").get_attribute("d"))[1:]
    page.get_by_role("combobox", name="f", exact=True).select_option("ReLU")
    frame(page)
    left, right = str(page.locator("path.line-1").get_attribute("d"))[1:].split("M")
    assert left.split("L")[-1].split()[0] == right.split("L")[0].split()[0]


def test_the_same_function_twice_is_said_to_be_the_same(visit: Open) -> None:
    page = visit("one")
    page.get_by_role("combobox", name="g", exact=True).select_option("Tanh")
    page.get_by_text("On this plot f and g are the same").wait_for()


def test_a_drag_across_the_plot_moves_x(visit: Open) -> None:
    page = visit("two")
    box = page.locator("svg svg").bounding_box()
    assert box
    widget = Curves("swish", value=2.5, beside="relu", reach=8, x=-1)
    assert_shows(page, widget)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 50, steps=5)
    page.mouse.up()
    widget.x = state(page, "x")
    assert widget.x == pytest.approx(4, abs=0.081)  # a step
    assert_shows(page, widget)


def test_a_screen_reader_is_told_once_it_rests(visit: Open) -> None:
    page = visit("one", alone=True)
    said = told(page)
    slider(page).press("ArrowRight")
    page.clock.run_for(499)
    assert said() == []
    page.clock.run_for(1000)
    assert said() == ["f(x) = 0.778, f′(x) = 0.395"]


@in_every_font
@pytest.mark.parametrize("width", [320, PHONE, DESK])
def test_texts_are_legible(visit: Open, family: str, width: int) -> None:
    page = visit("two", width=width, family=family)
    assert_legible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_whole(visit: Open, theme: str) -> None:
    assert_whole(visit("two", theme=theme))
