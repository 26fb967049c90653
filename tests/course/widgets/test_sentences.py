"""Every sentence, label, shade and bound of a widget is, whole, what Python says in the same state."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from actlib.course.numerals import padded
from actlib.course.widgets import (
    CurveExplorer,
    Curves,
    DrawGuess,
    FiftyLayers,
    HingeBuilder,
    MaxoutBuilder,
    Race,
    SoftmaxBars,
    Sweep,
    curves,
)
from actlib.course.widgets.fifty_layers import DEPTHS
from actlib.course.widgets.portable import Portable
from actlib.course.widgets.race import RANGES, RATES
from tests.course.widgets.conftest import Open, frame
from tests.course.widgets.examples import bars, builders, explorers, sweeps, widgets

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(text: str) -> str:
    """Return a number of Python's as the widgets write it."""
    digits, _, exponent = text.partition("e")
    raised = f" × 10{str(int(exponent)).translate(RAISED)}" if exponent else ""
    return digits.replace("-", "−") + raised


def five(value: float) -> str:
    return typeset(padded([value]))


def put(page: Page, widget: Portable, **state: Any) -> None:
    """Change the state on both sides."""
    for name, value in state.items():
        setattr(widget, name, value)
    moved = {name: getattr(widget, name) for name in state}
    page.evaluate("moved => { for (const name in moved) mounted[0].model.set(name, moved[name]); }", moved)
    frame(page)


def said(page: Page) -> list[str]:
    """Return the sentences that are shown, from the top down."""
    return [
        text for text in page.locator(".actlib-widget > p:visible:not(.spoken)").all_inner_texts() if text
    ]


def drawing(page: Page) -> str:
    """Return what a screen reader is told of the drawing."""
    svg = page.locator("svg").first
    return svg.get_attribute("aria-label") or svg.locator("title").text_content() or ""


def spoken(page: Page, slider: str, key: str) -> str:
    """Press a key on a slider; return what a screen reader is told afterwards."""
    before = page.locator(".spoken").text_content()
    page.get_by_role("slider", name=slider, exact=True).press(key)
    expect(page.locator(".spoken")).not_to_have_text(before or "")
    return page.locator(".spoken").text_content() or ""


# ----------------------------------------------------------------- curve explorer


def read_explorer(widget: CurveExplorer) -> list[str]:
    _, f, slope = map(typeset, widget.at)
    veiled = widget.question and widget.guess is None
    return [
        f"{widget.symbol}(x) = {f}",
        f"{widget.symbol}′(x): after your guess" if veiled else f"{widget.symbol}′(x) = {slope}",
    ]


LOG_NOTE = "Heights are |{0}| and |{0}′| by powers of ten. Zero has no place on this scale."


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("plain", [{}, {"x": -6.35}, {"powers": True, "x": -38}, {"powers": False, "x": 7.1}]),
        ("long name", [{}, {"x": 0}, {"powers": True, "x": 21.2}]),
        ("question", [{}, {"x": -2.05}, {"guess": -2.05}, {"powers": True}]),
        ("family", [{}, {"value": 4, "x": 0.6}, {"guess": 0.6}, {"value": 0.25, "x": -7}, {"powers": True}]),
    ],
)
def test_curve_explorer(visit: Open, name: str, states: list[dict[str, Any]]) -> None:
    page, widget = visit(name), explorers()[name]
    for state in states:
        put(page, widget, **state)
        veiled = bool(widget.question) and widget.guess is None
        verdict = []
        if widget.question and widget.guess is not None:
            row = widget.values.index(widget.value) if widget.values else 0
            which = f" for {widget.parameter} = {widget.value:g}" if widget.values else ""
            answer = widget.answers[row]
            right = abs(widget.guess - float(answer)) <= widget.tolerance
            start = "Yes" if right else f"You chose x = {typeset(f'{widget.guess:g}')}"
            verdict = [f"{start}: the computed answer is x = {typeset(answer)}{which}."]
        sentences = [widget.title, *([widget.question] if widget.question else []), *verdict]
        if veiled:
            sentences.append(f"{widget.symbol}′ stays hidden until you check your guess.")
        numbers = "\n".join(read_explorer(widget))
        if widget.powers:
            sentences.append(LOG_NOTE.format(widget.symbol))
        assert sorted(text for text in said(page) if "(x)" not in text) == sorted(sentences)
        assert page.locator(".numbers span").all_inner_texts() == numbers.split("\n")
        shown = widget.symbol if veiled else f"{widget.symbol} and {widget.symbol}′"
        assert drawing(page) == f"{widget.title}: {shown}{', log scale' if widget.powers else ''}"
    for key in ("Home", "ArrowRight", "End"):
        heard = spoken(page, "x", key)
        widget.x = page.evaluate("mounted[0].model.get('x')")
        assert heard == ", ".join([f"x = {typeset(widget.at[0])}", *read_explorer(widget)])


