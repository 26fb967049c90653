"""Where PyTorch, JAX and Keras are right, actlib gives what they give."""

import numpy as np
import pytest

from actlib import (
    ELU,
    GELU,
    LeakyReLU,
    Maxout,
    PReLU,
    Softmax,
    Softplus,
    Swish,
    activations,
    elu,
    softmax,
)
from actlib.contract.activation import Elementwise
from tests.parity.frameworks import MODULES, Framework
from tests.reference import ORDERS, compute

NAMES = [
    (f, framework) for f in activations.values() for framework in f.facts.frameworks if framework in MODULES
]
ELEMENTWISE = [
    (f, framework, dtype)
    for f, framework in NAMES
    for dtype in (np.float64, np.float32)
    if isinstance(f, Elementwise)
    # It is float32 whatever it is given: see test_wrong.py.
    and (f.name, framework, dtype) != ("tanh", "Keras", np.float64)
]


def id_of(parameter):
    return getattr(parameter, "name", None)


each_framework = pytest.mark.parametrize("framework", MODULES)
each_dtype = pytest.mark.parametrize("dtype", [np.float64, np.float32])

NO_EFFECT = {
    "inplace", "device", "dtype", "where",
    "alpha_regularizer", "alpha_constraint",
}  # fmt: skip
"""Parameters that do not change the function."""

OTHER_DEFAULTS = {
    ("leaky_relu", "Keras"): LeakyReLU(0.2),
    ("prelu", "Keras"): PReLU(0),
    ("gelu", "JAX"): GELU("tanh"),
}
"""What a framework computes by default where that is not what actlib computes by default."""

SET_ALIKE = [
    ("PyTorch", LeakyReLU(0.3), {"negative_slope": 0.3}),
    ("Keras", LeakyReLU(0.3), {"negative_slope": 0.3}),
    ("JAX", LeakyReLU(0.3), {"negative_slope": 0.3}),
    ("PyTorch", PReLU(0.75), {"init": 0.75}),
    ("PyTorch", ELU(1.7), {"alpha": 1.7}),
    ("Keras", ELU(1.7), {"alpha": 1.7}),
    ("JAX", ELU(1.7), {"alpha": 1.7}),
    ("PyTorch", Softplus(1.7), {"beta": 1.7}),
    ("PyTorch", GELU("tanh"), {"approximate": "tanh"}),
    ("Keras", GELU("tanh"), {"approximate": True}),
    ("JAX", GELU(), {"approximate": False}),
]
"""The same function by its parameters."""

GRID = np.linspace(-5, 5, 1002)
"""Without 0, where each framework has conventions of its own."""

EPS = (16, 64, 256)
"""How many eps, of the larger of 1 and the result, value, derivative and second derivative may differ by."""


def assert_close(theirs, ours, order=1):
    """Assert that results are of one dtype and agree."""
    assert theirs.dtype == ours.dtype
    eps = EPS[order] * np.finfo(ours.dtype).eps
    np.testing.assert_allclose(theirs, ours, rtol=eps, atol=eps)


def assert_alike(framework, function, f, dtype):
    x = GRID.astype(dtype)
    for n, order in enumerate(ORDERS):
        assert_close(framework.derivative(function, x, n), compute(f, order, x), n)


def random(shape, seed, dtype=np.float64):
    return np.random.default_rng(seed).normal(scale=3, size=shape).astype(dtype)


@pytest.mark.parametrize(("f", "framework"), NAMES, ids=id_of)
def test_the_name_exists_and_has_the_defaults_of_the_facts(f, framework):
    name = f.facts.frameworks[framework]
    defaults = Framework(framework).defaults(name.call)
    assert {key: value for key, value in defaults.items() if key not in NO_EFFECT} == name.defaults


@pytest.mark.parametrize(("f", "framework", "dtype"), ELEMENTWISE, ids=id_of)
def test_values_and_derivatives_with_the_defaults(f, framework, dtype):
    given = Framework(framework)
    function = given.function(f.facts.frameworks[framework].call)
    assert_alike(given, function, OTHER_DEFAULTS.get((f.name, framework), f), dtype)


