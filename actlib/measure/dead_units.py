"""Units that pass no gradient: on one input, or on a whole data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from actlib.contract.activation import Activation
from actlib.contract.arrays import FloatArray, real_array

__all__ = ["DeadUnits", "HasHiddenLayers", "dead_units"]


class HasHiddenLayers(Protocol):
    """A network that shows what goes into the activation of every hidden layer."""

    def hidden(self, x: ArrayLike) -> Sequence[tuple[Activation, FloatArray]]:
        """Return each hidden layer's activation and pre-activations, of shape (samples, units)."""


@dataclass(frozen=True)
class DeadUnits:
    """Shares of each hidden layer, from the input on; it prints as a table.

    A NaN is none of inactive, dead and never positive: it has a share of its own.
    """

    inactive: tuple[float, ...]
    """Of all pairs of a unit and an input: those where no gradient passes the activation."""
    dead: tuple[float, ...]
    """Of all units: those that pass no gradient on any input."""
    never_positive: tuple[float, ...]
    """Of all units: those whose pre-activation is at most 0 on every input."""
    nan: tuple[float, ...]
    """Of all units: those whose pre-activation is NaN on some input."""

    def __str__(self) -> str:
        rows = zip(self.inactive, self.dead, self.never_positive, self.nan, strict=True)
        lines = ["layer  inactive    dead  never positive     NaN"]
        for layer, (inactive, dead, never, nan) in enumerate(rows, start=1):
            lines.append(f"{layer:5}{inactive:10.1%}{dead:8.1%}{never:16.1%}{nan:8.1%}")
        return "\n".join(lines)


def dead_units(network: HasHiddenLayers | Activation, x: ArrayLike) -> DeadUnits:
    r"""Count the units through which a data set sends no gradient.

    A unit is *inactive* on an input where its activation passes no gradient, as ReLU does left
    of 0. It is *dead* where it is inactive on every input: its incoming weights then get the
    gradient 0 and gradient descent leaves them as they are. About half of all pairs of a ReLU and
    an input are inactive after initialisation, and no unit is dead.

    What passes is asked of ``vjp``, with a standard normal upstream gradient of a fixed seed, so
    the count serves activations that are not element-wise too: a piece of maxout is inactive where
    another piece is larger. A derivative that rounds to 0 counts as no gradient.

    Parameters
    ----------
    network : network or Activation
        Anything with a method ``hidden``, such as `actlib.lab.Network`; or one activation, whose
        pre-activations are then `x` itself.
    x : array_like, of shape (samples, features)
        The data set, at least one sample and one feature. Only for these inputs does the answer
        hold: a unit that is dead on them may be alive on others.

    Returns
    -------
    DeadUnits
        Shares of each hidden layer.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    ValueError
        If `x` does not have two axes or is empty.

    References
    ----------
    L. Lu, Y. Shin, Y. Su and G. E. Karniadakis, "Dying ReLU and Initialization: Theory and
    Numerical Examples", Communications in Computational Physics 28 (2020), arXiv:1903.06733.

    Examples
    --------
    Three units on two inputs. tanh passes a gradient until its derivative underflows:

    >>> from actlib import tanh
    >>> print(dead_units(tanh, [[-1.0, 400.0, 400.0], [-2.0, 0.5, 400.0]]))
    layer  inactive    dead  never positive     NaN
        1     50.0%   33.3%           33.3%    0.0%
    """
    data = real_array("x", x)
    if data.ndim != 2 or not data.size:
        raise ValueError(f"x must have the shape (samples, features), neither of them 0, got {data.shape}")
    layers = [(network, data)] if isinstance(network, Activation) else network.hidden(data)
    inactive, dead, never_positive, nan = [], [], [], []
    for f, z in layers:
        upstream = np.random.default_rng(0).normal(size=np.shape(f(z)))
        # NaN compares false with everything, so that a NaN unit is counted by isnan alone.
        blocked = np.asarray(f.vjp(z, upstream)) == 0
        inactive.append(float(blocked.mean()))
        dead.append(float(blocked.all(axis=0).mean()))
        never_positive.append(float((z <= 0).all(axis=0).mean()))
        nan.append(float(np.isnan(z).any(axis=0).mean()))
    return DeadUnits(tuple(inactive), tuple(dead), tuple(never_positive), tuple(nan))