@pytest.mark.parametrize(
    ("off", "right"), [(0.25, True), (-0.25, True), (0.3, False), (-0.3, False), (0, True)], ids=str
)
def test_a_guess_of_x_is_right_up_to_the_tolerance(visit: Open, off: float, right: bool) -> None:
    page = visit("question")
    put(page, explorers()["question"], guess=off)
    assert page.get_by_role("status").first.inner_text().startswith("Yes: ") == right


# ----------------------------------------------------------------- sweep


def read_sweep(widget: Sweep) -> list[str]:
    veiled = widget.question and widget.guess is None
    stop = [float(text) for text in widget.values].index(widget.value)
    choice = widget.choices.index(widget.choice) if widget.choices else 0
    return [
        f"{name}: after your guess" if veiled else f"{name} = {typeset(texts.split()[stop])}"
        for name, texts in zip(widget.measures, widget.readings[choice], strict=True)
    ]


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("sweep", [{}, {"value": 4}, {"value": 0.5}]),
        (
            "choices",
            [{}, {"value": 4, "choice": "relu"}, {"guess": 4}, {"value": 1, "guess": 1}, {"choice": "tanh"}],
        ),
    ],
)
def test_sweep(visit: Open, name: str, states: list[dict[str, Any]]) -> None:
    page, widget = visit(name), sweeps()[name]
    for state in states:
        put(page, widget, **state)
        veiled = bool(widget.question) and widget.guess is None
        sentences = [widget.title, *([widget.question] if widget.question else [])]
        chosen = f" for {widget.choice}" if widget.choices else ""
        if veiled:
            sentences.append(f"The curves stay at gain g = {widget.start:g} until you check your guess.")
        elif widget.question:
            choice = widget.choices.index(widget.choice)
            low, high = widget.right[choice]
            start = "Yes" if low <= widget.guess <= high else f"You chose gain g = {widget.guess:g}"
            sentences.append(f"{start}: the computed answer is gain g = {widget.answers[choice]}{chosen}.")
        numbers = read_sweep(widget)
        assert page.locator(".numbers span").all_inner_texts() == numbers
        assert sorted(text for text in said(page) if numbers[0] not in text) == sorted(sentences)
        parts = [f"{widget.title}: {', '.join(widget.names)}", widget.choice, f"gain g = {widget.shown:g}"]
        assert drawing(page) == "; ".join(filter(None, parts))
    for key in ("End", "ArrowLeft", "Home"):
        heard = spoken(page, "gain g", key)
        widget.value = page.evaluate("mounted[0].model.get('value')")
        parts = [widget.choice, f"gain g = {widget.value:g}", *read_sweep(widget)]
        assert heard == ", ".join(filter(None, parts))


# ----------------------------------------------------------------- softmax


def summary(widget: SoftmaxBars) -> str:
    shares = zip(widget.names, widget.probabilities, strict=True)
    return ", ".join(f"p of {name} = {p:.3f}" for name, p in shares)


