"""Puts widgets and figures on the page; the rest of a notebook's outputs is left to MyST-NB.

A widget's output carries its class, its state and a static picture. The page shows the picture;
`assets/host.js` then mounts the same front-end module that a live notebook runs on that state.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb import sphinx_
from myst_nb.core.render import MimeData, NbElementRenderer, sanitize_script_content
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from actlib.course import widgets
from actlib.course.widgets import modules
from actlib.course.widgets.portable import MIME
from tools.harmless import OUTPUTS
from tools.publish import svg

__all__ = ["Renderer", "connect"]

SVG = "image/svg+xml"
ASSETS = Path(__file__).parent / "assets"
WIDGETS = {
    f"{widget.__module__}:{widget.__qualname__}": widget
    for widget in (getattr(widgets, name) for name in widgets.__all__)
}
"""The widgets that a page may show, by the name that an output gives."""
logger = logging.getLogger(__name__)
KEY = "actlib_widgets"  # of a document's data in the environment: file name to text


class Renderer(NbElementRenderer):
    """The renderer of notebook outputs."""

    def render_mime_type(self, data: MimeData) -> list[nodes.Element]:
        """Render a widget or a figure here, what else is allowed as MyST-NB does."""
        try:
            if data.mime_type not in OUTPUTS:
                raise ValueError(f"an output may not be {data.mime_type}")
            if data.mime_type == MIME:
                return [nodes.raw(format="html", text=self._widget(data))]
            if data.mime_type == SVG:
                return [nodes.raw(format="html", text=self._picture(data, data.content))]
        except ValueError as error:
            environment = self.renderer.sphinx_env
            logger.warning(
                f"cell {data.cell_index}: {error}", location=environment.docname if environment else None
            )
            return []
        return super().render_mime_type(data)

    def render_text_html(self, data: MimeData) -> list[nodes.Element]:
        """Render HTML; a link to a notebook leads to its page, and a caption stands in its figure already."""
        if data.string.startswith('<p class="caption">'):
            return []
        text = re.sub(r'(<a href="[\w-]+)\.ipynb(?=[#"])', r"\1.html", data.string)
        return super().render_text_html(replace(data, content=text))

    def _picture(self, data: MimeData, source: str | bytes) -> str:
        text = source if isinstance(source, str) else source.decode()
        return svg.inline(text, f"c{data.cell_index}-{data.output_index}-")

    def _widget(self, data: MimeData) -> str:
        cell = self.renderer.nb_client.notebook.cells[data.cell_index]
        bundle = cell.outputs[data.output_index]["data"]
        if SVG not in bundle:
            raise ValueError(f"a widget must carry a static picture ({SVG}), got none")
        content: dict[str, Any] = data.content
        widget = WIDGETS.get(content.get("widget", ""))
        if widget is None:
            raise ValueError(f"a widget must be one of {', '.join(WIDGETS)}, got {content.get('widget')!r}")
        scripts = modules.files(widget._script)
        # What is shared comes first, so that a widget's own style wins.
        self._assets().update(scripts | modules.style(widget._styles))
        name = cell.source.split("\n")[-1]  # the widget's, as the rules of the book ask
        if not name.isidentifier():
            name = f"widget-{data.cell_index}"
        state = json.dumps({key: content[key] for key in ("state", "buffers")}, ensure_ascii=False)
        return (
            f'<div class="widget" id="{name}" data-module="{[*scripts][-1]}">'
            f"{self._picture(data, bundle[SVG])}"
            f'<script type="application/json">{sanitize_script_content(state)}</script></div>'
        )

    def _assets(self) -> dict[str, str]:
        environment = self.renderer.sphinx_env
        assert environment is not None
        return NbMetadataCollector.get_doc_data(environment)[environment.docname].setdefault(KEY, {})


def connect(app: Sphinx) -> None:
    """Render outputs here; link a page's widget files on that page alone and write each file once."""
    # MyST-NB finds a renderer by an entry point, which would stand in every environment that has actlib.
    sphinx_.load_renderer = lambda name: Renderer
    app.add_node(sphinx_.HideCodeCellNode, override=True, html=(_visit_fold, sphinx_.depart_HideCellInput))
    app.connect("html-page-context", _link)
    app.connect("build-finished", _write)


def _visit_fold(writer: HTML5Translator, fold: sphinx_.HideCodeCellNode) -> None:
    """Open a fold whose name is the text that stands on it: MyST-NB gives all the same hidden one."""
    start = len(writer.body)
    sphinx_.visit_HideCellInput(writer, fold)
    writer.body[start:] = [
        part.replace(' aria-label="Toggle hidden content"', "") for part in writer.body[start:]
    ]


def _link(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    files = NbMetadataCollector.get_doc_data(app.env)[page].get(KEY, {}) if app.env else {}
    context["widget_styles"] = [name for name in files if name.endswith(".css")]
    context["has_widgets"] = bool(files)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception:
        return
    static = Path(app.outdir, "_static")
    (static / "widgets").mkdir(parents=True, exist_ok=True)
    shutil.copy(ASSETS / "page.js", static)  # every page has it
    files = {"host.js": (ASSETS / "host.js").read_text("utf-8")}
    for data in NbMetadataCollector.get_doc_data(app.env).values():
        files |= data.get(KEY, {})
    for name, text in files.items():
        (static / "widgets" / name).write_text(text, "utf-8", newline="\n")
