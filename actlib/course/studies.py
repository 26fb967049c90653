"""Comparisons too long for a page: what is trained, and the stored scores that a page reads.

``python -m benchmarks.studies NAME`` trains a study and stores it; a page reads it, trains a few of its
runs again and finds the same scores, or nearly: rounding differs between processors, and training
amplifies it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import count
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from actlib import LeakyReLU, PReLU, Swish, activations, elu, gelu, relu, sigmoid, softplus, swish, tanh
from actlib.contract.activation import Activation
from actlib.contract.arrays import Float64Array, FloatArray
from actlib.course import data
from actlib.course.units import Gated, PowerReLU, Ramp, ShiftedSoftplus
from actlib.lab import (
    SGD,
    Adam,
    History,
    Network,
    binary_cross_entropy,
    by_gain,
    digits,
    dying,
    he,
    own_gain,
    softmax_cross_entropy,
    spirals,
    squared_error,
    train,
)
from actlib.lab.comparison import Comparison, Outcome, Score, compare
from actlib.lab.initialisers import Initialiser

__all__ = [
    "LINEAR",
    "STUDIES",
    "UNITS",
    "WORDS",
    "Study",
    "absolutes",
    "adam_on_digits",
    "error_of_width",
    "explained",
    "on_absolutes",
    "on_deep_spirals",
    "on_digits",
    "on_products",
    "on_reviews",
    "on_spirals",
    "products",
    "read",
    "reviews",
    "slopes_on_digits",
    "spread_from_bumps",
    "stack_on_digits",
    "text",
    "units_on_digits",
]

LINEAR = "no hidden layer"
"""The competitor that shows whether a task needs a bend at all."""
DIGITS = 6.0
"""The most that a score in digits can be."""
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
    return _right(history)


def adam_on_digits(name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of test digits, in percent, that two hidden layers of 32 name rightly.

    As `on_digits`, but with Adam and batches of 128.
    """
    learn, test = digits(seed=run)
    history = train(
        _network(name, [64, 32, 32, 10], run),
        learn,
        softmax_cross_entropy,
        Adam(learning_rate=rate),
        epochs=budget,
        batch=128,
        seed=run,
        test=test,
        record_every=budget,
    )
    return _right(history)


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
    return _right(history)


def _right(history: History) -> float:
    """Return the share of test samples that were named rightly, in percent; NaN if training diverged."""
    diverged = history.stopped or not isfinite(history.loss[-1])
    return nan if diverged else 100 * history.test_accuracy[-1]


GATES: Mapping[str, Activation] = {"logistic": Swish(beta=1.702), "ramp": Ramp()}
"""Relatives of GELU, by their gate."""


def _network(name: str, sizes: Sequence[int], seed: int) -> Network:
    """Return a network of one activation; without a hidden layer no activation is used."""
    f: Activation = {**activations, **GATES}["relu" if name == LINEAR else name]
    widths = [sizes[0], sizes[-1]] if name == LINEAR else sizes
    return Network(widths, f, learned=name == "prelu", initialise=own_gain, seed=seed)


POWERS = {f"relu^{exponent:g}": PowerReLU(exponent) for exponent in (1.5, 2.5, 3)}
UNITS: Mapping[str, Activation] = {
    "relu": relu,
    "gelu": gelu,
    "swish": swish,
    "squared ReLU": PowerReLU(2),
    "GLU": Gated(sigmoid),
    "ReGLU": Gated(relu),
    "GEGLU": Gated(gelu),
    "SwiGLU": Gated(swish),
    "bilinear": Gated(LeakyReLU(1)),
}
"""Nine kinds of hidden unit; a leaky ReLU of slope 1 is the identity."""


def products(x: Float64Array) -> Float64Array:
    """Return x1 x2 + x3 x4 + x5 x6 + x7 x8 for every row, with variance 1 on normal inputs."""
    return np.asarray((x[:, ::2] * x[:, 1::2]).sum(axis=1) / 2)


def absolutes(x: Float64Array) -> Float64Array:
    """Return |x1| + ... + |x4| - |x5| - ... - |x8| for every row, with variance 1 on normal inputs."""
    size = np.abs(x)
    return np.asarray((size[:, :4].sum(axis=1) - size[:, 4:].sum(axis=1)) / (8 - 16 / np.pi) ** 0.5)


