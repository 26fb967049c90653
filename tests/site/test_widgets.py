"""The widgets of the built pages, used as a reader uses them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.site.conftest import Open, Visit

MODULES = re.compile(r"/_static/widgets/[\w-]+-\w+\.js")


def widgets(seen: Visit) -> list[Locator]:
    """Return the page's live widgets."""
    places = seen.page.locator(".widget").all()
    assert places
    for place in places:
        place.scroll_into_view_if_needed()
        expect(place).to_have_attribute("data-state", "live")
    return seen.page.locator(".widget > .live").all()


def shown(widget: Locator) -> str:
    """Return all that a widget says and draws."""
    widget.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return widget.evaluate(
        "el => el.innerText + [...el.querySelectorAll('path')].map(path => path.getAttribute('d')).join(' ')"
    )


def test_keyboard_alone_moves_it(in_use: Visit) -> None:
    for widget in widgets(in_use):
        page = widget.page
        widget.scroll_into_view_if_needed()
        for slider in widget.locator("input[type=range]:visible").all():
            slider.focus()
            for key in ("ArrowRight", "ArrowLeft", "End", "Home"):
                before, value = shown(widget), slider.input_value()
                page.keyboard.press(key)
                if slider.input_value() != value:
                    assert shown(widget) != before, key


def test_every_control_is_reached_by_tab(in_use: Visit) -> None:
    for widget in widgets(in_use):
        controls = widget.locator(":is(select, input, button):visible:enabled").all()
        assert controls
        controls[0].focus()
        for control in controls[1:]:
            widget.page.keyboard.press("Tab")
            assert control.evaluate("control => document.activeElement === control")


def test_dragging_moves_it(visit: Open, widget_page: str) -> None:
    for widget in widgets(visit(widget_page)):
        # Nothing in the plots of the first two moves by hand; of the last only handles do.
        if widget.locator(".race, .fifty-layers, .hinge-builder").count():
            continue
        plot = widget.locator("svg").first
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        assert box
        middle = box["y"] + box["height"] / 2
        before = shown(widget)
        mouse = widget.page.mouse
        mouse.move(box["x"] + 0.4 * box["width"], middle)
        mouse.down()
        during = []
        for to in (0.7, 0.1):  # a slider that starts at its last value moves to the left alone
            mouse.move(box["x"] + to * box["width"], middle, steps=5)
            during.append(shown(widget))
        mouse.up()
        assert set(during) != {before}


def test_picture_stays_when_the_module_fails(visit: Open, widget_page: str) -> None:
    page = visit(widget_page, without=MODULES).page
    places = page.locator(".widget").all()
    assert places
    for place in places:
        place.scroll_into_view_if_needed()
        expect(place).to_have_attribute("data-state", "failed")
        assert place.locator("> .picture").is_visible()
