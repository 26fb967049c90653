"""The data sets are what they say, and the same for every run."""

import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from actlib import sigmoid
from actlib.lab import data, digits, spirals, two_gaussians, xor


def test_digits_are_split_by_class_and_standardised():
    train, test = digits()
    assert train.x.shape == (1438, 64)
    assert test.x.shape == (359, 64)
    assert len(train.y) + len(test.y) == 1797
    for label in range(10):
        share = np.sum(test.y == label) / (np.sum(test.y == label) + np.sum(train.y == label))
        assert share == pytest.approx(0.2, abs=0.003)
    varies = train.x.std(axis=0) > 0
    assert varies.sum() >= 60
    np.testing.assert_allclose(train.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(train.x.std(axis=0)[varies], 1)
    assert not train.x[:, ~varies].any()
    assert not test.x[:, ~varies].any()
    assert train.x.dtype == np.float64
    assert train.y.dtype == np.int64


def test_digits_are_split_by_seed():
    (train, test), (again, _), (other, _) = digits(), digits(), digits(seed=1)
    np.testing.assert_array_equal(train.x, again.x)
    assert train.x.shape == other.x.shape
    assert not np.array_equal(train.x, other.x)
    seen = {row.tobytes() for row in train.x}
    assert not any(row.tobytes() in seen for row in test.x)
    assert len(digits(test_share=0.5)[1].y) == pytest.approx(1797 / 2, abs=10)


def test_digits_are_those_of_scikit_learn():
    bunch = load_digits()
    for read, named in zip(data._images(), (bunch.data, bunch.target), strict=True):
        np.testing.assert_array_equal(read, named)


def test_digits_name_the_missing_package(monkeypatch):
    monkeypatch.setattr(data, "_images", data._images.__wrapped__)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ModuleNotFoundError, match=r"digits needs scikit-learn.* actlib\[lab\]"):
        digits()


def test_spirals_wind_around_each_other():
    x, y = spirals(1001, turns=2, noise=0)
    assert x.shape == (1001, 2)
    assert np.sum(y == 0) == 501
    radius = np.hypot(*x.T)
    assert radius.max() <= 1
    assert np.mean(radius < 0.5**0.5) == pytest.approx(0.5, abs=0.05)
    turned = np.angle((x[:, 0] + 1j * x[:, 1]) * np.exp(-4j * np.pi * radius))
    np.testing.assert_allclose(np.cos(turned), np.where(y, -1, 1))
    noisy = spirals(1001, turns=2, noise=0.1).x
    assert np.std(noisy - x) == pytest.approx(0.1, rel=0.05)


def test_two_gaussians_have_the_stated_probability():
    x, y = two_gaussians(100_000, shift=0.35, features=2)
    assert x[y == 1].mean(axis=0) == pytest.approx([0.35, 0.35], abs=0.01)
    assert x[y == 0].mean(axis=0) == pytest.approx([-0.35, -0.35], abs=0.01)
    p = sigmoid(0.7 * x.sum(axis=1))
    for low in np.arange(0, 1, 0.1):
        inside = (low <= p) & (p < low + 0.1)
        assert y[inside].mean() == pytest.approx(p[inside].mean(), abs=0.02)


def test_xor():
    x, y = xor()
    assert x.shape == (4, 2)
    np.testing.assert_array_equal(y, x.sum(axis=1) == 1)


@pytest.mark.parametrize("make", [spirals, two_gaussians])
def test_seed_decides(make):
    np.testing.assert_array_equal(make(50, seed=3).x, make(50, seed=3).x)
    assert not np.array_equal(make(50, seed=3).x, make(50, seed=4).x)


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (digits, {"test_share": 0}, "test_share must be between 0 and 1, got 0"),
        (digits, {"test_share": 1.0}, "test_share must be between 0 and 1, got 1.0"),
        (spirals, {"n": 1}, "n must be >= 2, got 1"),
        (spirals, {"n": 9, "turns": 0}, "turns must be > 0 and finite, got 0"),
        (spirals, {"n": 9, "noise": -1}, "noise must be >= 0 and finite, got -1"),
        (two_gaussians, {"n": 0}, "n must be >= 2, got 0"),
        (two_gaussians, {"n": 9, "features": 0}, "features must be >= 1, got 0"),
        (two_gaussians, {"n": 9, "shift": np.inf}, "shift must be finite, got inf"),
    ],
)
def test_bad_input(make, arguments, message):
    with pytest.raises(ValueError, match=message):
        make(**arguments)
