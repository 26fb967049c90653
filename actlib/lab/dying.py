"""How many units a learning rate kills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actlib.contract.activation import Activation
from actlib.contract.arrays import integer_parameter
from actlib.lab.initialisers import he
from actlib.lab.losses import squared_error
from actlib.lab.network import Network
from actlib.lab.optimisers import SGD
from actlib.lab.training import train
from actlib.measure.dead_units import dead_units

__all__ = ["Dying", "dying"]


@dataclass(frozen=True)
class Dying:
    """What became of the networks, means over the seeds."""

    loss: float
    """Mean squared error on the training set."""
    never_positive: float
    """Share of hidden units whose pre-activation is at most 0 on every input."""
    dead: float
    """Share of hidden units that pass no gradient on any input."""
    stopped: float
    """Share of networks that stopped early because a number was not finite."""


def dying(
    f: Activation,
    learning_rate: float,
    bias: float = 0.0,
    steps: int = 300,
    width: int = 100,
    samples: int = 256,
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
) -> Dying:
    r"""Train small networks with a learning rate that may be too high, and count their dead units.

    Each has ten inputs, one hidden layer and one output, He's initialisation, and descends the
    whole gradient of the mean squared error. Inputs are standard normal, the target is
    :math:`\sin x_1 + x_2/2`.

    Parameters
    ----------
    f : Activation
        What the hidden layer applies.
    learning_rate : float
        Times the gradient is the step, > 0.
    bias : float
        Of every hidden unit before the first step.
    steps, width, samples : int
        Steps, hidden units and inputs, each >= 1.
    seeds : sequence of int
        One network and data set for each; at least one.

    Returns
    -------
    Dying
        Loss and dead units after the last step.

    Raises
    ------
    ValueError
        If a parameter breaks its rule.

    Examples
    --------
    >>> from actlib import tanh
    >>> result = dying(tanh, learning_rate=0.05, seeds=(0,))
    >>> result.dead, result.stopped
    (0.0, 0.0)
    """
    for name, count in (
        ("steps", steps), ("width", width), ("samples", samples), ("len(seeds)", len(seeds)),
    ):  # fmt: skip
        integer_parameter(name, count, at_least=1)
    if not np.isfinite(bias):
        raise ValueError(f"bias must be finite, got {bias}")
    results = []
    for seed in seeds:
        random = np.random.default_rng(seed)
        x = random.normal(size=(samples, 10))
        y = np.sin(x[:, 0]) + 0.5 * x[:, 1]
        network = Network([10, width, 1], f, initialise=he, seed=random)
        network.parameters["b1"][...] = bias
        history = train(
            network, (x, y), squared_error, SGD(learning_rate=learning_rate), steps, record_every=steps
        )
        units = dead_units(network, x)
        results.append((history.loss[-1], units.never_positive[0], units.dead[0], bool(history.stopped)))
    loss, never_positive, dead, stopped = np.mean(results, axis=0).tolist()
    return Dying(loss, never_positive, dead, stopped)
