"""Formulas as the book prints them, read and evaluated to forty digits.

`equations` reads the part of LaTeX that facts and tables are written in and gives the sides of each
equation as functions of a `Scene`, which says what the letters are. What it cannot read is an error
that holds the whole string: no formula goes unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from mpmath import mp

WORKING_DIGITS = 110
"""So many that no subtraction on a page costs the forty digits that are compared."""

Meaning = Callable[["Scene"], Any]


class FormulaError(ValueError):
    """A formula that the reader does not know, or whose letters mean nothing here."""


@dataclass(frozen=True)
class Scene:
    """What the letters of a formula stand for."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Numbers, vectors and indices, which count from 1."""
    functions: Mapping[str, Sequence[Callable[..., Any]]] = field(default_factory=dict)
    """Each with its derivatives, as far as they are known: a prime asks for the next one."""
    indexed: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """What has indices, called with them; ``dp/dx`` is called with those of p and then of x."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How far an index runs that a sum or an argmax binds."""
    move: Callable[[str, Any], Scene] | None = None
    """The scene with another value of a letter, everything that depends on it with it."""

    def with_value(self, name: str, value: Any) -> Scene:
        """Return the scene with another value of a letter on which no function depends."""
        return self.with_values({name: value})

    def with_values(self, values: Mapping[str, Any]) -> Scene:
        """Return the scene with other values of some letters."""
        return replace(self, values={**self.values, **values})


@dataclass(frozen=True)
class Equation:
    """The sides of a chain of equations, and what was said of it in words."""

    sides: tuple[Meaning, ...]
    written: tuple[str, ...]
    """The sides as tokens joined by spaces."""
    remark: str = ""


SPACE = {r"\,", r"\;", r"\ ", r"\!", r"\quad", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\cdot"}
TOKEN = re.compile(
    r"\\(?:begin|end)\{cases\}|\\operatorname\*?\{\w+\}|\\mathrm\{\w+\}|\\text\{[^}]*\}|\\[a-zA-Z]+|\\\\"
    r"|\\[,; !]|\d+(?:\.\d+)?|[a-zA-Z]|[-+/()|=<>^_{}&,']"
)
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
}
STOPS = {")", "}", "+", "-", ",", "&", r"\\", r"\end{cases}", r"\to", "/", "^", "_", "'", *COMPARE}


def equations(text: str, functions: Sequence[str]) -> list[Equation]:
    """Return the equations of a formula; `functions` are the names that are applied to what follows."""
    try:
        return _Reader(text, functions).equations()
    except (IndexError, FormulaError) as error:
        raise FormulaError(f"cannot read {text!r}: {error or 'it ends too soon'}") from error


