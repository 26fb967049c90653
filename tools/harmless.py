"""What may stand on a page: nothing that runs, sends, loads from elsewhere or leads a reader away unasked.

These are lists of what is allowed, so what nobody has thought of is refused. `tools.rules` holds the
sources against them; `tools.publish` does so with every page that it made, and makes no site otherwise.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping

from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tools.execute import PORTABLE

OUTPUTS = ("text/plain", "text/html", "text/markdown", "image/svg+xml", "image/png", PORTABLE)
"""The media types of stored outputs."""

Elements = Mapping[str, Collection[str]]
"""Elements, each with the attributes that it may have besides those of `ANYWHERE`."""


def _each(elements: str, attributes: str = "") -> Elements:
    return dict.fromkeys(elements.split(), tuple(attributes.split()))


ANYWHERE = {"class", "id", "lang", "role", "style", "title"}
"""Attributes of any element; those that begin with ``aria-`` are too."""

TEXT: Elements = {
    **_each("abbr b blockquote br caption code del dd dfn div dl dt em"),
    **_each("figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark"),
    **_each("p pre q s samp section small span strong sub summary sup"),
    **_each("table tbody tfoot thead tr u ul var wbr"),
    "a": ("href", "rel", "target"),
    "details": ("open",),
    "img": ("alt", "decoding", "height", "loading", "src", "width"),
    "ol": ("start",),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
}
MATH: Elements = _each(
    "annotation math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub "
    "msubsup msup mtable mtd mtext mtr munder munderover semantics",
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle encoding fence "
    "form height linethickness lspace mathcolor mathsize mathvariant maxsize minsize movablelimits notation "
    "rowspacing rspace scriptlevel separator stretchy symmetric voffset width xmlns",
)
FIGURE: Elements = _each(
    "circle clipPath defs ellipse g image line linearGradient marker path polygon polyline radialGradient "
    "rect stop svg text tspan use",
    "clip-path clip-rule clipPathUnits cx cy d dx dy fill fill-opacity fill-rule font-size gradientTransform "
    "gradientUnits height href marker-end marker-start markerHeight markerUnits markerWidth offset opacity "
    "orient points preserveAspectRatio r refX refY rx ry spreadMethod stop-color stop-opacity stroke "
    "stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor transform "
    "viewBox width x x1 x2 xmlns y y1 y2",
)
CONTENT: Elements = {**TEXT, **MATH, **FIGURE}
"""What the text and the outputs of a page may hold."""

DRAWN: Elements = {
    **FIGURE,
    **_each("desc title"),
    "svg": (*FIGURE["svg"], "version", "xmlns:xlink"),
}
"""What a stored figure may hold besides its metadata and its style sheet, which the page leaves out."""

PAGE: Elements = {
    **CONTENT,
    **_each("article aside footer head header label main nav"),
    "a": ("href", "rel", "target", "data-bs-placement", "data-bs-title", "data-bs-toggle"),
    "body": ("data-default-mode",),
    "button": ("type", "data-bs-placement", "data-bs-title", "data-bs-toggle", "data-mode"),
    "dialog": (),
    "div": ("data-module",),
    "form": ("action", "method"),
    "html": ("data-content_root", "data-mode", "data-theme"),
    "i": ("data-mode",),
    "input": ("autocapitalize", "autocomplete", "autocorrect", "name", "placeholder", "spellcheck", "type"),
    "link": ("href", "rel"),
    "meta": ("charset", "content", "media", "name", "property"),
    "script": ("defer", "src", "type"),
    "title": (),
}
"""What a whole page may hold: its content and what the templates put around that."""

MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin).use(amsmath_plugin)
MARKDOWN.use(colon_fence_plugin)
NAMES = ("description", "theme-color", "viewport")
RELATIONS = ("apple-touch-icon", "canonical", "icon", "next", "prev", "search", "stylesheet")
MODULE = re.compile(r"[a-z_]+-[a-z2-7]{12}\.js")
OWN_FILE = re.compile(r"(\.\./)*(_static/(\w[\w.-]*/)*\w[\w.-]*|searchindex\.js)(\?v=\w+)?")
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//")
LEADS_OUT = ("https:", "http:", "mailto:")
RESOURCE = re.compile(r"url\((?!\s*[\"']?#)|image-set|src\(|@|\\", re.I)
STYLE = re.compile(
    r"\s*((color|background(-color)?|border(-\w+)*|display|opacity|padding(-\w+)?|text-align|white-space"
    r"|font-(family|size|style|weight)|math-depth|aspect-ratio|--width"
    r"|fill(-opacity)?|stroke(-\w+)?|text-anchor)\s*:[^:]*|margin-left:-?\d?\.\d+em)?",
    re.I,
)
"""A declaration of a style attribute: nothing in it puts an element over another."""


def faults(html: str, allowed: Elements = CONTENT, scripts: Collection[str] = ()) -> Iterator[str]:
    """Yield what is wrong with HTML, read as a browser reads it.

    Parameters
    ----------
    html : str
        A page, or a part of one.
    allowed : mapping, optional
        The elements and their attributes.
    scripts : collection of str, optional
        The texts of scripts that may stand in the page.

    Examples
    --------
    >>> list(faults('<b onclick="f()">b</b>'))
    ['onclick may not stand on <b>']
    """
    # The parser adds these three to any text, as a browser does; a second one is none.
    around = () if allowed is PAGE else ("html", "head", "body")
    root = LexborHTMLParser(html).root
    for node in root.traverse() if root else ():
        tag, attributes = str(node.tag), node.attributes
        if tag in around and not attributes:
            continue
        if tag not in allowed:
            yield f"<{tag}> may not stand on a page"
            continue
        for name in attributes:
            if name not in allowed[tag] and name not in ANYWHERE and not name.startswith("aria-"):
                yield f"{name} may not stand on <{tag}>"
        yield from _wrong_values(tag, attributes)
        if tag == "script":
            yield from _wrong_script(node, scripts)


def _wrong_values(tag: str, attributes: Mapping[str, str | None]) -> Iterator[str]:
    for name in ("href", "src", "action"):
        # The page's own address, which a browser does not open, is a whole one as that of a link is.
        kind = "a" if attributes.get("rel") == "canonical" else tag
        if name in attributes and wrong_address(kind, attributes[name] or ""):
            yield f"{name} of <{tag}> may not be {_short(attributes[name])}"
    if wrong_style(attributes.get("style") or ""):
        yield f"style of <{tag}> may load and place nothing, got {_short(attributes['style'])}"
    for at, rule in (
        ("meta name", NAMES),
        ("link rel", RELATIONS),
        ("form method", ("get",)),
        ("input type", ("search",)),
    ):
        element, _, name = at.partition(" ")
        if tag == element and name in attributes and attributes[name] not in rule:
            yield f"{name} of <{tag}> may not be {_short(attributes[name])}"
    if "data-module" in attributes and not MODULE.fullmatch(attributes["data-module"] or ""):
        yield f"data-module may not be {_short(attributes['data-module'])}"
    if attributes.get("rel") == "stylesheet" and not OWN_FILE.fullmatch(attributes.get("href") or ""):
        yield f"a style sheet may not be {_short(attributes.get('href'))}"


def _wrong_script(node: LexborNode, scripts: Collection[str]) -> Iterator[str]:
    source, kind = node.attributes.get("src"), node.attributes.get("type")
    if source is not None:
        if not OWN_FILE.fullmatch(source):
            yield f"a script may not be {_short(source)}"
    elif kind == "application/json":
        return
    elif (text := node.text()) not in scripts:
        yield f"a script may not stand on a page, got {_short(text)}"


def wrong_address(tag: str, address: str) -> bool:
    """Whether an address may not stand on an element: a link may lead out, a file is of the site."""
    # A browser drops what is white or invisible and takes a backslash for a slash.
    plain = re.sub(r"[\x00-\x20\x7f-\xa0]", "", address).replace("\\", "/").lower()
    if tag in ("img", "image") and PICTURE.match(plain):
        return False
    if tag in ("image", "use"):
        return not plain.startswith("#")
    scheme = SCHEME.match(plain)
    return bool(scheme and not (tag == "a" and scheme[0] in LEADS_OUT))


def loads(value: str) -> bool:
    """Whether an attribute's value loads something, or could hide that it does."""
    return bool(RESOURCE.search(value))


