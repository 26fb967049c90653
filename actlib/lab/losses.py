"""Losses: how wrong the outputs of a network are, and the gradient of that.

A loss is called as ``loss(output, target)`` and returns its mean over the samples and the gradient
with respect to `output`, in the shape and dtype of `output`. It is computed in float64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actlib.contract.arrays import FloatArray, real_array

__all__ = ["Loss", "accuracy", "binary_cross_entropy", "softmax_cross_entropy", "squared_error"]

Loss = Callable[[ArrayLike, ArrayLike], tuple[float, FloatArray]]


def softmax_cross_entropy(logits: ArrayLike, labels: ArrayLike) -> tuple[float, FloatArray]:
    r"""Return the mean of :math:`-\log \operatorname{softmax}(z)_y`, z the logits and y the label.

    No logit is too large. Both results keep their digits where the network is nearly certain, of
    the right label or of a wrong one.

    Parameters
    ----------
    logits : array_like, of shape (samples, classes)
        Real numbers; minus infinity rules a class out.
    labels : array_like of integers, of shape (samples,)
        The right classes, from 0 on.

    Returns
    -------
    value : float
        The mean over the samples, in nats.
    gradient : numpy.ndarray
        (softmax(z) - onehot(y)) / samples.

    Raises
    ------
    TypeError
        If the labels are not integers or the logits not real.
    ValueError
        If the shapes do not fit, there is no sample, or a label is out of range.

    Examples
    --------
    >>> value, gradient = softmax_cross_entropy([[0.0, 0.0], [0.0, 50.0]], [0, 1])
    >>> print(f"{value:.6f}", gradient)  # the second sample is certain but for 1.9e-22
    0.346574 [[-2.50000000e-01  2.50000000e-01]
     [ 9.64374924e-23 -9.64374924e-23]]
    """
    given = real_array("logits", logits)
    classes = _labels(labels)
    if given.ndim != 2 or not given.size:
        raise ValueError(f"logits must have the shape (samples, classes), neither 0, got {given.shape}")
    samples, count = given.shape
    if classes.shape != (samples,):
        raise ValueError(f"labels must have the shape ({samples},), one a row of logits, got {classes.shape}")
    _check_range(classes, count)
    z = given.astype(np.float64)
    right = np.arange(samples), classes
    with np.errstate(all="ignore"):
        # log(1 + sum of exp(z_j - z_y), j != y): log(softmax) is 0 where the label leads by 37.
        lead = z - z[right][:, None]
        lead[right] = 0
        losses = np.logaddexp.reduce(lead, axis=1)
        gradient = np.exp(z - z.max(axis=1, keepdims=True))
        gradient /= gradient.sum(axis=1, keepdims=True)
        gradient[right] = np.expm1(-losses)  # softmax - 1 would cancel
        return float(losses.mean()), (gradient / samples).astype(given.dtype)


def binary_cross_entropy(logits: ArrayLike, targets: ArrayLike) -> tuple[float, FloatArray]:
    r"""Return the mean of :math:`-y \log \sigma(z) - (1 - y) \log(1 - \sigma(z))`, z the logits.

    No logit is too large, an infinite one included. Both results keep their digits where the
    network is nearly certain, of the right answer or of the wrong one.

    Parameters
    ----------
    logits : array_like
        Real numbers, in any shape.
    targets : array_like, in the shape of the logits
        The right answers, from 0 to 1. For logits of shape (samples, 1), (samples,) will do.

    Returns
    -------
    value : float
        The mean over all elements, in nats.
    gradient : numpy.ndarray
        (sigmoid(z) - y) / elements.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, there is no element, or a target is not from 0 to 1.

    Examples
    --------
    >>> value, gradient = binary_cross_entropy([-1000.0, 0.0], [1, 1])
    >>> print(f"{value:.6f}", gradient)
    500.346574 [-0.5  -0.25]
    """
    z, y, given = _matching("logits", logits, targets)
    wrong = ~((y >= 0) & (y <= 1))
    if wrong.any():
        raise ValueError(f"targets must be from 0 to 1, got {y[wrong].flat[0]}")
    with np.errstate(all="ignore"):
        tail = np.exp(-np.abs(z))
        more, less = np.exp(np.minimum(z, 0)) / (1 + tail), np.exp(np.minimum(-z, 0)) / (1 + tail)
        # Each term is left out where its factor is 0, so that no 0 meets an infinite logit.
        log_tail = np.log1p(tail)
        losses = np.where(y > 0, y * (np.maximum(-z, 0) + log_tail), 0)
        losses += np.where(y < 1, (1 - y) * (np.maximum(z, 0) + log_tail), 0)
        gradient = (1 - y) * more - y * less  # sigmoid(z) - y would cancel
        return float(losses.mean()), (gradient / z.size).astype(given)


def squared_error(outputs: ArrayLike, targets: ArrayLike) -> tuple[float, FloatArray]:
    r"""Return the mean of :math:`(o - y)^2`, o the outputs and y the targets.

    Parameters
    ----------
    outputs : array_like
        Real numbers, in any shape.
    targets : array_like, in the shape of the outputs
        What they should be. For outputs of shape (samples, 1), (samples,) will do.

    Returns
    -------
    value : float
        The mean over all elements.
    gradient : numpy.ndarray
        2 (o - y) / elements.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit or there is no element.

    Examples
    --------
    >>> squared_error([1.0, 2.0], [1.0, 5.0])
    (4.5, array([ 0., -3.]))
    """
    o, y, given = _matching("outputs", outputs, targets)
    with np.errstate(all="ignore"):
        return float(np.mean(np.square(o - y))), (2 * (o - y) / o.size).astype(given)


def accuracy(outputs: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of samples whose label the outputs name.

    Parameters
    ----------
    outputs : array_like, of shape (samples, classes)
        Logits. They name the class of the largest; of a single column, 1 where it is positive and
        0 elsewhere. A row with a NaN names none.
    labels : array_like of integers, of shape (samples,)
        The right classes, from 0 on.

    Raises
    ------
    TypeError
        If the labels are not integers or the outputs not real.
    ValueError
        If the shapes do not fit or a label is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> accuracy([[0.0, 1.0], [3.0, 2.0], [np.nan, 0.0]], [1, 1, 0])
    0.3333333333333333
    """
    z, y = real_array("outputs", outputs), _labels(labels)
    if z.ndim != 2 or not z.size or y.shape not in (z.shape[:1], (len(z), 1)):
        raise ValueError(
            f"outputs and labels must have the shapes (samples, classes) and (samples,), got {z.shape}"
            f" and {y.shape}"
        )
    _check_range(y, max(2, z.shape[1]))
    named = z[:, 0] > 0 if z.shape[1] == 1 else z.argmax(axis=1)
    return float(np.mean((named == y.reshape(len(z))) & ~np.isnan(z).any(axis=1)))


