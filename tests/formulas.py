"""What the letters of a formula mean for an activation, and the checks that compare the two."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from mpmath import mp

from actlib import Maxout, Softmax, activations
from actlib.contract.activation import Elementwise
from tests.latex import WORKING_DIGITS, Scene, derivative, equations
from tests.reference import ORDERS, REFERENCE, VARIANTS, elementwise, row

LETTERS = {"negative_slope": "a", "temperature": "T"}
"""How formulas write a parameter: one that is not here by its name, a Greek letter."""
WRITTEN = {"sigmoid": r"\sigma", "tanh": r"\tanh"}
"""How formulas write a function: one that is not here by its name."""

FUNCTIONS = {WRITTEN.get(f.name, f.name): [getattr(row(f), order) for order in ORDERS] for f in elementwise}
FUNCTIONS |= {
    r"\ln": [mp.log],
    r"\max": [max],
    r"\min": [min],
    r"\Phi": [lambda x: mp.erfc(-x / mp.sqrt(2)) / 2],
    r"\varphi": [lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)],
    "erf": [mp.erf],
    "erfc": [mp.erfc],
    "log1p": [mp.log1p],
    "expm1": [mp.expm1],
    "W": [mp.lambertw],
    "diag": [lambda vector: mp.diag(list(vector))],
    "f": [],
    "p": [],
}


class Formula(NamedTuple):
    """One string of the facts, and the check that it must pass."""

    f: object
    place: str
    text: str
    check: Callable[[object, str], None]


def assert_equal(equation, scene):
    """Assert that all sides of an equation have one value, to thirty digits of it."""
    with mp.workdps(WORKING_DIGITS):
        values = [side(scene) for side in equation.sides]
        first, *others = [list(value) if isinstance(value, mp.matrix) else [value] for value in values]
        assert others
        for other in others:
            for a, b in zip(first, other, strict=True):
                assert abs(a - b) <= mp.mpf(10) ** -36 + mp.mpf(10) ** -30 * abs(b)


# Functions of one number


def letters(f):
    """Return the parameters that are numbers, by the letters that formulas have for them."""
    numbers = [field.name for field in fields(f) if isinstance(getattr(f, field.name), float)]
    return {LETTERS.get(name, rf"\{name}"): name for name in numbers}


def scene_of(f, x, **moved):
    """Return what the letters mean in a formula of an element-wise activation, at x."""
    parameters = {field.name: getattr(f, field.name) for field in fields(f)}
    with mp.workdps(WORKING_DIGITS):
        # As the decimal that a reader sees: 0.01, not the float next to it.
        parameters |= {name: mp.mpf(repr(parameters[name])) for name in letters(f).values()} | moved
    own = [partial(getattr(REFERENCE[f.name], order), **parameters) for order in ORDERS]
    values = {letter: parameters[name] for letter, name in letters(f).items()}

    def move(letter, value):
        if letter == "x":
            return scene_of(f, value, **moved)
        return scene_of(f, x, **moved, **{letters(f)[letter]: value})

    names = FUNCTIONS | dict.fromkeys(("f", WRITTEN.get(f.name, f.name)), own)
    return define(Scene({**values, "x": x}, names, move=move), equations(f.facts.formula, FUNCTIONS)[1:])


def define(scene, definitions):
    """Add the letters that a formula defines, each as a function of x."""
    for equation in definitions:
        (letter, _), (_, meaning) = equation.written, equation.sides
        assert " " not in letter

        def defined(x, scene=scene, meaning=meaning):
            return meaning(scene.with_value("x", x))

        scene = scene.with_value(letter, defined)
    return scene


def scenes(f):
    """Give the points at which formulas are compared: on, beside and far from every bend."""
    scale = max(1, abs(getattr(f, "beta", 1)))
    sizes = (0, 1e-9, 0.01, 0.3, 1, 2.5, 7, 25)
    for x in {
        kink + sign * size / scale for kink in (0, *f.facts.kinks) for size in sizes for sign in (1, -1)
    }:
        with mp.workdps(WORKING_DIGITS):
            yield scene_of(f, mp.mpf(x))


def check_definition(f, text, primes=""):
    """Assert that the function, or a derivative, is what the formula says, without naming itself."""
    first, *definitions = equations(text, FUNCTIONS)
    left = {f"{name}{primes} {x}" for name in (WRITTEN.get(f.name, f.name), "f") for x in ("x", "( x )")}
    assert first.written[0].replace(" '", "'") in left
    assert first.written[0] not in first.written[1:]
    for scene in scenes(f):
        assert_equal(first, define(scene, definitions))


def check_relation(relation, f, text):
    """Assert that the identity holds."""
    (equation,) = equations(text, FUNCTIONS)
    assert ("'" in equation.written[0]) == (relation.left == "derivative")
    assert equation.written[0] != equation.written[1]
    for scene in scenes(f):
        assert_equal(equation, scene)


def path(limit, f):
    """Give values of the parameter on the way to the limit, from both sides where there are two."""
    for step in (1.5, 0.1, 1e-3):
        for value in {1 / step} if np.isinf(limit.towards) else {limit.towards + step, limit.towards - step}:
            try:
                yield value, replace(f, **{limit.parameter: value})
            except ValueError:  # the parameter cannot come from that side
                assert value < limit.towards


def check_limit(limit, f, text):
    """Assert that the function tends to what is said, which is what the facts compute."""
    (equation,) = equations(text, FUNCTIONS)
    letter = {name: letter for letter, name in letters(f).items()}[limit.parameter]
    towards = r"\infty" if np.isinf(limit.towards) else f"{limit.towards:g}"
    assert equation.written[0].startswith(rf"\lim _ {{ {letter} \to {towards} }} f ( x )")
    for scene in scenes(f):
        assert_equal(equation, scene)
        x = np.array([float(scene.values["x"])])
        assert limit.becomes(x)[0] == pytest.approx(float(equation.sides[1](scene)), rel=1e-15, abs=0)


def check_law(limit, f, text):
    """Assert that the largest distance is what is said, which is what the facts compute."""
    (equation,) = equations(text, FUNCTIONS)
    assert r"\sup" in equation.written[0]
    for value, g in path(limit, f):
        scene = scene_of(g, mp.zero)
        for side in equation.sides[1:]:
            assert limit.error(value) == pytest.approx(float(side(scene)), rel=1e-14)
        assert_equal(equation, scene)


def formulas_of(f):
    facts = f.facts
    yield Formula(f, "value", facts.formula, check_definition)
    yield Formula(f, "slope", facts.derivative_formula, partial(check_definition, primes="'"))
    yield Formula(f, "second", facts.second_derivative_formula, partial(check_definition, primes="''"))
    for relation in facts.relations:
        yield Formula(f, f"by {relation.to}", relation.formula, partial(check_relation, relation))
    # A limit moves the parameter itself: one start is enough.
    for limit in facts.family if f == type(f)() else ():
        way = f"{limit.parameter} to {limit.towards:g}"
        yield Formula(f, way, limit.formula, partial(check_limit, limit))
        yield Formula(f, f"law of {way}", limit.error_formula, partial(check_law, limit))


# Functions of several numbers


def central(function, x, i):
    """Return the derivative of a vector's function with respect to its element i, from 1 on."""

    def along(step):
        moved = x.copy()
        moved[i - 1] += step
        return function(moved)

    return derivative(along, mp.zero, 1)