@pytest.mark.parametrize(
    ("name", "states"),
    [
        (
            "bars",
            [
                {},
                {"temperature": 2, "logits": [1.5, -0.25, 3]},
                {"temperature": 0.28, "truth": "cat"},
                {"temperature": 8.9},
            ],
        ),
        ("hot", [{}, {"temperature": 5}, {"guess": 5}, {"temperature": 0.2, "guess": 0.2, "truth": "deer"}]),
    ],
)
def test_softmax_bars(visit: Open, name: str, states: list[dict[str, Any]]) -> None:
    page, widget = visit(name), bars()[name]
    for state in states:
        put(page, widget, **state)
        t = widget.shown
        sentences = [widget.title, *([widget.question] if widget.question else [])]
        if widget.question and widget.guess is None:
            stays = f"stay at T = {widget.start:g} until you check your guess."
            sentences.append(f"Probabilities, losses and Jacobian {stays}")
        elif widget.question:
            low, high = widget.right
            start = "Yes" if low <= widget.guess <= high else f"You chose T = {widget.guess:g}"
            asked = ", ".join(typeset(f"{z:g}") for z in widget.asked)
            sentences.append(f"{start}: the computed answer is T = {widget.answer} for the logits {asked}.")
        (entropy, by_entropy), (square, by_square) = widget.losses.values()
        numbers = [
            f"cross-entropy = {five(entropy)}",
            f"squared error = {five(square)}",
            f"largest singular value = {five(float(np.linalg.norm(widget.jacobian, 2)))}",
            f"its bound 1/(2T) = {five(0.5 / t)}",
        ]
        assert page.locator(".numbers span").all_inner_texts() == numbers
        assert sorted(text for text in said(page) if "singular" not in text) == sorted(sentences)
        assert drawing(page) == f"{widget.title}: T = {t:g}, {summary(widget)}"
        texts = np.reshape(page.locator("svg > text").all_text_contents(), (-1, 3))
        assert [*texts[:, 0]] == [typeset(f"{z:.1f}") for z in widget.logits]
        assert [*texts[:, 1]] == [f"{p:.3f}" for p in widget.probabilities]
        assert [*texts[:, 2]] == widget.names
        shown = page.locator(".controls .value").all_inner_texts()
        assert shown == [f"{widget.temperature:g}", *texts[:, 0]]
        # A shade is the part of the largest that an entry, or a slope, can be or is.
        slopes = np.array([by_entropy, by_square]).T
        np.testing.assert_allclose(shades(page, "heat"), 4 * t * widget.jacobian, atol=5.1e-5)
        np.testing.assert_allclose(shades(page, "slopes"), slopes / np.abs(slopes).max(), atol=5.1e-5)
        assert page.locator("caption").all_inner_texts() == [
            "Gradient of the loss by logit",
            "Jacobian: ∂p of the row by ∂logit of the column; each row sums to 0",
        ]
        heads = [*widget.losses, *widget.names]
        assert page.locator("th[scope=col]").all_text_contents() == heads
        assert page.locator(".axis-name").all_text_contents() == ["logit", "probability"]
    for key in ("Home", "ArrowRight", "End"):
        heard = spoken(page, "temperature T", key)
        widget.temperature = page.evaluate("mounted[0].model.get('temperature')")
        assert heard == f"T = {widget.temperature:g}, {summary(widget)}"


def shades(page: Page, kind: str) -> Any:
    rows = page.locator(f"table.{kind} tr").all()[1:]
    read = "cells => cells.map((cell) => Number(getComputedStyle(cell).getPropertyValue('--share')))"
    return np.array([row.locator("td").evaluate_all(read) for row in rows])