def derivative(function: Callable[[Any], Any], x: Any, order: int) -> Any:
    """Return a derivative of a smooth function to over forty digits, by central differences."""
    if order == 0:
        return function(x)
    h = mp.mpf(10) ** (-WORKING_DIGITS // 5)
    with mp.workdps(2 * WORKING_DIGITS):
        return (derivative(function, x + h, order - 1) - derivative(function, x - h, order - 1)) / (2 * h)


class _Reader:
    """A recursive descent through the tokens; every method returns a meaning."""

    def __init__(self, text: str, functions: Sequence[str]) -> None:
        self.text = text
        self.tokens: list[str] = []
        self.functions = functions
        self.at = 0
        self.in_bars = False
        rest = text.strip()
        while rest:
            found = TOKEN.match(rest)
            if not found:
                raise FormulaError(f"no token at {rest!r}")
            if found[0] not in SPACE:
                self.tokens.append(re.sub(r"\\(?:operatorname\*?|mathrm)\{(\w+)\}", r"\1", found[0]))
            rest = rest[found.end() :].lstrip()

    # Tokens

    def see(self, *tokens: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] in tokens

    def take(self, *expected: str) -> str:
        token = self.tokens[self.at]
        if expected and token not in expected:
            raise FormulaError(f"{' or '.join(expected)} must stand where {token!r} does")
        self.at += 1
        return token

    def accept(self, *tokens: str) -> bool:
        if self.see(*tokens):
            self.at += 1
            return True
        return False

    def word(self) -> str | None:
        r"""Return the words of \text at this place."""
        if self.at < len(self.tokens) and self.tokens[self.at].startswith(r"\text{"):
            return self.tokens[self.at][6:-1].strip()
        return None

    # Equations and conditions

    def equations(self) -> list[Equation]:
        found = [self.equation()]
        while self.accept(","):
            found.append(self.equation())
        if self.at < len(self.tokens):
            raise FormulaError(f"{self.tokens[self.at]!r} is left over")
        return found

    def equation(self) -> Equation:
        sides, written = [], []
        while True:
            start = self.at
            sides.append(self.guarded(self.side()))
            written.append(" ".join(self.tokens[start : self.at]))
            if not self.accept("="):
                break
        remark = self.word() or ""
        if remark:
            self.at += 1
        return Equation(tuple(sides), tuple(written), remark)

    def guarded(self, side: Meaning) -> Meaning:
        """Return the side so that what it cannot compute is an error with the whole formula."""

        def value(scene: Scene) -> Any:
            try:
                return side(scene)
            except (ArithmeticError, LookupError, TypeError, ValueError) as error:
                raise FormulaError(f"cannot compute {self.text!r}: {error}") from error

        return value

    def side(self) -> Meaning:
        value = self.sum()
        if self.word() != "if":
            return value
        self.at += 1
        condition = self.condition()
        self.take(",")
        if self.word() != "else":
            raise FormulaError("an if needs an else")
        self.at += 1
        other = self.sum()
        return lambda scene: value(scene) if condition(scene) else other(scene)

    def condition(self) -> Callable[[Scene], bool]:
        first = self.comparison()
        if self.word() != "and":
            return first
        self.at += 1
        second = self.condition()
        return lambda scene: first(scene) and second(scene)

    def comparison(self) -> Callable[[Scene], bool]:
        sides, signs = [self.sum()], []
        while self.see(*COMPARE):
            signs.append(COMPARE[self.take()])
            sides.append(self.sum())
        if not signs:
            raise FormulaError("a condition must compare")

        def holds(scene: Scene) -> bool:
            values = [side(scene) for side in sides]
            return all(sign(a, b) for sign, (a, b) in zip(signs, pairwise(values), strict=True))

        return holds

    # Arithmetic

    def sum(self) -> Meaning:
        negative = self.accept("-")
        first = self.term()
        total: Meaning = (lambda scene: -first(scene)) if negative else first
        while self.see("+", "-"):
            total = self.added(total, self.take() == "-", self.term())
        return total

    @staticmethod
    def added(total: Meaning, negative: bool, term: Meaning) -> Meaning:
        return lambda scene: total(scene) - term(scene) if negative else total(scene) + term(scene)

    def term(self) -> Meaning:
        product = self.atom()
        while self.at < len(self.tokens):
            if self.accept("/"):
                product = self.multiplied(product, self.atom(), True)
            elif self.see(*STOPS) or self.word() is not None or (self.see("|") and self.in_bars):
                break
            else:
                product = self.multiplied(product, self.atom(), False)
        return product

    @staticmethod
    def multiplied(product: Meaning, factor: Meaning, divides: bool) -> Meaning:
        return lambda scene: product(scene) / factor(scene) if divides else product(scene) * factor(scene)

    def atom(self) -> Meaning:
        token = self.take()
        if token == "(":
            return self.power(self.enclosed(")"))
        if token == "{":
            return self.power(self.enclosed("}"))
        if token == "|":
            inside = self.enclosed("|")
            return self.power(lambda scene: abs(inside(scene)))
        if token[0].isdigit():
            return self.power(lambda scene: mp.mpf(token))
        if token in (r"\frac", r"\tfrac"):
            return self.power(self.fraction())
        if token == r"\sqrt":
            radicand = self.argument()
            return self.power(lambda scene: mp.sqrt(radicand(scene)))
        if token == r"\begin{cases}":
            return self.cases()
        if token in (r"\sum", "argmax", r"\lim", r"\sup") or (token == r"\max" and self.see("_")):
            return self.bound(token)
        if token in self.functions and (len(token) > 1 or self.see("(", "'")):
            return self.applied(token)
        if re.fullmatch(r"[a-zA-Z]|\\[a-zA-Z]+", token):
            return self.symbol(token)
        raise FormulaError(f"{token!r} begins nothing known")

    def enclosed(self, end: str) -> Meaning:
        outer, self.in_bars = self.in_bars, end == "|"
        inside = self.sum()
        self.take(end)
        self.in_bars = outer
        return inside

    def argument(self) -> Meaning:
        """Return what a macro takes: a group, or the one character that follows."""
        if self.accept("{"):
            return self.enclosed("}")
        token = self.tokens[self.at]
        if token[0].isdigit() and len(token) > 1:
            self.tokens[self.at : self.at + 1] = [token[0], token[1:]]
        token = self.take()
        if token[0].isdigit():
            return lambda scene: mp.mpf(token)
        if re.fullmatch(r"[a-zA-Z]|\\[a-zA-Z]+", token):
            return lambda scene: _value(scene, token)
        raise FormulaError(f"{token!r} is no argument")

    def power(self, base: Meaning) -> Meaning:
        if not self.accept("^"):
            return base
        transposes = self.see("T")
        exponent = self.argument()

        def raised(scene: Scene) -> Any:
            value = base(scene)
            if isinstance(value, mp.matrix):
                if not transposes:
                    raise FormulaError("a vector has no power but T")
                return value.T
            return value ** exponent(scene)

        return raised

    def fraction(self) -> Meaning:
        if self.tokens[self.at : self.at + 2] == ["{", r"\partial"]:
            above, below = self.partial(), self.partial()
            key = f"d{above[0]}/d{below[0]}"
            return lambda scene: scene.indexed[key](*above[1](scene), *below[1](scene))
        numerator, denominator = self.argument(), self.argument()
        return lambda scene: numerator(scene) / denominator(scene)

    def partial(self) -> tuple[str, Callable[[Scene], tuple[int, ...]]]:
        self.take("{")
        self.take(r"\partial")
        name = self.take()
        self.take("_")
        indices = self.indices()
        self.take("}")
        return name, indices

    def indices(self) -> Callable[[Scene], tuple[int, ...]]:
        letters = []
        if self.accept("{"):
            while not self.accept("}"):
                letters.append(self.take())
        else:
            letters.append(self.take())
        return lambda scene: tuple(
            int(letter) if letter.isdigit() else scene.values[letter] for letter in letters
        )

    def cases(self) -> Meaning:
        branches = []
        while True:
            value = self.side()
            self.take("&")
            branches.append((value, self.condition()))
            if self.take(r"\\", r"\end{cases}") != r"\\":
                break

        def chosen(scene: Scene) -> Any:
            holding = [value for value, condition in branches if condition(scene)]
            if len(holding) != 1:
                raise FormulaError(f"{len(holding)} branches hold in the cases")
            return holding[0](scene)

        return chosen

    def symbol(self, token: str) -> Meaning:
        if self.accept("_"):
            indices = self.indices()
            return self.power(lambda scene: scene.indexed[token](*indices(scene)))
        primes = 0
        while self.accept("'"):
            primes += 1
        return self.power(lambda scene: _value(scene, token, primes))

    def applied(self, name: str) -> Meaning:
        primes = 0
        while self.accept("'"):
            primes += 1
        exponent = self.argument() if self.accept("^") else None
        if self.accept("("):
            outer, self.in_bars = self.in_bars, False
            arguments = [self.sum()]
            while self.accept(","):
                arguments.append(self.sum())
            self.take(")")
            self.in_bars = outer
        else:
            arguments = [self.atom()]

        def called(scene: Scene) -> Any:
            value = scene.functions[name][primes](*(argument(scene) for argument in arguments))
            return value if exponent is None else value ** exponent(scene)

        return self.power(called)

    def bound(self, operator: str) -> Meaning:
        """Return an operator that binds a letter: a sum, a largest value, a limit."""
        self.take("_")
        binder = []
        if self.accept("{"):
            while not self.accept("}"):
                binder.append(self.take())
        else:
            binder.append(self.take())
        body = self.term()
        match operator, binder:
            case r"\lim", [name, r"\to", *towards]:
                return lambda scene: _limit(scene, body, name, towards)
            case r"\sup", [name]:
                return lambda scene: _supremum(scene, body, name, mp.inf)
            case r"\sup", ["|", name, "|", r"\le", reach]:
                return lambda scene: _supremum(scene, body, name, mp.mpf(reach))
            case r"\max", ["|", name, "_", "i", "|", r"\le", reach]:
                return lambda scene: _over_a_square(scene, body, name, mp.mpf(reach))
            case r"\max", [low, r"\le", name, r"\le", high]:
                return lambda scene: max(
                    body(scene.with_value(name, i)) for i in range(int(low), scene.values[high] + 1)
                )
            case r"\sum", [name]:
                return lambda scene: mp.fsum(
                    body(scene.with_value(name, i)) for i in range(1, scene.counts[name] + 1)
                )
            case "argmax", [name]:
                return lambda scene: max(
                    range(1, scene.counts[name] + 1), key=lambda i: body(scene.with_value(name, i))
                )
        raise FormulaError(f"{operator} binds {' '.join(binder)!r}")


def _value(scene: Scene, name: str, primes: int = 0) -> Any:
    constants = {"e": mp.e, r"\pi": mp.pi, r"\infty": mp.inf}
    if name in scene.values:
        value = scene.values[name]
        if callable(value):  # a letter that a formula defines, by x
            return derivative(value, scene.values["x"], primes)
        if not primes:
            return value
    elif name in constants and not primes:
        return +constants[name]
    raise FormulaError(f"{name}{primes * chr(39)} means nothing here")


def _moved(scene: Scene, name: str, value: Any) -> Scene:
    if scene.move is None:
        return scene.with_value(name, value)
    moved = scene.move(name, value)
    return replace(moved, values={**scene.values, **moved.values})


def _limit(scene: Scene, body: Meaning, name: str, towards: list[str]) -> Any:
    near = mp.mpf(10) ** -50
    end = mp.inf if towards == [r"\infty"] else mp.mpf("".join(towards))
    if name not in scene.values:
        raise FormulaError(f"{name} means nothing here")
    return body(_moved(scene, name, 1 / near if end == mp.inf else end + near))


def _supremum(scene: Scene, body: Meaning, name: str, reach: Any) -> Any:
    """Return the largest value over a range, by a grid and a search around its best point."""

    def at(x: Any) -> Any:
        return body(_moved(scene, name, x))

    sizes = [mp.mpf(10) ** (mp.mpf(k) / 12) for k in range(-60, 73)]
    grid = sorted(
        {s * x for s in (-1, 1) for x in [0, *sizes] if x < reach} | ({reach, -reach} - {mp.inf, -mp.inf})
    )
    values = [at(x) for x in grid]
    best = max(range(len(grid)), key=values.__getitem__)
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    for _ in range(130):
        third = (high - low) / 3
        if at(low + third) < at(high - third):
            low += third
        else:
            high -= third
    return max(values[best], at((low + high) / 2))


def _over_a_square(scene: Scene, body: Meaning, name: str, reach: Any) -> Any:
    """Return the largest value for two numbers of at most this size."""
    steps = [reach * k / 4 for k in range(-4, 5)]
    return max(body(_moved(scene, name, mp.matrix([a, b]))) for a in steps for b in steps)
