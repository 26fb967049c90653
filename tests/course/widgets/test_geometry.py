"""What stands where: still pictures in every font, a row of widgets, handles and dots that cover nothing."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest

from tests.conftest import NewPage
from tests.course.widgets.conftest import DESK, PHONE, Open, assert_legible, frame, show_me
from tests.course.widgets.examples import widgets
from tests.fonts import in_every_font
from tools.publish.svg import inline

ROW = """() => {
  const row = document.createElement("div");
  row.style.display = "flex";
  row.append(...mounted.map(({ el }) => el));
  document.body.append(row);
}"""


@pytest.fixture(scope="module")
def pictures() -> str:
    """Return the still picture of every widget."""
    return "".join(inline(widget.picture().source, name) for name, widget in widgets().items())


@in_every_font
def test_texts_of_still_pictures_stay_inside_and_apart(new_page: NewPage, pictures: str, family: str) -> None:
    page = new_page(family, {"width": DESK, "height": 800})
    style = "body { font: 16px sans-serif } svg { width: var(--width); overflow: visible }"
    page.set_content(f"<!doctype html><style>{style}</style>{pictures}")
    assert_legible(page)
    page.close()


@pytest.mark.parametrize("names", [("plain",), ("plain", "sweep"), ("builder", "bars")])
def test_widgets_in_a_row_share_its_width(visit: Open, names: tuple[str, ...]) -> None:
    page = visit(*names, width=1200)
    page.evaluate(ROW)
    frame(page)
    frame(page)
    widths = page.locator(".actlib-widget").evaluate_all("all => all.map((each) => each.clientWidth)")
    assert widths == [pytest.approx(min(1168 / len(names), 720), abs=40)] * len(names)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", ["builder", "fit"])
def test_handles_of_six_lines_cover_none(visit: Open, name: str, width: int) -> None:
    page = visit(name, width=width)

    def assert_apart() -> None:
        frame(page)
        middles = page.locator(".handle circle:not(.reach)").evaluate_all(
            "all => all.map((circle) => [circle.getScreenCTM().e, circle.getScreenCTM().f])"
        )
        shown = [middle for middle in middles if middle[0] > 0]
        assert all(dist(a, b) >= 19.5 for a, b in combinations(shown, 2)), shown

    for _ in range(4):
        page.get_by_role("button", name="Add a line").click()
        assert_apart()
    # Lines may lie on one another, as the best six do for |x|.
    page.evaluate("mounted[0].model.set('lines', [1, 1, 1, -1, -1, -1].map((w) => [w, 0]))")
    assert_apart()


@pytest.mark.parametrize("name", ["plain", "family", "long name"])
def test_the_dots_stay_off_the_names_at_the_plots_end(visit: Open, name: str) -> None:
    page = visit(name)
    if page.get_by_role("button").count():
        show_me(page)
    page.get_by_role("slider", name="x", exact=True).press("End")
    frame(page)
    ring, *names = page.evaluate(
        """["circle.slope", ".name.f", ".name.slope"].map((at) => {
          const node = document.querySelector(at), { left, right } = node.getBoundingClientRect();
          const edge = parseFloat(getComputedStyle(node).strokeWidth) / 2;
          return node.localName === "circle" ? right + edge : left;
        })"""
    )
    assert min(names) > ring