@pytest.mark.parametrize("logits", [[2, 1, -0.5], [0.25, 4, 4], [-3.5, 0, 1]], ids=str)
@pytest.mark.parametrize(("button", "verb"), [("Add 1 to all logits", "rose"), ("Subtract 1", "fell")])
def test_a_shift_says_by_how_much_the_probabilities_changed(
    visit: Open, logits: list[float], button: str, verb: str
) -> None:
    page, widget = visit("bars"), bars()["bars"]
    put(page, widget, logits=logits)
    page.get_by_role("button", name=button).click()
    # Halves of a logit are exact, so the shift changes no bit.
    sentence = f"All logits {verb} by 1; the largest change of a probability is 0.0."
    assert [text for text in said(page) if text.startswith("All")] == [sentence]


def test_a_shift_that_rounds_says_how_little(visit: Open) -> None:
    page, widget = visit("bars"), bars()["bars"]
    put(page, widget, logits=[0.3, 0.1, -0.7], temperature=0.05)
    for _ in range(9):
        page.get_by_role("button", name="Add 1 to all logits").click()
        (text,) = [text for text in said(page) if text.startswith("All")]
        found = re.fullmatch(
            r"All logits rose by 1; the largest change of a probability is (\S+)( × 10(\S+))?\.", text
        )
        assert found, text
        assert (
            float(found[1]) == 0
            or int((found[3] or "").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0) < -12
        )


# ----------------------------------------------------------------- maxout


def read_builder(widget: MaxoutBuilder) -> list[str]:
    error, x = widget.error
    return [f"largest error = {five(error)}", f"at x = {typeset(f'{round(x, 4) + 0.0:g}')}"]


def count(lines: int) -> str:
    return f"{lines} line{'s' if lines > 1 else ''}"


LEGEND = "Thick line: the largest of the lines. Dashed: the target. Upright bar: where they differ most."
THREE = [[-1.5, -0.4], [0, 0.1], [1.25, -0.31]]


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("builder", [{}, {"lines": [[0.5, -0.25]]}, {"lines": THREE, "selected": 1}, {"target": "|x|"}]),
        ("others", [{}, {"target": "exp", "selected": 2}, {"target": "x²", "lines": [[-1.2, 0.3]]}]),
        ("fit", [{}, {"lines": THREE, "selected": 2}, {"guess": 0.35}, {"guess": 0.06}, {"guess": 0.062}]),
    ],
)
def test_maxout_builder(visit: Open, name: str, states: list[dict[str, Any]]) -> None:
    page, widget = visit(name), builders()[name]
    for state in states:
        put(page, widget, **state)
        lines, veiled = len(widget.lines), bool(widget.question) and widget.guess is None
        sentences = [widget.title, LEGEND, *([widget.question] if widget.question else [])]
        if veiled:
            sentences.append("The best fit stays hidden until you check your lines.")
        elif widget.question:
            right = widget.guess <= float(widget.answer) * (1 + widget.tolerance)
            start = "Yes" if right else f"Your largest error is {widget.guess:#.3g}"
            sentences.append(
                f"{start}: with {count(widget.pieces)} it can be {widget.answer} for {widget.asked}."
            )
        numbers = read_builder(widget)
        least = [] if veiled else [f"least for {count(lines)} = {five(widget.least)}"]
        shown = [text for text in page.locator(".numbers span").all_inner_texts() if text]
        assert shown == [*numbers, *least]
        assert sorted(text for text in said(page) if numbers[0] not in text) == sorted(sentences)
        assert drawing(page) == f"{widget.title}: the largest of {count(lines)} and {widget.target}"
        labels = [f"Remove line {widget.selected + 1}", f"Best fit with {count(lines)}"]
        buttons = page.locator("button").all_text_contents()
        asks = ["Check my lines", "Show me" if veiled else "Start again"] if widget.question else []
        assert buttons == ["Add a line", *labels, *asks]
        w, b = (typeset(f"{value:g}") for value in widget.lines[widget.selected])
        assert page.locator(".range .value").all_inner_texts() == [w, b]
        options = page.locator("select").last.locator("option:not([hidden])").all_text_contents()
        assert options == [str(i + 1) for i in range(lines)]
    for key in ("ArrowLeft", "Home", "ArrowRight"):
        heard = spoken(page, "slope w", key)
        widget.lines = page.evaluate("mounted[0].model.get('lines')")
        w, b = (typeset(f"{value:g}") for value in widget.lines[widget.selected])
        where = f"{count(lines)}; line {widget.selected + 1}: slope {w}, intercept {b}"
        assert heard == f"{where}; {' '.join(read_builder(widget))}"


