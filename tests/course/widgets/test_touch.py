"""Fingers on the widgets, on a page that can scroll both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.course.widgets.conftest import PHONE, Open, frame, state

WAYS = pytest.mark.parametrize("way", [-1, 1], ids=["up", "down"])
STEPS = 12
SIDES = ("x", "y", "width", "height")


class Swipe(NamedTuple):
    """What a finger that moved and was lifted has done."""

    cancelled: int
    scrolled: float


def tall(visit: Open, name: str) -> Page:
    """Open a widget in the middle of a page that is some screens long, half scrolled."""
    page = visit(name, width=PHONE, has_touch=True, is_mobile=True)
    page.evaluate(
        """() => {
          document.body.style.paddingBlock = "2000px";
          document.querySelector("svg").scrollIntoView({ block: "center" });
          window.cancelled = 0;
          addEventListener("pointercancel", () => { window.cancelled += 1; }, true);
        }"""
    )
    frame(page)
    return page


def swipe(
    page: Page, at: tuple[float, float], by: tuple[float, float], held: Callable[[], None] = lambda: None
) -> Swipe:
    """Put a finger down, move it in small steps, call `held`, lift the finger."""
    session = page.context.new_cdp_session(page)
    before = page.evaluate("scrollY")
    for step in range(STEPS + 1):
        point = {"x": at[0] + by[0] * step / STEPS, "y": at[1] + by[1] * step / STEPS}
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        frame(page)
    held()
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    frame(page)
    return Swipe(page.evaluate("cancelled"), page.evaluate("scrollY") - before)


def middle(page: Page, selector: str, index: int = 0) -> tuple[float, float]:
    x, y = (
        page.locator(selector)
        .nth(index)
        .evaluate(
            """node => {
          const box = node.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        }"""
        )
    )
    return x, y


@WAYS
def test_a_bar_follows_a_finger_and_the_page_stays(visit: Open, way: int) -> None:
    page = tall(visit, "bars")
    _, y = middle(page, "rect.handle", 1)
    done = swipe(page, middle(page, "rect.handle", 1), (0, 40 * way))
    assert done == Swipe(0, 0)
    assert state(page, "logits") == [2, pytest.approx(1 - way * 40 / 170 * 13.4, abs=0.051), -0.5]
    assert middle(page, "rect.handle", 1)[1] == pytest.approx(y + 40 * way, abs=1)


@WAYS
@pytest.mark.parametrize("part", ["text", ".reach"])
def test_a_line_follows_a_finger_and_the_page_stays(visit: Open, part: str, way: int) -> None:
    page = tall(visit, "builder")
    selector = f".handle {part}"
    start, rests = middle(page, selector, 2), middle(page, selector, 3)

    def held() -> None:
        assert middle(page, selector, 2) == pytest.approx((start[0], start[1] + 45 * way), abs=0.5)
        assert middle(page, selector, 3) == pytest.approx(rests, abs=0.5)

    assert swipe(page, start, (0, 45 * way), held) == Swipe(0, 0)
    first, (w, _) = state(page, "lines")
    assert first == [-1, -0.25]
    # The plot is as many pixels high and wide as its inner svg, and 2 wide in x.
    _, _, width, height = (float(page.locator("svg svg").get_attribute(name) or 0) for name in SIDES)
    low, high = state(page, "y_ranges")[0]
    rise = (start[1] + 45 * way - rests[1]) * (high - low) / height
    assert w == pytest.approx(rise / ((rests[0] - start[0]) * 2 / width), abs=0.0051)


@WAYS
@pytest.mark.parametrize(("name", "trait"), [("plain", "x"), ("sweep", "value")])
def test_a_scroll_that_begins_on_curves_moves_nothing(visit: Open, name: str, trait: str, way: int) -> None:
    page = tall(visit, name)
    before = state(page, trait)
    x, y = middle(page, "svg")
    done = swipe(page, (x + 40, y), (6, 90 * way))
    assert abs(done.scrolled) > 30
    assert np.sign(done.scrolled) == -way
    assert state(page, trait) == before


@pytest.mark.parametrize(
    ("name", "trait", "value"),
    [("plain", "x", lambda x: x > 3), ("sweep", "value", lambda value: value == 2)],
)
def test_a_finger_across_curves_moves_them_and_the_page_stays(
    visit: Open, name: str, trait: str, value: Any
) -> None:
    page = tall(visit, name)
    assert swipe(page, middle(page, "svg"), (60, 8)) == Swipe(0, 0)
    assert value(state(page, trait))


def test_a_tap_moves_x(visit: Open) -> None:
    page = tall(visit, "plain")
    x, y = middle(page, "svg")
    assert swipe(page, (x + 60, y), (1, 1)).scrolled == 0
    assert middle(page, "circle.f")[0] == pytest.approx(x + 60, abs=2)


@WAYS
@pytest.mark.parametrize("name", ["bars", "builder"])
def test_beside_the_handles_a_finger_scrolls_the_page(visit: Open, name: str, way: int) -> None:
    page = tall(visit, name)
    before = [state(page, trait) for trait in ("lines", "logits")]
    box = page.locator("svg").first.bounding_box()
    assert box
    done = swipe(page, (box["x"] + 8, box["y"] + 130), (0, 90 * way))
    assert np.sign(done.scrolled) == -way
    assert [state(page, trait) for trait in ("lines", "logits")] == before


@pytest.mark.parametrize("name", ["question", "choices", "hot", "fit"])
def test_what_a_finger_presses_is_as_large_as_one(visit: Open, name: str) -> None:
    page = visit(name, width=PHONE, has_touch=True, is_mobile=True)
    frame(page)
    height = "all => all.map(element => element.getBoundingClientRect().height)"
    for kind, least in (("button:visible", 44), ("label", 44), ("select", 44), ("input[type=checkbox]", 24)):
        assert all(size >= least for size in page.locator(kind).evaluate_all(height)), kind
