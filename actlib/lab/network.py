"""A dense network that works with every activation, and back-propagation through it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from actlib.contract.activation import Activation, Learnable
from actlib.contract.arrays import FloatArray, integer_parameter, real_array
from actlib.lab.initialisers import Initialiser, own_gain
from actlib.lab.random import Draws

__all__ = ["Network", "Tape"]


@dataclass(frozen=True)
class Tape:
    """What a forward pass leaves for the backward pass, layer by layer."""

    inputs: tuple[FloatArray, ...]
    """What the weights multiplied: h_0 (the input of the network), h_1, and so on."""
    linear: tuple[FloatArray, ...]
    """The pre-activations z_1, z_2, and so on."""
    activations: tuple[Activation | None, ...]
    """What was applied to them."""
    output: FloatArray
    """What the last layer returned."""


class Network:
    r"""A dense network, :math:`h_l = f(h_{l-1} W_l + b_l)`; the last layer is linear.

    Samples are rows: the input has the shape (samples, ``sizes[0]``).

    Parameters
    ----------
    sizes : sequence of int
        The widths, from the input to the output: ``[64, 32, 10]`` has one hidden layer.
    activation : Activation
        What every hidden layer applies. For one that takes several linear outputs a unit, such as
        maxout, a layer has that many times its width of them.
    output : Activation, optional
        What the last layer applies, by default nothing: the losses of `actlib.lab` take logits.
    learned : bool
        Learn the activation's parameter, one for every layer that applies it, from the value on
        that it comes with. Without it a PReLU is a leaky ReLU.
    initialise : initialiser
        Draws weights and biases: one of those in `actlib.lab.initialisers`.
    dtype : data type
        float32 or float64.
    seed : int, numpy.random.Generator or Random
        Of the weights.

    Attributes
    ----------
    parameters : dict
        The arrays by name: ``W1``, ``b1``, and ``a1`` where a layer learns its activation, then those of
        layer 2. An optimiser changes the arrays in place.

    Raises
    ------
    TypeError
        If an argument is of another kind, or the activation has nothing to learn but should.
    ValueError
        If there are fewer than two sizes, one is below 1, the seed is negative, the dtype is
        another, or an activation does not fit the width.

    Examples
    --------
    >>> from actlib import tanh
    >>> network = Network([2, 3, 1], tanh)
    >>> network
    <Network 2-3-1, Tanh(): 13 parameters in float64>
    >>> network([[0.0, 0.0], [1.0, -1.0]]).shape
    (2, 1)
    >>> [f"{name} {parameter.shape}" for name, parameter in network.parameters.items()]
    ['W1 (2, 3)', 'b1 (3,)', 'W2 (3, 1)', 'b2 (1,)']
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation,
        output: Activation | None = None,
        learned: bool = False,
        initialise: Initialiser = own_gain,
        dtype: DTypeLike = np.float64,
        seed: int | Draws = 0,
    ) -> None:
        if isinstance(sizes, str) or not isinstance(sizes, Iterable):
            raise TypeError(f"sizes must be a sequence of widths such as [64, 32, 10], got {sizes!r}")
        sizes = [integer_parameter("a width in sizes", width, at_least=1) for width in sizes]
        if len(sizes) < 2:
            raise ValueError(f"sizes must hold at least two widths, got {sizes}")
        _check_activation("activation", activation)
        if output is not None:
            _check_activation("output", output)
        if not callable(initialise):
            raise TypeError(f"initialise must be a function such as he, got {initialise!r}")
        if not isinstance(seed, Draws):
            seed = integer_parameter("seed", seed, at_least=0)
        if np.dtype(dtype) not in (np.float32, np.float64):
            raise ValueError(f"dtype must be float32 or float64, got {np.dtype(dtype)}")
        if learned and not isinstance(activation, Learnable):
            raise TypeError(f"activation must have a parameter to learn, got {activation!r}")
        self.sizes = tuple(sizes)
        self.depth = len(sizes) - 1
        self.dtype = np.dtype(dtype)
        self.parameters: dict[str, FloatArray] = {}
        self._start = (*[activation] * (self.depth - 1), output)
        random = np.random.default_rng(seed) if isinstance(seed, int) else seed
        before = None
        for layer, (fan_in, width) in enumerate(pairwise(sizes), start=1):
            f = self._start[layer - 1]
            fan_out = width * getattr(f, "pieces", 1)
            if f is not None and f(np.zeros((1, fan_out))).shape != (1, width):
                raise ValueError(f"{f!r} does not turn rows of {fan_out} into rows of {width}")
            weight, bias = initialise(random, fan_in, fan_out, before)
            self.parameters[f"W{layer}"] = weight.astype(dtype)
            self.parameters[f"b{layer}"] = bias.astype(dtype)
            if learned and f is activation and isinstance(f, Learnable):
                self.parameters[f"a{layer}"] = np.array(getattr(f, f.learned), dtype)
            before = f

    def __repr__(self) -> str:
        count = sum(parameter.size for parameter in self.parameters.values())
        shape, last = "-".join(map(str, self.sizes)), self._start[-1]
        hidden = f", {self._start[0]!r}" if self.depth > 1 else ""
        output = f", output {last!r}" if last else ""
        return f"<Network {shape}{hidden}{output}: {count} parameters in {self.dtype}>"

    def activation(self, layer: int) -> Activation | None:
        """Return what a layer, counted from 1, applies: with the parameter learned so far."""
        f: Any = self._start[layer - 1]
        if f"a{layer}" in self.parameters:
            f = replace(f, **{f.learned: float(self.parameters[f"a{layer}"])})
        return f

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return the output for every row of `x`."""
        return self.forward(x).output

    def hidden(self, x: ArrayLike) -> list[tuple[Activation, FloatArray]]:
        """Return each hidden layer's activation and its pre-activations."""
        tape = self.forward(x)
        layers = zip(tape.activations[:-1], tape.linear[:-1], strict=True)
        return [(f, z) for f, z in layers if f is not None]

    def forward(self, x: ArrayLike) -> Tape:
        """Return the output and what `backward` needs.

        Parameters
        ----------
        x : array_like, of shape (samples, ``sizes[0]``)
            The input; it is converted to the network's dtype.
        """
        h = real_array("x", x)
        if h.ndim != 2 or h.shape[1] != self.sizes[0]:
            raise ValueError(f"x must have the shape (samples, {self.sizes[0]}), got {h.shape}")
        with np.errstate(all="ignore"):  # a number beyond float32 is an infinity there
            h = h.astype(self.dtype)
        inputs, linear, activations = [], [], []
        for layer in range(1, self.depth + 1):
            f = self.activation(layer)
            with np.errstate(all="ignore"):  # a network that diverges overflows, silently as its f does
                z = h @ self.parameters[f"W{layer}"] + self.parameters[f"b{layer}"]
            inputs.append(h)
            linear.append(z)
            activations.append(f)
            h = z if f is None else f(z)
        return Tape(tuple(inputs), tuple(linear), tuple(activations), h)

    def backward(self, tape: Tape, upstream: ArrayLike) -> tuple[dict[str, FloatArray], FloatArray]:
        """Return the gradients of a loss: by name for every parameter, and for the input.

        Parameters
        ----------
        tape : Tape
            What `forward` returned.
        upstream : array_like, in the shape of the output
            The gradient of the loss with respect to the output.
        """
        g = real_array("upstream", upstream)
        if g.shape != tape.output.shape:
            raise ValueError(
                f"upstream must have the shape of the output, {tape.output.shape}, got {g.shape}"
            )
        with np.errstate(all="ignore"):
            g = g.astype(self.dtype)
        gradients: dict[str, FloatArray] = {}
        for layer in range(self.depth, 0, -1):
            h, z, f = tape.inputs[layer - 1], tape.linear[layer - 1], tape.activations[layer - 1]
            if f"a{layer}" in self.parameters and isinstance(f, Learnable):
                gradients[f"a{layer}"] = np.array(f.parameter_vjp(z, g), self.dtype)
            if f is not None:
                g = f.vjp(z, g)
            with np.errstate(all="ignore"):
                gradients[f"W{layer}"] = h.T @ g
                gradients[f"b{layer}"] = g.sum(axis=0)
                g = g @ self.parameters[f"W{layer}"].T
        return gradients, g


def _check_activation(name: str, f: object) -> None:
    """Raise unless `f` is an activation."""
    if isinstance(f, type) and issubclass(f, Activation):
        raise TypeError(f"{name} must be an instance, such as {f.__name__}(), got the class {f.__name__}")
    if not isinstance(f, Activation):
        raise TypeError(f"{name} must be an activation of actlib, such as tanh, got {f!r}")
