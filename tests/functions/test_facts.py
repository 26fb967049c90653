"""Every field of every activation's facts, recomputed from the exact function."""

import re
from functools import cache
from math import isfinite
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp

from actlib import activations
from actlib.measure import breaking_point
from tests.reference import DIGITS, each_activation, exact, grid, row

BIBLIOGRAPHY = Path(__file__).parents[2] / "book" / "references.bib"
FAR = 1e5
"""So far out every function of the course has reached its limits to 15 digits, or is linear."""


@cache
def samples(name, order):
    """Exact values at points between -50 and 50, ascending; 40 digits tell them from the limits."""
    x = grid(name)
    near = np.abs(x) <= 40
    return x[near], exact(name, order)[near]


def at(f, order, x):
    """Return the exact f, f' or f'' at `x`; at an infinity, far out."""
    with mp.workdps(DIGITS):
        return getattr(row(f.name), order)(mp.mpf(float(np.clip(x, -FAR, FAR))))


def near(value):
    """Values are stated to double precision; those at a rounded x inherit its rounding."""
    return pytest.approx(value, rel=4e-16, abs=1e-16)


@each_activation
def test_limits(f):
    lowest, highest = f.facts.limits
    for limit, x in ((lowest, -FAR), (highest, FAR)):
        if isfinite(limit):
            assert float(at(f, "value", x)) == near(limit)
            assert f(np.copysign(np.inf, x)) == limit
        else:
            assert at(f, "value", x) * np.sign(limit) > FAR / 2


@each_activation
def test_values_at_zero(f):
    assert f.facts.value_at_zero == float(at(f, "value", 0)) == f(0.0)
    assert f.facts.derivative_at_zero == float(at(f, "derivative", 0)) == f.derivative(0.0)


@each_activation
def test_range_is_never_left_and_filled(f):
    values = samples(f.name, "value")[1]
    outside = [value for value in values if value not in f.facts.range]
    assert not outside
    reached = [*map(float, values), *f.facts.limits]
    reached += [extremum.value for extremum in (f.facts.minimum, f.facts.maximum) if extremum]
    assert min(reached) == near(f.facts.range.low)
    assert max(reached) == near(f.facts.range.high)


@each_activation
def test_extrema_of_the_value(f):
    facts = f.facts
    assert (facts.minimum is not None) == facts.range.includes_low
    assert (facts.maximum is not None) == facts.range.includes_high
    for extremum, end in ((facts.minimum, facts.range.low), (facts.maximum, facts.range.high)):
        if extremum:
            assert extremum.value == end
            assert float(at(f, "value", extremum.x)) == near(extremum.value)


@each_activation
def test_extrema_of_the_derivative(f):
    slopes = samples(f.name, "derivative")[1]
    lowest, highest = f.facts.derivative_minimum, f.facts.derivative_maximum
    assert float(at(f, "derivative", lowest.x)) == near(lowest.value)
    assert float(at(f, "derivative", highest.x)) == near(highest.value)
    assert float(min(slopes)) >= lowest.value - 1e-16
    assert float(max(slopes)) <= highest.value + 1e-16
    for extremum in (lowest, highest):
        assert_nearest_to_zero(f, "derivative", extremum)


@each_activation
def test_bound_of_the_second_derivative(f):
    bends = np.abs(samples(f.name, "second_derivative")[1])
    bound = f.facts.second_derivative_bound
    assert abs(float(at(f, "second_derivative", bound.x))) == near(bound.value)
    assert float(max(bends)) <= bound.value + 1e-16
    assert_nearest_to_zero(f, "second_derivative", bound)


def assert_nearest_to_zero(f, order, extremum):
    """Nothing nearer to zero has the same value, nor has -x where x is negative."""
    x, values = samples(f.name, order)
    closer = np.abs(x) < abs(extremum.x) * (1 - 1e-6)
    if order == "second_derivative":
        values = np.abs(values)
    assert all(float(value) != extremum.value for value in values[closer])
    if extremum.x < 0:
        mirrored = float(at(f, order, -extremum.x))
        assert abs(mirrored if order == "derivative" else abs(mirrored)) != near(extremum.value)


@each_activation
def test_inflections_are_the_sign_changes_of_the_second_derivative(f):
    x, bends = samples(f.name, "second_derivative")
    keep = bends != 0
    x, bends = x[keep], bends[keep]
    changes = np.flatnonzero(np.sign(bends[1:]) != np.sign(bends[:-1]))
    found = [
        breaking_point(
            lambda point, before=bends[i]: mp.sign(at(f, "second_derivative", point)) != mp.sign(before),
            x[i],
            x[i + 1],
        )
        for i in changes
    ]
    assert list(f.facts.inflections) == pytest.approx(found, rel=4e-16, abs=1e-16)


