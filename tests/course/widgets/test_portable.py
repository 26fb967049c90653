"""What a widget's output carries."""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import traitlets

from actlib import sigmoid
from actlib.course import figures, widgets as course_widgets
from actlib.course.widgets import CurveExplorer, modules
from actlib.course.widgets.portable import MIME, Portable
from tests.course.widgets.examples import widgets
from tools import publish

VIEW = "application/vnd.jupyter.widget-view+json"
PRINT_FORMS = f"""
import json
from tests.course.widgets.examples import widgets
forms = {{name: widget._repr_mimebundle_()[0] for name, widget in widgets().items()}}
for bundle in forms.values():
    del bundle["{VIEW}"]
print(json.dumps(forms))
"""


class Counter(Portable):
    _esm = "export default { render() {} };\n"
    count = traitlets.Int(3).tag(sync=True)
    samples = traitlets.Bytes(b"\x00\xff\x10").tag(sync=True)
    unsent = traitlets.Int(4)

    def picture(self) -> figures.Picture:
        made, axes = figures.figure()
        axes.plot([0, self.count])
        return figures.picture(made, caption="A line.", alt=f"A line from 0 to {self.count}.")

    def __repr__(self) -> str:
        return f"Counter({self.count})"


def test_portable_form_is_the_synced_traits_and_nothing_else() -> None:
    assert Counter(count=5).portable() == {
        "widget": f"{__name__}:Counter",
        "state": {"count": 5},
        "buffers": {"samples": base64.b64encode(b"\x00\xff\x10").decode()},
    }


def test_output_has_a_form_for_each_reader() -> None:
    widget = Counter()
    forms, _ = widget._repr_mimebundle_()
    assert forms.keys() == {VIEW, MIME, "image/svg+xml", "image/png", "text/plain"}
    assert forms[VIEW]["model_id"] == widget.model_id
    assert forms[MIME] == widget.portable()
    assert {name: forms[name] for name in widget.picture().images()} == widget.picture().images()
    assert forms["text/plain"] == "Counter(3)"


def test_a_long_text_is_not_cut() -> None:
    widget = CurveExplorer(sigmoid, question="Where? " * 100, answer=0)
    assert widget._repr_mimebundle_()[0]["text/plain"] == repr(widget)
    assert widget.question in repr(widget)


@pytest.mark.parametrize("name", widgets())
def test_what_is_drawn_once_is_set_once(name: str) -> None:
    widget = widgets()[name]
    before = widget.portable()
    fixed = [each for each in before["state"] if not widget.trait_metadata(each, "moves")]
    assert "title" in fixed
    for each in fixed:
        with pytest.raises(
            traitlets.TraitError, match=rf"{each} of a {type(widget).__name__} is set .*, got -1"
        ):
            setattr(widget, each, -1)
    assert widget.portable() == before


def test_output_has_no_ids() -> None:
    widget = Counter()
    forms, _ = widget._repr_mimebundle_()
    del forms[VIEW]
    assert widget.model_id not in json.dumps(forms)


def test_outputs_are_the_same_bytes_in_every_process() -> None:
    def run(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", PRINT_FORMS],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert run("1") == run("2")


@pytest.mark.parametrize("form", ["picture", "__repr__"])
def test_a_widget_must_write_its_picture_and_its_text(form: str) -> None:
    class Bare(Portable):
        _esm = Counter._esm

    with pytest.raises(NotImplementedError, match="Bare must have"):
        getattr(Bare(), form)()


@pytest.mark.parametrize("kind", [getattr(course_widgets, name) for name in course_widgets.__all__])
def test_a_page_pays_little(kind: type[Portable]) -> None:
    *imported, own = modules.in_order(kind._script).items()
    weights = {path.name: weight(text) for path, text in imported}
    assert weight(own[1]) <= 8 * 1024
    assert sum(size for name, size in weights.items() if name not in ("plot.js", "stage.js")) <= 18 * 1024
    style = sum(map(weight, modules.style(kind._styles).values()))
    host = weight((Path(publish.__file__).parent / "assets/host.js").read_text("utf-8"))
    assert style + host + weights["plot.js"] + weights.get("stage.js", 0) <= 10 * 1024


def weight(text: str) -> int:
    """Return how many bytes a browser loads for a text."""
    return len(gzip.compress(text.encode(), 6))
