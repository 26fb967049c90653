"""The parts of the Sphinx extension, each by itself; tests/site sees them together."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pydata_sphinx_theme
import pytest
from docutils import nodes
from fontTools.ttLib import TTFont
from hypothesis import given, strategies as st
from pygments import highlight
from pygments.lexers import PythonLexer
from sphinx.errors import ConfigError, ExtensionError

from actlib.course import figures
from tools import install_cell
from tools.publish import code, description, diet, math, policy, svg, typography
from tools.publish.repository import Repository, fill_install

ROOT = Path(__file__).parents[2]
SHEET = (ROOT / "book" / "_vendor" / "book.css").read_text("utf-8")
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
BACKGROUNDS = {"light": "#ffffff", "dark": "#14181e"}
OWN = Repository("someone", "some-book")


# Figures


@pytest.fixture
def source() -> str:
    made, axes = figures.figure(height=2)
    figures.plot_function(axes, [0, 1, 2], [0.123456789, 1, 0.5])
    figures.label(axes, 1, 1, "$f'$", "vermilion")
    return figures.picture(made, caption="A < B & so on.", alt='A "line" that rises & falls.').source


def test_figure_has_its_caption_and_its_alternative(source: str) -> None:
    made = ET.fromstring(svg.inline(source, "a-"))
    assert made.findtext("figcaption") == "A < B & so on."
    drawing = made[0]
    assert drawing.attrib["role"] == "img"
    assert drawing.attrib["aria-label"] == 'A "line" that rises & falls.'
    names = {element.tag.rpartition("}")[2] for element in drawing.iter()}
    assert not names & {"title", "desc", "style", "metadata"}


def test_figure_takes_the_colours_and_the_font_of_the_page(source: str) -> None:
    made = svg.inline(source, "a-")
    assert set(re.findall(r"(?<!, )#[0-9a-f]{6}", made)) == set()
    for name, colour in figures.PALETTE.items():
        assert made.count(colour) == made.count(f"var(--figure-{name}, {colour})")
    assert "DejaVu" not in made
    assert "font-size: calc(11px * var(--type, 1))" in made


def test_figure_has_no_group_that_only_has_a_name(source: str) -> None:
    groups = [
        group.attrib.keys() - {"id"}
        for group in ET.fromstring(svg.inline(source, "a-")).iter(f"{svg.SPACE}g")
    ]
    assert groups
    assert all(groups)
    assert "<g id=" in source


def test_figure_keeps_its_ids_to_itself(source: str) -> None:
    made = ET.fromstring(svg.inline(source, "a-"))
    ids = {element.attrib["id"] for element in made.iter() if "id" in element.attrib}
    assert ids
    assert all(name.startswith("a-") for name in ids)
    values = [
        value
        for element in made.iter()
        for key, value in element.attrib.items()
        if key in ("href", "clip-path")
    ]
    assert values
    assert {re.sub(r"^(url\()?#|\)$", "", value) for value in values} <= ids


@pytest.mark.parametrize("name", ["title", "desc"])
def test_figure_without_words_is_refused(source: str, name: str) -> None:
    with pytest.raises(ValueError, match=f"a figure must have a <{name}>"):
        svg.inline(re.sub(f"<{name}>.*?</{name}>", "", source), "a-")


def variables(theme: str) -> dict[str, str]:
    """Return the colours of figures in a theme by the names of the palette."""
    block = SHEET[SHEET.index(":root {" if theme == "light" else 'html[data-theme="dark"] {') :]
    return dict(re.findall(r"--figure-(\w+): (#\w{6});", block[: block.index("}")]))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_light_colours_are_the_palette() -> None:
    assert variables("light") == dict(figures.PALETTE)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_but_the_grid_can_be_read(theme: str) -> None:
    colours = variables(theme)
    assert colours.keys() == figures.PALETTE.keys()
    for name in colours.keys() - {"grid"}:
        assert contrast(colours[name], BACKGROUNDS[theme]) >= 4.5, name


# Policy


def test_the_policy_allows_the_scripts_of_our_templates_alone() -> None:
    (script,) = policy.SCRIPTS
    mark = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{mark}';" in policy.POLICY
    assert policy.POLICY.count("sha256") == 1
    assert "localStorage" in script


def test_policy_is_first_and_given_once() -> None:
    once = policy.apply('<html><head><meta charset="utf-8" /></head><body></body></html>')
    assert re.search(r'<head><meta charset="utf-8" />\s*<meta http-equiv="Content-Security-Policy"', once)
    assert policy.apply(once) == once


@pytest.mark.parametrize("page", ["<html></html>", '<script></script><meta charset="utf-8" />'])
def test_policy_is_not_put_behind_a_script(page: str) -> None:
    with pytest.raises(ValueError, match="a page must begin with its charset"):
        policy.apply(page)


# Repository


@pytest.mark.parametrize("text", ["", "  "])
def test_no_setting_is_no_repository(text: str) -> None:
    assert Repository.parse(text) is None


@pytest.mark.parametrize("text", ["someone", "https://github.com/a/b", "a/b/c", "a b/c", "/b", "a/"])
def test_wrong_setting_is_refused(text: str) -> None:
    with pytest.raises(
        ConfigError, match=re.escape(f"BOOK_REPOSITORY must be owner/name or empty, got {text!r}")
    ):
        Repository.parse(text)


def test_only_a_notebook_can_be_launched() -> None:
    assert [link.text for link in OWN.links("sigmoid", ".ipynb")][:2] == ["Open in Colab", "Open in Binder"]
    assert [link.text for link in OWN.links("index", ".md")] == ["Source", "Edit", "Report a fault"]


def test_a_published_notebook_gets_actlib_from_its_repository_and_the_rest_stays() -> None:
    install = {"cell_type": "code", "metadata": {"tags": ["install"]}, "source": ["%pip install --quiet .."]}
    other = {"cell_type": "code", "metadata": {}, "source": ["x = 'é'\n", "x"]}
    filled = json.loads(fill_install(json.dumps({"cells": [install, other]}), OWN, "abc"))
    source = "https://github.com/someone/some-book/archive/abc.zip"
    assert "".join(filled["cells"][0]["source"]) == install_cell.filled(source)
    assert source in install_cell.filled(source)
    assert filled["cells"][1] == other


def test_links_of_a_published_notebook_lead_to_the_site() -> None:
    markdown = {"metadata": {}, "source": ["[a](elu.ipynb), [b](elu.ipynb#x), [c](api.md), [d](#Key1)"]}
    claim = {"metadata": {}, "source": [], "outputs": ['<a href="elu.ipynb#ELU-1">ELU-1</a>']}
    first, second = json.loads(fill_install(json.dumps({"cells": [markdown, claim]}), OWN))["cells"]
    site = "https://someone.github.io/some-book"
    assert first["source"] == [
        f"[a]({site}/elu.html), [b]({site}/elu.html#x), [c]({site}/api.html), [d](#Key1)"
    ]
    assert second["outputs"] == [f'<a href="{site}/elu.html#ELU-1">ELU-1</a>']
    assert Repository("Someone", "someone.github.io").site == "https://someone.github.io/"


# Description


@given(st.text())
def test_description_is_short_and_a_beginning(text: str) -> None:
    short = description.shorten(text)
    assert len(short) <= description.LONGEST
    assert " ".join(text.split()).startswith(short.removesuffix("…"))


def test_description_ends_with_a_sentence_that_is_long_enough() -> None:
    third, half = "a" * 60 + ".", "b" * 200
    assert description.shorten(f"{third} {half}") == third
    assert description.shorten(f"{'a' * 40}. {third} {half}") == f"{'a' * 40}. {third}"
    assert description.shorten(f"{'a' * 40}. {half} {half}").endswith("…")


def test_description_is_the_first_running_text() -> None:
    document, section = nodes.document(None, None), nodes.section()  # type: ignore[arg-type]
    note, text = nodes.note("", nodes.paragraph("", "A note.")), nodes.paragraph("", "The slope of ")
    text += [
        nodes.math("", r"\sigma(x)"),
        nodes.Text(" is small ("),
        nodes.reference("", "A, 2020", refid="A20", classes=["cite"]),
        nodes.Text("; "),
        nodes.reference("", "B, 2021", refid="B21", classes=["cite"]),
    ]
    text += nodes.Text(").")
    section += [nodes.title("", "Title"), note, text]
    document += section
    assert description.first_paragraph(document) == "The slope of sigma(x) is small."


# Diet


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a{b:c}.gone{d:e}", ".a{b:c}"),
        ("@media print{.gone{a:b}}", ""),
        ("@media (width>1px){.a .gone,.a>p{a:b}}", "@media (width>1px){.a>p{a:b}}"),
        ("p:not(.gone){a:b}", "p:not(.gone){a:b}"),
        ("p:is(.gone, .a):hover{a:b}", "p:is(.gone,.a):hover{a:b}"),
        ('a::after{content:"}/*{"}/* .x{} */', 'a::after{content:"}/*{"}'),
        ("@font-face{src:url(a;b)}", "@font-face{src:url(a;b)}"),
        ('[class*="gone"]{a:b}', '[class*="gone"]{a:b}'),
    ],
)
def test_purge(css: str, kept: str) -> None:
    assert diet.purge(css, {"a"}) == kept


def test_purge_loses_nothing_that_is_used() -> None:
    css = re.sub(r"/\*.*?\*/", "", (THEME / "styles/pydata-sphinx-theme.css").read_text("utf-8"), flags=re.S)
    slim = diet.purge(css, diet.words([css]))
    assert slim.count("{") == css.count("{")
    assert slim.count("var(") == css.count("var(")


def test_bundle_puts_imports_in_place_and_moves_addresses(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "base.css").write_text("a{b:c}")
    (tmp_path / "fonts/main.css").write_text(
        '@import "../base.css";@font-face{src:url(a.woff2) format("woff2"),url(a.ttf) format("truetype")}'
    )
    made = diet.bundle(tmp_path, ["fonts/main.css"], lambda css: css)
    assert made == 'a{b:c}@font-face{src:url("fonts/a.woff2") format("woff2")}'


def test_font_keeps_the_characters_asked_for(tmp_path: Path) -> None:
    original = THEME / "vendor/fontawesome/webfonts/fa-solid-900.woff2"
    font = tmp_path / original.name
    font.write_bytes(original.read_bytes())
    diet.subset_font(font, {0xF002, 0xF0C9})
    with TTFont(font) as cut:
        assert set(cut.getBestCmap()) == {0xF002, 0xF0C9}


def test_links_change_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "_static" / "a.js"
    file.parent.mkdir()
    seen = set()
    page = '<script src="../_static/a.js?v=old"></script>'
    for text in ("1", "2"):
        file.write_text(text)
        page = diet.stamp(page, tmp_path)
        seen.add(page)
        assert diet.stamp(page, tmp_path) == page
    assert len(seen) == 2


def test_what_a_page_leads_to_is_not_deleted(tmp_path: Path) -> None:
    for name, text in (
        ("a.css", "url(b.woff2)"),
        ("b.woff2", ""),
        ("c.js", "import 'd.js'"),
        ("d.js", ""),
        ("e.js", "a.css"),
    ):
        (tmp_path / name).write_text(text)
    diet.delete_unnamed(tmp_path, ['<link href="a.css"><script src="c.js">'])
    assert {path.name for path in tmp_path.iterdir()} == {"a.css", "b.woff2", "c.js", "d.js"}


# Formulas


def test_formula_is_rendered_to_mathml() -> None:
    inline, display = math.render(r"\sigma(x)"), math.render(r"\frac{1}{2}", display=True)
    assert inline.startswith("<math><mrow><mi>σ</mi>")
    assert display.startswith('<math display="block"')
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in display


def test_wrong_formula_is_refused() -> None:
    with pytest.raises(ExtensionError, match=r"must be one that Temml can read, got '\\\\frac\{1\}'"):
        math.render(r"\frac{1}")
    assert "<mi>x</mi>" in math.render("x")  # and the next one is read again


# Code


def test_code_has_a_span_for_each_change_of_colour_alone() -> None:
    coloured = highlight("import a.b as c  # why", PythonLexer(), code.Formatter(nowrap=True))
    assert (
        re.sub(r'<span class="\w+">(.*?)</span>', r"[\1]", coloured.strip()) == "[import] a.b [as] c  [# why]"
    )


# Typography


def test_a_formula_is_held_with_the_marks_around_it() -> None:
    document = nodes.section()
    x, y = nodes.math("", "x > 0"), nodes.math("", "y")
    # Two texts that say the same: docutils compares texts as strings.
    document += nodes.paragraph(
        "", "", *map(nodes.Text, ("; ", "Here (")), x, nodes.Text("; "), y, nodes.Text(" grows")
    )
    text = document.astext()
    typography.hold(document)
    held = [node for node in document.findall(nodes.inline) if "held" in node["classes"]]
    assert [node.astext() for node in held] == ["(x > 0;"]
    assert document.astext() == text


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("after 12 345 steps", "after 12~345 steps"),
        ("1 234 567", "1~234~567"),
        ("of 1000 200 are", "of 1000~200 are"),
        ("0.5 1234", "0.5 1234"),
        ("in 3 runs", "in 3 runs"),
    ],
)
def test_a_number_is_held_together(text: str, held: str) -> None:
    document = nodes.section("", nodes.paragraph("", text), nodes.literal_block(text, text))
    typography.hold(document)
    paragraph, code = document.children
    assert paragraph.astext().replace("\N{NO-BREAK SPACE}", "~") == held
    assert code.astext() == text


def test_a_formula_may_end_a_line_after_a_relation_alone() -> None:
    rows = "<math><mrow><mi>a</mi><mo>=</mo></mrow><mrow><mi>b</mi></mrow></math>"
    assert math.render("a = b") == rows
    assert math.render("{a = b}").count("<mrow>") == 1


def test_a_large_parenthesis_has_no_room_around_it() -> None:
    assert math.render(r"f\bigl(x\bigr)").count('lspace="0em" rspace="0em"') == 2
