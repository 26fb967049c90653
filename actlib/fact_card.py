"""The fact card: what is known about an activation, as a table that a chapter shows."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf
from typing import Any

from actlib.activation import Activation, Extremum, FrameworkName

__all__ = ["FactCard", "show"]


@dataclass(frozen=True)
class FactCard:
    """The facts of an activation in the order in which a reader looks them up."""

    activation: Activation

    def rows(self) -> list[tuple[str, str]]:
        """Return what is stated and its value, in Markdown with LaTeX between dollar signs."""
        facts = self.activation.facts
        moments = facts.moments
        centre = facts.centre
        return [
            ("value", f"${facts.formula}$"),
            ("first derivative", f"${facts.derivative_formula}$"),
            ("second derivative", f"${facts.second_derivative_formula}$"),
            ("range", f"${_latex(str(facts.range))}$"),
            (
                "limits at $-\\infty$, $\\infty$",
                " and ".join(f"${_number(limit)}$" for limit in facts.limits),
            ),
            (
                "$f(0)$, $f'(0)$",
                f"${_number(facts.value_at_zero)}$ and ${_number(facts.derivative_at_zero)}$",
            ),
            ("smallest value", _extremum(facts.minimum)),
            ("largest value", _extremum(facts.maximum)),
            ("smallest slope", _extremum(facts.derivative_minimum)),
            ("largest slope", _extremum(facts.derivative_maximum)),
            ("largest $\\lvert f''\\rvert$", _extremum(facts.second_derivative_bound)),
            ("inflections", ", ".join(f"${_number(x)}$" for x in facts.inflections) or "none"),
            (
                "half-turn symmetry",
                f"about $({_number(centre[0])}, {_number(centre[1])})$" if centre else "none",
            ),
            ("monotone", facts.monotone),
            ("convex", "yes" if facts.convex else "no"),
            ("smoothness", {"analytic": "analytic", "C1": "$C^1$", "C0": "$C^0$"}[facts.smoothness]),
            (
                "$\\mathbb{E}[f(z)]$, $\\mathbb{E}[f(z)^2]$",
                f"${_number(moments.mean)}$ and ${_number(moments.second)}$",
            ),
            (
                "$\\mathbb{E}[f'(z)]$, $\\mathbb{E}[f'(z)^2]$",
                f"${_number(moments.derivative_mean)}$ and ${_number(moments.derivative_second)}$",
            ),
            ("gain $1/\\sqrt{\\mathbb{E}[f(z)^2]}$", f"${_number(moments.gain)}$"),
            ("$\\chi = \\mathbb{E}[f'(z)^2] / \\mathbb{E}[f(z)^2]$", f"${_number(moments.chi)}$"),
            *((f"in {framework}", _call(name)) for framework, name in facts.frameworks.items()),
        ]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        table = [
            "| fact | value |",
            "| --- | --- |",
            *(f"| {name} | {value} |" for name, value in self.rows()),
        ]
        return {"text/plain": repr(self), "text/markdown": "\n".join(table)}


def show(activation: Activation) -> None:
    """Display the fact card of `activation`; z is a standard normal pre-activation."""
    from IPython.display import display

    display(FactCard(activation))


def _number(value: float) -> str:
    digits, _, exponent = f"{value:.7g}".partition("e")
    return _latex(digits) + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else "")


def _latex(text: str) -> str:
    return text.replace("inf", r"\infty").replace("\N{INFINITY}", r"\infty").replace("\N{MINUS SIGN}", "-")


def _extremum(extremum: Extremum | None) -> str:
    if extremum is None:
        return "none"
    if isinf(extremum.x):
        return f"${_number(extremum.value)}$, approached towards ${_number(extremum.x)}$"
    return f"${_number(extremum.value)}$ at $x = {_number(extremum.x)}$"


def _call(name: FrameworkName) -> str:
    defaults = ", ".join(f"{key}={value!r}" for key, value in name.defaults.items())
    return f"`{name.call}({defaults})`" if defaults else f"`{name.call}`"
