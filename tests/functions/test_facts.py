"""Every field of every activation's facts, recomputed from the exact function."""

import inspect
import re
from dataclasses import fields, replace
from functools import cache
from math import isfinite
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp

from actlib import activations
from actlib.measure import breaking_point
from tests.reference import DIGITS, ORDERS, each_variant, exact, grid, row

BIBLIOGRAPHY = Path(__file__).parents[2] / "book" / "references.bib"
FAR = 1e300
"""So far out every function has reached its limits to 15 digits, an algebraic one too, or is linear."""

RELATED = {
    "sigmoid": ("tanh", "sigmoid"),
    "tanh": ("sigmoid",),
    "relu": ("relu", "relu"),
    "leaky_relu": ("relu",),
    "prelu": ("relu",),
    "elu": ("relu",),
    "swish": ("sigmoid", "swish"),
    "softplus": ("sigmoid", "softplus"),
    "mish": ("softplus", "tanh"),
    "gelu": ("gelu",),
}
"""What activations are expressed by: a relation that goes missing would not fail elsewhere."""
MOVED = {
    "leaky_relu": (("negative_slope", "relu"), ("negative_slope", None)),
    "prelu": (("negative_slope", "relu"), ("negative_slope", "leaky_relu")),
    "elu": (("alpha", "relu"),),
    "swish": (("beta", "relu"), ("beta", None)),
    "softplus": (("beta", "relu"),),
}
"""The parameters whose limits are known, with the activation that each limit is."""


@cache
def samples(f, order):
    """Exact values at x, or beta x, between -40 and 40: 40 digits tell them from the limits."""
    x = grid(f)
    near = np.abs(x) <= 40 / (abs(getattr(f, "beta", 1)) or 1)
    return x[near], exact(f, order)[near]


def at(f, order, x):
    """Return the exact f, f' or f'' at `x`; at an infinity, far out."""
    with mp.workdps(DIGITS):
        return getattr(row(f), order)(mp.mpf(float(np.clip(x, -FAR, FAR))))


def beside(f, order, x):
    """Return the exact values at `x` and right beside it: three where a kink is."""
    with mp.workdps(DIGITS):
        formula, x = getattr(row(f), order), mp.mpf(float(np.clip(x, -FAR, FAR)))
        return [float(formula(x + step)) for step in (0, -(mp.mpf(10) ** -35), mp.mpf(10) ** -35)]


def near(value):
    """Values are stated to double precision; those at a rounded x inherit its rounding."""
    return pytest.approx(value, rel=4e-16, abs=1e-16)


@each_variant
def test_limits(f):
    lowest, highest = f.facts.limits
    for limit, x in ((lowest, -FAR), (highest, FAR)):
        if isfinite(limit):
            assert float(at(f, "value", x)) == near(limit)
            assert f(np.copysign(np.inf, x)) == limit
        else:
            assert at(f, "value", x) * np.sign(limit) > FAR / 1000


@each_variant
def test_values_at_zero(f):
    assert f.facts.value_at_zero == near(float(at(f, "value", 0))) == f(0.0)
    assert f.facts.derivative_at_zero == near(float(at(f, "derivative", 0))) == f.derivative(0.0)


@each_variant
def test_range_is_never_left_and_filled(f):
    values = samples(f, "value")[1]
    outside = [value for value in values if value not in f.facts.range]
    # The ends are rounded.
    ends = [end for end in (f.facts.range.low, f.facts.range.high) if isfinite(end)]
    assert all(float(value) in map(near, ends) for value in outside)
    reached = [*map(float, values), *f.facts.limits]
    reached += [extremum.value for extremum in (f.facts.minimum, f.facts.maximum) if extremum]
    assert min(reached) == near(f.facts.range.low)
    assert max(reached) == near(f.facts.range.high)


@each_variant
def test_extrema_of_the_value(f):
    facts = f.facts
    assert (facts.minimum is not None) == facts.range.includes_low
    assert (facts.maximum is not None) == facts.range.includes_high
    for extremum, end in ((facts.minimum, facts.range.low), (facts.maximum, facts.range.high)):
        if extremum:
            assert extremum.value == end
            assert float(at(f, "value", extremum.x)) == near(extremum.value)


