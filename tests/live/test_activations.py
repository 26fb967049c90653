"""The activations of the live figures keep what the docstrings of actlib promise of its own."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pytest

from actlib import GELU, Maxout, PReLU, Swish, activations, prelu, softmax, swish
from actlib.contract.activation import Elementwise, Learnable
from actlib.measure import ulp_error
from tests.functions.test_accuracy import (
    Measured,
    assert_as_accurate_as_stated,
    assert_nothing_is_lost,
    stated,
)
from tests.functions.test_softmax import SCORES, TINY, VALUE_ULP, exact as exact_probabilities
from tests.live.node import node
from tests.reference import ORDERS, compute, each_order, each_variant, elementwise, exact, grid

Array = np.ndarray[Any, np.dtype[np.float64]]
SPECIAL = np.array([-np.inf, np.inf, np.nan, 0.0, -0.0, -1e308, 1e308, 5e-324, -5e-324])
NAMES = [f.name for f in elementwise]


def called(f: Elementwise) -> tuple[str, float | None]:
    """Return the name of an activation in the module and its parameter."""
    if isinstance(f, GELU):
        return ("gelu_tanh" if f.approximate == "tanh" else "gelu"), None
    parameters = [getattr(f, field.name) for field in fields(f)]
    return f.name, parameters[0] if parameters else None


@cache
def computed(f: Elementwise) -> dict[str, Array]:
    """Return f, f' and f'' on the grid and, after it, at special inputs."""
    name, parameter = called(f)
    found = node(
        """(() => {
          const f = activations.ACTIVATIONS[name], all = {};
          for (const order of ["value", "derivative", "second"]) all[order] = x.map((v) => f[order](v, ...a));
          return all;
        })()""",
        x=np.concatenate([grid(f), SPECIAL]),
        name=name,
        a=[] if parameter is None else [parameter],
    )
    return dict(zip(ORDERS, found.values(), strict=True))


def same_bits(one: Array, other: Array) -> None:
    """Check that numbers are the same, and zeros of the same sign; the bits of a NaN are the engine's."""
    np.testing.assert_array_equal(one, other)
    numbers = ~np.isnan(one)
    np.testing.assert_array_equal(np.signbit(one[numbers]), np.signbit(other[numbers]))


@each_variant
@each_order
def test_results_are_as_accurate_as_the_docstring_says(f: Elementwise, order: str) -> None:
    x = grid(f)
    measured = Measured(x, exact(f, order), computed(f)[order][: len(x)])
    assert_as_accurate_as_stated(f, order, measured)
    assert_nothing_is_lost(f, order, measured)


@each_variant
@each_order
def test_special_inputs(f: Elementwise, order: str) -> None:
    found, expected = computed(f)[order][len(grid(f)) :], compute(f, order, SPECIAL)
    tolerance = stated(f)[order] * np.finfo(float).eps
    np.testing.assert_allclose(found, expected, rtol=2 * tolerance, atol=5e-324)
    if order == "value" and f.facts.value_at_zero == 0 and f.derivative(-1e-9) > 0:  # else no sign is right
        assert np.signbit(found[3:5]).tolist() == [False, True]


def test_names_order_and_parameters_are_those_of_actlib() -> None:
    found = node(
        "Object.entries(activations.ACTIVATIONS).map(([name, f]) => "
        "[name, f.parameter?.name, f.parameter?.default])"
    )
    assert [name for name, *_ in found] == [*NAMES, "gelu_tanh"]
    for name, parameter, default in found[:-2]:
        expected = [
            [field.name, getattr(activations[name], field.name)] for field in fields(activations[name])
        ]
        assert expected == ([[parameter, default]] if parameter else [])


