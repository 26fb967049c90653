"""Data sets: real digits and small problems with a known answer. None needs a network."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Data", "digits", "spirals", "two_gaussians", "xor"]


class Data(NamedTuple):
    """Samples and their labels."""

    x: NDArray[np.float64]
    """Of shape (samples, features)."""
    y: NDArray[np.int64]
    """Of shape (samples,): classes, from 0 on."""


def digits(test_share: float = 0.2, seed: int = 0) -> tuple[Data, Data]:
    """Return handwritten digits, 8 by 8 pixels, for training and for testing.

    These are the 1,797 test images of a set of the UCI repository, which scikit-learn brings along.
    Each pixel is shifted and scaled to mean 0 and variance 1 on the training images; one that is
    constant there becomes 0.

    Parameters
    ----------
    test_share : float
        The share of every class that goes into the test set, between 0 and 1.
    seed : int
        Of the split.

    Returns
    -------
    train, test : Data
        64 features and ten classes, each class in both sets by its share.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed.
    ValueError
        If `test_share` is not between 0 and 1.

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository (1998), doi:10.24432/C50P49.

    Examples
    --------
    >>> train, test = digits()
    >>> train.x.shape, test.x.shape
    ((1438, 64), (359, 64))
    """
    if not 0 < test_share < 1:
        raise ValueError(f"test_share must be between 0 and 1, got {test_share}")
    pixels, labels = _images()
    random = np.random.default_rng(seed)
    for_test = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        for_test[members[: round(test_share * len(members))]] = True
    mean, deviation = pixels[~for_test].mean(axis=0), pixels[~for_test].std(axis=0)
    pixels = np.where(deviation > 0, pixels - mean, 0) / np.where(deviation > 0, deviation, 1)
    return Data(pixels[~for_test], labels[~for_test]), Data(pixels[for_test], labels[for_test])


@cache
def _images() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the pixels and the labels of all digits, from the file that `sklearn.datasets` reads.

    To import that package takes two seconds.
    """
    found = find_spec("sklearn")
    if found is None or found.submodule_search_locations is None:
        raise ModuleNotFoundError(
            "digits needs scikit-learn, which holds the images; the extra lab brings it: actlib[lab]"
        )
    file = Path(*found.submodule_search_locations) / "datasets" / "data" / "digits.csv.gz"
    table = np.loadtxt(file, dtype=np.int64, delimiter=",")
    return table[:, :-1].astype(np.float64), table[:, -1]


def spirals(n: int, turns: float = 1.5, noise: float = 0.05, seed: int = 0) -> Data:
    """Return two spirals that wind around each other, one a class.

    Parameters
    ----------
    n : int
        The number of points, >= 2, half of them in each class.
    turns : float
        How often a spiral goes round, > 0.
    noise : float
        The standard deviation of a point's distance from its spiral, in each direction, >= 0. The
        outer ends lie at 1.
    seed : int
        Of the points.

    Returns
    -------
    Data
        Two features, in the square from -1 to 1 but for the noise.

    Raises
    ------
    ValueError
        If a parameter breaks its rule.

    Examples
    --------
    >>> x, y = spirals(200)
    >>> x.shape, y[:4]
    ((200, 2), array([0, 1, 0, 1]))
    """
    if n < 2:
        raise ValueError(f"n must be >= 2, got {n}")
    if not 0 < turns < np.inf:
        raise ValueError(f"turns must be > 0 and finite, got {turns}")
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise must be >= 0 and finite, got {noise}")
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    # The square root spreads the points evenly along the spiral, whose length grows as radius^2.
    radius = np.sqrt(random.uniform(size=n))
    angle = 2 * np.pi * turns * radius + np.pi * y
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Data(x + noise * random.normal(size=(n, 2)), y)


def two_gaussians(n: int, shift: float = 1.0, features: int = 2, seed: int = 0) -> Data:
    r"""Return two round clouds of points, one a class, whose probabilities are known.

    Class 1 is standard normal around (shift, ..., shift), class 0 around the opposite point. So
    :math:`P(y = 1 \mid x) = \sigma(2\,\text{shift}\,(x_1 + x_2 + \dots))`.

    Parameters
    ----------
    n : int
        The number of points, >= 2, half of them in each class.
    shift : float
        How far the centres are from 0, in every feature.
    features : int
        The number of features, >= 1.
    seed : int
        Of the points.

    Raises
    ------
    ValueError
        If a parameter breaks its rule.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = two_gaussians(1000)
    >>> print(np.mean((x.sum(axis=1) > 0) == y).round(2))
    0.93
    """
    if n < 2:
        raise ValueError(f"n must be >= 2, got {n}")
    if features < 1:
        raise ValueError(f"features must be >= 1, got {features}")
    if not np.isfinite(shift):
        raise ValueError(f"shift must be finite, got {shift}")
    y = np.arange(n) % 2
    centres = shift * (2 * y - 1)[:, None]
    return Data(centres + np.random.default_rng(seed).normal(size=(n, features)), y)


def xor() -> Data:
    """Return the four corners of a square, in class 1 where exactly one coordinate is 1.

    Examples
    --------
    >>> x, y = xor()
    >>> print(x.astype(int).tolist(), y)
    [[0, 0], [0, 1], [1, 0], [1, 1]] [0 1 1 0]
    """
    return Data(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0]))
