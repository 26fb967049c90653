"""The address of a page may name a figure and what it shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import Open, Visit


def go(seen: Visit, address: str) -> Page:
    """Go to a place on the page, as a reader who presses a link to it."""
    page = seen.page
    page.evaluate("address => { location.hash = address }", address)
    page.wait_for_selector(f".widget[id='{address.split('?')[0]}'][data-state=live]")
    return page


def shown(page: Page) -> list[str]:
    """Return what each slider of the page's figures stands for, once it is drawn."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.eval_on_selector_all(
        ".live input[type=range]", "all => all.map(input => input.getAttribute('aria-valuetext'))"
    )


PLACES = [
    ("softmax", "bars?temperature=2&logits=1 0.5 -2 0", ["2", "1.0", "0.5", "−2.0", "0.0"]),
    ("gelu", "explorer?x=-1.5", ["−1.50"]),
    ("swish", "explorer?x=1&value=2", ["1.00", "2"]),
    ("maxout", "builder?target=|x|&lines=-1 0,1 0", ["−1", "0"]),
    ("depth", "sweep?value=2", ["2"]),
]


@pytest.mark.parametrize(("chapter", "address", "wanted"), PLACES)
def test_a_link_opens_a_figure_at_a_setting(
    visit: Open, chapter: str, address: str, wanted: list[str]
) -> None:
    seen = visit(chapter)
    page = go(seen, address)
    assert shown(page) == wanted
    page.reload()
    figure = page.locator(f".widget[id={address.split('?')[0]}]")
    expect(figure).to_have_attribute("data-state", "live")
    expect(figure).to_be_in_viewport()
    assert shown(page) == wanted
    assert seen.complaints == []


@pytest.mark.parametrize(
    ("chapter", "address"),
    [
        ("softmax", "bars?temperature=hot&truth=constructor&logits=1 2&guess=4"),
        ("softmax", "bars?logits=1 2 1e9"),
        ("gelu", "explorer?x=NaN&value=2&powers=maybe&title=Mine&__proto__=1"),
        ("maxout", "builder?lines=1 2 3, &selected=-1"),
        ("maxout", "builder?lines=0 0,0 0,0 0,0 0,0 0,0 0,0 0"),
        ("depth", "sweep?value=1.2345&choice=none"),
    ],
)
def test_what_a_figure_cannot_show_changes_nothing(visit: Open, chapter: str, address: str) -> None:
    seen = visit(chapter)
    before = shown(go(seen, f"{address.split('?')[0]}?"))
    assert before
    assert shown(go(seen, address)) == before
    assert seen.complaints == []


def test_a_copied_link_leads_to_what_is_shown_and_reset_to_the_beginning(visit: Open) -> None:
    seen = visit("softmax")
    page = go(seen, "bars?")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    begin = shown(page)
    figure = page.locator("#bars")
    assert figure.get_by_role("button", name="Reset").is_disabled()
    page.locator("#bars input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    moved = shown(page)
    assert moved != begin
    figure.get_by_role("button", name="Copy a link to this").click()
    page.get_by_text("Copied: the link opens this figure as it is now.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    other = visit("softmax")
    assert shown(go(other, link.split("#")[1])) == moved
    figure.get_by_role("button", name="Reset").click()
    assert shown(page) == begin


def test_no_link_tells_a_guess(visit: Open) -> None:
    page = go(visit("gelu"), "explorer?")
    page.locator("#explorer").get_by_role("button", name="Show me").click()
    page.locator("#explorer").get_by_role("button", name="Copy a link to this").click()
    expect(page).to_have_url(re.compile("x="))
    assert "guess" not in page.url