@each_variant
def test_one_pass_gives_the_same_bits(f: Elementwise) -> None:
    name, parameter = called(f)
    x = np.concatenate([grid(f)[::20], SPECIAL])
    h, value, d, derivative = node(
        """(() => {
          const h = new Float64Array(x.length), d = new Float64Array(x.length);
          activations.applyActivation(name, x, h, d, ...a);
          const f = activations.ACTIVATIONS[name];
          return [h, x.map((v) => f.value(v, ...a)), d, x.map((v) => f.derivative(v, ...a))];
        })()""",
        x=x,
        name=name,
        a=[] if parameter is None else [parameter],
    )
    same_bits(h, value)
    same_bits(d, derivative)


def test_tanh_is_that_of_the_elementary_functions() -> None:
    x = grid(activations["tanh"])  # type: ignore[arg-type]
    same_bits(*node("[x.map((v) => activations.ACTIVATIONS.tanh.value(v)), x.map(elementary.tanh)]", x=x))


@pytest.mark.parametrize("f", [prelu, PReLU(-0.3), swish, Swish(1.7), Swish(-30), Swish(0)], ids=repr)
def test_the_derivative_by_the_learned_parameter(f: Learnable) -> None:
    x = np.concatenate([grid(f)[::10], SPECIAL[3:]])
    found = node(
        "x.map((v) => activations.derivativeByParameter(name, v, a))",
        x=x,
        name=f.name,
        a=getattr(f, f.learned),
    )
    expected = np.array([f.parameter_vjp([v], [1.0]) for v in x])
    np.testing.assert_allclose(found, expected, rtol=3e-15, atol=1e-323)


def test_a_parameter_that_is_not_learned_is_refused() -> None:
    with pytest.raises(RuntimeError, match="name must be an activation with a learned parameter, got elu"):
        node("activations.derivativeByParameter('elu', 1, 1)")


@pytest.mark.parametrize("scores", SCORES.values(), ids=SCORES)
def test_softmax_is_as_accurate_as_the_docstring_says(scores: Array) -> None:
    found = np.array(
        node(
            """rows.map((z) => {
              const p = new Float64Array(z.length);
              activations.softmax(z, p);
              return p;
            })""",
            rows=list(scores),
        )
    )
    true = np.array([exact_probabilities(x)[0] for x in scores])
    error = ulp_error(found, true)
    assert error[true >= TINY].max() <= VALUE_ULP
    assert error[true < TINY].max(initial=0) <= 2


@pytest.mark.parametrize(
    "scores", [[-np.inf, 1.0, 2.0], [np.nan, 1.0], [1.0, np.nan], [-np.inf, -np.inf], [3.0]]
)
def test_softmax_of_masks_and_of_what_has_no_limit(scores: list[float]) -> None:
    found = node(
        "(() => { const p = new Float64Array(z.length); activations.softmax(z, p); return p; })()",
        z=np.array(scores),
    )
    np.testing.assert_allclose(found, softmax(scores), rtol=1e-15)


def test_softmax_backward_is_actlibs() -> None:
    random = np.random.default_rng(0)
    for scale in (1, 30, 1000):
        z, upstream = scale * random.normal(size=9), random.normal(size=9)
        found = node(
            """(() => {
              const p = new Float64Array(9), g = new Float64Array(9);
              activations.softmax(z, p);
              activations.softmaxBackward(p, upstream, g);
              return g;
            })()""",
            z=z,
            upstream=upstream,
        )
        np.testing.assert_allclose(found, softmax.vjp(z, upstream), rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("pieces", [2, 3])
def test_maxout_chooses_as_actlib_does(pieces: int) -> None:
    z = np.random.default_rng(0).integers(-2, 3, 60 * pieces).astype(float)
    z[:7] = [np.inf, np.nan, -np.inf, -np.inf, 0.0, -0.0, np.nan]
    chosen = node(
        "Array.from({ length: 60 }, (_, i) => activations.largest(z, i * pieces, pieces))", z=z, pieces=pieces
    )
    np.testing.assert_array_equal(z[chosen], Maxout(pieces)(z))
    slopes = Maxout(pieces).vjp(z, np.ones(60))
    assert (slopes[chosen][~np.isnan(slopes[chosen])] == 1).all()
