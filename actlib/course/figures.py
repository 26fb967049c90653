"""House style: every figure of the book is made by `figure` and put on the page by `show`.

Figures are SVG, the same bytes on every run, with text kept as text. The site inlines them, on no ground,
and gives every colour of `PALETTE` a light and a dark value; so draw with these colours only. In a
notebook they stand on white, with a PNG beside them for one that is not trusted yet, which shows no SVG.
Line habits: f solid, f' dashed, f'' dotted. Name a line beside it with `label`, not in a legend,
where there is room.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from PIL import Image

__all__ = [
    "ORDERS",
    "PALETTE",
    "WIDTH",
    "Picture",
    "figure",
    "grid",
    "label",
    "picture",
    "plot_function",
    "show",
    "svg",
]

PALETTE: Mapping[str, str] = {
    "blue": "#0b5fa5",
    "vermilion": "#b3400a",
    "green": "#00735c",
    "purple": "#7a3e9d",
    "ochre": "#7a5c00",
    "rose": "#b0256b",
    "ink": "#222222",
    "grey": "#666666",
    "grid": "#d0d0d0",
}
"""Colours by name: told apart with any colour vision, at least 4.5 : 1 on white but for the grid."""

ORDERS: tuple[Mapping[str, Any], ...] = (
    {"color": PALETTE["blue"], "linestyle": "-"},
    {"color": PALETTE["vermilion"], "linestyle": (0, (5, 2))},
    {"color": PALETTE["green"], "linestyle": (0, (1.5, 1.5))},
)
"""Line styles of f, f' and f''."""

DOTS, COLOURS = 150, 32
"""Pixels an inch, and how many colours a PNG has: sharp, and about 15 kB."""
CSS_INCH = 96
WIDTH = 5.6
"""Inches: the width of the book's column. Text is set for it."""

_STYLE: Any = {
    "svg.hashsalt": "actlib",
    "svg.fonttype": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": PALETTE["grey"],
    "axes.labelcolor": PALETTE["ink"],
    "axes.titlecolor": PALETTE["ink"],
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.prop_cycle": cycler(
        color=[PALETTE[c] for c in ("blue", "vermilion", "green", "purple", "ochre", "rose")]
    ),
    "grid.color": PALETTE["grid"],
    "grid.linewidth": 0.6,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "text.color": PALETTE["ink"],
    "xtick.color": PALETTE["grey"],
    "ytick.color": PALETTE["grey"],
    "xtick.labelcolor": PALETTE["ink"],
    "ytick.labelcolor": PALETTE["ink"],
    "font.size": 11,
    "font.family": "DejaVu Sans",
    "legend.frameon": False,
    "path.simplify": False,
    "mathtext.fontset": "dejavusans",
}

_HASHED = re.compile(r'id="(\w*[0-9a-f]{10})"')
_METADATA: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}


def figure(rows: int = 1, columns: int = 1, *, height: float = 3.2, **subplots: Any) -> tuple[Figure, Any]:
    """Return a figure in house style and its axes, as `matplotlib.pyplot.subplots` would.

    The figure is as wide as the column (`WIDTH`) and `height` inches high. It sets Matplotlib's
    parameters for the session, so that what is drawn next has the style too. Further keywords go to
    `matplotlib.figure.Figure.subplots`.

    Examples
    --------
    >>> from actlib.course import figures
    >>> fig, (left, right) = figures.figure(1, 2, height=2.5, sharey=True)
    """
    mpl.rcdefaults()  # a reader's own matplotlibrc must not move a line
    mpl.rcParams.update(_STYLE)
    made = Figure(figsize=(WIDTH, height), layout="constrained")
    return made, made.subplots(rows, columns, **subplots)


def plot_function(axes: Axes, x: ArrayLike, y: ArrayLike, order: int = 0, **line: Any) -> None:
    """Draw the `order`-th derivative of a function through the points in its line style."""
    axes.plot(np.asarray(x), np.asarray(y), **{**ORDERS[order], **line})


