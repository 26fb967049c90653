"""The fact card: what is known about an activation, as a table that a chapter shows."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf
from typing import Any

from actlib.contract.activation import Activation
from actlib.contract.facts import ElementwiseFacts, Extremum, Facts, Interval, VectorFacts
from actlib.contract.moments import GaussianMoments
from actlib.course import tables
from actlib.course.numerals import latex

__all__ = ["FactCard", "show"]

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class FactCard:
    """The facts of an activation in the order in which a reader looks them up."""

    activation: Activation

    def rows(self) -> Rows:
        """Return what is stated and its value, in Markdown with LaTeX between dollar signs."""
        facts = self.activation.facts
        rows = [("value", f"${facts.formula}$")]
        if isinstance(facts, ElementwiseFacts):
            rows += _shape(facts)
        if isinstance(facts, VectorFacts):
            rows += _vector(facts)
        rows += [
            ("convex", "yes" if facts.convex else "no"),
            ("smoothness", {"analytic": "analytic", "C1": "$C^1$", "C0": "$C^0$"}[facts.smoothness]),
        ]
        if isinstance(facts, ElementwiseFacts | VectorFacts) and facts.moments:
            rows += _moments(facts.moments)
        return [
            *rows,
            *_relatives(facts),
            *((f"in {key}", tables.call(f)) for key, f in facts.frameworks.items()),
        ]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": tables.markdown(["fact", "value"], self.rows())}


def show(activation: Activation) -> None:
    """Display the fact card of `activation`; z is a standard normal pre-activation."""
    from IPython.display import display

    display(FactCard(activation))


def _shape(facts: ElementwiseFacts) -> Rows:
    centre = facts.centre
    symmetry = "even" if facts.even else "none"
    if centre:
        symmetry = f"half turn about $({latex(centre[0])}, {latex(centre[1])})$"
    mirrored = centre is not None  # then f' is even and |f''| too
    bends = facts.kinks if facts.smoothness == "C0" else ()
    nowhere = "".join(f"; none at $x = {latex(x)}$" for x in facts.kinks)
    bend = facts.second_derivative_bound
    strongest = _extremum(bend, mirrored, bend.x in facts.kinks)
    if facts.kinks and bend.value == 0:
        strongest = "$0$ where it exists"
    return [
        ("first derivative", f"${facts.derivative_formula}$"),
        ("second derivative", f"${facts.second_derivative_formula}${nowhere}"),
        ("range", f"${_interval(facts.range)}$"),
        ("limits at $-\\infty$, $\\infty$", " and ".join(f"${latex(limit)}$" for limit in facts.limits)),
        *_at_zero(facts, 0 in bends),
        ("smallest value", _extremum(facts.minimum)),
        ("largest value", _extremum(facts.maximum)),
        (
            "smallest slope",
            _extremum(facts.derivative_minimum, mirrored, facts.derivative_minimum.x in bends),
        ),
        ("largest slope", _extremum(facts.derivative_maximum, mirrored, facts.derivative_maximum.x in bends)),
        ("largest $\\lvert f''\\rvert$", strongest),
        ("inflections", ", ".join(f"${latex(x)}$" for x in facts.inflections) or "none"),
        ("symmetry", symmetry),
        ("monotone", facts.monotone),
    ]


def _at_zero(facts: ElementwiseFacts, kinked: bool) -> Rows:
    value, slope = f"${latex(facts.value_at_zero)}$", f"${latex(facts.derivative_at_zero)}$"
    if kinked:
        return [("$f(0)$", value), ("slope at the kink $x = 0$", f"{slope} (a convention)")]
    return [("$f(0)$, $f'(0)$", f"{value} and {slope}")]


def _vector(facts: VectorFacts) -> Rows:
    rows = [
        ("Jacobian", f"${facts.jacobian_formula}$"),
        ("range of a component", f"${_interval(facts.range)}$"),
        ("Lipschitz constant", f"${latex(facts.lipschitz)}$"),
    ]
    if facts.weight_factor > 1:
        rows.append(("weights of a layer", f"{facts.weight_factor} times as many"))
    return rows


def _moments(moments: GaussianMoments) -> Rows:
    return [
        (
            "$\\mathbb{E}[f(z)]$, $\\mathbb{E}[f(z)^2]$",
            f"${latex(moments.mean)}$ and ${latex(moments.second)}$",
        ),
        (
            "$\\mathbb{E}[f'(z)]$, $\\mathbb{E}[f'(z)^2]$",
            f"${latex(moments.derivative_mean)}$ and ${latex(moments.derivative_second)}$",
        ),
        ("gain $1/\\sqrt{\\mathbb{E}[f(z)^2]}$", f"${latex(moments.gain)}$"),
        ("$\\chi = \\mathbb{E}[f'(z)^2] / \\mathbb{E}[f(z)^2]$", f"${latex(moments.chi)}$"),
    ]


def _relatives(facts: Facts) -> Rows:
    return [
        (
            f"as {limit.parameter} goes to ${latex(limit.towards)}$",
            f"${limit.formula}$; ${limit.error_formula}$",
        )
        for limit in facts.family
    ]


def _interval(found: Interval) -> str:
    left, right = "[" if found.includes_low else "(", "]" if found.includes_high else ")"
    return f"{left}{latex(found.low)}, {latex(found.high)}{right}"


def _extremum(extremum: Extremum | None, mirrored: bool = False, kinked: bool = False) -> str:
    if extremum is None:
        return "none"
    sign = r"\pm" if mirrored and extremum.x else ""
    if isinf(extremum.x):
        return f"${latex(extremum.value)}$, approached towards ${sign}{latex(extremum.x)}$"
    where = "on one side of" if kinked else "at"
    return f"${latex(extremum.value)}$ {where} $x = {sign}{latex(extremum.x)}$"
