"""The texts of every figure, as a phone shows it: whole and apart, in every font."""

from __future__ import annotations

from functools import partial

from tests.conftest import NewPage
from tests.fonts import in_every_font
from tests.site.conftest import PHONE, Site, opener, pages

# Puts the figures of all pages on one: 30 pages take longer to open than 160 figures to measure.
GATHER = """async names => {
  const article = document.querySelector("article"), parser = new DOMParser();
  article.replaceChildren();
  for (const name of names) {
    const text = await (await fetch(`${name}.html`)).text();
    const figures = parser.parseFromString(text, "text/html").querySelectorAll("figure.picture");
    figures.forEach((figure, at) => { figure.dataset.name = `${name} ${at}`; });
    article.append(...figures);
  }
  await document.fonts.ready;
  return document.querySelectorAll("figure.picture").length;
}"""

# The ink of every letter: [left, right, top, bottom] on the screen. The box of a text is no measure: it is
# as high as the font's tallest letter, and beside a text on its side that is where the numbers stand.
TOUCH = """near => {
  const pen = document.createElement("canvas").getContext("2d"), inks = new Map();
  const ink = (font, letter) => {
    if (!inks.has(font + letter)) {
      pen.font = font;
      const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right,
              actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = pen.measureText(letter);
      inks.set(font + letter, [-left, right, -above, below]);
    }
    return inks.get(font + letter);
  };
  const letters = text => {
    const { a, b, c, d, e, f } = text.getScreenCTM(), found = [];
    for (const part of text.querySelector("tspan") ? text.querySelectorAll("tspan") : [text]) {
      const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(part);
      for (let at = 0; at < part.getNumberOfChars(); at += 1) {
        const letter = part.textContent[at];
        if (!letter.trim()) continue;
        const start = part.getStartPositionOfChar(at);
        const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
        const [left, right, top, bottom] = ink(font, letter);
        const corners = [left, right].flatMap(x => [top, bottom].map(y => [start.x + x, start.y + y]));
        const xs = corners.map(([x, y]) => a * x + c * y + e);
        const ys = corners.map(([x, y]) => b * x + d * y + f);
        found.push([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]);
      }
    }
    return found;
  };
  const around = boxes =>
    [0, 1, 2, 3].map(side => Math[side % 2 ? "max" : "min"](...boxes.map(box => box[side])));
  const meet = (one, other) =>
    Math.max(one[0], other[0]) < Math.min(one[1], other[1]) + near
      && Math.max(one[2], other[2]) < Math.min(one[3], other[3]) + near;
  const wrong = [];
  for (const figure of document.querySelectorAll("figure.picture")) {
    const bottom = figure.querySelector("figcaption").getBoundingClientRect().top;
    const texts = [...figure.querySelectorAll("text")].filter(text => text.textContent.trim()).map(text => {
      const parts = letters(text);
      return { text: text.textContent.replace(/\\s+/g, " ").trim(), parts, box: around(parts) };
    });
    texts.forEach((one, at) => {
      const [left, right, , below] = one.box;
      if (left < 0 || right > innerWidth || below > bottom)
        wrong.push(`${figure.dataset.name}: "${one.text}" is cut`);
      for (const other of texts.slice(0, at))
        if (meet(one.box, other.box) && one.parts.some(part => other.parts.some(next => meet(part, next))))
          wrong.push(`${figure.dataset.name}: "${one.text}" touches "${other.text}"`);
    });
  }
  return wrong;
}"""


@in_every_font
def test_no_text_of_a_figure_is_cut_or_touches_another(site: Site, new_page: NewPage, family: str) -> None:
    with opener(site, partial(new_page, family)) as open_:
        page = open_("index", viewport=PHONE).page
        assert page.evaluate(GATHER, pages()) > 100
        for width in (360, 390):
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert page.evaluate(TOUCH, 1) == [], width
