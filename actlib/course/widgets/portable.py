"""A widget whose output is complete: what a page needs to run it, a picture and a text.

A notebook stores one widget in several forms and each reader takes the best that it can show: a live
front end the view, the book the portable form (it mounts the same module on the same state), GitHub
and a printer the picture, a notebook that is not trusted its pixels, a terminal the text.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import Any, ClassVar

import anywidget
import numpy as np
from traitlets import TraitError

from actlib.course.figures import Picture
from actlib.course.widgets import modules

__all__ = ["MIME", "Portable"]

MIME = "application/vnd.actlib.widget.v1+json"
"""The media type of the portable form."""


def _plain(value: Any) -> Any:
    """Return Python's numbers and lists for NumPy's."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


class Portable(anywidget.AnyWidget):
    """A widget that also runs without Python, on the values that Python computed.

    A subclass declares its state as traits tagged ``sync=True``, the file of its module, `_script`, and its
    style sheets, `_styles` (see `modules`), and writes `picture` and `__repr__`. The portable form holds
    those traits and nothing else: no ids, so two runs give the same bytes. Round a float to what is drawn
    before it goes into a trait.

    Traits tagged ``moves=True`` as well are what a reader, or Python, may change; a validator checks
    each. The others are drawn once, so the constructor alone sets them. Arrays and NumPy's numbers
    count as lists and numbers.
    """

    _script: ClassVar[str]
    _styles: ClassVar[tuple[str, ...]] = ()
    _made = False

    def __init_subclass__(cls, **arguments: Any) -> None:
        if "_script" in cls.__dict__:
            cls._esm = modules.bundle(cls._script)
            cls._css = "".join(modules.style(cls._styles).values())
        super().__init_subclass__(**arguments)

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self._made = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._own():
            if self._made and not self.trait_metadata(name, "moves"):
                kind = type(self).__name__
                raise TraitError(
                    f"{name} of a {kind} is set when it is made and stays: make another, got {value!r}"
                )
            value = _plain(value)
        super().__setattr__(name, value)

    @classmethod
    @cache
    def _own(cls) -> frozenset[str]:
        """Return the names of the traits that the portable form holds."""
        own = set(cls.class_trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        # A leading underscore marks what the front end needs of any widget.
        return frozenset(name for name in own if not name.startswith("_"))

    def picture(self) -> Picture:
        """Return the widget as a picture, for a reader without scripts."""
        raise NotImplementedError(f"{type(self).__name__} must have a picture")

    def __repr__(self) -> str:
        """Return what the widget shows as text, the same on every run."""
        raise NotImplementedError(f"{type(self).__name__} must have a __repr__")

    def portable(self) -> dict[str, Any]:
        """Return the portable form: the class by its import path, its state, each Bytes trait in base64."""
        values = {name: getattr(self, name) for name in sorted(self._own())}
        return {
            "widget": f"{type(self).__module__}:{type(self).__qualname__}",
            "state": {name: value for name, value in values.items() if not isinstance(value, bytes)},
            "buffers": {
                name: base64.b64encode(value).decode("ascii")
                for name, value in values.items()
                if isinstance(value, bytes)
            },
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        forms, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        picture = self.picture()
        forms |= {MIME: self.portable(), **picture.images(), "text/plain": repr(self)}
        return forms, metadata | picture.metadata()
