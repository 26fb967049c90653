"""Widgets that run in a live notebook and, on the values that Python computed, on a static page.

A widget is the last expression of its cell. Give it a name first to read it and move it from Python: what
the reader moves arrives there, and what Python sets shows on the screen. What is drawn once, such as the
range of x, belongs to the constructor alone.

>>> from actlib import sigmoid, tanh
>>> from actlib.course.widgets import CurveExplorer
>>> explorer = CurveExplorer(sigmoid, x=2)
>>> explorer.x = 3
>>> explorer
CurveExplorer(Sigmoid()): at x = 3.00, f = 0.95257 and f' = 0.045177; 321 points from -8.00 to 8.00

``observe`` calls a function at each move, and ``link`` of ipywidgets ties two widgets together:

>>> from ipywidgets import HBox, link
>>> other = CurveExplorer(tanh, x=3)
>>> tied = link((explorer, "x"), (other, "x"))
>>> explorer.observe(lambda change: print("now at", change.new), names="x")
>>> explorer.x = -1
now at -1.0
>>> other.x
-1.0

``HBox([explorer, other])`` sets them side by side in a live notebook. A page of the book has no Python: give
each widget a cell of its own there.

A slider that moves `x` needs the step of the explorer's grid, here 0.05: the explorer takes the nearest
point, and a finer slider jumps back to it. The function stays: to show another, make another explorer,
inside ``ipywidgets.Output`` if it is to stand in the place of the first.

What moves: `x`, `value` and `powers` of the curve explorer, where `value` is that of the parameter, None
without one; `logits`, `temperature` and `truth` of the softmax bars; `lines`, `selected` and `target` of
the maxout builder; `value` and `choice` of the sweep; `function`, `function_value`, `beside`, `beside_value`,
`reach` and `x` of the curves; `function`, `gain`, `depth` and `seed` of the fifty
layers; `drawn` of the drawn guess; `start`, `hinges`, `selected`, `target` and `drawn` of the hinge
builder; all but the title of the race.
`guess` of those with a question is None until the reader has asked for the answer.
"""

from actlib.course.widgets.curve_explorer import CurveExplorer as CurveExplorer
from actlib.course.widgets.curves import Curves as Curves
from actlib.course.widgets.draw_guess import DrawGuess as DrawGuess
from actlib.course.widgets.fifty_layers import FiftyLayers as FiftyLayers
from actlib.course.widgets.hinge_builder import HingeBuilder as HingeBuilder
from actlib.course.widgets.maxout_builder import MaxoutBuilder as MaxoutBuilder
from actlib.course.widgets.race import Race as Race
from actlib.course.widgets.softmax_bars import SoftmaxBars as SoftmaxBars
from actlib.course.widgets.sweep import Sweep as Sweep

__all__ = [
    "CurveExplorer",
    "Curves",
    "DrawGuess",
    "FiftyLayers",
    "HingeBuilder",
    "MaxoutBuilder",
    "Race",
    "SoftmaxBars",
    "Sweep",
]
