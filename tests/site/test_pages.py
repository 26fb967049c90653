"""Every built page, in a browser: quiet, light, legible, reachable by everyone."""

from __future__ import annotations

import functools
import gzip
import io
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from PIL import Image

from actlib.course.claims import ledger
from tests.site.conftest import COMPRESSED, PHONE, Open, Site, Visit

ID = re.compile(r"""<\w(?:[^<>"]|"[^"]*")*?\sid="([^"]+)\"""")
PAGE_WEIGHT = 400 * 1024
MOST_ELEMENTS = 12_000

# axe takes seconds a page. It reads each page on a phone, dark; on a desk, light, one page with each widget
# and each layout: the others are made of the same parts in the same colours.
EACH_LAYOUT = (
    *("index", "sigmoid", "softmax", "maxout", "depth", "summary", "fact_sheet"),
    *("ledger", "glossary", "api", "bibliography", "search"),
)


def weight(site: Site, url: str) -> int:
    """Return the bytes on the wire of a file of the site."""
    path = site.folder / urlsplit(url).path.removeprefix(urlsplit(site.url).path)
    content = path.read_bytes()
    return len(gzip.compress(content, 6)) if path.suffix in COMPRESSED else len(content)


@functools.cache
def soup(path: Path) -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@functools.cache
def ids(path: Path) -> Counter[str]:
    """Return how often each id stands on a page."""
    return Counter(ID.findall(path.read_text("utf-8")))  # of every page that a link leads to: no tree needed


def test_page_is_light_and_quiet_and_asks_no_other_host(site: Site, desktop: Visit) -> None:
    seen = desktop
    assert [url for url in seen.requests if not url.startswith((site.url, "data:"))] == []
    assert seen.failed == []
    assert seen.complaints == []
    files = {url for url in seen.requests if url.startswith("http")}
    assert sum(weight(site, url) for url in files) <= PAGE_WEIGHT


def test_nothing_overflows_a_phone(phone: Visit) -> None:
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("width", [390, 360])
def test_figures_fit_a_phone_and_are_legible(still: Visit, width: int) -> None:
    page = still.page
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    # A subscript of a formula is smaller than its base, as in print.
    figures = page.evaluate(
        """() => [...document.querySelectorAll("figure.picture")].map(figure => {
             const sizes = [...figure.querySelectorAll("text")].map(text => {
               const { a, b } = text.getScreenCTM();
               const parts = text.querySelector("tspan") ? [...text.querySelectorAll("tspan")] : [text];
               return Math.max(...parts.map(part => parseFloat(getComputedStyle(part).fontSize)))
                 * Math.hypot(a, b);
             });
             return [figure.scrollWidth <= figure.clientWidth, Math.min(...sizes)];
           })"""
    )
    assert all(fits and least >= 10.99 for fits, least in figures), figures


WIDE = "pre, .pst-scrollable-table-container, .formula > .wide, .output.text_html"


