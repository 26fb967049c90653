"""Figures: the same bytes on every run, legible colours, a caption and a text alternative always."""

import base64
import io
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from actlib import sigmoid
from actlib.course import figures

SVG = "{http://www.w3.org/2000/svg}"
DRAW = """
import sys
from actlib import sigmoid
from actlib.course import figures

x = figures.grid(-4, 4)
fig, (left, right) = figures.figure(1, 2, height=2.5)
for order, f in enumerate((sigmoid, sigmoid.derivative, sigmoid.second_derivative)):
    figures.plot_function(left, x, f(x), order)
right.hist(f(x), bins=9)
figures.label(left, 0, 0.5, "$f'(x)$", "vermilion")
left.set_xlabel("x")
left.legend(["a"])
sys.stdout.write(figures.picture(fig, caption="Caption.", alt="Axes & lines.").source)
"""


def drawn(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DRAW],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_same_bytes_in_every_process_and_with_any_settings(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 30\naxes.linewidth: 5\nsvg.fonttype: path\nlines.marker: o\nfigure.dpi: 300\n"
    )
    one = drawn(PYTHONHASHSEED="1")
    assert one == drawn(PYTHONHASHSEED="2", MATPLOTLIBRC=str(tmp_path))
    assert "<desc>Axes &amp; lines.</desc>" in one


def test_the_last_bit_of_a_coordinate_changes_no_byte() -> None:
    def svg(left: float) -> str:
        made, axes = figures.figure()
        made.set_layout_engine("none")
        axes.set_position((left, 0.1, 0.8, 0.8))
        axes.plot([0, 1], [0, 1], marker="o")
        return figures.svg(made)

    assert svg(0.1) == svg(np.nextafter(0.1, 1))
    assert svg(0.1) != svg(0.1 + 1e-6)


def picture(**texts: str) -> figures.Picture:
    fig, axes = figures.figure()
    x = figures.grid(-2, 2, 5)
    figures.plot_function(axes, x, sigmoid(x))
    return figures.picture(fig, **{"caption": "It rises.", "alt": "A curve from 0.12 to 0.88.", **texts})


def test_a_moved_point_or_word_changes_the_bytes() -> None:
    def source(nudge: float, word: str) -> str:
        fig, axes = figures.figure()
        axes.plot([0, 1, 2], [0, 1 + nudge, 0])
        axes.set_title(word)
        return figures.svg(fig)

    assert source(0, "a") == source(0, "a")
    assert len({source(0, "a"), source(1e-6, "a"), source(0, "b")}) == 3


def test_drawing_twice_gives_the_same() -> None:
    fig, axes = figures.figure()
    axes.set_xlabel("x")
    assert figures.svg(fig) == figures.svg(fig)


def test_title_and_description_come_first_and_are_escaped() -> None:
    made = picture(caption="f < g & more", alt='"<svg>" is text')
    root = ElementTree.fromstring(made.source)
    assert root.tag == f"{SVG}svg"
    assert [(child.tag, child.text) for child in list(root)[:2]] == [
        (f"{SVG}title", "f < g & more"),
        (f"{SVG}desc", '"<svg>" is text'),
    ]


