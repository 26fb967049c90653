"""Widgets that run in a live notebook and, on the values that Python computed, on a static page."""

from actlib.widgets.curve_explorer import CurveExplorer as CurveExplorer
from actlib.widgets.maxout_builder import MaxoutBuilder as MaxoutBuilder
from actlib.widgets.softmax_bars import SoftmaxBars as SoftmaxBars
from actlib.widgets.sweep import Sweep as Sweep

__all__ = ["CurveExplorer", "MaxoutBuilder", "SoftmaxBars", "Sweep"]