def edges(seen: Visit, at: int) -> tuple[bool, bool]:
    """Return whether a shadow stands at the left and at the right of an element that may scroll."""
    element = seen.page.locator(f"article :is({WIDE})").nth(at)
    element.scroll_into_view_if_needed()
    with Image.open(io.BytesIO(element.screenshot(animations="disabled"))) as image:
        row = [image.convert("RGB").getpixel((x, 4)) for x in range(image.width)]
    # All of a shadow's width counts: the end that scrolls along may cover a part of it.
    left, right = set(row[2:14]), set(row[-14:-2])
    return left != {row[len(row) // 2]}, right != {row[len(row) // 2]}


@pytest.mark.parametrize("width", [390, 360, 768, 1440])
def test_what_is_cut_has_an_edge_that_says_so(visit: Open, width: int) -> None:
    """One of each kind that scrolls and one that does not, on two pages."""
    for name in ("softmax", "fact_sheet"):
        seen = visit(name, viewport={"width": width, "height": 900}, java_script_enabled=False)
        seen.page.evaluate("document.fonts.ready.then(() => 0)")
        seen.page.locator(".bd-header-article").evaluate("bar => bar.remove()")  # lies over what is tall
        found = seen.page.evaluate(
            """wide => [...document.querySelectorAll(`article :is(${wide})`)].map(element =>
                 [element.tagName + element.className, element.scrollWidth - element.clientWidth,
                  element.checkVisibility() && !element.closest("details, .cell_input")
                   && !element.querySelector(".claim")])""",  # its border is no shadow
            WIDE,
        )
        kinds = {
            (kind, more > 0): at
            for at, (kind, more, shown) in reversed(list(enumerate(found)))
            if shown and not 0 < more <= 4  # what is cut by less shows as little of the shadow
        }
        for (kind, cut), at in kinds.items():
            assert edges(seen, at) == (False, cut), (name, kind)
            if cut:
                seen.page.locator(f"article :is({WIDE})").nth(at).evaluate(
                    "element => element.scrollTo(element.scrollWidth, 0)"
                )
                # A first column that stays in sight lies over the shadow at the left.
                left, right = edges(seen, at)
                assert (left or (name, kind[:3]) == ("fact_sheet", "DIV"), right) == (True, False), (
                    name,
                    kind,
                )


@pytest.mark.parametrize("width", [390, 360])
def test_nothing_else_is_cut_and_no_claim_is(still: Visit, width: int) -> None:
    """What scrolls sideways has the edges of `WIDE`, painted as four layers of its background."""
    still.page.set_viewport_size({"width": width, "height": PHONE["height"]})
    cut = still.page.evaluate(
        """wide => [...document.querySelectorAll("article *")].filter(element => {
             if (element.scrollWidth <= element.clientWidth || !element.checkVisibility()) return false;
             const style = getComputedStyle(element);
             if (style.overflowX === "visible") return false;
             return element.querySelector(".claim") || !element.matches(`:is(${wide})`)
               || style.backgroundImage.split("linear-gradient").length !== 5;
           }).map(element => element.outerHTML.slice(0, 300))""",
        WIDE,
    )
    assert cut == []


def test_the_keyboard_reaches_what_scrolls_and_nothing_else(phone: Visit) -> None:
    assert phone.page.evaluate(
        """wide => [...document.querySelectorAll(`article :is(${wide})`)].every(
             element => (element.tabIndex === 0) === (element.scrollWidth > element.clientWidth))""",
        WIDE,
    )


def test_a_button_that_copies_code_is_no_stop_for_the_keyboard(desktop: Visit) -> None:
    assert desktop.page.locator("button.copybtn").evaluate_all("all => all.every(copy => copy.tabIndex < 0)")


def test_a_page_is_not_too_much_for_a_phone(desktop: Visit) -> None:
    assert desktop.page.locator("*").count() <= MOST_ELEMENTS


def test_widgets_are_legible_on_a_phone(phone: Visit) -> None:
    for widget in phone.page.locator(".widget > .live").all():
        assert widget.evaluate("el => el.scrollWidth <= el.clientWidth")
        sizes = widget.evaluate(
            """el => [...el.querySelectorAll("svg text")].map(text =>
                 parseFloat(getComputedStyle(text).fontSize) * text.getCTM().a)"""
        )
        assert sizes
        assert min(sizes) >= 11


def test_page_without_scripts_is_whole(still: Visit) -> None:
    page = still.page
    for selector in ("math", "figure.picture svg", ".widget > .picture"):
        assert page.locator(f"article {selector}").evaluate_all(
            """all => all.every(element => element.closest("details:not([open])")
                 || (element.checkVisibility() && element.getBoundingClientRect().width > 0))"""
        ), selector
    for hidden in page.locator(".pst-js-only, .sidebar-toggle").all():
        assert not hidden.is_visible()


def test_paper_shows_what_is_open(desktop: Visit) -> None:
    page = desktop.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    for selector in ("h1", "math", "figure.picture svg"):
        assert desktop.becomes(
            f"""[...document.querySelectorAll("article {selector}")].every(
                  element => element.closest("details:not([open])") || element.checkVisibility())"""
        ), selector
    for selector in (
        *(".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".widget > .live"),
        "article details.hide:not([open])",
    ):
        for element in page.locator(selector).all():
            assert not element.is_visible(), selector
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")


def test_one_button_opens_and_closes_all_folds(visit: Open) -> None:
    page = visit("sigmoid").page
    closed = page.locator("article details:not([open])")
    folds = closed.count()
    assert folds
    for name, left in (("Open all folds", 0), ("Close all folds", folds)):
        page.get_by_text("This page", exact=True).click()
        page.get_by_role("button", name=name).click()
        assert closed.count() == left
        page.keyboard.press("Escape")


def test_the_button_of_the_colours_says_which_they_are(visit: Open) -> None:
    # With a locale that no other test asks for: the browser keeps the reader's choice.
    page = visit("index", color_scheme="light", locale="en-NZ").page
    for mode in ("as the system", "dark", "light", "as the system"):
        button = page.get_by_role("button", name=f"Color mode: {mode}", exact=True)
        button.click()


def test_the_sign_of_the_search_field_covers_no_letter(visit: Open) -> None:
    for name in ("sigmoid", "search"):
        page = visit(name).page
        page.keyboard.press("Control+K")
        field = page.locator(".bd-search:visible").first
        assert field.evaluate(
            """field => {
                 const input = field.querySelector("input");
                 const letters = input.offsetLeft + parseFloat(getComputedStyle(input).paddingLeft);
                 const sign = field.querySelector("i");
                 return sign.offsetLeft + sign.offsetWidth <= letters;
               }"""
        )


def test_what_is_seen_is_in_the_name(site: Site, page_name: str) -> None:
    for element in soup(site.folder / f"{page_name}.html").select(":is(a, button, summary)[aria-label]"):
        assert " ".join(element.text.split()).lower() in str(element["aria-label"]).lower(), element


def axe_finds_nothing(seen: Visit, scheme: str) -> None:
    """Hold a page, unfolded, against the rules of axe; code and formulas are thinned out on it."""
    assert seen.page.evaluate("document.documentElement.dataset.theme") == scheme
    seen.unfold()
    # axe weighs each of thousands of words of code, letters of formulas and marks of figures: one of a kind
    # will do, and a figure is one picture to it, but for its words.
    seen.page.evaluate(
        """() => {
             const kinds = new Set();
             for (const word of document.querySelectorAll("pre span"))
               if (kinds.has(word.className)) word.replaceWith(...word.childNodes);
               else kinds.add(word.className);
             for (const formula of [...document.querySelectorAll("math")].slice(1)) formula.remove();
             for (const mark of document.querySelectorAll("figure svg[role=img] :is(defs, path, use)"))
               mark.remove();
           }"""
    )
    found = Axe().run(seen.page)
    assert found.violations_count == 0, found.generate_report()


# These two are the last that is done with a page, since axe sees it thinned out.
@pytest.mark.only_pages(*EACH_LAYOUT)
def test_axe_finds_nothing_on_a_desk(desktop: Visit) -> None:
    axe_finds_nothing(desktop, "light")


def test_axe_finds_nothing_on_a_phone(phone: Visit) -> None:
    axe_finds_nothing(phone, "dark")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_page_to_print_fits_one_sheet(visit: Open, paper: str) -> None:
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
    printed = visit("summary").read().page.pdf(format=paper, margin=margin)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_every_claim_leads_to_its_cell(site: Site) -> None:
    found = soup(site.folder / "ledger.html").select('.claims a[href*=".html#"]')
    links = {link.text: str(link["href"]) for link in found}
    assert links == {claim.id: f"{claim.chapter}.html#{claim.id}" for claim in ledger().values()}


def test_links_lead_somewhere(site: Site, page_name: str) -> None:
    start = f"{site.url}{page_name}.html"
    for link in soup(site.folder / f"{page_name}.html").select("a[href], link[href]"):
        target, anchor = urldefrag(urljoin(start, str(link["href"])))
        if target.startswith(site.url):
            path = site.folder / target.removeprefix(site.url).partition("?")[0]
            assert path.is_file(), link
            if anchor and path.suffix == ".html":
                assert anchor in ids(path), link
        else:
            assert target.startswith(("https://", "http://")), link


def test_page_says_what_it_is(site: Site, page_name: str) -> None:
    page = soup(site.folder / f"{page_name}.html")
    assert page.select_one("html[lang=en]")
    assert len(page.find_all("h1")) == 1
    assert len(page.find_all("title")) == 1
    (description,) = page.select("meta[name=description]")
    assert 20 <= len(description["content"]) <= 160


def test_no_two_pages_say_the_same(site: Site) -> None:
    pages = [soup(path) for path in site.folder.glob("*.html")]
    for texts in (
        [page.select_one("meta[name=description]")["content"] for page in pages],  # type: ignore[index]
        [page.title.text for page in pages if page.title],
    ):
        assert len(set(texts)) == len(pages), texts


def test_pictures_have_a_text_alternative(site: Site, page_name: str) -> None:
    page = soup(site.folder / f"{page_name}.html")
    assert all(image.get("alt") for image in page.find_all("img"))
    assert all(svg.get("aria-label") for svg in page.select("svg[role=img]"))
    assert all(svg.get("role") == "img" for svg in page.select("figure svg"))


def test_ids_are_unique(site: Site, page_name: str) -> None:
    times = ids(site.folder / f"{page_name}.html")
    assert [name for name in times if times[name] > 1] == []


def test_policy_allows_the_site_alone(site: Site, page_name: str) -> None:
    page = soup(site.folder / f"{page_name}.html")
    first, second = page.head.find_all(True)[:2]  # type: ignore[union-attr]
    assert first.get("charset") == "utf-8"
    assert second["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.split(" ", 1) for rule in str(second["content"]).split("; "))
    assert re.fullmatch(r"'self'( 'sha256-[\w+/]{43}=')+", rules.pop("script-src"))
    assert rules == {
        "default-src": "'self'",
        "style-src-elem": "'self'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "frame-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }


def test_policy_stops_a_foreign_script(visit: Open) -> None:
    seen = visit("index")
    seen.page.evaluate(
        """() => {
             const script = document.createElement("script");
             script.textContent = "window.ran = 1";
             document.body.append(script);
           }"""
    )
    assert seen.page.evaluate("window.ran") is None
    assert "Content Security Policy" in "".join(seen.complaints)