@dataclass(frozen=True)
class Falling:
    """Adam whose learning rate falls to 0 in a straight line."""

    learning_rate: float
    steps: int

    def start(self, parameters: Mapping[str, FloatArray]) -> Callable[[Mapping[str, FloatArray]], None]:
        """Return the function that makes the steps."""
        whole, number = Adam(learning_rate=self.learning_rate).start(parameters), count()

        def step(gradients: Mapping[str, FloatArray]) -> None:
            share = max(0.0, 1 - next(number) / self.steps)
            before = {name: p.copy() for name, p in parameters.items()}
            whole(gradients)
            for name, p in parameters.items():
                p[...] = before[name] + share * (p - before[name])

        return step


def _on_target(
    target: Callable[[Float64Array], Float64Array], name: str, rate: float, run: int, budget: int
) -> float:
    """Return how many digits of a target one hidden layer has right on new examples: -log10 of the error.

    At most `DIGITS`: what is beyond them is rounding. NaN if training diverged. The error is the mean
    square, where the mean of the target would get 1. The run draws the 2000 examples to learn from,
    the new ones, the first weights and the order of the batches of 64. 381 parameters: 38 plain units
    or 20 gated ones. Adam for `budget` epochs, its rate falling to 0.
    """
    learn, new = np.random.default_rng(run).normal(size=(2, 2000, 8))
    network = _of_units(name, 8, 38, 20, 1, run)
    optimiser = Falling(rate, 32 * budget)
    history = train(
        network,
        (learn, target(learn)),
        squared_error,
        optimiser,
        budget,
        batch=64,
        seed=run,
        record_every=budget,
    )
    if history.stopped:
        return nan
    with np.errstate(all="ignore"):
        error = float(np.mean((network(new)[:, 0] - target(new)) ** 2))
        return min(DIGITS, float(-np.log10(error)))


def on_products(name: str, rate: float, run: int, budget: int) -> float:
    """Return the digits that such a network has right of four sums of two products."""
    return _on_target(products, name, rate, run, budget)


def on_absolutes(name: str, rate: float, run: int, budget: int) -> float:
    """Return the digits that such a network has right of eight absolute values."""
    return _on_target(absolutes, name, rate, run, budget)