@each_activation
def test_centre_of_symmetry(f):
    def turns(centre, value, shift):
        return abs(at(f, "value", centre + shift) + at(f, "value", centre - shift) - 2 * value) < 1e-15

    shifts = (0.25, 1.0, 3.5, 17.0)
    if f.facts.centre:
        assert all(turns(*f.facts.centre, shift) for shift in shifts)
    else:
        # A centre of a smooth graph that is not straight is an inflection.
        for x in f.facts.inflections:
            assert not all(turns(x, at(f, "value", x), shift) for shift in shifts)


@each_activation
def test_parity_and_lipschitz_constant(f):
    x = grid(f.name)[::50]
    odd = all(at(f, "value", -point) + at(f, "value", point) == 0 for point in x)
    assert f.facts.parity == ("odd" if odd else "none")
    assert f.facts.lipschitz == near(float(max(np.abs(f.derivative(np.linspace(-50, 50, 100_001))))))


@each_activation
def test_monotone(f):
    slopes = samples(f.name, "derivative")[1]
    falls, flat = min(slopes) < 0, any(slope == 0 for slope in slopes)
    assert f.facts.monotone == ("none" if falls else "increasing" if flat else "strictly increasing")


@each_activation
def test_convex(f):
    slopes = samples(f.name, "derivative")[1]
    assert f.facts.convex == all(slopes[:-1] <= slopes[1:])


@each_activation
def test_smoothness_at_zero(f):
    """Where an activation of the course has a kink, it is at 0."""
    jumps = [
        abs(at(f, order, 1e-12) - at(f, order, -1e-12)) > 1e-6
        for order in ("value", "derivative", "second_derivative")
    ]
    assert (
        jumps
        == {
            "C0": [False, True, jumps[2]],
            "C1": [False, False, True],
            "analytic": [False, False, False],
        }[f.facts.smoothness]
    )


@each_activation
def test_gaussian_moments(f):
    def expectation(order, power):
        formula = getattr(row(f.name), order)
        with mp.workdps(20):
            ends = [-14, -7, -3, -1, 0, 1, 3, 7, 14]
            return float(mp.quad(lambda z: formula(z) ** power * mp.npdf(z), ends))

    moments = f.facts.moments
    assert moments.mean == pytest.approx(expectation("value", 1), abs=1e-15)
    assert moments.second == pytest.approx(expectation("value", 2), abs=1e-15)
    assert moments.derivative_mean == pytest.approx(expectation("derivative", 1), abs=1e-15)
    assert moments.derivative_second == pytest.approx(expectation("derivative", 2), abs=1e-15)


@each_activation
def test_gains_follow_from_the_moments(f):
    moments = f.facts.moments
    assert moments.gain**2 * moments.second == pytest.approx(1, rel=1e-15)
    assert moments.gradient_gain**2 * moments.derivative_second == pytest.approx(1, rel=1e-15)
    assert moments.chi == pytest.approx(moments.gain**2 / moments.gradient_gain**2, rel=1e-15)


@each_activation
def test_relations_hold(f):
    x = np.linspace(-20, 20, 801)
    for relation in f.facts.relations:
        assert relation.to in activations
        # Absolute, because one side may subtract what the other side never forms.
        np.testing.assert_allclose(relation.right_side(activations[relation.to], x), f(x), rtol=0, atol=1e-15)


@each_activation
def test_formulas_are_equations(f):
    for formula in (f.facts.formula, f.facts.derivative_formula, f.facts.second_derivative_formula):
        left, equals, right = formula.partition("=")
        assert left.strip()
        assert equals
        assert right.strip()
        assert "$" not in formula
        assert formula.count("{") == formula.count("}")


@each_activation
def test_papers_are_in_the_bibliography(f):
    assert f.facts.papers
    if BIBLIOGRAPHY.exists():
        keys = re.findall(r"^@\w+\{([^,\s]+),", BIBLIOGRAPHY.read_text("utf-8"), re.MULTILINE)
        assert set(f.facts.papers) <= set(keys)


@each_activation
def test_framework_names_are_dotted_and_known_parameters_have_defaults(f):
    modules = {"PyTorch": "torch", "Keras": "keras", "TensorFlow": "tf", "JAX": "jax"}
    for framework, name in f.facts.frameworks.items():
        assert name.call.split(".")[0] == modules[framework]
        assert all(part.isidentifier() for part in name.call.split("."))