def are_labels(targets: NDArray[np.generic], columns: int) -> bool:
    """Return whether targets can name the classes that so many columns of logits tell apart."""
    return targets.dtype.kind in "iu" and not _wrong_labels(targets, max(2, columns)).any()


def _wrong_labels(labels: NDArray[Any], count: int) -> NDArray[np.bool_]:
    return np.asarray((labels < 0) | (labels >= count))


def _labels(labels: ArrayLike) -> NDArray[np.integer]:
    """Return labels as an array of integers, or raise TypeError."""
    array = np.asarray(labels)
    if array.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got dtype {array.dtype}")
    return array


def _check_range(labels: NDArray[np.integer], count: int) -> None:
    """Raise unless the labels are from 0 to below `count`."""
    wrong = _wrong_labels(labels, count)
    if wrong.any():
        raise ValueError(f"labels must be from 0 to {count - 1}, got {labels[wrong].flat[0]}")


def _matching(
    name: str, outputs: ArrayLike, targets: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], np.dtype[np.floating]]:
    """Return both in float64 and one shape, and the dtype of the outputs."""
    o, y = real_array(name, outputs), real_array("targets", targets)
    if y.ndim == 1 and o.shape == (len(y), 1):
        y = y[:, None]
    if o.shape != y.shape:
        raise ValueError(f"targets must have the shape of {name}, {o.shape}, got {y.shape}")
    if not o.size:
        raise ValueError(f"{name} must hold at least one element, got the shape {o.shape}")
    return o.astype(np.float64), y.astype(np.float64), o.dtype
