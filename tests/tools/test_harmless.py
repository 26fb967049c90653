"""What a merged page must not do: a small book tries each way, and no page of it becomes a site.

The ways are tried twice: the build refuses each, and the policy, which stands behind it, lets a browser
run none.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pydata_sphinx_theme
import pytest
import sphinx_book_theme
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell, writes
from playwright.sync_api import Browser, Page, Route

from tests.site.conftest import serve
from tests.tools.checkout import checkout, module
from tools import harmless
from tools.execute import METADATA, PORTABLE
from tools.publish import policy
from tools.toc import ROOT

ELSEWHERE = "https://elsewhere.invalid"
RUN = "document.documentElement.dataset.ran = 1"
LEAVE = f'<meta http-equiv="refresh" content="0;url={ELSEWHERE}/">'
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    "<title>T</title><desc>D</desc>{}</svg>"
)
HTML = {
    "script": f"<script>{RUN}</script>",
    "module": f'<script type="module">{RUN}</script>',
    "file_as_script": '<script src="_sources/index.md"></script>',
    "foreign_script": f'<script src="{ELSEWHERE}/a.js"></script>',
    "module_of_widget": f'<div class="widget" data-module="{ELSEWHERE}/a.js"></div>',
    "handler": f'<img src="x.png" alt="" onerror="{RUN}">',
    "handler_on_toggle": f'<details open ontoggle="{RUN}"><summary>s</summary></details>',
    "refresh": LEAVE,
    "frame": f'<iframe src="{ELSEWHERE}/"></iframe>',
    "frame_with_text": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "object": '<object data="data:text/html,x"></object>',
    "embed": f'<embed src="{ELSEWHERE}/">',
    "base": f'<base href="{ELSEWHERE}/">',
    "prefetch": f'<link rel="prefetch" href="{ELSEWHERE}/">',
    "sheet": f'<link rel="stylesheet" href="{ELSEWHERE}/a.css">',
    "style": f"<style>@import '{ELSEWHERE}/a.css';</style>",
    "style_attribute": f'<p style="background: url({ELSEWHERE}/a.png)">p</p>',
    "cover": f'<a href="{ELSEWHERE}/" style="position: fixed; inset: 0">a</a>',
    "cover_by_layer": f'<a href="{ELSEWHERE}/" style="color: red;Z-INDEX:9">a</a>',
    "cover_by_margin": f'<a href="{ELSEWHERE}/" style="display: block; margin-left: -100vw">a</a>',
    "cover_by_transform": f'<a href="{ELSEWHERE}/" style="/**/transform: scale(99)">a</a>',
    "cover_in_disguise": f'<a href="{ELSEWHERE}/" style="pos\\69tion: fixed">a</a>',
    "form": f'<form action="{ELSEWHERE}/"><button>b</button></form>',
    "button": f'<button formaction="{ELSEWHERE}/">b</button>',
    "image": f'<img src="{ELSEWHERE}/a.png" alt="">',
    "link": f'<a href="java\tscript:{RUN}">a</a>',
    "svg_script": f"<svg><script>{RUN}</script></svg>",
    "svg_handler": f'<svg onload="{RUN}"></svg>',
    "foreign_object": f"<svg><foreignObject>{LEAVE}</foreignObject></svg>",
    "out_of_noscript": f'<noscript><p title="</noscript><script>{RUN}</script>"></p></noscript>',
    "out_of_template": f"<template></template></article></div><script>{RUN}</script>",
    "out_of_math": f"<math><annotation-xml encoding=text/html><script>{RUN}</script></annotation-xml></math>",
}
FIGURES = {
    "figure_script": DRAWING.format(f"<script>{RUN}</script>"),
    "figure_foreign": DRAWING.format(
        f"<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>{RUN}</p></foreignObject>"
    ),
    "figure_link": DRAWING.format(f'<a xlink:href="javascript:{RUN}"><text>t</text></a>'),
    "figure_handler": DRAWING.format(f'<path onclick="{RUN}" d="M 0 0"/>'),
    "figure_use": DRAWING.format(f'<use xlink:href="{ELSEWHERE}/a.svg#a"/>'),
    "figure_image": DRAWING.format(f'<image href="{ELSEWHERE}/a.png"/>'),
    "figure_animation": DRAWING.format(f'<path d="M 0 0"><set attributeName="onclick" to="{RUN}"/></path>'),
    "figure_style": DRAWING.format(f'<path d="M 0 0" style="fill: url({ELSEWHERE}/a.svg#a)"/>'),
    "figure_placed": DRAWING.format('<path d="M 0 0" style="fill: none; position: fixed"/>'),
    "figure_broken": "<svg",
}
WIDGET = {
    "text/plain": "w",
    "image/svg+xml": DRAWING.format(""),
    PORTABLE: {"widget": "this:s", "state": {}, "buffers": {}},
}
BUNDLES = {
    "javascript": {"application/javascript": RUN, "text/plain": "x"},
    "widget": WIDGET,
    "markdown_output": {"text/markdown": f"a <script>{RUN}</script>", "text/plain": "x"},
    "markdown_output_raw": {
        "text/markdown": f"```{{raw}} html\n<script>{RUN}</script>\n```",
        "text/plain": "x",
    },
    "live_widget": {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "x"},
    **{name: {"image/svg+xml": svg, "text/plain": "x"} for name, svg in FIGURES.items()},
    **{name: {"text/html": html, "text/plain": "x"} for name, html in HTML.items()},
}
MARKDOWN = {
    "md_script": f"text <script>{RUN}</script>",
    "md_block": f"<div>\n<script>{RUN}</script>\n</div>",
    "md_raw": f"```{{raw}} html\n<script>{RUN}</script>\n```",
    "md_raw_in_rst": f"```{{eval-rst}}\n.. raw:: html\n\n   <script>{RUN}</script>\n```",
    "md_raw_from_file": "```{raw} html\n:file: ../_config.yml\n```",
    "md_meta_in_rst": f"```{{eval-rst}}\n.. meta::\n   :http-equiv=refresh: 0;url={ELSEWHERE}\n```",
    "md_include": "```{include} ../_config.yml\n```",
    "md_literalinclude": "```{literalinclude} ../_config.yml\n```",
    "md_download": "[configuration](../_config.yml)",
    "md_file": "{download}`../_config.yml`",
    "md_title": f"## About `{LEAVE}`",
    "md_title_raw": f"## About <script>{RUN}</script>",
    "md_image": f"![a]({ELSEWHERE}/a.png)",
}
FRONTS = {
    "front_refresh": f'myst:\n  html_meta:\n    "http-equiv=refresh": "0;url={ELSEWHERE}"',
    "front_substitution": "myst:\n  enable_extensions: [substitution]\n  substitutions: {a: '{{ env }}'}",
    "front_execution": "file_format: mystnb\nkernelspec: {name: python3}\nmystnb:\n  execution_mode: force",
    "front_broken": "a: [",
}


def notebook(*cells: NotebookNode, **metadata: object) -> str:
    """Return a notebook with a title and these cells."""
    return writes(
        new_notebook(cells=[new_markdown_cell("# Title"), *cells], metadata={**METADATA, **metadata})
    )


def pages() -> dict[str, str]:
    """Return the pages that the book must refuse: name of the file and text."""
    return {
        **{
            f"{name}.ipynb": notebook(new_code_cell("x", outputs=[new_output("display_data", data=bundle)]))
            for name, bundle in BUNDLES.items()
        },
        **{f"{name}.md": f"# Title\n\n{text}\n" for name, text in MARKDOWN.items()},
        **{f"{name}.md": f"---\n{text}\n---\n\n# Title\n\n{{{{ a }}}}\n" for name, text in FRONTS.items()},
        "raw_cell.ipynb": notebook(new_raw_cell(f"<script>{RUN}</script>", metadata={"format": "text/html"})),
        "runs.ipynb": notebook(new_code_cell("1"), mystnb={"execution_mode": "force"}),
    }


# What looks like such a thing and is none.
GOOD = notebook(
    new_markdown_cell(f"`<script>{RUN}</script>` is code, $a<b$ a formula."),
    new_markdown_cell("<details><summary>s</summary>\n\nd\n\n</details>"),
    new_code_cell("x", outputs=[new_output("stream", name="stdout", text=f"<script>{RUN}</script>")]),
    new_code_cell("x", outputs=[new_output("display_data", data={"text/plain": f"<script>{RUN}</script>"})]),
)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Build the book of all these pages, see that there is no site, and return what the build said."""
    root = checkout(tmp_path_factory.mktemp("hostile"))
    for name in ("_config.yml", "book/references.bib", "book/_vendor"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    files = {**pages(), "good.ipynb": GOOD}
    for name, text in files.items():
        (root / "book" / name).write_text(text, "utf-8")
    (root / "book/x.png").write_bytes(b"")
    listed = "".join(f"  - file: {name.partition('.')[0]}\n" for name in files)
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{listed}", "utf-8")
    done = module(root, "build")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("book: not built: book/")
    assert not (root / "_build/html").exists()
    assert [path.name for path in (root / "_build").iterdir() if path.name != "lock"] == []
    return done.stdout


@pytest.mark.parametrize("name", list(pages()))
def test_a_page_that_does_more_than_show_is_refused(said: str, name: str) -> None:
    assert [line for line in said.splitlines() if f"book/{name}" in line and "WARNING: " in line]


def test_what_only_looks_so_is_not_refused(said: str) -> None:
    assert "good.ipynb" not in said


@pytest.mark.parametrize("name", [*HTML, *FIGURES])
def test_the_rules_find_it_in_an_output(name: str) -> None:
    found = harmless.faults(HTML[name]) if name in HTML else harmless.wrong_figure(FIGURES[name])
    assert list(found) or name == "figure_broken"


Open = Callable[[str], tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def open_behind(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Open]:
    """Serve a page for each way, with the policy alone; give a function that opens it and says what left."""
    folder = tmp_path_factory.mktemp("policy")
    (folder / "_sources").mkdir()
    (folder / "_sources/index.md").write_text(RUN)
    page, left = browser.new_page(), []

    def arrive(route: Route) -> None:
        left.append(route.request.url)
        route.fulfill(body="")

    page.route(f"{ELSEWHERE}/**", arrive)  # which nothing reaches that the policy stops
    with serve(folder) as port:

        def open_(html: str) -> tuple[Page, list[str]]:
            text = f"<html><head>{policy.CHARSET}</head><body><article>{html}</article></body></html>"
            (folder / "index.html").write_text(policy.apply(text), "utf-8")
            left.clear()
            page.goto(f"http://127.0.0.1:{port}/", wait_until="load")
            return page, left

        yield open_
    page.close()


# A page that sends its reader elsewhere, by a link that covers it too, is what no policy stops.
LEADING = {"refresh", "foreign_object", *(name for name in HTML if name.startswith("cover"))}


@pytest.mark.parametrize("name", sorted({*HTML, *FIGURES} - LEADING))
def test_the_policy_alone_lets_nothing_run(open_behind: Open, name: str) -> None:
    page, left = open_behind(HTML.get(name) or FIGURES[name])
    for link in page.locator("a").all():
        link.dispatch_event("click")
    assert page.evaluate("document.documentElement.dataset.ran") is None
    assert left == []


def test_what_the_themes_take_along_is_no_fault_of_a_page() -> None:
    """A draft keeps these files, which the site leaves out."""
    themes = [Path(theme.__file__).parent / "theme" for theme in (pydata_sphinx_theme, sphinx_book_theme)]
    names = [path.name for theme in themes for path in theme.glob("*/static/*.html")]
    assert len(names) == 2
    assert [name for name in names if not policy.FILES.fullmatch(f"_static/{name}")] == []
    assert not policy.FILES.fullmatch("_static/page.html")
