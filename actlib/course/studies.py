"""Comparisons too long for a page: what is trained, and the stored scores that a page reads.

``python -m benchmarks.studies NAME`` trains a study and stores it; a page reads it, trains a few of its
runs again and finds the same scores, or nearly: rounding differs between processors, and training
amplifies it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actlib import activations
from actlib.contract.activation import Activation
from actlib.course import data
from actlib.lab import (
    SGD,
    Network,
    binary_cross_entropy,
    digits,
    own_gain,
    softmax_cross_entropy,
    spirals,
    train,
)
from actlib.lab.comparison import Comparison, Outcome, Score, compare

__all__ = ["LINEAR", "STUDIES", "Study", "on_digits", "on_spirals", "read", "text"]

LINEAR = "no hidden layer"
"""The competitor that shows whether a task needs a bend at all."""
HEAD = ("competitor", "rate", "budget", "run", "score")


def on_digits(name: str, rate: float, run: int, budget: int, depth: int = 3, width: int = 32) -> float:
    """Return the share of test digits, in percent, that a network names rightly after `budget` epochs.

    The run draws the split of the images, the first weights and the order of the batches of 32. Plain
    gradient descent; weights by each function's own gain.
    """
    learn, test = digits(seed=run)
    network = _network(name, [64, *[width] * depth, 10], run)
    history = train(
        network,
        learn,
        softmax_cross_entropy,
        SGD(learning_rate=rate),
        epochs=budget,
        batch=32,
        seed=run,
        test=test,
        record_every=budget,
    )
    return 100 * history.test_accuracy[-1]


def on_spirals(name: str, rate: float, run: int, budget: int, depth: int = 3, width: int = 32) -> float:
    """Return the share of 1000 new points, in percent, that lie on the spiral that a network says.

    The run draws the 400 points to learn from, the new ones, the first weights and the order of the
    batches of 32. Plain gradient descent; weights by each function's own gain.
    """
    network = _network(name, [2, *[width] * depth, 1], run)
    history = train(
        network,
        spirals(400, seed=2 * run),
        binary_cross_entropy,
        SGD(learning_rate=rate),
        epochs=budget,
        batch=32,
        seed=run,
        test=spirals(1000, seed=2 * run + 1),
        record_every=budget,
    )
    return 100 * history.test_accuracy[-1]


def _network(name: str, sizes: Sequence[int], seed: int) -> Network:
    """Return a network of one activation; without a hidden layer no activation is used."""
    f: Activation = activations["relu" if name == LINEAR else name]
    widths = [sizes[0], sizes[-1]] if name == LINEAR else sizes
    return Network(widths, f, learned=name == "prelu", initialise=own_gain, seed=seed)


@dataclass(frozen=True)
class Study:
    """What `actlib.lab.compare` is asked."""

    score: Score
    competitors: Sequence[str]
    rates: Sequence[float]
    budget: int
    runs: int = 10
    tuning: int = 3

    def train(self) -> Comparison:
        """Train everything."""
        return compare(self.score, self.competitors, self.rates, self.budget, self.runs, self.tuning)

    def again(self, result: Comparison, competitor: str, run: int) -> float:
        """Train one run of a stored result again and return its score."""
        return self.score(competitor, result.outcomes[competitor].rate, run, result.budget)


EVERY = (*activations, LINEAR)
RATES = (0.03, 0.1, 0.3, 1.0)
STUDIES: Mapping[str, Study] = {
    "digits": Study(on_digits, EVERY, RATES, budget=20),
    "spirals": Study(on_spirals, EVERY, RATES, budget=50),
}
"""Every stored study by its name."""


def text(result: Comparison) -> str:
    """Return a result as the text of its file: a row a tuning mean, then a row a run."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(HEAD)
    for competitor, outcome in result.outcomes.items():
        for rate, score in outcome.tuning.items():
            rows.writerow([competitor, f"{rate:.6g}", result.budget, "tuning", f"{score:.6g}"])
        for budget, scores in ((result.budget, outcome.scores), (2 * result.budget, outcome.longer)):
            for run, score in enumerate(scores):
                rows.writerow([competitor, f"{outcome.rate:.6g}", budget, run, f"{score:.6g}"])
    return file.getvalue()


def read(name: str) -> Comparison:
    """Return a stored result.

    Raises
    ------
    KeyError
        If there is no study of this name.

    Examples
    --------
    >>> result = read("spirals")
    >>> result.lead("relu", LINEAR).mean > 20
    True
    """
    if name not in STUDIES:
        raise KeyError(f"name must be one of {list(STUDIES)}, got {name!r}")
    with data.path(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    budget = min(int(row["budget"]) for row in rows)
    outcomes = {}
    for competitor in dict.fromkeys(row["competitor"] for row in rows):
        own = [row for row in rows if row["competitor"] == competitor]
        tuning = {float(row["rate"]): float(row["score"]) for row in own if row["run"] == "tuning"}
        runs = [row for row in own if row["run"] != "tuning"]
        short, long = (
            np.array([float(row["score"]) for row in runs if int(row["budget"]) == length])
            for length in (budget, 2 * budget)
        )
        outcomes[competitor] = Outcome(tuning, float(runs[0]["rate"]), short, long)
    return Comparison(outcomes, budget)