def softmax_scene(f, x, **moved):
    """Return what the letters mean in a formula of softmax, for a column of scores."""
    t = mp.mpf(moved.get("T", f.temperature))

    def p(scores):
        powers = [mp.exp(score / t) for score in scores]
        return mp.matrix([power / mp.fsum(powers) for power in powers])

    def slope(i, j):
        return central(lambda scores: p(scores)[i - 1], x, j)

    def move(letter, value):
        return softmax_scene(f, value, **moved) if letter == "x" else softmax_scene(f, x, **{letter: value})

    n = len(x)
    jacobian = mp.matrix(n, n)
    for i, j in product(range(n), repeat=2):
        jacobian[i, j] = slope(i + 1, j + 1)
    return Scene(
        values={"T": t, "n": mp.mpf(n), "c": mp.mpf("1.25"), "x": x, "p": p(x), "J": jacobian, **moved},
        functions={**FUNCTIONS, "p": [p]},
        indexed={
            "x": lambda i: x[i - 1],
            "p": lambda i: p(x)[i - 1],
            "dp/dx": slope,
            r"\delta": lambda i, j: mp.mpf(i == j),
        },
        counts={"i": n, "j": n},
        move=move,
    )


def maxout_scene(f, z):
    """Return what the letters mean in a formula of maxout, for a matrix with one row a unit."""

    def h(pieces, i):
        return max(pieces[i - 1, :])

    def slope(i, row, j):
        def along(step):
            moved = z.copy()
            moved[row - 1, j - 1] += step
            return h(moved, i)

        return derivative(along, mp.zero, 1)

    def piece(*at):
        return z[at[0] - 1, at[1] - 1] if len(at) == 2 else z[0, at[0] - 1]

    return Scene(
        values={"k": f.pieces},
        functions=FUNCTIONS,
        indexed={"z": piece, "h": lambda i: h(z, i), "dh/dz": slope},
        counts={"i": 2, "l": 2, "j": f.pieces, "r": f.pieces},
    )


