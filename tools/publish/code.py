"""Code in colours, with a `<span>` for what has a colour of its own and for nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text, _TokenType
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

__all__ = ["STYLES", "Formatter", "connect"]

STYLES = ("a11y-high-contrast-light", "a11y-high-contrast-dark")
"""The theme's two sets of colours."""


class Formatter(HtmlFormatter):
    """Writes neighbours that look the same, in light and in dark, as one, and plain ones as bare text."""

    def format_unencoded(self, tokensource: Iterable[tuple[_TokenType, str]], outfile: Any) -> None:
        """Write the tokens."""
        super().format_unencoded(((_kind(token), text) for token, text in tokensource), outfile)


@cache
def _kinds() -> dict[str, _TokenType]:
    """Return, for each look, the first kind of token that has it."""
    kinds = {_look(Text): Text}
    for token in STANDARD_TYPES:
        kinds.setdefault(_look(token), token)
    return kinds


@cache
def _kind(token: _TokenType) -> _TokenType:
    while token not in STANDARD_TYPES:
        token = token.parent
    return _kinds()[_look(token)]


@cache
def _look(token: _TokenType) -> str:
    return repr([get_style_by_name(name).style_for_token(token) for name in STYLES])


def connect(app: Sphinx) -> None:
    """Make this the formatter of code, in the theme's colours."""
    PygmentsBridge.html_formatter = Formatter
    app.connect("builder-inited", _use_styles)


def _use_styles(app: Sphinx) -> None:
    options = dict(zip(("pygments_light_style", "pygments_dark_style"), STYLES, strict=True))
    app.config.html_theme_options.update(options)
