"""Widgets that run in a live notebook and, on the values that Python computed, on a static page."""

from actlib.widgets.curve_explorer import CurveExplorer as CurveExplorer

__all__ = ["CurveExplorer"]
