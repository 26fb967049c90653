"""A figure of the notebook as part of the page: its colours are the theme's, its font the text's."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET

from actlib.course.figures import PALETTE
from tools.harmless import FIGURE, loads, wrong_address, wrong_style
from tools.publish.typography import whole_numbers

__all__ = ["inline"]

SPACE = "{http://www.w3.org/2000/svg}"
GROUP = f"{SPACE}g"
XLINK = "{http://www.w3.org/1999/xlink}"
NAMES = {colour: name for name, colour in PALETTE.items()} | {"#000000": "ink"}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
FONT = re.compile(r"font: *((?:italic |oblique )?)((?:bold |[1-9]00 )?)([\d.]+px)[^;]*")
FAMILY = re.compile(r"font-family:[^;]*;? *")
SIZE = re.compile(r"font-size: *([\d.]+px)")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
POINT = 96 / 72  # CSS pixels

ET.register_namespace("", SPACE.strip("{}"))


def inline(source: str, prefix: str) -> str:
    """Return an SVG document as an HTML ``<figure>``.

    Parameters
    ----------
    source : str
        What `actlib.course.figures.show` displays: the first children are the caption (``<title>``) and the
        text alternative (``<desc>``).
    prefix : str
        Comes before every id, so that two figures of a page share none.

    Raises
    ------
    ValueError
        If it is no SVG, the caption or the text alternative is missing, or it holds what may not stand
        on a page.
    """
    try:
        root = ET.fromstring(source)
    except ET.ParseError as error:
        raise ValueError(f"a figure must be SVG, got what is no XML: {error}") from None
    texts = {name: _take(root, name) for name in ("title", "desc")}
    for name, text in texts.items():
        if not text:
            raise ValueError(
                f"a figure must have a <{name}>; show it with actlib.course.figures.show, got none"
            )
    for name in ("metadata", "defs/style"):
        _take(root, name)
    _unwrap(root)
    for element in root.iter():
        element.attrib = {
            key.replace(XLINK, ""): _value(key, value, prefix) for key, value in element.attrib.items()
        }
    for label in root.iter(f"{SPACE}text"):
        if "style" in label.attrib:  # else it is a formula, set letter by letter, which grows as a whole
            label.set("style", SIZE.sub(r"font-size: calc(\1 * var(--type, 1))", label.attrib["style"]))
    width, height = (float(number) for number in root.attrib.get("viewBox", "").split()[2:])
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    _check(root)
    root.set("role", "img")
    root.set("aria-label", texts["desc"])
    root.set("style", f"--width: {width * POINT:.0f}px; aspect-ratio: {width:g} / {height:g}")
    picture = re.sub(r"\s*\n\s*", "\n", ET.tostring(root, encoding="unicode"))
    return (
        f'<figure class="picture output">{picture}'
        f"<figcaption>{html.escape(whole_numbers(texts['title']), quote=False)}</figcaption></figure>"
    )


def _check(root: ET.Element) -> None:
    for element in root.iter():
        tag = str(element.tag).removeprefix(SPACE)
        if tag not in FIGURE:
            raise ValueError(f"<{tag}> may not stand in a figure")
        for name, value in element.attrib.items():
            if name not in FIGURE[tag] and name not in ("id", "class", "style"):
                raise ValueError(f"{name} may not stand on <{tag}> in a figure")
            if name == "href" and wrong_address(tag, value):
                raise ValueError(f"<{tag}> may not name {value[:80]!r} in a figure")
            if name != "href" and (wrong_style if name == "style" else loads)(value):
                raise ValueError(
                    f"{name} of <{tag}> may load and place nothing in a figure, got {value[:80]!r}"
                )


def _take(root: ET.Element, path: str) -> str:
    """Remove the elements at `path` and return the text of the first."""
    *way, name = path.split("/")
    texts = []
    for parent in root.findall("/".join(SPACE + step for step in way)) if way else [root]:
        for child in parent.findall(SPACE + name):
            texts.append(" ".join("".join(child.itertext()).split()))
            parent.remove(child)
    return texts[0] if texts else ""


def _unwrap(parent: ET.Element) -> None:
    """Put in place of each group that only has a name what is in it: nothing refers to a group."""
    children = list(parent)
    for child in children:
        _unwrap(child)
    parent[:] = [
        each for child in children for each in (child if child.tag == GROUP and _is_bare(child) else [child])
    ]


def _is_bare(group: ET.Element) -> bool:
    return group.attrib.keys() <= {"id"}


def _value(key: str, value: str, prefix: str) -> str:
    if key == "id":
        return prefix + value
    if key in ("href", XLINK + "href"):
        return value.replace("#", "#" + prefix, 1)
    if key in ("d", "points", "transform", "x", "y"):
        return NUMBER.sub(_rounded, value).replace("\n", " ").strip()
    value = value.replace("url(#", "url(#" + prefix)
    if key == "style":
        value = FAMILY.sub("", FONT.sub(_font, value))
    return COLOUR.sub(_colour, value)


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")  # a hundredth of a point cannot be seen


def _font(match: re.Match[str]) -> str:
    style, weight, size = (part.strip() for part in match.groups())
    parts = {"font-style": style, "font-weight": weight, "font-size": size}
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)


def _colour(match: re.Match[str]) -> str:
    colour = match[0].lower()
    return f"var(--figure-{NAMES[colour]}, {colour})" if colour in NAMES else colour
