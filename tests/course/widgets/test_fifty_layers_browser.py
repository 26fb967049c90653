"""The fifty layers in a browser, used as a reader uses them; their numbers are Python's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from actlib.course.widgets import FiftyLayers
from tests.course.widgets.conftest import (
    DESK,
    PHONE,
    Open,
    assert_legible,
    assert_whole,
    frame,
    read,
    told,
    touch,
)
from tests.course.widgets.examples import stacks
from tests.fonts import in_every_font


def slider(page: Page, name: str = "gain g") -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def drawn(page: Page) -> None:
    """Wait until the weights are there and the figure is drawn."""
    page.wait_for_selector(".fifty-layers[aria-busy=false]")
    frame(page)


def image(page: Page) -> str:
    """Return the strip as the page shows it."""
    shown: str = page.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    return shown


def state(page: Page) -> dict[str, Any]:
    return {
        name: page.evaluate("name => mounted[0].model.get(name)", name)
        for name in ("function", "gain", "depth", "seed")
    }


def assert_shows(page: Page) -> None:
    """Check that the numbers are those of Python at these settings."""
    drawn(page)
    widget = FiftyLayers(**state(page))
    found, law = widget.send()[0], widget.law()
    texts = page.locator(".numbers span").all_text_contents()
    depth = widget.depth
    for text, name, layer in zip(texts, ("signal", "gradient"), (depth, 0), strict=True):
        said = re.fullmatch(rf"{name} in layer {layer}: (.*), by the law (.*)", text)
        assert said, text
        for number, sizes in zip(said.groups(), (found, law), strict=True):
            assert read([number]) == [float(f"{getattr(sizes, name)[layer]:.3g}")]
    for line in ("line-0", "line-1"):
        assert len(re.findall("M", page.locator(f"path.dots.{line}").get_attribute("d") or "")) == depth + 1


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_keyboard_moves_gain_and_depth(visit: Open, width: int) -> None:
    page = visit("stack", width=width)
    assert_shows(page)
    slider(page).press("End")
    assert_shows(page)
    assert state(page)["gain"] == 16
    slider(page).press("ArrowLeft")
    assert_shows(page)
    slider(page, "layers").press("Home")
    assert_shows(page)
    assert state(page)["depth"] == 5


def test_function_weights_and_gains_by_name(visit: Open) -> None:
    page = visit("stack")
    page.get_by_role("combobox", name="function").select_option(label="GELU, tanh form")
    assert_shows(page)
    page.get_by_role("button", name="Its own gain, 1.534").click()
    assert_shows(page)
    assert state(page) == {"function": "gelu_tanh", "gain": 1.534, "depth": 6, "seed": 1}
    page.get_by_role("button", name="Gain √2").click()
    page.get_by_role("button", name="Draw other weights").click()
    assert_shows(page)
    assert state(page) == {"function": "gelu_tanh", "gain": 1.414, "depth": 6, "seed": 2}


def test_a_finger_across_the_plot_moves_the_gain(visit: Open) -> None:
    page = visit("stack", width=PHONE, has_touch=True)
    box = page.locator("svg").first.bounding_box()
    assert box
    touch(page, [(150, box["y"] + 60), (170, box["y"] + 60), (200, box["y"] + 62)])
    assert state(page)["gain"] > 1.5
    assert_shows(page)


def test_where_sizes_leave_float32_is_said(visit: Open) -> None:
    page = visit("stack")
    page.evaluate("mounted[0].model.set('gain', 16)")
    page.evaluate("mounted[0].model.set('function', 'elu')")
    page.evaluate("mounted[0].model.set('depth', 40)")
    drawn(page)
    sizes = FiftyLayers("elu", gain=16, depth=40).send()[0].signal
    first = next(layer for layer, size in enumerate(sizes) if size > 3.4e38)
    sentence = page.locator(".fifty-layers > p", has_text="On its way back").inner_text()
    assert (
        f"The signal overflows: in layer {first} it is above 3.4 × 10³⁸, too large for float32." in sentence
    )


def test_the_strip_shows_where_the_pre_activations_lie(visit: Open) -> None:
    page = visit("stack")
    drawn(page)
    before = image(page)
    slider(page).press("End")
    drawn(page)
    assert image(page) != before


def test_a_screen_reader_is_told_once_the_reader_rests(visit: Open) -> None:
    page = visit("flat", alone=True)
    drawn(page)
    heard = told(page)
    for _ in range(3):
        slider(page).press("ArrowRight")
    assert heard() == []
    page.clock.run_for(600)
    (text,) = heard()
    assert text.startswith("ReLU, gain g = 1.68. The signal grows by a factor of ")


@in_every_font
@pytest.mark.parametrize("width", [320, PHONE, DESK])
def test_texts_are_legible(visit: Open, width: int, family: str) -> None:
    page = visit("stack", width=width, family=family)
    for gain in (0.25, 1, 16):
        page.evaluate("gain => mounted[0].model.set('gain', gain)", gain)
        drawn(page)
        assert_legible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(visit: Open, theme: str) -> None:
    page = visit("stack", theme=theme)
    drawn(page)
    assert_whole(page)


def test_nothing_runs_out_of_sight_or_after_the_end(visit: Open) -> None:
    page = visit("plain", "stack")
    page.evaluate("document.body.style.paddingTop = '4000px'")
    frame(page)
    frame(page)
    page.evaluate(
        """() => {
          window.asked = 0;
          const ask = requestAnimationFrame;
          window.requestAnimationFrame = (call) => { asked += 1; return ask(call); };
          mounted[1].model.set("seed", 5);
        }"""
    )
    page.wait_for_timeout(100)
    # The change is drawn, the weights wait.
    page.evaluate("asked = 0")
    page.wait_for_timeout(200)
    assert page.evaluate("asked") == 0
    assert page.locator(".fifty-layers").get_attribute("aria-busy") == "true"
    page.evaluate("document.body.style.paddingTop = '0'")
    drawn(page)
    # What has ended while weights were awaited draws none when it comes back into view.
    page.evaluate("document.body.style.paddingTop = '4000px'")
    frame(page)
    page.evaluate("mounted[1].model.set('seed', 6)")
    page.wait_for_timeout(100)
    page.evaluate("() => { mounted[1].stop(); asked = 0; document.body.style.paddingTop = '0'; }")
    page.wait_for_timeout(150)
    assert page.evaluate("asked") == 0


def test_a_theme_is_followed(visit: Open) -> None:
    page = visit("stack")
    drawn(page)
    before = image(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    frame(page)
    assert image(page) != before


def test_the_example_is_what_the_page_shows_first(visit: Open) -> None:
    for name, widget in stacks().items():
        page = visit(name)
        assert_shows(page)
        assert state(page)["function"] == widget.function
