"""PyTorch, JAX and Keras behind one interface: NumPy arrays in, values and gradients out.

A test that needs one of them skips where it is not installed. The environment variable PARITY names
those that must be there ("torch jax keras" in `.ci/run`): a missing one then fails. Keras computes
with JAX here, since gradients need a backend that has them.
"""

from __future__ import annotations

import inspect
import os
import re
import tempfile
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.toc import ROOT

MODULES = {"PyTorch": "torch", "JAX": "jax", "Keras": "keras"}
PINS = {
    requirement.partition("==")[0]: requirement.partition("==")[2]
    for requirement in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"][
        "parity"
    ]
}
"""The versions about which `test_wrong.py` speaks."""

Array = NDArray[np.floating[Any]]
Formula = Callable[[Any], Any]
"""A function of one tensor."""


class Framework:
    """One of the three: what it calls a function, its values and its gradients."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.module = load(MODULES[name])
        self.version = f"{name} {self.module.__version__}"
        self.pin = f"{name} {PINS[MODULES[name]]}"

    def find(self, call: str) -> Any:
        """Return what a dotted name stands for, or fail if the framework has no such name."""
        found: Any = self.module
        for part in call.split(".")[1:]:
            assert hasattr(found, part), f"{self.version} has no {call}"
            found = getattr(found, part)
        return found

    def defaults(self, call: str) -> dict[str, Any]:
        """Return the parameters that have a default, with it."""
        parameters = inspect.signature(self.find(call)).parameters.values()
        return {p.name: p.default for p in parameters if p.default is not p.empty}

    def function(self, call: str, **parameters: Any) -> Formula:
        """Return the framework's function of one tensor, with these parameters."""
        found = self.find(call)
        if not inspect.isclass(found):
            return lambda x: found(x, **parameters)
        if self.name == "PyTorch":
            return lambda x: found(**parameters).to(x.dtype)(x)
        # A Keras layer wants a batch of samples, and learns one slope for each element of a sample.
        return lambda x: found(**parameters, dtype=x.dtype.name)(x.reshape(-1, 1)).reshape(x.shape)

    def derivative(self, function: Formula, x: Array, order: int = 1) -> Array:
        """Return f(x), f'(x) or f''(x) of an element-wise function, the last two by autograd."""
        tensor = self.tensor(x)
        if self.name == "PyTorch":
            result = function(tensor.requires_grad_())
            for _ in range(order):
                (result,) = self.module.autograd.grad(
                    result.sum(), tensor, create_graph=True, materialize_grads=True
                )
            return result.detach().numpy()
        for _ in range(order):
            function = _slope(function)
        return np.asarray(function(tensor))

    def vjp(self, function: Formula, x: Array, upstream: Array) -> Array:
        """Return the gradient of the sum of `upstream` times f(x) with respect to `x`."""
        return self.derivative(lambda tensor: function(tensor) * self.tensor(upstream), x)

    def tensor(self, x: Array) -> Any:
        """Return `x` as a tensor of the framework."""
        if self.name == "PyTorch":
            return self.module.tensor(x)
        return load("jax").numpy.asarray(x)


def _slope(function: Formula) -> Formula:
    """Return f' of an element-wise function, in JAX."""
    return load("jax").grad(lambda x: function(x).sum())


@cache
def load(module: str) -> ModuleType:
    """Import a framework; where there is none, skip the test, or fail it if PARITY names it."""
    if module == "keras":
        load("jax")
        os.environ["KERAS_BACKEND"] = "jax"
    try:
        # Keras leaves a file of settings in the home folder unless told of another.
        with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as environment:
            environment.setenv("KERAS_HOME", home)
            found = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        message = f"parity tests with {module} need it installed: .ci/run does that"
        required = module in re.findall(r"\w+", os.environ.get("PARITY", ""))
        pytest.fail(message) if required else pytest.skip(message)
    if module == "jax":
        found.config.update("jax_enable_x64", True)
    return found
