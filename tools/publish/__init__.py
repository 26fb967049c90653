"""The Sphinx extension that makes the book a site which any static host can serve.

One module a concern: `renderer` puts widgets and figures on a page, `svg` draws a figure in the
theme's colours, `math` renders formulas at build time, `code` colours code, `typography` keeps together
what a line must not tear, `bibliography` lists references, `api` the package, `description`, `repository`,
`sharing` and `notice` fill in what a page says about itself, where it links and what a reader must know
first, `search` gives it its names, `front_matter` lets a source ask for nothing more, `diet` cuts the theme
down to what the pages use and `policy` refuses a page with more on it than may be, and lets a browser run
our scripts alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from tools.publish import (
    api,
    bibliography,
    code,
    description,
    diet,
    front_matter,
    math,
    notice,
    policy,
    renderer,
    repository,
    search,
    sharing,
    typography,
)

__all__ = ["setup"]

HERE = Path(__file__).parent


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.connect("config-inited", _add_templates)
    front_matter.connect(app)
    math.connect(app)
    code.connect(app)
    typography.connect(app)
    bibliography.connect(app)
    api.connect(app)
    description.connect(app)
    repository.connect(app)
    sharing.connect(app)
    search.connect(app)
    notice.connect(app)
    renderer.connect(app)
    diet.connect(app)
    policy.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add_templates(app: Sphinx, config: Any) -> None:
    config.templates_path.insert(0, str(HERE / "templates"))  # before the theme's
