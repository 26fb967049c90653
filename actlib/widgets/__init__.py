"""Widgets that run in a live notebook and, on the values that Python computed, on a static page."""

from actlib.widgets.curve_explorer import CurveExplorer as CurveExplorer
from actlib.widgets.sweep import Sweep as Sweep

__all__ = ["CurveExplorer", "Sweep"]
