"""A typed formula is read as mathematics has it, and its derivatives are those of the formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from actlib import activations
from tests.live.node import node
from tests.reference import elementwise, row

NAMES = [f.name for f in elementwise]
Tree = tuple[Any, ...]


def computed(texts: list[str], x: Any) -> list[Any]:
    """Return value and derivatives of formulas at all of x, or what is said against one."""
    return node(
        """texts.map((text) => {
          try {
            const f = formula.parse(text), out = [0, 1, 2].map(() => new Float64Array(x.length));
            f.run(x, ...out);
            return out;
          } catch (error) {
            if (!(error instanceof formula.Mistake)) throw error;
            return error.message;
          }
        })""",
        texts=texts,
        x=np.asarray(x, float),
    )


@cache
def tabled(*x: float) -> dict[str, Any]:
    """Return what is computed of all formulas of the tables below: node starts once for them."""
    texts = [text for text, *_ in (*SAME, *MISTAKES, *KINKS)] + [same for _, same in SAME]
    return dict(zip(texts, computed(texts, x), strict=True))


# Formulas, written in the grammar of the page and in Python's, whose parser is then the one to compare with.

SUM, PRODUCT, SIGNED, POWER, ATOM = 1, 2, 3, 4, 5
LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}
TYPED = {"+": "+", "-": "−", "*": "·", "/": "÷"}


def written(tree: Tree) -> tuple[str, str, int]:
    """Return a tree in either grammar, with no more brackets than it needs, and how tightly it binds."""

    def within(tree: Tree, least: int) -> tuple[str, str]:
        text, python, level = written(tree)
        return (text, python) if level >= least else (f"({text})", f"({python})")

    kind, *parts = tree
    if kind == "x":
        return "x", "x", ATOM
    if kind == "number":
        return str(parts[0]), f"n({parts[0]})", ATOM
    if kind == "constant":
        return parts[0], parts[0].replace("π", "pi"), ATOM
    if kind == "minus":
        text, python = within(parts[0], SIGNED)
        return f"-{text}", f"-{python}", SIGNED
    if kind == "power":
        text, python = within(parts[0], ATOM)
        if parts[1] == ("number", 2):
            return f"{text}²", f"{python}**n(2)", POWER
        exponent, pythons = within(parts[1], SIGNED)
        return f"{text}^{exponent}", f"{python}**{pythons}", POWER
    if kind == "implied":  # the right one in brackets, the left one if it is no number and not x
        (left, pythons), (right, other) = within(parts[0], ATOM), within(parts[1], SUM)
        return f"{left}({right})", f"{pythons}*({other})", PRODUCT
    if kind == "call":
        name, *arguments = parts
        all_written = [written(argument) for argument in arguments]
        inner = [", ".join(each) for each in list(zip(*all_written, strict=True))[:2]]
        return f"{name}({inner[0]})", f"{name}({inner[1]})", ATOM
    level, style = LEVELS[kind], parts[2]
    (left, pythons), (right, other) = within(parts[0], level), within(parts[1], level + 1)
    return f"{left}{[kind, TYPED[kind], f' {kind} '][style]}{right}", f"{pythons}{kind}{other}", level


def trees(
    names: list[str], choices: list[str], exponents: st.SearchStrategy[Tree]
) -> st.SearchStrategy[Tree]:
    """Return formulas with these functions of one number and of two, and these exponents."""
    numbers = st.sampled_from(["0.5", "1", "1.702", "2", "3", ".25", "1e-3", "4."])
    leaves = st.one_of(
        st.just(("x",)),
        numbers.map(lambda text: ("number", text)),
        st.sampled_from([("constant", "pi"), ("constant", "π"), ("constant", "e")]),
    )

    def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        return st.one_of(
            st.tuples(st.sampled_from("+-*/"), inner, inner, st.integers(0, 2)),
            st.tuples(st.just("minus"), inner),
            st.tuples(st.just("power"), inner, exponents),
            st.tuples(st.just("implied"), inner, inner),
            *([st.tuples(st.just("call"), st.sampled_from(names), inner)] if names else []),
            *([st.tuples(st.just("call"), st.sampled_from(choices), inner, inner)] if choices else []),
        )

    return st.recursive(leaves, grown, max_leaves=8)


@dataclass(frozen=True)
class Float:
    """A float whose powers are products, as in the page."""

    value: np.float64

    def __add__(self, other: Float) -> Float:
        return Float(self.value + other.value)

    def __sub__(self, other: Float) -> Float:
        return Float(self.value - other.value)

    def __mul__(self, other: Float) -> Float:
        return Float(self.value * other.value)

    def __truediv__(self, other: Float) -> Float:
        return Float(self.value / other.value)

    def __neg__(self) -> Float:
        return Float(-self.value)

    def __pow__(self, exponent: Float) -> Float:
        p = exponent.value
        if p < 0:
            return Float(1 / (self ** Float(-p)).value)
        result, base, n = np.float64(1), self.value, int(p)
        while n:
            result, base, n = result * base if n % 2 else result, base * base, n // 2
        return Float(result * np.sqrt(self.value) if p % 1 else result)


EXPONENTS = st.sampled_from([*(("number", p) for p in (0, 1, 2, 3, 7, 0.5, 2.5)), ("minus", ("number", 2))])


@settings(max_examples=10, deadline=None)
@given(st.lists(trees(["sqrt", "abs"], [], EXPONENTS), min_size=20, max_size=40))
def test_values_are_pythons_bit_for_bit(formulas: list[Tree]) -> None:
    points = [-2.7, -1.0, 0.4, 1.0, 3.3]
    texts = [written(tree)[:2] for tree in formulas]
    functions = {
        "sqrt": lambda y: Float(np.sqrt(y.value)),
        "abs": lambda y: Float(np.abs(y.value)),
        "n": lambda number: Float(np.float64(number)),
        "pi": Float(np.float64(np.pi)),
        "e": Float(np.float64(np.e)),
    }
    found = computed([text for text, _ in texts], points)
    for (text, python), result in zip(texts, found, strict=True):
        assert not isinstance(result, str), (text, result)
        with np.errstate(all="ignore"):
            expected = [eval(python, functions, {"x": Float(np.float64(x))}).value for x in points]
        np.testing.assert_array_equal(result[0], expected, err_msg=text)


Row = Callable[[Any], Any]
FUNCTIONS: dict[str, Row] = {
    "exp": mp.exp, "expm1": mp.expm1, "ln": mp.log, "log1p": mp.log1p, "sqrt": mp.sqrt, "sin": mp.sin,
    "cos": mp.cos, "abs": abs, **{f.name: row(f).value for f in elementwise},
}  # fmt: skip


class OutOfReachError(Exception):
    """The formula is not smooth or not defined here, or beyond floats."""


@dataclass(frozen=True)
class Jet:
    """Value, first and second derivative, and how large the terms are of which each is a sum."""

    parts: tuple[Any, Any, Any]
    sizes: tuple[Any, Any, Any]

    def __post_init__(self) -> None:
        if any(isinstance(part, mp.mpc) or not mp.isfinite(part) or abs(part) > 1e50 for part in self.parts):
            raise OutOfReachError

    def __add__(self, other: Jet) -> Jet:
        return Jet(
            tuple(a + b for a, b in zip(self.parts, other.parts, strict=True)),
            tuple(a + b for a, b in zip(self.sizes, other.sizes, strict=True)),
        )

    def __neg__(self) -> Jet:
        return Jet(tuple(-part for part in self.parts), self.sizes)

    def __sub__(self, other: Jet) -> Jet:
        return self + -other

    def __mul__(self, other: Jet) -> Jet:
        def product(a: Any, b: Any) -> Any:
            return a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2]

        return Jet(product(self.parts, other.parts), product(self.sizes, other.sizes))

    def __truediv__(self, other: Jet) -> Jet:
        return self * other.mapped(lambda y: 1 / y)

    def __pow__(self, exponent: Jet) -> Jet:
        if exponent.parts[1:] == (0, 0):
            p = exponent.parts[0]
            return self.mapped(lambda y: y**p)
        return (exponent * self.mapped(mp.log)).mapped(mp.exp)

    def mapped(self, f: Row) -> Jet:
        """Return f of this."""
        v, d, e = self.parts
        size, slope, bend = self.sizes
        if abs(v) < 1e-6 * size and self.parts != (0, 0, 0):
            raise OutOfReachError  # near a kink, a pole or a branch
        try:
            f0, f1, f2, f3 = (c * mp.factorial(k) for k, c in enumerate(mp.taylor(f, v, 3)))
        except (ZeroDivisionError, ValueError, TypeError, OverflowError):
            raise OutOfReachError from None
        # An error of the inner value is multiplied by the next derivative.
        m0, m1, m2 = (abs(a) + abs(b) * size for a, b in ((f0, f1), (f1, f2), (f2, f3)))
        return Jet((f0, f1 * d, f2 * d * d + f1 * e), (m0, m1 * slope, m2 * slope * slope + m1 * bend))


def number(value: Any) -> Jet:
    return Jet((mp.mpf(value), mp.zero, mp.zero), (abs(mp.mpf(value)), mp.zero, mp.zero))


def chosen(sign: int) -> Callable[[Jet, Jet], Jet]:
    def choice(a: Jet, b: Jet) -> Jet:
        difference = a.parts[0] - b.parts[0]
        if abs(difference) < 1e-6 * (a.sizes[0] + b.sizes[0]):
            raise OutOfReachError
        return a if sign * difference > 0 else b

    return choice


@settings(max_examples=8, deadline=None)
@given(st.lists(trees([*FUNCTIONS], ["max", "min"], st.deferred(lambda: ANY)), min_size=20, max_size=30))
def test_derivatives_are_those_of_the_formula(formulas: list[Tree]) -> None:
    points = [-1.9, 0.3, 2.2]
    texts = [written(tree)[:2] for tree in formulas]
    functions: dict[str, Any] = {name: lambda y, f=f: y.mapped(f) for name, f in FUNCTIONS.items()}
    functions |= {"max": chosen(1), "min": chosen(-1), "n": lambda text: number(float(text))}
    functions |= {"pi": number(np.pi), "e": number(np.e)}
    with mp.workdps(30):
        for (text, python), result in zip(texts, computed([text for text, _ in texts], points), strict=True):
            assert not isinstance(result, str), (text, result)
            for i, x in enumerate(points):
                try:
                    exact = eval(python, functions, {"x": Jet((mp.mpf(x), mp.one, mp.zero), (abs(x), 1, 0))})
                except OutOfReachError:
                    continue
                for order in range(3):
                    error = abs(mp.mpf(float(result[order][i])) - exact.parts[order])
                    assert error <= 1e-11 * exact.sizes[order], (text, x, order)


ANY = st.one_of(EXPONENTS, st.just(("x",)), st.just(("call", "sin", ("x",))))

ACTIVATIONS = {
    "sigmoid": "1/(1 + exp(-x))",
    "tanh": "(exp(x) − exp(-x))/(exp(x) + exp(-x))",
    "relu": "max(0, x)",
    "leaky_relu": "max(x, 0.01x)",
    "elu": "max(x, 0) + min(exp(x) - 1, 0)",
    "swish": "x/(1 + e^-x)",
    "softplus": "ln(1 + e^x)",
    "mish": "x·tanh(ln(1 + e^x))",
    "gelu_tanh": "0.5x(1 + tanh(sqrt(2/π)(x + 0.044715x^3)))",
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_typed_activation_is_the_built_in_one(name: str) -> None:
    x = np.linspace(-8, 8, 4001)
    for typed, built_in in zip(*computed([ACTIVATIONS[name], f"{name}(x)"], x), strict=True):
        assert np.all(np.abs(typed - built_in) <= 2e-15 * np.maximum(1, np.abs(built_in)))


@pytest.mark.parametrize("name", NAMES)
def test_an_activation_by_name_has_actlibs_derivatives(name: str) -> None:
    f = activations[name]
    x = np.concatenate([np.linspace(-8, 8, 401), [-800.0, 800.0, 1e300]])
    value, first, second = computed([f"{name}(x)"], x)[0]
    np.testing.assert_allclose(value, f(x), rtol=2e-14, atol=5e-324)
    np.testing.assert_allclose(first, f.derivative(x), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(second, f.second_derivative(x), rtol=1e-13, atol=1e-15)


SAME = [
    ("-x^2", "-(x*x)"),
    ("2x", "2*x"),
    ("2(x+1)(x-1)", "2*(x+1)*(x-1)"),
    ("x(1+x)", "x*(1+x)"),
    ("3x exp(x)", "3*x*exp(x)"),
    ("2^x^2", "2^(x^2)"),
    ("e^-x", "exp(-x)"),
    ("x²·π − x³", "x*x*pi-x*x*x"),
    ("x**2 × 3 ÷ 4", "x*x*3/4"),
    ("1 - 2 - x", "(1-2)-x"),
    ("8/4/x", "(8/4)/x"),
    ("--x", "x"),
    ("+x", "x"),
    ("2--x", "2+x"),
    ("(x²)^3", "x^6"),
    ("x^0.5", "sqrt(x)"),
    ("max(x, 1, 2x)", "max(max(x, 1), 2x)"),
    ("leaky_relu(x, 1/5)", "max(x, x/5)"),
    ("swish(x)", "silu(x)"),
    ("σ(x)", "1/(1+exp(-x))"),
    (" x\t", "x"),
    ("1.5e1x", "15*x"),
    ("x^x", "exp(x*ln(x))"),
    ("2^x", "exp(x*ln(2))"),
    ("x^-2", "1/(x*x)"),
]


@pytest.mark.parametrize(("text", "same"), SAME)
def test_the_grammar(text: str, same: str) -> None:
    for a, b in zip(tabled(0.3, 1.0, 2.5)[text], tabled(0.3, 1.0, 2.5)[same], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)


MISTAKES = [
    ("", "position 1: a formula in x is missing, such as x*tanh(softplus(x))"),
    ("exp(x", "position 6: a closing bracket is missing for the one at position 4"),
    ("2*(x+1 ", "position 7: a closing bracket is missing for the one at position 3"),
    ("x)", "position 2: this closing bracket closes nothing"),
    ("x+", "position 3: here a number, x or a name is missing"),
    ("x+*2", "position 3: * cannot stand here"),
    ("x = 2", "position 3: = has no meaning here"),
    ("x + 😀", "position 5: 😀 has no meaning here"),
    ("3 4", "position 3: a sign is missing before 4"),
    ("(x)2", "position 4: a sign is missing before 2"),
    ("1/2x", "position 4: after a division a product needs its sign *, or brackets: 1/2x may be"),
    ("e^2x", "position 4: after an exponent a product needs its sign *, or brackets: e^2x may be"),
    ("x²³", "position 3: a power of a power needs brackets, as in (x^2)^3"),
    ("sin x", "position 1: sin needs brackets: sin(x)"),
    ("sin²(x)", "position 1: sin needs brackets: sin(x)"),
    ("1+ReLU(x)", "position 3: ReLU is not known; write relu"),
    ("y", "position 1: y is not known; the names are x, e, pi, ln, exp, "),
    ("constructor(x)", "position 1: constructor is not known; "),
    ("__proto__", "position 1: __proto__ is not known; "),
    ("softmax(x)", "position 1: softmax takes several numbers, x is one"),
    ("max(x)", "position 1: max needs two numbers: max(x, 0)"),
    ("exp(x, 2)", "position 1: exp takes one number, here it has 2"),
    ("elu(x, 1, 2)", "position 1: elu takes one number and alpha, here it has 3"),
    ("elu(x, x)", "position 1: alpha of elu must be a number without x"),
    ("(x, 2)", "position 3: a comma stands in the brackets of a name alone"),
    ("x, 2", "position 2: a comma stands in the brackets of a name alone"),
    ("1e999", "position 1: 1e999 is too large for a float"),
    ("x*1e-999", "position 3: 1e-999 is too small for a float"),
    ("(" * 60 + "x", "position 51: more than 50 brackets or signs in each other"),
    ("x" + "+x" * 300, "position 501: a formula may have 500 characters, this one has 601"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_mistake_is_told_in_words_with_its_place(text: str, message: str) -> None:
    said = tabled(0.3, 1.0, 2.5)[text]
    assert isinstance(said, str)
    assert said.startswith(message)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.text("x12.e(),+-*/^²−·π max\n😀_[]'\"`$\\;={}", max_size=15), min_size=100, max_size=200))
def test_no_text_does_anything_but_be_read_or_refused(texts: list[str]) -> None:
    for result in computed(texts, [1.0]):
        assert not isinstance(result, str) or result.startswith("position ")


KINKS = [
    ("relu(x)", 0, 0, 0),
    ("max(x, 0)", 0, 0, 0),
    ("max(0, x)", 0, 0, 0),
    ("(x + abs(x))/2", 0, 0, 0),
    ("abs(x)", 0, -1, 0),
    ("abs(-x)", 0, -1, 0),
    ("relu(-x)", 0, -1, 0),
    ("max(-x, 0)", 0, -1, 0),
    ("min(x, 0)", 0, 1, 0),
    ("leaky_relu(x)", 0, 0.01, 0),
    ("leaky_relu(-x)", 0, -1, 0),
    ("elu(x, 2)", 0, 2, 2),
    ("elu(-x, 2)", 0, -1, 0),
    ("relu(2 - x)", 2, -1, 0),
    ("max(x^2, 2x^2)", 0, 0, 4),
    ("min(x^2, 2x^2)", 0, 0, 2),
    ("relu(x^2)", 0, 0, 2),
    ("relu(-x^2)", 0, 0, 0),
    ("abs(x)*x", 0, 0, -2),
]


@pytest.mark.parametrize(("text", "x", "first", "second"), KINKS)
def test_at_a_kink_the_derivative_is_that_of_the_left_side(
    text: str, x: float, first: float, second: float
) -> None:
    result = tabled(x, x - 1e-9)[text]
    assert result[1][0] == first
    assert result[2][0] == second
    assert result[1][1] == pytest.approx(first, abs=1e-7)


def test_what_is_no_number_stays_none() -> None:
    texts = [
        "ln(x)",
        "sqrt(x)",
        "x^0.3",
        "max(ln(x), 1)",
        "max(1, ln(x))",
        "min(ln(x), ln(x))",
        "relu(ln(x))",
    ]
    for text, result in zip(texts, computed(texts, [-1.0]), strict=True):
        assert all(np.isnan(part[0]) for part in result), text


def test_many_points_and_one_are_the_same() -> None:
    found = node(
        """(() => {
          const f = formula.parse("x*tanh(softplus(x))"), out = [x, x, x].map((a) => a.slice());
          f.run(x, ...out);
          return { out, one: [f.value, f.first, f.second].map((g) => x.map(g)), text: f.text };
        })()""",
        x=np.linspace(-3, 3, 777),
    )
    for many, one in zip(found["out"], found["one"], strict=True):
        assert many.tobytes() == one.tobytes()
    assert found["text"] == "x*tanh(softplus(x))"
