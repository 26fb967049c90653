"""A comparison that is fair: a learning rate of its own for each, the same runs for all, run by run."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Comparison", "Difference", "Outcome", "compare", "difference"]

RATIO = 10**0.5
"""The step between two learning rates, and how far the search goes on beyond an end that is best."""
BEYOND = 6
"""Rates at most that are tried beyond one end of those that were given."""

Score = Callable[[Any, float, int, int], float]


@dataclass(frozen=True)
class Difference:
    """How far one competitor leads another, run by run, with the interval that more runs would give."""

    mean: float
    """Mean of the differences."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    runs: int
    """How many differences there are."""
    level: float
    """The share of such intervals that hold the mean of endless runs, if differences scatter normally."""
    diverged: int = 0
    """How many more runs there were in which one of the two diverged, so that there is no difference."""

    @property
    def is_tie(self) -> bool:
        """Whether the interval holds 0: these runs do not tell the two apart."""
        return self.low <= 0 <= self.high

    def __str__(self) -> str:
        verdict = "a tie" if self.is_tie else "ahead" if self.mean > 0 else "behind"
        more = f", {self.diverged} more diverged" if self.diverged else ""
        return f"{self.mean:+.3g} ({self.low:+.3g} to {self.high:+.3g}, {self.runs} runs{more}): {verdict}"


def difference(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Difference:
    """Return the mean of ``a - b`` with Student's t interval; both hold one score a run, in one order.

    A run that is easy for one is easy for the other, as a rule, so the differences scatter less than
    the scores. The interval speaks of more runs like these, not of other data.

    Parameters
    ----------
    a, b : array_like
        Scores, finite, of the same runs, at least two.
    level : float
        Of the interval, between 0 and 1.

    Raises
    ------
    ValueError
        If the scores do not fit each other, or an argument breaks its rule.

    References
    ----------
    Student, "The Probable Error of a Mean", Biometrika 6 (1908), 1-25.

    Examples
    --------
    >>> print(difference([3.0, 4.0, 6.0], [1.0, 3.0, 4.0]))
    +1.67 (+0.232 to +3.1, 3 runs): ahead
    >>> difference([1.0, 2.0], [2.0, 1.0]).is_tie
    True
    """
    first, second = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if first.ndim != 1 or first.shape != second.shape or len(first) < 2:
        raise ValueError(
            f"a and b must hold one score for each of the same runs, two or more, "
            f"got the shapes {first.shape} and {second.shape}"
        )
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    lead = first - second
    if not np.isfinite(lead).all():
        raise ValueError(f"a and b must be finite, got the differences {lead}")
    error = lead.std(ddof=1) / len(lead) ** 0.5
    half = _student(level, len(lead) - 1) * error
    mean = lead.mean()
    return Difference(float(mean), float(mean - half), float(mean + half), len(lead), level)


def _student(level: float, freedom: int) -> float:
    """Return how many standard errors such an interval takes to each side."""
    try:
        special = import_module("scipy.special")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "difference needs the package scipy, for the quantiles of Student's t: pip install scipy"
        ) from error
    return float(special.stdtrit(freedom, (1 + level) / 2))


@dataclass(frozen=True)
class Outcome:
    """What one competitor reached."""

    tuning: Mapping[float, float]
    """Mean score of the tuning runs for every rate that was tried, in the order of the rates."""
    rate: float
    """The rate with the best of these; of equal ones the smallest."""
    scores: NDArray[np.float64] = field(repr=False)
    """Score of every run at that rate; NaN or an infinity where training diverged."""
    longer: NDArray[np.float64] = field(repr=False)
    """The same after twice the budget."""

    @property
    def is_enclosed(self) -> bool:
        """Whether a smaller and a larger rate were tried and were no better."""
        return min(self.tuning) < self.rate < max(self.tuning)

    @property
    def diverged(self) -> tuple[int, int]:
        """In how many of the runs training diverged, and in how many of those with twice the budget."""
        short, long = (int(np.sum(~np.isfinite(scores))) for scores in (self.scores, self.longer))
        return short, long