def test_other_lines_than_those_asked_for_are_not_judged(visit: Open) -> None:
    page, widget = visit("fit"), builders()["fit"]
    check = page.get_by_role("button", name="Check my lines")
    for state in (
        {"lines": [[0, 0.1], [1, 0]]},
        {"lines": THREE, "target": "|x|"},
        {"lines": [[0, 0]], "target": "x²"},
    ):
        put(page, widget, **state)
        check.click()
        frame(page)
        assert page.get_by_role("status").first.inner_text() == "The question is about 3 lines and x²."
        assert page.evaluate("mounted[0].model.get('guess')") is None


# ----------------------------------------------------------------- all


def bounds(widget: Portable) -> list[tuple[float, float, float]]:
    """Return the ends and the step of every slider."""
    if isinstance(widget, CurveExplorer):
        family = [(0, len(widget.values) - 1, 1)] if widget.values else []
        return [(0, len(widget.view["x"].split()) - 1, 1), *family]
    if isinstance(widget, Sweep):
        return [(0, len(widget.values) - 1, 1)]
    if isinstance(widget, SoftmaxBars):
        reach = max(widget.reach, *map(abs, widget.logits))
        return [(0, len(widget.temperatures) - 1, 1), *[(-reach, reach, 0.1)] * len(widget.names)]
    if isinstance(widget, HingeBuilder):
        across, steep = widget.limits
        return [(low, high, 0.01) for low, high in (widget.y_range, steep, across, steep)]
    if isinstance(widget, DrawGuess):
        return []
    if isinstance(widget, Curves):
        # A function without a parameter hides its slider.
        hidden = ("", 0, 0, 1)
        sides = (curves.RANGES.get(name, hidden) for name in (widget.function, widget.beside))
        return [(-100, 100, 1), *(side[1:] for side in sides)]
    if isinstance(widget, FiftyLayers):
        return [(0, 72, 1), (*DEPTHS, 1)]
    if isinstance(widget, Race):
        return [(*RANGES["depth"], 1), (*RANGES["width"], 1), (0, len(RATES) - 1, 1)]
    assert isinstance(widget, MaxoutBuilder)
    return [(low, high, 0.01) for low, high in widget.limits]


@pytest.mark.parametrize("name", widgets())
def test_sliders_reach_as_far_as_python_allows(visit: Open, name: str) -> None:
    read = "all => all.map(({ min, max, step }) => [min, max, step || 1].map(Number))"
    found = visit(name).locator("input[type=range]").evaluate_all(read)
    assert [tuple(each) for each in found] == bounds(widgets()[name])


@pytest.mark.parametrize(
    "options",
    [
        {"locale": "de-DE"},
        {"locale": "ar-EG"},
        {"timezone_id": "Pacific/Kiritimati"},
        {"color_scheme": "dark"},
    ],
    ids=str,
)
def test_the_reader_s_machine_changes_nothing(visit: Open, options: dict[str, Any]) -> None:
    names = ("plain", "family", "choices", "hot", "fit")

    def seen(**given: Any) -> Any:
        page = visit(*names, **given)
        for slider in page.locator(".range input").all():
            slider.press("ArrowRight")
        expect(page.locator(".spoken:empty")).to_have_count(0)
        return page.evaluate(
            """() => [document.body.innerText, ...[...document.querySelectorAll("svg *, p")].map((node) => {
              const { stroke, fill, color, direction } = getComputedStyle(node);
              return [node.outerHTML, stroke, fill, color, direction];
            })]"""
        )

    assert seen(**options) == seen()