def each_index(scene, equation):
    """Give the scene with every value of the indices that stand free in an equation."""
    used = [name for name in scene.counts if any(name in side.split() for side in equation.written)]
    for values in product(*(range(1, scene.counts[name] + 1) for name in used)):
        yield scene.with_values(dict(zip(used, values, strict=True)))


SCORES = mp.matrix(["0.5", "-1.25", "2.0"])
PIECES = mp.matrix([["0.5", "-1.25", "2.0"], ["1.5", "1.0", "-3.0"]])


def check_vector(f, text, begins):
    """Assert that every equation holds for each of its indices, and speaks of what it should."""
    found = equations(text, FUNCTIONS)
    assert found[0].written[0].startswith(begins)
    assert found[0].written[0] not in found[0].written[1:]
    for equation in found:
        with mp.workdps(WORKING_DIGITS):
            if isinstance(f, Softmax):
                assert equation.remark in ("", "for two scores")
                scene = softmax_scene(f, SCORES[:2] if equation.remark else SCORES)
            else:
                scene = maxout_scene(f, PIECES[:, : f.pieces])
            for indexed in each_index(scene, equation):
                assert_equal(equation, indexed)


def vector_formulas_of(f):
    facts = f.facts
    at = {
        "maxout": ("h _ i", r"\frac { \partial h _ i } { \partial z _ { l j } }"),
        "softmax": ("p _ i", r"\frac { \partial p _ i } { \partial x _ j }"),
    }[f.name]
    yield Formula(f, "value", facts.formula, partial(check_vector, begins=at[0]))
    yield Formula(f, "Jacobian", facts.jacobian_formula, partial(check_vector, begins=at[1]))
    for relation in facts.relations:
        yield Formula(f, f"by {relation.to}", relation.formula, partial(check_vector, begins=""))
    for limit in facts.family:
        begins = rf"\lim _ {{ {LETTERS[limit.parameter]} \to \infty }}"
        yield Formula(f, "limit", limit.formula, partial(check_vector, begins=begins))
        yield Formula(f, "law", limit.error_formula, partial(check_vector, begins=r"\max _ { | x _ i |"))


FORMULAS = [
    formula
    for f in [*activations.values(), *VARIANTS, Softmax(temperature=0.7), Maxout(3)]
    for formula in (formulas_of(f) if isinstance(f, Elementwise) else vector_formulas_of(f))
]