@each_dtype
@pytest.mark.parametrize(("framework", "f", "parameters"), SET_ALIKE, ids=str)
def test_values_and_derivatives_with_parameters(framework, f, parameters, dtype):
    given = Framework(framework)
    assert_alike(given, given.function(f.facts.frameworks[framework].call, **parameters), f, dtype)


@each_dtype
@each_framework
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_along_an_axis(framework, axis, dtype):
    given = Framework(framework)
    x, upstream = random((4, 5, 6), 0, dtype), random((4, 5, 6), 1, dtype)
    call = softmax.facts.frameworks[framework].call
    function = given.function(call, **{"dim" if framework == "PyTorch" else "axis": axis})
    assert_close(given.derivative(function, x, 0), Softmax(axis)(x))
    assert_close(given.vjp(function, x, upstream), Softmax(axis).vjp(x, upstream))


@pytest.mark.parametrize("framework", ["PyTorch", "JAX"])
def test_softmax_with_a_temperature(framework):
    given = Framework(framework)
    x, upstream = random((4, 6), 0), random((4, 6), 1)
    apply = given.find("torch.softmax" if framework == "PyTorch" else "jax.nn.softmax")

    def function(x):
        return apply(x / 0.7, -1)

    f = Softmax(temperature=0.7)
    assert_close(given.derivative(function, x, 0), f(x))
    assert_close(given.vjp(function, x, upstream), f.vjp(x, upstream))


@each_dtype
@pytest.mark.parametrize("pieces", [2, 3])
def test_maxout_by_its_formula_with_autograd(pieces, dtype):
    given = Framework("PyTorch")
    x, upstream = random((5, 12), 0, dtype), random((5, 12 // pieces), 1, dtype)

    def function(x):
        return x.reshape(5, -1, pieces).max(dim=-1).values

    f = Maxout(pieces)
    assert_close(given.derivative(function, x, 0), f(x))
    assert_close(given.vjp(function, x, upstream), f.vjp(x, upstream))


FORMULAS = {
    "prelu": ("where", lambda where, x, a: where(x > 0, x, a * x)),
    "swish": ("sigmoid", lambda sigmoid, x, beta: x * sigmoid(beta * x)),
}
"""Functions with a learned parameter, out of what the frameworks have."""


@pytest.mark.parametrize("framework", ["PyTorch", "JAX"])
@pytest.mark.parametrize("f", [PReLU(), PReLU(-0.5), Swish(), Swish(1.7)], ids=repr)
def test_gradients_of_learned_parameters(f, framework):
    given = Framework(framework)
    x, upstream = random(300, 0), random(300, 1)
    call, formula = FORMULAS[f.name]
    module = {"PyTorch": "torch", "JAX": "jax.nn" if call == "sigmoid" else "jax.numpy"}[framework]
    function = given.find(f"{module}.{call}")
    theirs = given.derivative(
        lambda parameter: formula(function, given.tensor(x), parameter) * given.tensor(upstream),
        np.array(getattr(f, f.learned)),
    )
    assert_close(theirs, f.parameter_vjp(x, upstream))


@pytest.mark.parametrize(("f", "framework"), NAMES, ids=id_of)
def test_the_slope_at_a_kink_is_that_of_the_facts(f, framework):
    """No slope is right there; the docstrings and the page of names say which one each takes."""
    name = f.facts.frameworks[framework]
    assert (name.slope_at_kink is not None) == (isinstance(f, Elementwise) and f.facts.smoothness == "C0")
    if name.slope_at_kink is not None:
        given = Framework(framework)
        assert given.derivative(given.function(name.call), np.zeros(1)) == name.slope_at_kink


@pytest.mark.parametrize(("framework", "slopes"), [("PyTorch", (1.7, 0)), ("JAX", (1.7, 1.7))])
def test_the_derivatives_of_elu_at_zero(framework, slopes):
    given = Framework(framework)
    function = given.function(elu.facts.frameworks[framework].call, alpha=1.7)
    assert tuple(given.derivative(function, np.zeros(1), order)[0] for order in (1, 2)) == slopes
    assert ELU(1.7).derivative(0.0) == ELU(1.7).second_derivative(0.0) == 1.7