def wrong_style(style: str) -> bool:
    """Whether a style attribute loads something, could hide that it does, or could cover the page."""
    return loads(style) or not all(map(STYLE.fullmatch, style.split(";")))


def wrong_figure(svg: str) -> Iterator[str]:
    """Yield what is wrong with a figure as Matplotlib writes it."""
    drawn = re.sub(r"<metadata>.*?</metadata>|<style\b[^>]*>[^<]*</style>|<[?!][^>]*>", "", svg, flags=re.S)
    yield from faults(drawn.replace("xlink:href", "href"), DRAWN)


def wrong_markdown(text: str) -> Iterator[str]:
    """Yield what is wrong with the HTML in Markdown, code and formulas left out.

    Examples
    --------
    >>> list(wrong_markdown("`<script>` is code, <script>f()</script> is none."))
    ['<script> may not stand on a page']
    """
    yield from dict.fromkeys(faults("".join(_raw(text))))


def _raw(text: str) -> Iterator[str]:
    for token in MARKDOWN.parse(text):
        for part in token.children or (token,):
            if part.type in ("html_block", "html_inline"):
                yield part.content
            elif part.type in ("fence", "colon_fence") and part.info.startswith("{"):
                yield from _raw(part.content)


def wrong_titles(search_index: str) -> Iterator[tuple[str, str]]:
    """Yield pages with what is wrong with a title: the script of the search reads titles as HTML."""
    index = json.loads(search_index[search_index.index("(") + 1 : search_index.rindex(")")])
    titles = {*enumerate(index["titles"])}
    titles |= {(place[0], title) for title, places in index["alltitles"].items() for place in places}
    for at, title in sorted(titles):
        for fault in dict.fromkeys(faults(title)):
            yield index["docnames"][at], f"the search takes the title {_short(title)} for HTML: {fault}"


def _short(text: object) -> str:
    shown = repr(" ".join(str(text).split()))
    return shown if len(shown) <= 80 else f"{shown[:76]}…{shown[0]}"