@each_variant
def test_extrema_of_the_derivative(f):
    slopes = samples(f, "derivative")[1]
    lowest, highest = f.facts.derivative_minimum, f.facts.derivative_maximum
    assert near(lowest.value) in beside(f, "derivative", lowest.x)
    assert near(highest.value) in beside(f, "derivative", highest.x)
    for reached, end in ((min(slopes), lowest.value), (-max(slopes), -highest.value)):
        assert float(reached) >= end - 1e-16 - 4e-16 * abs(end)
    for extremum in (lowest, highest):
        assert_nearest_to_zero(f, "derivative", extremum)


@each_variant
def test_bound_of_the_second_derivative(f):
    bends = np.abs(samples(f, "second_derivative")[1])
    bound = f.facts.second_derivative_bound
    assert near(bound.value) in map(abs, beside(f, "second_derivative", bound.x))
    assert float(max(bends)) <= bound.value * (1 + 4e-16)
    assert_nearest_to_zero(f, "second_derivative", bound)


def assert_nearest_to_zero(f, order, extremum):
    """Nothing nearer to zero has the same value, nor has -x where x is negative."""
    x, values = samples(f, order)
    closer = np.abs(x) < abs(extremum.x) * (1 - 1e-6)
    if order == "second_derivative":
        values = np.abs(values)
    if np.isfinite(extremum.x):
        values = values.astype(float)
    assert all(value != extremum.value for value in values[closer])
    if extremum.x < 0:
        mirrored = float(at(f, order, -extremum.x))
        assert abs(mirrored if order == "derivative" else abs(mirrored)) != near(extremum.value)


@each_variant
def test_inflections_are_the_sign_changes_of_the_second_derivative(f):
    x, bends = samples(f, "second_derivative")
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
    found = [x for x in found if x not in map(near, f.facts.kinks)]
    assert list(f.facts.inflections) == pytest.approx(found, rel=4e-16, abs=1e-16)


@each_variant
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


@each_variant
def test_parity_and_lipschitz_constant(f):
    x = grid(f)[::50]
    odd = all(at(f, "value", -point) + at(f, "value", point) == 0 for point in x)
    even = all(at(f, "value", -point) == at(f, "value", point) for point in x)
    assert f.facts.parity == ("odd" if odd else "even" if even else "none")
    slopes = np.abs(samples(f, "derivative")[1])
    assert f.facts.lipschitz == near(float(max(slopes)))


@each_variant
def test_monotone(f):
    slopes = samples(f, "derivative")[1]
    falls, flat = min(slopes) < 0, any(slope == 0 for slope in slopes)
    assert f.facts.monotone == ("none" if falls else "increasing" if flat else "strictly increasing")


@each_variant
def test_convex(f):
    slopes = samples(f, "derivative")[1]
    assert f.facts.convex == all(slopes[:-1] <= slopes[1:])


def jumps(f, x):
    """Return whether f, f' and f'' jump at x, by more than they change beside it."""
    with mp.workdps(DIGITS):
        x, step = mp.mpf(x), mp.mpf(10) ** -12
        return [
            abs(getattr(row(f), order)(x + step) - getattr(row(f), order)(x - step)) > 1e-6
            for order in ORDERS
        ]


@each_variant
def test_kinks_and_smoothness(f):
    facts = f.facts
    assert list(facts.kinks) == sorted(facts.kinks)
    assert bool(facts.kinks) == (facts.smoothness != "analytic")
    found = [jumps(f, kink) for kink in facts.kinks]
    if facts.smoothness == "C0":
        assert all(jump[:2] == [False, True] for jump in found)
    else:
        assert all(jump == [False, False, True] for jump in found)
    # Nowhere else: beside a kink of the function the exact slopes at neighbours of the grid differ.
    for x in (-6, -4, -3, -2.5, -2, -1, -0.5, 0, 0.5, 1, 2, 2.5, 3, 4, 6):
        if x not in facts.kinks:
            assert not any(jumps(f, x))