def label(axes: Axes, x: float, y: float, text: str, color: str, **kwargs: Any) -> None:
    """Write `text` at a point in the colour of the line it names; `color` is a name of `PALETTE`."""
    # Type grows on a phone and its lines stay where they are, so they need room. Of one line, Matplotlib
    # would make the box higher.
    apart = {"linespacing": 1.5} if "\n" in text else {}
    axes.text(x, y, text, **{"color": PALETTE[color], "clip_on": False, **apart, **kwargs})


@dataclass(frozen=True)
class Picture:
    """A picture with its caption and its text alternative, as the notebook displays it."""

    source: str
    """The SVG."""
    png: str
    """The same in pixels, in base64."""
    caption: str
    alt: str

    def __repr__(self) -> str:
        return f"Figure: {self.caption}\n[{self.alt}]"

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        return {**self.images(), "text/plain": repr(self)}, self.metadata()

    def images(self) -> dict[str, str]:
        """Return the picture by its media types."""
        return {"image/svg+xml": self.source, "image/png": self.png}

    def metadata(self) -> dict[str, Any]:
        """Return the width of the pixels and the text alternative, which an SVG has within."""
        return {"image/png": {"width": round(WIDTH * CSS_INCH), "alt": self.alt}}


def picture(made: Figure, *, caption: str, alt: str) -> Picture:
    """Return `made` with its caption and text alternative, both of which a reader must have.

    Parameters
    ----------
    made : Figure
        A figure from `figure`.
    caption : str
        What to see in the picture, one or two sentences.
    alt : str
        What is there, for a reader who does not see it: axes, lines, values.

    Raises
    ------
    ValueError
        If one of the two is empty, or both say the same.
    """
    for name, text in (("caption", caption), ("alt", alt)):
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{name} must say something, got {text!r}")
    if caption.strip() == alt.strip():
        raise ValueError(f"alt must describe the picture, not repeat the caption, got {alt!r}")
    source = svg(made)
    head = source.index(">", source.index("<svg")) + 1
    title, desc = (html.escape(text.strip(), quote=False) for text in (caption, alt))
    texts = f"\n <title>{title}</title>\n <desc>{desc}</desc>"
    source = source[: head - 1] + ' style="background: #ffffff">' + texts + source[head:]
    return Picture(source, _png(made), caption.strip(), alt.strip())


def show(made: Figure, *, caption: str, alt: str) -> None:
    """Display `made` with its caption and text alternative; see `picture`."""
    from IPython.display import display

    display(picture(made, caption=caption, alt=alt))
    # The site has the caption from the picture, and leaves this out.
    display({"text/html": f'<p class="caption">{html.escape(caption.strip(), quote=False)}</p>'}, raw=True)


def svg(made: Figure) -> str:
    """Return the figure as SVG: the same bytes for the same picture, on every run and processor."""
    stream = io.StringIO()
    with mpl.rc_context(_STYLE):
        made.savefig(stream, format="svg", metadata=_METADATA)
    text = stream.getvalue()
    # Matplotlib names a clip path by a hash of coordinates whose last bit differs between processors.
    for number, name in enumerate(dict.fromkeys(_HASHED.findall(text)), start=1):
        text = text.replace(f'"{name}"', f'"{name[0]}{number}"').replace(f"#{name}", f"#{name[0]}{number}")
    return "\n".join(line.rstrip() for line in text[text.index("<svg") :].splitlines()) + "\n"


def _png(made: Figure) -> str:
    stream, small = io.BytesIO(), io.BytesIO()
    with mpl.rc_context(_STYLE):
        made.savefig(stream, format="png", dpi=DOTS, facecolor="white")
    with Image.open(stream) as image:
        image.convert("RGB").quantize(COLOURS).save(small, "png", optimize=True)
    return base64.b64encode(small.getvalue()).decode()


def grid(low: float, high: float, points: int = 401) -> NDArray[np.float64]:
    """Return evenly spaced abscissae; the odd default keeps the middle among them."""
    return np.linspace(low, high, points)
