"""A widget with a question says what it waits for, and gives its answer with or without a guess."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.course.widgets.conftest import Open, frame, show_me

WAITS = {
    "question": "f′ stays hidden until you check your guess.",
    "family": "f′ stays hidden until you check your guess.",
    "choices": "The curves stay at gain g = 0.5 until you check your guess.",
    "hot": "Probabilities, losses and Jacobian stay at T = 1 until you check your guess.",
    "fit": "The best fit stays hidden until you check your lines.",
    "draw": "f′ stays hidden until you check your line.",
}
"""Every example with a question, and its note."""
RESTS = {
    "question": ".numbers .slope",
    "family": ".numbers .slope",
    "choices": "svg",
    "hot": "svg",
    "draw": ".numbers",
}
ANSWERS = {
    "question": "The computed answer is x = 0.",
    "family": "The computed answer is x = −1.278 for beta = 1.",
    "choices": "The computed answer is gain g = 1.313 for tanh.",
    "hot": "The computed answer is T = 0.2 for the logits 1.5, −4, 0, 3, −1.2, 2.9.",
    "fit": "With 3 lines it can be 0.05556 for x².",
    "draw": "f′ goes from −0.001 at x = −4 to 1 at x = 4, "
    "lowest −0.129 at x = −1.41, highest 1.13 at x = 1.41.",
}
HINT = re.compile("(Move|Draw) ")


def check(page: Page) -> Locator:
    return page.get_by_role("button", name="Check my")


def status(page: Page) -> str:
    return page.get_by_role("status").first.inner_text()


def model(page: Page) -> Any:
    return page.evaluate("structuredClone(mounted[0].model.state)")


def press_end(page: Page) -> None:
    """Move what the reader guesses with."""
    page.get_by_role("slider").first.press("End")
    frame(page)


@pytest.mark.parametrize("name", WAITS)
def test_the_note_stands_between_question_and_plot(visit: Open, name: str) -> None:
    page = visit(name)
    middles = page.evaluate(
        """note => [".question", note, ".actlib-widget > svg"].map((at) => {
             const { top, bottom } = document.querySelector(at).getBoundingClientRect();
             return (top + bottom) / 2;
           })""",
        ".question + p",
    )
    assert page.locator(".question + p").inner_text() == WAITS[name]
    assert middles == sorted(middles)


@pytest.mark.parametrize("name", WAITS)
def test_a_guess_is_checked_once_it_was_moved(visit: Open, name: str) -> None:
    page = visit(name)
    assert check(page).get_attribute("aria-disabled") == "true"
    before = model(page)
    check(page).focus()
    page.keyboard.press("Enter")
    frame(page)
    assert model(page) == before
    assert HINT.match(status(page))
    press_end(page)
    assert status(page) == ""
    assert check(page).get_attribute("aria-disabled") == "false"
    check(page).click()
    frame(page)
    assert status(page) != ""


@pytest.mark.parametrize("name", RESTS)
def test_a_click_on_what_rests_says_why(visit: Open, name: str) -> None:
    page = visit(name)
    page.locator(RESTS[name]).first.click(position={"x": 4, "y": 4})
    frame(page)
    note = page.locator(".question + p")
    assert note.inner_text().startswith(f"{WAITS[name]} ")
    assert HINT.match(note.inner_text().removeprefix(f"{WAITS[name]} "))
    assert note.evaluate("note => getComputedStyle(note).borderLeftWidth") == "4px"


@pytest.mark.parametrize("name", WAITS)
def test_the_answer_is_there_for_who_does_not_guess(visit: Open, name: str) -> None:
    page = visit(name)
    before, sentences = model(page), page.locator(".actlib-widget").inner_text()
    page.get_by_role("button", name="Show me").focus()
    page.keyboard.press("Space")
    frame(page)
    assert status(page) == ANSWERS[name]
    assert not page.locator(".question + p").is_visible()
    assert model(page)["guess"] is not None
    check(page).press("Enter")
    frame(page)
    assert status(page).startswith(f"{ANSWERS[name]} ")
    assert HINT.match(
        status(page).removeprefix(f"{ANSWERS[name]} ")
    )  # who knows the answer does not guess it
    again = page.get_by_role("button", name="Start again")
    again.focus()
    page.keyboard.press("Space")
    frame(page)
    assert model(page) == before
    assert page.locator(".actlib-widget").inner_text() == sentences
    assert check(page).get_attribute("aria-disabled") == "true"


def test_the_answer_follows_the_choice(visit: Open) -> None:
    page = visit("choices")
    page.get_by_role("combobox", name="activation").select_option("relu")
    show_me(page)
    assert status(page) == "The computed answer is gain g = 1 for relu."