@each_variant
def test_gaussian_moments(f):
    bends = [1, 3, 7, 14, *(end / abs(getattr(f, "beta", 0) or 1) for end in (1, 4, 16))]
    ends = {end for bend in bends for end in (-bend, 0.0, bend) if abs(end) <= 14}
    ends = sorted({*ends, *f.facts.kinks})

    # The same points serve both powers, and the formulas are what takes long.
    formulas = {order: cache(getattr(row(f), order)) for order in ("value", "derivative")}

    def expectation(order, power):
        formula = formulas[order]
        with mp.workdps(20):
            return float(mp.quad(lambda z: formula(z) ** power * mp.npdf(z), ends))

    def agrees(value):
        return pytest.approx(value, rel=0 if f == type(f)() else 2e-14, abs=1e-15)

    moments = f.facts.moments
    assert moments.mean == agrees(expectation("value", 1))
    assert moments.second == agrees(expectation("value", 2))
    assert moments.derivative_mean == agrees(expectation("derivative", 1))
    assert moments.derivative_second == agrees(expectation("derivative", 2))


@each_variant
def test_gains_follow_from_the_moments(f):
    moments = f.facts.moments
    assert moments.gain**2 * moments.second == pytest.approx(1, rel=1e-15)
    assert moments.gradient_gain**2 * moments.derivative_second == pytest.approx(1, rel=1e-15)
    assert moments.chi == pytest.approx(moments.gain**2 / moments.gradient_gain**2, rel=1e-15)


@pytest.mark.parametrize("name", sorted(RELATED.keys() | MOVED.keys()))
def test_no_relation_or_limit_is_missing(name):
    f = activations[name]
    assert tuple(relation.to for relation in f.facts.relations) == RELATED.get(f.name, ())
    assert tuple((limit.parameter, limit.to) for limit in f.facts.family) == MOVED.get(f.name, ())


@each_variant
def test_relations_hold(f):
    x = np.linspace(-20, 20, 801)
    for relation in f.facts.relations:
        other = f if relation.to == f.name else activations[relation.to]
        left = f(x) if relation.left == "value" else f.derivative(x)
        # Absolute, because one side may subtract what the other side never forms.
        assert (np.abs(relation.right_side(other, x) - left) <= 1e-15 * np.maximum(1, np.abs(x))).all()


@each_variant
def test_family_limits_and_their_error_laws(f):
    x = np.logspace(-6, np.log10(50), 20_001)
    x = np.concatenate([-x[::-1], [0], x])
    for limit in f.facts.family:
        assert limit.parameter in [field.name for field in fields(f)]
        within = np.clip(x, -limit.reach, limit.reach)
        if limit.to:
            np.testing.assert_array_equal(limit.becomes(within), activations[limit.to](within))
        steps = [1.0, 0.1, 1e-3]
        path = [1 / step if np.isinf(limit.towards) else limit.towards + step for step in steps]
        for parameter in path:
            g = replace(f, **{limit.parameter: parameter})
            distance = np.abs(g(within) - limit.becomes(within)).max()
            assert distance == pytest.approx(limit.error(parameter), rel=2e-6)
            assert distance <= limit.error(parameter) * (1 + 1e-12)
        errors = [limit.error(parameter) for parameter in path]
        assert errors[0] > errors[1] > errors[2]
        assert errors[2] < 2e-3 * errors[0]


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_papers_are_in_the_bibliography(f):
    assert f.facts.papers
    if BIBLIOGRAPHY.exists():
        keys = re.findall(r"^@\w+\{([^,\s]+),", BIBLIOGRAPHY.read_text("utf-8"), re.MULTILINE)
        assert set(f.facts.papers) <= set(keys)


@each_variant
def test_framework_names_are_dotted_and_known_parameters_have_defaults(f):
    modules = {"PyTorch": "torch", "Keras": "keras", "TensorFlow": "tf", "JAX": "jax", "Flax": "flax"}
    for framework, name in f.facts.frameworks.items():
        assert name.call.split(".")[0] == modules[framework]
        assert all(part.isidentifier() for part in name.call.split("."))


@pytest.mark.parametrize("name", sorted(activations))
def test_a_docstring_names_functions_to_see_also(name):
    text = inspect.getdoc(type(activations[name]))
    found = re.search(r"^See Also\n-+\n((?:\w+ : .+\.\n)+)\n", text, re.M)[1]
    assert set(re.findall(r"^\w+", found, re.M)) <= activations.keys() - {name}