def test_the_file_has_text_as_text_no_date_and_no_author() -> None:
    fig, axes = figures.figure()
    axes.set_xlabel("pre-activation")
    source = figures.svg(fig)
    assert ">pre-activation</text>" in source
    for trace in ("Matplotlib", "<dc:", "<?xml", "<!DOCTYPE"):
        assert trace not in source
    assert all(line == line.rstrip() for line in source.splitlines())


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"caption": ""}, "caption must say something, got ''"),
        ({"alt": "  "}, "alt must say something"),
        ({"alt": None}, "alt must say something, got None"),
        ({"caption": "Same.", "alt": "Same. "}, "alt must describe the picture"),
    ],
)
def test_caption_and_alternative_must_say_something(texts: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        picture(**texts)


def test_caption_and_alternative_must_be_given() -> None:
    fig, _ = figures.figure()
    with pytest.raises(TypeError, match="alt"):
        figures.show(fig, caption="It rises.")  # type: ignore[call-arg]


def test_a_picture_displays_as_svg_and_as_text() -> None:
    bundle, metadata = picture()._repr_mimebundle_()
    assert bundle.keys() == {"image/svg+xml", "image/png", "text/plain"}
    assert bundle["text/plain"] == "Figure: It rises.\n[A curve from 0.12 to 0.88.]"
    assert metadata == {"image/png": {"width": 538, "alt": "A curve from 0.12 to 0.88."}}


def test_in_a_notebook_a_picture_stands_on_white() -> None:
    made = picture()
    assert ElementTree.fromstring(made.source).attrib["style"] == "background: #ffffff"
    with Image.open(io.BytesIO(base64.b64decode(made.png))) as image:
        assert image.width == round(figures.WIDTH * figures.DOTS)
        assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
        assert len(made.png) < 30_000


def test_a_caption_is_read_where_the_picture_hides_its_title(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("IPython.display.display", lambda what, **_: shown.append(what))
    fig, _ = figures.figure()
    figures.show(fig, caption="f < g", alt="Axes.")
    assert shown[1] == {"text/html": '<p class="caption">f &lt; g</p>'}


def linear(color: str) -> list[float]:
    """Return the linear-light red, green and blue of a hex colour (WCAG 2.2, relative luminance)."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast_with_white(color: str) -> float:
    return 1.05 / (float(np.dot([0.2126, 0.7152, 0.0722], linear(color))) + 0.05)


def test_the_contrast_formula() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.005)  # WCAG's own example


@pytest.mark.parametrize("name", [name for name in figures.PALETTE if name != "grid"])
def test_every_colour_but_the_grid_is_legible_on_white(name: str) -> None:
    assert contrast_with_white(figures.PALETTE[name]) >= 4.5


# Linear-light RGB as seen with no red and with no green cones (Viénot, Brettel and Mollon 1999).
DEUTERANOPIA = np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]])
PROTANOPIA = np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]])


@pytest.mark.parametrize("vision", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["full", "deutan", "protan"])
def test_the_colours_of_f_and_its_derivatives_are_told_apart(vision: np.ndarray) -> None:
    seen = [vision @ linear(str(style["color"])) for style in figures.ORDERS]
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(lab(one) - lab(other)) > 15


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* (D65) of linear-light sRGB; a distance of 2.3 is just noticed."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    t = np.cbrt(np.clip(xyz / [0.9505, 1, 1.089], 216 / 24389, None))
    return np.array([116 * t[1] - 16, 500 * (t[0] - t[1]), 200 * (t[1] - t[2])])


def test_orders_differ_in_line_style_too() -> None:
    assert len({str(style["linestyle"]) for style in figures.ORDERS}) == len(figures.ORDERS)


def test_figures_are_as_wide_as_the_column_and_drawn_with_the_palette() -> None:
    fig, axes = figures.figure(2, 2, height=4, sharex=True)
    assert fig.get_size_inches().tolist() == [figures.WIDTH, 4]
    assert axes.shape == (2, 2)
    assert set(mpl.rcParams["axes.prop_cycle"].by_key()["color"]) <= set(figures.PALETTE.values())


def test_a_label_takes_only_colours_of_the_palette() -> None:
    _, axes = figures.figure()
    with pytest.raises(KeyError, match="red"):
        figures.label(axes, 0, 0, "f", "red")


def test_the_lines_of_a_label_stand_apart_and_one_line_takes_no_more_room_than_any_text() -> None:
    def heights(text: str, by_label: bool) -> list[float]:
        made, axes = figures.figure()
        if by_label:
            figures.label(axes, 0, 1, text, "ink")
        else:
            axes.text(0, 1, text)
        found = re.findall(r'<text[^>]* y="([\d.]+)"', figures.svg(made))
        return [float(y) for y in found[-text.count("\n") - 1 :]]

    assert heights("ag", True) == heights("ag", False)
    (first, second), (plain, below) = heights("ag\nah", True), heights("ag\nah", False)
    assert second - first > below - plain


@pytest.mark.parametrize("points", [401, 5])
def test_grid_holds_its_ends_and_its_middle(points: int) -> None:
    x = figures.grid(-3, 3, points)
    assert x.size == points
    assert {-3.0, 0.0, 3.0} <= set(x.tolist())
