"""Where PyTorch, JAX or Keras are wrong, mpmath says that actlib is right.

Each row must find the framework wrong. A row that turns red because a framework was repaired, or
computes otherwise on another processor, comes out of its table, and out of the book.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from mpmath import mp

from actlib import GELU, elu, gelu, leaky_relu, mish, relu, sigmoid, silu, softmax, softplus, tanh
from actlib.contract.activation import Elementwise
from actlib.measure import ulp_error
from tests.parity.frameworks import MODULES, Framework
from tests.reference import ORDERS, compute, evaluate

RIGHT, WRONG = 16, 100
"""The error of a right result, in ulp, is at most the first, that of a wrong one at least the second."""

ALL = tuple(MODULES)
XLA = ("JAX", "Keras")
gelu_tanh = GELU("tanh")


@dataclass(frozen=True)
class Row:
    """A result that `frameworks` get wrong."""

    f: Elementwise
    order: int
    x: float
    frameworks: tuple[str, ...]
    reason: str


ROWS = [
    Row(sigmoid, 0, -710, ALL, "0 for 4e-309: e^710 overflows"),
    Row(sigmoid, 1, 40, ALL, "0 for 4e-18: s(1 - s) with s rounded to 1"),
    Row(tanh, 1, 20, ALL, "0 for 2e-17: 1 - t^2 with t rounded to 1"),
    Row(relu, 0, 1e-310, XLA, "0: XLA takes subnormal numbers for 0"),
    Row(relu, 1, 1e-310, XLA, "0 for 1: the same"),
    Row(elu, 1, -40, XLA, "0 for 4e-18: f + 1 with f rounded to -1"),
    Row(softplus, 0, 20.5, ("PyTorch",), "20.5: linear beyond the threshold 20"),
    Row(softplus, 1, 20.5, ("PyTorch",), "1: the same"),
    Row(silu, 0, -710, ALL, "0 for -3e-306: e^710 overflows"),
    Row(silu, 1, -710, ALL, "the same"),
    Row(silu, 0, np.float32(-89), ALL, "0 for -2e-37: e^89 overflows in float32"),
    Row(mish, 0, -746, ALL, "0 for -8e-322: e^-746 underflows"),
    Row(gelu, 0, -9, ("PyTorch",), "0 for -1e-18: 1 + erf with erf rounded to -1"),
    Row(gelu, 0, np.float32(-6), ("PyTorch",), "0 for -6e-9: the same"),
    Row(gelu_tanh, 0, -7.5, ALL, "0 for -4e-18: 1 + tanh with tanh rounded to -1"),
    Row(gelu_tanh, 1, -10, ALL, "0 for -3e-36: the same"),
    Row(gelu_tanh, 1, 1e200, ALL, "NaN for 1: x^3 overflows, 0 times infinity"),
    *[Row(f, 0, -np.inf, ALL, "NaN for 0: 0 times infinity") for f in (silu, mish, gelu, gelu_tanh)],
    *[Row(f, 1, -np.inf, ALL, "NaN for 0") for f in (silu, mish, gelu, gelu_tanh)],
    *[Row(f, 1, np.inf, ALL, "NaN for 1") for f in (silu, mish, gelu, gelu_tanh)],
]  # fmt: skip

CASES = [(row, framework) for row in ROWS for framework in row.frameworks]


def id_of(parameter):
    return (
        f"{parameter.f!r}-{ORDERS[parameter.order]}-{parameter.x}"
        if isinstance(parameter, Row)
        else parameter
    )


def call(framework, f):
    """Return the framework's function for `f`."""
    approximate = {}
    if f.name == "gelu":
        approximate = {"approximate": f.approximate if framework.name == "PyTorch" else f == gelu_tanh}
    return framework.function(f.facts.frameworks[framework.name].call, **approximate)


def repaired(framework, result):
    return f"{framework.version} gives {result}, which {framework.pin} did not: repaired? Then take this out."


@pytest.mark.parametrize(("row", "framework"), CASES, ids=id_of)
def test_actlib_is_right_where_a_framework_is_wrong(row, framework):
    x = np.array([row.x], np.float32 if isinstance(row.x, np.float32) else np.float64)
    # At 1e4 all of these are as near to their limits as thousands of digits can tell.
    exact = evaluate(row.f, ORDERS[row.order], np.clip(x, -1e4, 1e4) if np.isinf(x) else x)
    given = Framework(framework)
    theirs = given.derivative(call(given, row.f), x, row.order)
    assert ulp_error(compute(row.f, ORDERS[row.order], x), exact) <= RIGHT
    assert ulp_error(theirs, exact) >= WRONG, repaired(given, theirs)


NAN_SLOPES = [
    (relu, {"PyTorch": 1, "JAX": 0, "Keras": 0}),
    (leaky_relu, {"PyTorch": 0.01, "JAX": 0.01, "Keras": 0.2}),
    (elu, {"PyTorch": 1}),
]
"""What frameworks take for the slope at NaN, so that a NaN hides from the gradient."""


@pytest.mark.parametrize("framework", MODULES)
def test_the_slope_at_nan_is_nan(framework):
    given, nan = Framework(framework), np.array([np.nan])
    for f, slopes in NAN_SLOPES:
        assert np.isnan(f.derivative(nan))
        if framework in slopes:
            theirs = given.derivative(call(given, f), nan)
            assert theirs == slopes[framework], repaired(given, theirs)


LOG_SOFTMAX = {
    "PyTorch": ("torch.nn.LogSoftmax", {"dim": -1}),
    "JAX": ("jax.nn.log_softmax", {}),
    "Keras": ("keras.activations.log_softmax", {}),
}


@pytest.mark.parametrize("framework", MODULES)
def test_the_logarithm_of_a_clear_winner(framework):
    given, x = Framework(framework), np.array([0.0, -40.0])
    name, parameters = LOG_SOFTMAX[framework]
    theirs = given.derivative(given.function(name, **parameters), x, 0)
    with mp.workdps(60):
        exact = [-mp.log1p(mp.exp(-40)), -40 - mp.log1p(mp.exp(-40))]
    assert max(ulp_error(softmax.log(x), exact)) <= 4
    assert theirs[0] == 0, repaired(given, theirs)


@pytest.mark.parametrize("framework", MODULES)
def test_a_small_probability_keeps_its_digits(framework):
    given, x = Framework(framework), np.array([0.1, -699.7])
    parameters = {"dim": -1} if framework == "PyTorch" else {}
    theirs = given.derivative(given.function(softmax.facts.frameworks[framework].call, **parameters), x, 0)
    with mp.workdps(60):
        lead = mp.mpf(float(x[0])) - mp.mpf(float(x[1]))
        exact = [1 / (1 + mp.exp(-lead)), 1 / (1 + mp.exp(lead))]
    assert max(ulp_error(softmax(x), exact)) <= 5
    assert ulp_error(theirs, exact)[1] >= WRONG, repaired(given, theirs)


def test_keras_rounds_the_tanh_of_float64_to_float32():
    given, x = Framework("Keras"), np.array([0.1])
    theirs = given.derivative(call(given, tanh), x, 0)
    assert theirs.dtype == np.float32, repaired(given, theirs)
    assert tanh(x).dtype == np.float64
