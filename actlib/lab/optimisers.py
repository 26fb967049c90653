"""Optimisers: how a gradient becomes a step.

An optimiser holds settings alone, so it can serve many networks. ``optimiser.start(parameters)``
returns a function that takes the gradients, by name as the parameters, and changes the parameters
in place; it remembers what the method needs from step to step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from numbers import Real
from typing import Protocol

import numpy as np

from actlib.contract.arrays import FloatArray

__all__ = ["SGD", "Adam", "Optimiser"]

Arrays = Mapping[str, FloatArray]


class Optimiser(Protocol):
    """Anything with a method `start`."""

    def start(self, parameters: Arrays) -> Callable[[Arrays], None]:
        """Return the function that makes the steps."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What both optimisers have."""

    learning_rate: float
    """Scales every step, > 0."""
    weight_decay: float = 0.0
    """Times the parameter is added to its gradient, >= 0, as torch.optim does."""
    decays: str = "Wb"
    """First letters of the names that decay. Learned parameters of activations, ``a``, do not: decay
    would pull a PReLU towards ReLU (He et al. 2015, section 2)."""

    def __post_init__(self) -> None:
        for setting in fields(self):
            value = getattr(self, setting.name)
            if setting.name != "decays" and (not isinstance(value, Real) or isinstance(value, bool)):
                raise TypeError(f"{setting.name} must be a real number, got {value!r}")
        if not 0 < self.learning_rate < np.inf:
            raise ValueError(f"learning_rate must be > 0 and finite, got {self.learning_rate}")
        if not 0 <= self.weight_decay < np.inf:
            raise ValueError(f"weight_decay must be >= 0 and finite, got {self.weight_decay}")

    def _decayed(self, name: str, parameter: FloatArray, gradient: FloatArray) -> FloatArray:
        return gradient + self.weight_decay * parameter if name[0] in self.decays else gradient


@dataclass(frozen=True, kw_only=True)
class SGD(Settings):
    r"""Gradient descent with momentum, in PyTorch's form.

    :math:`v \leftarrow \mu v + g`, from v = 0 on, then :math:`p \leftarrow p - \eta v`, with the
    learning rate :math:`\eta` and the momentum :math:`\mu`. The learning rate is not part of v.

    Raises
    ------
    ValueError
        If a setting breaks its rule.

    Examples
    --------
    >>> import numpy as np
    >>> p = {"W1": np.array([1.0])}
    >>> step = SGD(learning_rate=0.1, momentum=0.9).start(p)
    >>> step({"W1": np.array([2.0])})
    >>> step({"W1": np.array([2.0])})
    >>> print(p["W1"])  # 1 - 0.1*2 - 0.1*(0.9*2 + 2)
    [0.42]
    """

    momentum: float = 0.0
    """How much of the last step is kept, from 0 to below 1."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must be from 0 to below 1, got {self.momentum}")

    def start(self, parameters: Arrays) -> Callable[[Arrays], None]:
        """Return the function that makes the steps."""
        velocity = {name: np.zeros_like(p) for name, p in parameters.items()}

        @np.errstate(all="ignore")
        def step(gradients: Arrays) -> None:
            for name, p in parameters.items():
                v = velocity[name]
                v[...] = self.momentum * v + self._decayed(name, p, gradients[name])
                p[...] = p - self.learning_rate * v

        return step


@dataclass(frozen=True, kw_only=True)
class Adam(Settings):
    r"""Adam: every parameter has its own step, the mean gradient over its recent size.

    :math:`m \leftarrow \beta_1 m + (1 - \beta_1) g` and
    :math:`v \leftarrow \beta_2 v + (1 - \beta_2) g^2`, from 0 on; then in step t
    :math:`p \leftarrow p - \eta\,\hat m / (\sqrt{\hat v} + \epsilon)` with
    :math:`\hat m = m/(1 - \beta_1^t)` and :math:`\hat v = v/(1 - \beta_2^t)`.

    Raises
    ------
    ValueError
        If a setting breaks its rule.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015,
    arXiv:1412.6980, Algorithm 1.

    Examples
    --------
    The first step has the size of the learning rate whatever the gradient's:

    >>> import numpy as np
    >>> p = {"W1": np.array([1.0, 1.0])}
    >>> step = Adam(learning_rate=0.1).start(p)
    >>> step({"W1": np.array([1e-3, -1e3])})
    >>> print(p["W1"].round(4))
    [0.9 1.1]
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    """The share of the mean gradient that a step keeps, from 0 to below 1."""
    beta2: float = 0.999
    """The share of the mean square that a step keeps, from 0 to below 1."""
    epsilon: float = 1e-8
    """Keeps the quotient finite, > 0."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, value in (("beta1", self.beta1), ("beta2", self.beta2)):
            if not 0 <= value < 1:
                raise ValueError(f"{name} must be from 0 to below 1, got {value}")
        if not 0 < self.epsilon < np.inf:
            raise ValueError(f"epsilon must be > 0 and finite, got {self.epsilon}")

    def start(self, parameters: Arrays) -> Callable[[Arrays], None]:
        """Return the function that makes the steps."""
        mean = {name: np.zeros_like(p) for name, p in parameters.items()}
        square = {name: np.zeros_like(p) for name, p in parameters.items()}
        t = 0

        @np.errstate(all="ignore")
        def step(gradients: Arrays) -> None:
            nonlocal t
            t += 1
            for name, p in parameters.items():
                g, m, v = self._decayed(name, p, gradients[name]), mean[name], square[name]
                m[...] = self.beta1 * m + (1 - self.beta1) * g
                v[...] = self.beta2 * v + (1 - self.beta2) * g * g
                m_hat, v_hat = m / (1 - self.beta1**t), v / (1 - self.beta2**t)
                p[...] = p - self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)

        return step
