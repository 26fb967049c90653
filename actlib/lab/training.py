"""The training loop, and what it writes down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actlib.contract.arrays import FloatArray, integer_parameter, real_array
from actlib.lab.losses import Loss, accuracy, are_labels
from actlib.lab.network import Network
from actlib.lab.optimisers import Optimiser
from actlib.lab.progress import track
from actlib.measure.dead_units import dead_units

__all__ = ["History", "train"]


@dataclass
class History:
    """What was measured on the whole training set, at the start and after an epoch."""

    epoch: list[int] = field(default_factory=list)
    """How many epochs had passed: 0 first, before any step."""
    loss: list[float] = field(default_factory=list)
    """Mean over the samples."""
    accuracy: list[float] = field(default_factory=list)
    """Share of samples whose class the outputs name as logits do, by the largest or, in a single
    column, by the sign; NaN where the targets are no such classes."""
    test_accuracy: list[float] = field(default_factory=list)
    """The same for the test set; NaN where there is none."""
    gradient: list[tuple[float, ...]] = field(default_factory=list)
    """rms of the gradient with respect to the weights, one number a layer."""
    dead: list[tuple[float, ...]] = field(default_factory=list)
    """Share of dead units, one number a hidden layer: see `actlib.measure.dead_units`."""
    stopped: str | None = None
    """What was not finite any more, and when; None where the training ran to its end."""

    def __repr__(self) -> str:
        if not self.epoch:
            return "<History: nothing measured yet>"
        end = f"stopped in {self.stopped}" if self.stopped else f"{self.epoch[-1]} epochs"
        return f"<History: {end}, loss {self.loss[0]:.4g} to {self.loss[-1]:.4g}>"


def train(
    network: Network,
    data: tuple[FloatArray, NDArray[np.generic]],
    loss: Loss,
    optimiser: Optimiser,
    epochs: int,
    batch: int | None = None,
    seed: int = 0,
    test: tuple[FloatArray, NDArray[np.generic]] | None = None,
    record_every: int = 1,
    progress: bool | None = None,
) -> History:
    """Train a network, in place.

    Training stops at the first loss or gradient that is not finite, before the step that would
    carry it into the weights, and the history says so: the weights stay finite.

    Parameters
    ----------
    network : Network
        Its parameters are changed.
    data : Data, or a tuple of inputs and targets
        The training set.
    loss : loss
        One of `actlib.lab.losses`, or a function that is called like them.
    optimiser : Optimiser
        Started anew: momentum of an earlier training is not known to it.
    epochs : int
        How often every sample is used, >= 0.
    batch : int, optional
        Samples a step, >= 1; the last batch of an epoch may be smaller. By default all of them, in
        their order. Otherwise the order is drawn anew for every epoch.
    seed : int
        Of the order.
    test : Data, or a tuple of inputs and targets, optional
        What the test accuracy is measured on.
    record_every : int
        Epochs between two entries of the history, >= 1; the first and the last are always there.
    progress : bool, optional
        Whether to draw a bar after two seconds: by default on a terminal only, so that nothing gets
        into the stored output of a notebook. True draws it in a notebook too.

    Returns
    -------
    History
        Loss, accuracy, gradients and dead units, by epoch.

    Raises
    ------
    TypeError
        If an argument is of another kind: the name of a loss, the class of an optimiser.
    ValueError
        If a parameter breaks its rule, inputs and targets differ in length, or the labels of the test
        set are none of the network's classes.

    Examples
    --------
    >>> from actlib import tanh
    >>> from actlib.lab import Adam, Network, softmax_cross_entropy, train, xor
    >>> network = Network([2, 4, 2], tanh)
    >>> history = train(network, xor(), softmax_cross_entropy, Adam(learning_rate=0.05), epochs=100)
    >>> history.accuracy[-1]
    1.0
    """
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, got {network!r}")
    if not callable(loss):
        raise TypeError(f"loss must be a function such as squared_error, got {loss!r}")
    if isinstance(optimiser, type):
        name = optimiser.__name__
        raise TypeError(f"optimiser must be an instance, such as {name}(), got the class {name}")
    if not hasattr(optimiser, "start"):
        raise TypeError(f"optimiser must be one such as Adam(), got {optimiser!r}")
    epochs = integer_parameter("epochs", epochs, at_least=0)
    batch = batch if batch is None else integer_parameter("batch", batch, at_least=1)
    record_every = integer_parameter("record_every", record_every, at_least=1)
    seed = integer_parameter("seed", seed, at_least=0)
    x, y = data = _pair("data", data)
    test = test if test is None else _pair("test", test)
    if test and are_labels(y, network.sizes[-1]) and not are_labels(test[1], network.sizes[-1]):
        last = max(2, network.sizes[-1]) - 1
        raise ValueError(f"labels in test must be integers from 0 to {last}, got {test[1]}")
    history = History()
    random = np.random.default_rng(seed)
    step = optimiser.start(network.parameters)
    with np.errstate(all="ignore"):  # a network that diverges overflows before it stops
        _record(history, 0, network, data, loss, test)
        for epoch in track(range(1, epochs + 1), progress):
            order = np.arange(len(x)) if batch is None else random.permutation(len(x))
            for start in range(0, len(x), batch or len(x)):
                chosen = order[start : start + (batch or len(x))]
                tape = network.forward(x[chosen])
                value, upstream = loss(tape.output, y[chosen])
                gradients, _ = network.backward(tape, upstream)
                if not isfinite(value):
                    history.stopped = f"epoch {epoch}: the loss is {value}"
                elif not _finite(gradients):
                    history.stopped = f"epoch {epoch}: a gradient is not finite"
                else:
                    before = {name: p.copy() for name, p in network.parameters.items()}
                    step(gradients)
                    if not _finite(network.parameters):
                        for name, p in network.parameters.items():
                            p[...] = before[name]
                        history.stopped = f"epoch {epoch}: a step is not finite"
                if history.stopped:
                    break
            if history.stopped or epoch == epochs or epoch % record_every == 0:
                _record(history, epoch, network, data, loss, test)
            if history.stopped:
                break
    return history


def _pair(name: str, data: tuple[ArrayLike, ArrayLike]) -> tuple[FloatArray, NDArray[np.generic]]:
    """Return inputs and targets as arrays of one length."""
    if len(data) != 2:
        raise ValueError(f"{name} must be inputs and targets, got {len(data)} parts")
    x, y = real_array(f"inputs in {name}", data[0]), np.asarray(data[1])
    if not x.ndim or not len(x):
        raise ValueError(f"{name} must hold at least one sample, got inputs of shape {x.shape}")
    if not y.ndim or len(x) != len(y):
        raise ValueError(
            f"inputs and targets in {name} must have one length, got the shapes {x.shape} and {y.shape}"
        )
    return x, y


def _record(
    history: History,
    epoch: int,
    network: Network,
    data: tuple[FloatArray, NDArray[np.generic]],
    loss: Loss,
    test: tuple[FloatArray, NDArray[np.generic]] | None,
) -> None:
    """Write down how the network does now."""
    x, y = data
    tape = network.forward(x)
    value, upstream = loss(tape.output, y)
    gradients, _ = network.backward(tape, upstream)
    counts = are_labels(y, network.sizes[-1])
    history.epoch.append(epoch)
    history.loss.append(value)
    history.accuracy.append(accuracy(tape.output, y) if counts else nan)
    history.test_accuracy.append(accuracy(network(test[0]), test[1]) if counts and test else nan)
    weights = [gradients[f"W{layer}"] for layer in range(1, network.depth + 1)]
    history.gradient.append(tuple(float(np.sqrt(np.mean(np.square(w)))) for w in weights))
    history.dead.append(dead_units(network, x).dead)


def _finite(arrays: Mapping[str, FloatArray]) -> bool:
    return all(np.isfinite(array).all() for array in arrays.values())