@dataclass(frozen=True)
class Comparison:
    """The outcomes of all competitors on the same runs."""

    outcomes: Mapping[Any, Outcome]
    """By competitor, in the order in which they were given."""
    budget: int
    """What every run had; `Outcome.longer` had twice as much."""

    def lead(self, a: Hashable, b: Hashable, longer: bool = False, level: float = 0.95) -> Difference:
        """Return how far `a` leads `b`; `longer` asks after twice the budget.

        A run in which one of the two diverged has no difference. It is left out and counted.

        Raises
        ------
        ValueError
            If fewer than two runs are left.
        """
        pair = self._of("a", a), self._of("b", b)
        first, second = (outcome.longer if longer else outcome.scores for outcome in pair)
        done = np.isfinite(first) & np.isfinite(second)
        if done.sum() < 2:
            raise ValueError(f"a and b must have two runs that did not diverge, got {int(done.sum())}")
        lead = difference(first[done], second[done], level)
        return replace(lead, diverged=int(np.sum(~done)))

    def stays(self, a: Hashable, b: Hashable) -> bool:
        """Return whether twice the budget leaves the verdict on `a` and `b` as it is: lead, lag or tie."""
        short, long = self.lead(a, b), self.lead(a, b, longer=True)
        if short.is_tie or long.is_tie:
            return short.is_tie and long.is_tie
        return (short.mean > 0) == (long.mean > 0)

    def _of(self, name: str, competitor: Hashable) -> Outcome:
        if competitor not in self.outcomes:
            raise KeyError(f"{name} must be one of {list(self.outcomes)}, got {competitor!r}")
        return self.outcomes[competitor]


def compare(
    score: Score,
    competitors: Iterable[Hashable],
    rates: Sequence[float],
    budget: int,
    runs: int = 10,
    tuning: int = 3,
) -> Comparison:
    """Give every competitor the learning rate that suits it, then the same runs, then twice the budget.

    A run is a number. It should draw all that a result may owe to luck: which samples are held back,
    the first weights, the order of the batches. Run 4 is then as hard for one as for the other. Rates
    are chosen on runs of their own, numbered from `runs` on, so no reported score helped to choose.
    Where the best rate is the smallest or the largest of `rates`, the search goes on beyond it in
    steps of the square root of 10, until a rate is no better or six were tried.

    Parameters
    ----------
    score : callable
        ``score(competitor, rate, run, budget)`` trains once and returns how well it went: a number,
        the larger the better. NaN or an infinity says that training diverged: such a rate is the worst,
        and such a run has no part in a lead but is counted there.
    competitors : iterable
        What is compared, two or more: anything hashable that `score` understands. A baseline is one
        of them, with a rate of its own.
    rates : sequence of float
        Learning rates to begin with, > 0.
    budget : int
        How long a run trains, in whatever `score` counts: epochs, say. >= 1.
    runs : int
        How many are reported, >= 2.
    tuning : int
        How many choose a rate, >= 1.

    Returns
    -------
    Comparison
        Which asks for leads.

    Raises
    ------
    ValueError
        If an argument breaks its rule, or no rate of a competitor gives a finite score in every tuning
        run or in every run.

    Examples
    --------
    >>> def score(f, rate, run, budget):
    ...     return {"a": 2.0, "b": 1.0}[f] - abs(rate - 0.1) + 0.1 * (run % 2)
    >>> result = compare(score, ["a", "b"], rates=[0.01, 0.1, 1.0], budget=5, runs=4)
    >>> result.outcomes["a"].rate, result.outcomes["a"].is_enclosed
    (0.1, True)
    >>> print(result.lead("a", "b"))
    +1 (+1 to +1, 4 runs): ahead
    """
    entered = list(competitors)
    if len(entered) < 2 or len(set(entered)) < len(entered):
        raise ValueError(f"competitors must be two or more, all different, got {entered}")
    if not rates or not all(0 < rate < float("inf") for rate in rates):
        raise ValueError(f"rates must hold positive numbers, got {list(rates)}")
    for name, count, least in (("budget", budget, 1), ("runs", runs, 2), ("tuning", tuning, 1)):
        if count < least:
            raise ValueError(f"{name} must be >= {least}, got {count}")
    outcomes = {}
    for competitor in entered:
        tried = _tune(score, competitor, rates, range(runs, runs + tuning), budget)
        best = max(tried, key=lambda rate: (tried[rate], -rate))
        if not isfinite(tried[best]):
            raise ValueError(f"rates must hold one at which {competitor!r} trains, got {list(tried)}")
        short, long = (
            np.array([score(competitor, best, run, length) for run in range(runs)], np.float64)
            for length in (budget, 2 * budget)
        )
        outcomes[competitor] = Outcome(tried, best, short, long)
    return Comparison(outcomes, budget)


def _tune(
    score: Score, competitor: Hashable, rates: Sequence[float], runs: Sequence[int], budget: int
) -> dict[float, float]:
    """Return the mean score by rate, the search having gone on while an end was best."""

    def mean(rate: float) -> float:
        value = float(np.mean([score(competitor, rate, run, budget) for run in runs]))
        return -float("inf") if isnan(value) else value

    found = {rate: mean(rate) for rate in sorted(set(rates))}
    for end, step in ((max, RATIO), (min, 1 / RATIO)):
        for _ in range(BEYOND):
            edge = end(found)
            others = [value for rate, value in found.items() if rate != edge]
            if others and found[edge] <= max(others):
                break
            found[edge * step] = mean(edge * step)
    return dict(sorted(found.items()))
