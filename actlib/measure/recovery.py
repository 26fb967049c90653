"""Whether gradient descent brings back a unit that starts far on the negative side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actlib.contract.activation import Elementwise

__all__ = ["Recovery", "recovery"]


@dataclass(frozen=True)
class Recovery:
    """How long a unit stayed negative on all inputs, and where it was then."""

    steps: int | None
    """Steps until some pre-activation was positive, None if that did not happen."""
    weight: float
    """The weight in the end."""
    bias: float
    """The bias in the end."""


def recovery(
    f: Elementwise,
    start_bias: float,
    learning_rate: float = 0.1,
    limit: int = 20_000,
    points: int = 200,
    seed: int = 0,
) -> Recovery:
    r"""Train one unit whose bias is so low that it starts negative on every input.

    The unit is :math:`f(wx + b)`, from w = 1 and b = `start_bias` on. Gradient descent on the mean
    squared error pulls it towards :math:`\max(x, 0) + 1`, more than it gives, for x uniform on
    (-1, 1). Its pre-activations rise where f' is positive, stay where f' is 0, and sink where f' is
    negative.

    Parameters
    ----------
    f : Elementwise
        The activation.
    start_bias : float
        The bias before the first step.
    learning_rate : float
        Times the gradient is the step, > 0.
    limit : int
        The number of steps after which to give up, >= 0.
    points : int
        The number of inputs, >= 1.
    seed : int
        Of the inputs.

    Returns
    -------
    Recovery
        ``steps`` is 0 for a unit that starts positive somewhere and None for one that is still
        negative everywhere after `limit` steps.

    Raises
    ------
    TypeError
        If `f` is not element-wise.
    ValueError
        If a parameter breaks its rule.

    Examples
    --------
    From a bias of -3 a sigmoid returns; from -40 its derivative, 4e-18, does not bring it back:

    >>> from actlib import sigmoid
    >>> recovery(sigmoid, start_bias=-3).steps
    56
    >>> print(recovery(sigmoid, start_bias=-40).steps)
    None
    """
    if not isinstance(f, Elementwise):
        raise TypeError(f"f must be an element-wise activation, got {f!r}")
    if not np.isfinite(start_bias):
        raise ValueError(f"start_bias must be finite, got {start_bias}")
    if not 0 < learning_rate < np.inf:
        raise ValueError(f"learning_rate must be > 0 and finite, got {learning_rate}")
    for name, count, least in (("limit", limit, 0), ("points", points, 1)):
        if count < least:
            raise ValueError(f"{name} must be >= {least}, got {count}")
    x = np.random.default_rng(seed).uniform(-1, 1, points)
    target = np.maximum(x, 0) + 1
    w, b = 1.0, float(start_bias)
    with np.errstate(all="ignore"):
        for step in range(limit + 1):
            z = w * x + b
            if (z > 0).any():
                return Recovery(step, w, b)
            gradient = f.vjp(z, 2 * (f(z) - target) / points)
            before = w, b
            w, b = w - learning_rate * float(gradient @ x), b - learning_rate * float(gradient.sum())
            if (w, b) == before or not np.isfinite(w + b):  # further steps change nothing
                break
    return Recovery(None, *before)
