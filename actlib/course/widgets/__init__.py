"""Widgets that run in a live notebook and, on the values that Python computed, on a static page."""

from actlib.course.widgets.curve_explorer import CurveExplorer as CurveExplorer
from actlib.course.widgets.maxout_builder import MaxoutBuilder as MaxoutBuilder
from actlib.course.widgets.softmax_bars import SoftmaxBars as SoftmaxBars
from actlib.course.widgets.sweep import Sweep as Sweep

__all__ = ["CurveExplorer", "MaxoutBuilder", "SoftmaxBars", "Sweep"]