def units_on_digits(name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of test digits, in percent, that one hidden layer names rightly.

    4210 parameters: 56 plain units or 30 gated ones; trained as for the targets. The run draws the
    split of the images, the first weights and the order of the batches of 64.
    """
    learn, test = digits(seed=run)
    network = _of_units(name, 64, 56, 30, 10, run)
    history = train(
        network,
        learn,
        softmax_cross_entropy,
        Falling(rate, 23 * budget),
        budget,
        batch=64,
        seed=run,
        test=test,
        record_every=budget,
    )
    return _right(history)


DEEP: Mapping[str, tuple[Activation, Initialiser]] = {
    "relu": (relu, own_gain),
    "leaky ReLU 0.01": (LeakyReLU(0.01), own_gain),
    "leaky ReLU 0.2": (LeakyReLU(0.2), own_gain),
    "tanh, gain 1": (tanh, by_gain(1)),
    "tanh, gain 5/3": (tanh, by_gain(5 / 3)),
    "sigmoid, gain 1": (sigmoid, by_gain(1)),
}
"""Functions with the weights that a deep stack of them gets; 5/3 is what PyTorch recommends for tanh."""


def on_deep_spirals(name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of 1000 new points, in percent, that six layers of 32 units name rightly.

    The run draws the 200 points to learn from, the new ones and the first weights. `budget` steps down
    the whole gradient with momentum 0.9.
    """
    f, initialise = DEEP["relu" if name == LINEAR else name]
    hidden = [] if name == LINEAR else [32] * 6
    history = train(
        Network([2, *hidden, 1], f, initialise=initialise, seed=run),
        spirals(200, seed=2 * run),
        binary_cross_entropy,
        SGD(learning_rate=rate, momentum=0.9),
        epochs=budget,
        test=spirals(1000, seed=2 * run + 1),
        record_every=budget,
    )
    return _right(history)


SLOPES: Mapping[str, PReLU] = {"prelu": PReLU(0.25), "fixed at 0.25": PReLU(0.25), "relu": PReLU(0.0)}
"""Slopes to start from; the first one is learned."""


def slopes_on_digits(name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of test digits, in percent, that six layers of 32 units name rightly.

    The run draws the split of the images, the first weights and the order of the batches of 64. Plain
    gradient descent for `budget` epochs; weights by the gain of the first slope, one slope a layer.
    """
    learn, test = digits(seed=run)
    f = SLOPES["relu" if name == LINEAR else name]
    hidden = [] if name == LINEAR else [32] * 6
    history = train(
        Network([64, *hidden, 10], f, learned=name == "prelu", initialise=own_gain, seed=run),
        learn,
        softmax_cross_entropy,
        SGD(learning_rate=rate),
        epochs=budget,
        batch=64,
        seed=run,
        test=test,
        record_every=budget,
    )
    return _right(history)


LEAKS: Mapping[str, Activation] = {
    "relu": relu,
    "leaky ReLU 0.01": LeakyReLU(0.01),
    "leaky ReLU 0.2": LeakyReLU(0.2),
    "elu": elu,
    LINEAR: LeakyReLU(1),
}
"""Hidden units that may die or not; those of slope 1 are no bend."""


def explained(name: str, rate: float, run: int, budget: int) -> float:
    """Return how much of the target of `actlib.lab.dying`, in percent of its variance, a network has.

    On the data that it learned from. The run draws them and the first weights.
    """
    variance = (1 - np.exp(-2)) / 2 + 1 / 4  # of sin x1 + x2/2, both normal
    return float(100 * (1 - dying(LEAKS[name], rate, steps=budget, seeds=(run,)).loss / variance))


def error_of_width(name: str, rate: float, run: int, budget: int) -> float:
    """Return minus the error on 2000 new examples, in hundredths, of a network that learned that target.

    `name` is how many ReLUs it has. The run draws the data to learn from and the first weights; NaN if
    training diverged.
    """
    random, anew = np.random.default_rng(run), np.random.default_rng(99)
    x, new = random.normal(size=(256, 10)), anew.normal(size=(2000, 10))
    network = Network([10, int(name), 1], relu, initialise=he, seed=random)
    y, wanted = (np.sin(inputs[:, 0]) + inputs[:, 1] / 2 for inputs in (x, new))
    history = train(network, (x, y), squared_error, SGD(learning_rate=rate), budget, record_every=budget)
    return nan if history.stopped else float(-100 * np.mean((network(new)[:, 0] - wanted) ** 2))


def _of_units(name: str, inputs: int, plain: int, gated: int, outputs: int, seed: int) -> Network:
    """Return a network with one hidden layer of such units, or with none."""
    f = {**UNITS, **POWERS, LINEAR: relu}[name]
    hidden = [] if name == LINEAR else [gated if isinstance(f, Gated) else plain]
    return Network([inputs, *hidden, outputs], f, initialise=own_gain, seed=seed)


def by_gain_on_spirals(name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of new points, in percent, that six layers of sigmoids place rightly.

    `name` is the gain of the weights and the step rule, such as "10, Adam"; a step takes all 200
    examples. The run draws the examples, 1000 new points and the first weights.
    """
    learn, new = spirals(200, noise=0.02, seed=2 * run), spirals(1000, noise=0.02, seed=2 * run + 1)
    gain, _, rule = name.partition(", ")
    optimiser = Adam(learning_rate=rate) if rule == "Adam" else SGD(learning_rate=rate, momentum=0.9)
    sizes = [2, *[32] * 6, 1]
    if name == LINEAR:
        network = _network(name, sizes, run)
    else:
        network = Network(sizes, sigmoid, initialise=_after_the_first(gain), seed=run)
    history = train(
        network,
        (2 * learn.x, learn.y),
        binary_cross_entropy,
        optimiser,
        budget,
        test=(2 * new.x, new.y),
        record_every=budget,
    )
    return _right(history)


def by_gain_on_ring(name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of new points, in percent, of which twelve tanh layers know the side of a circle.

    `name` is the gain of the weights. Steps with momentum 0.9, each with all 200 examples. The run
    draws the examples, 1000 new points and the first weights.
    """
    random = np.random.default_rng(run)
    learn, new = random.normal(size=(200, 2)), random.normal(size=(1000, 2))
    sizes = [2, *[32] * 12, 1]
    if name == LINEAR:
        network = _network(name, sizes, run)
    else:
        network = Network(sizes, tanh, initialise=_after_the_first(name), seed=run)
    history = train(
        network,
        (learn, _outside(learn)),
        binary_cross_entropy,
        SGD(learning_rate=rate, momentum=0.9),
        budget,
        test=(new, _outside(new)),
        record_every=budget,
    )
    return _right(history)


def _outside(points: Float64Array) -> NDArray[np.int64]:
    """Return 1 for points outside a circle that holds half of all standard normal ones, else 0."""
    return (np.hypot(*points.T) > 1.18).astype(np.int64)


def _after_the_first(gain: str) -> Initialiser:
    """Return the initialiser that gives weights a gain, those that multiply the input a gain of 1."""
    value = float(Fraction(gain))
    return lambda random, fan_in, fan_out, before: by_gain(value if before else 1)(
        random, fan_in, fan_out, before
    )


WORDS = ("good", "great", "bad", "awful", "not", "very", "the", "film")
POINTS = np.array([1, 2, -1, -2, 0, 0, 0, 0])


def reviews(n: int, random: np.random.Generator) -> tuple[Float64Array, NDArray[np.int64], NDArray[np.int64]]:
    """Return toy reviews of six words, one-hot; whether each one praises; and its plain sum of points.

    A *not* turns the points of the next word round, a *very* doubles them. The label is the sign of
    their sum; of the `n` drawn those with the sum 0 are left out.
    """
    words = random.integers(0, len(WORDS), (n, 6))
    points = POINTS[words]
    plain = points.sum(axis=1)
    before = words[:, :-1]
    points[:, 1:] *= np.where(before == WORDS.index("not"), -1, 1)
    points[:, 1:] *= np.where(before == WORDS.index("very"), 2, 1)
    total = points.sum(axis=1)
    kept = total != 0
    x = np.eye(len(WORDS))[words].reshape(n, -1)
    return x[kept], (total[kept] > 0).astype(np.int64), plain[kept]


def on_reviews(name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of new toy reviews, in percent, that one hidden layer of 32 judges rightly.

    The run draws the 3000 reviews to learn from, the new ones, the first weights and the order of the
    batches of 64. Adam for `budget` epochs.
    """
    random = np.random.default_rng(run)
    learn, new = reviews(3000, random), reviews(3000, random)
    history = train(
        _network(name, [6 * len(WORDS), 32, 2], run),
        learn[:2],
        softmax_cross_entropy,
        Adam(learning_rate=rate),
        budget,
        batch=64,
        seed=run,
        test=new[:2],
        record_every=budget,
    )
    return 100 * history.test_accuracy[-1]


STACKS: Mapping[str, tuple[Activation, Initialiser]] = {
    "relu": (relu, own_gain),
    "softplus": (softplus, own_gain),
    "softplus, He's gain": (softplus, he),
    "shifted softplus": (ShiftedSoftplus(), own_gain),
    LINEAR: (relu, own_gain),
}
"""Functions with the weights that a stack of them begins with; the gain is their own unless it is named."""


def stack_on_digits(depth: int, name: str, rate: float, run: int, budget: int) -> float:
    """Return the share of test digits, in percent, that `depth` layers of 32 units name rightly.

    The run draws the split of the images, the first weights and the order of the batches of 64. Plain
    gradient descent for `budget` epochs.
    """
    learn, test = digits(seed=run)
    f, initialise = STACKS[name]
    hidden = [] if name == LINEAR else [32] * depth
    history = train(
        Network([64, *hidden, 10], f, initialise=initialise, seed=run),
        learn,
        softmax_cross_entropy,
        SGD(learning_rate=rate),
        budget,
        batch=64,
        seed=run,
        test=test,
        record_every=budget,
    )
    return _right(history)


def spread_from_bumps(name: str, rate: float, run: int, budget: int) -> float:
    """Return minus the excess loss on new data, in hundredths of a nat, of a fitted mean and variance.

    `name` is the head that makes a variance of s, and a factor of all targets, such as "exp, 10". Mean
    and s are weighted sums of twelve bumps and a constant; of "one variance" s is a constant alone. The
    run draws the noise. `budget` steps down the whole gradient. The excess is over the true mean and
    variance, and its expectation over new targets has a formula.
    """
    head, _, factor = name.partition(", ")
    x = np.linspace(-2, 2, 200)
    bumps = np.exp(-((x[:, None] - np.linspace(-2, 2, 12)) ** 2) / 0.32)
    bumps = np.concatenate([bumps, np.ones((200, 1))], axis=1)
    for_s = bumps[:, -1:] if head == "one variance" else bumps
    centre, spread = (float(factor) * part for part in (np.sin(2 * x), 0.05 + 0.2 * x**2))
    y = centre + spread * np.random.default_rng(run).normal(size=200)
    mean_weights, s_weights = np.zeros(bumps.shape[1]), np.zeros(for_s.shape[1])
    s_weights[-1] = np.log(np.e - 1) if head == "softplus" else 0.0  # the variance begins at 1
    with np.errstate(all="ignore"):
        for _ in range(budget):
            log_v, k = _head(head, for_s @ s_weights)
            r, precision = y - bumps @ mean_weights, np.exp(-log_v)
            mean_weights += rate * (r * precision) @ bumps / 200
            s_weights -= rate * (k * (1 - r**2 * precision) / 2) @ for_s / 200
        log_v, _ = _head(head, for_s @ s_weights)
        error = bumps @ mean_weights - centre
        excess = log_v - 2 * np.log(spread) + (spread**2 + error**2) * np.exp(-log_v) - 1
        return float(-100 * np.mean(excess) / 2)


def _head(head: str, s: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Return ln v and its slope by s."""
    if head == "softplus":
        v, slope = softplus.value_and_derivative(s)
        return np.log(v), np.asarray(slope / v)
    return s, np.ones_like(s)


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
SIGMOID_GAINS = tuple(f"{gain}, {rule}" for gain in ("1", "1.85", "10") for rule in ("momentum", "Adam"))
TANH_GAINS = ("0.5", "1", "5/3")
ADAM_RATES = (0.003, 0.01, 0.03, 0.1)
SOFTPLUS_STACKS = ("softplus", "softplus, He's gain", "shifted softplus")
HEADS = ("exp", "softplus", "one variance")
STUDIES: Mapping[str, Study] = {
    "digits": Study(on_digits, EVERY, RATES, budget=20),
    "spirals": Study(on_spirals, EVERY, RATES, budget=50),
    "sigmoid_gains": Study(by_gain_on_spirals, (*SIGMOID_GAINS, LINEAR), (0.01, 0.1, 1.0), budget=500),
    "sigmoid_patience": Study(by_gain_on_spirals, SIGMOID_GAINS[:2], (0.01, 0.1, 1.0), budget=1500),
    "tanh_gains": Study(by_gain_on_ring, (*TANH_GAINS, LINEAR), (0.01, 0.03, 0.1, 0.3), budget=300),
    "products": Study(on_products, (*UNITS, *POWERS, LINEAR), ADAM_RATES, budget=10),
    "absolutes": Study(on_absolutes, (*UNITS, *POWERS, LINEAR), ADAM_RATES, budget=10),
    "digits_early": Study(adam_on_digits, ("relu", "swish", LINEAR), ADAM_RATES, budget=4, runs=20, tuning=5),
    "deep_spirals": Study(on_deep_spirals, (*DEEP, LINEAR), (0.02, 0.05, 0.1, 0.2), budget=100),
    "slopes": Study(slopes_on_digits, (*SLOPES, LINEAR), (0.05, 0.1, 0.2, 0.3), budget=10, runs=20, tuning=8),
    "leaks": Study(explained, tuple(LEAKS), (0.02, 0.03, 0.05, 0.07), budget=300),
    "widths": Study(error_of_width, ("10", "100"), (0.01, 0.02, 0.05, 0.1, 0.2), budget=300, tuning=8),
    "digits_units": Study(units_on_digits, (*UNITS, LINEAR), ADAM_RATES, budget=10),
    "digits_gates": Study(
        adam_on_digits, ("gelu", *GATES, "relu", LINEAR), ADAM_RATES, budget=10, runs=20, tuning=5
    ),
    "reviews": Study(
        on_reviews, ("gelu", "swish", *GATES, "relu", LINEAR), ADAM_RATES, budget=32, runs=20, tuning=3
    ),
    "stack_3": Study(partial(stack_on_digits, 3), tuple(STACKS), (0.03, 0.1, 0.3, 1.0), budget=5),
    "stack_10": Study(partial(stack_on_digits, 10), tuple(STACKS), (0.03, 0.1, 0.3, 1.0), budget=5),
    "stack_10_late": Study(
        partial(stack_on_digits, 10), ("relu", *SOFTPLUS_STACKS), (0.03, 0.1, 0.3, 1.0), budget=20
    ),
    "spread_heads": Study(
        spread_from_bumps,
        tuple(f"{head}, {factor}" for factor in (1, 10, 100) for head in HEADS),
        (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
        budget=1000,
        runs=20,
        tuning=5,
    ),
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
