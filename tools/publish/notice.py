"""A line at the top of every page: `BOOK_NOTICE="Not verified: ..."` says what a reader must know first."""

from __future__ import annotations

import html
import os
from typing import Any

from sphinx.application import Sphinx

__all__ = ["connect"]

SETTING = "BOOK_NOTICE"


def connect(app: Sphinx) -> None:
    """Give the theme the notice, if there is one."""
    app.add_config_value("book_notice", os.environ.get(SETTING, ""), "html")
    app.connect("config-inited", _announce)


def _announce(app: Sphinx, config: Any) -> None:
    if config.book_notice.strip():
        config.html_theme_options["announcement"] = html.escape(config.book_notice.strip())
