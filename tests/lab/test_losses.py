"""Losses keep every digit for any logits, and their gradients are the gradients."""

import numpy as np
import pytest
from mpmath import mp

from actlib.lab import accuracy, binary_cross_entropy, softmax_cross_entropy, squared_error
from actlib.measure import ulp_error
from tests.lab.central import central_gradient

RANDOM = np.random.default_rng(2)
LOGITS = RANDOM.normal(0, 3, (5, 4))
LABELS = np.array([0, 3, 1, 1, 2])


@pytest.mark.parametrize(
    ("loss", "target"),
    [
        (softmax_cross_entropy, LABELS),
        (binary_cross_entropy, RANDOM.uniform(size=(5, 4))),
        (binary_cross_entropy, RANDOM.integers(0, 2, (5, 4))),
        (squared_error, RANDOM.normal(size=(5, 4))),
    ],
)
def test_gradients(loss, target):
    z = LOGITS.copy()
    expected = central_gradient(lambda: loss(z, target)[0], z)
    np.testing.assert_allclose(loss(z, target)[1], expected, rtol=1e-6, atol=1e-10)


def test_softmax_cross_entropy_by_definition():
    value, gradient = softmax_cross_entropy(LOGITS, LABELS)
    p = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    assert value == pytest.approx(-np.log(p[np.arange(5), LABELS]).mean(), rel=1e-14)
    np.testing.assert_allclose(gradient, (p - np.eye(4)[LABELS]) / 5, rtol=1e-12, atol=1e-15)


def test_binary_cross_entropy_by_definition():
    y = RANDOM.uniform(size=(5, 4))
    value, gradient = binary_cross_entropy(LOGITS, y)
    p = 1 / (1 + np.exp(-LOGITS))
    assert value == pytest.approx(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), rel=1e-13)
    np.testing.assert_allclose(gradient, (p - y) / 20, rtol=1e-11, atol=1e-15)


def test_two_classes_are_one_logit():
    z, y = LOGITS[:, 0], np.array([0, 1, 1, 0, 1])
    one = binary_cross_entropy(z, y)
    two = softmax_cross_entropy(np.stack([np.zeros(5), z], axis=1), y)
    assert one[0] == pytest.approx(two[0], rel=1e-14)
    np.testing.assert_allclose(one[1], two[1][:, 1], rtol=1e-13)


SPREAD = np.concatenate([np.linspace(-60, 60, 121), [-745, -700, -300, 300, 700, 745, 1e4, -1e4]])


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("loss", [softmax_cross_entropy, binary_cross_entropy])
def test_certain_answers_keep_their_digits(loss, label):
    """PyTorch's and the textbook's loss and gradient are 0 from a lead of 37 on."""
    for lead in SPREAD:
        if loss is binary_cross_entropy:
            value, gradient = loss([lead], [label])
            slope = gradient[0]
        else:
            value, gradient = loss([[0.5, lead + 0.5]], [label])
            slope, lead = gradient[0, 1], lead + 0.5 - 0.5
        with mp.workdps(40):
            away = mp.mpf(float(-lead if label else lead))
            exact_value, exact_slope = mp.log1p(mp.exp(away)), mp.exp(away) / (1 + mp.exp(away))
        if abs(lead) > 708:
            assert value == pytest.approx(float(exact_value), rel=1e-15, abs=1e-300)
            assert slope == pytest.approx(float(exact_slope) * (-1 if label else 1), rel=1e-15, abs=1e-300)
        else:
            assert ulp_error([value], [exact_value]) <= 4
            assert ulp_error([abs(slope)], [exact_slope]) <= 4
            assert (slope < 0) == bool(label)


def test_no_logit_is_too_large():
    value, gradient = softmax_cross_entropy([[1e300, -1e300], [-1e300, 1e300]], [0, 0])
    assert value == 1e300
    np.testing.assert_array_equal(gradient, [[0, 0], [-0.5, 0.5]])
    value, gradient = softmax_cross_entropy([[0.0, -np.inf, 0.0]], [0])
    assert value == pytest.approx(np.log(2), rel=1e-15)
    np.testing.assert_allclose(gradient, [[-0.5, 0, 0.5]], rtol=1e-15)
    value, gradient = binary_cross_entropy([np.inf, -np.inf, 1e308, -1e308], [1, 0, 1, 0])
    assert value == 0
    np.testing.assert_array_equal(gradient, 0)
    value, gradient = binary_cross_entropy([np.inf, -np.inf], [0, 1])
    assert value == np.inf
    np.testing.assert_array_equal(gradient, [0.5, -0.5])


@pytest.mark.parametrize("loss", [binary_cross_entropy, squared_error])
def test_a_column_takes_flat_targets(loss):
    z, y = LOGITS[:, :1], np.array([0, 1, 1, 0, 1])
    value, gradient = loss(z, y)
    assert value == loss(z, y[:, None])[0] == loss(z[:, 0], y)[0]
    np.testing.assert_array_equal(gradient, loss(z, y[:, None])[1])
    assert gradient.shape == (5, 1)


@pytest.mark.parametrize(
    ("loss", "target"),
    [(softmax_cross_entropy, LABELS), (binary_cross_entropy, LOGITS > 0), (squared_error, LOGITS + 1)],
)
def test_float32_keeps_its_dtype(loss, target):
    z = LOGITS.astype(np.float32)
    value, gradient = loss(z, target)
    assert gradient.dtype == np.float32
    assert value == pytest.approx(loss(LOGITS, target)[0], rel=1e-6)
    np.testing.assert_array_equal(z, LOGITS.astype(np.float32))


def test_nan_is_nan():
    for loss, target in ((softmax_cross_entropy, [0]), (binary_cross_entropy, [[0, 1]])):
        value, gradient = loss([[np.nan, 0.0]], target)
        assert np.isnan(value)
        assert np.isnan(gradient[0, 0])
    assert np.isnan(squared_error([np.nan], [0.0])[0])


def test_accuracy():
    assert accuracy([[1.0, 2.0, 0.0], [3.0, 1.0, 2.0]], [1, 2]) == 0.5
    assert accuracy([[0.1], [-0.1], [0.0]], [1, 0, 0]) == 1
    assert accuracy([[0.1], [np.nan]], [[1], [0]]) == 0.5
    assert accuracy(np.full((3, 2), np.nan), [0, 0, 0]) == 0


@pytest.mark.parametrize(
    ("loss", "output", "target", "error", "message"),
    [
        (softmax_cross_entropy, [[0.0, 1.0]], [0.0], TypeError, "labels must be integers, got dtype float64"),
        (softmax_cross_entropy, [[0.0, 1.0]], [True], TypeError, "labels must be integers, got dtype bool"),
        (softmax_cross_entropy, [[0j, 1.0]], [0], TypeError, "logits must hold real numbers"),
        (softmax_cross_entropy, [0.0, 1.0], [0], ValueError, r"logits must have the shape .* got \(2,\)"),
        (softmax_cross_entropy, np.ones((0, 2)), [], TypeError, "labels must be integers"),
        (
            softmax_cross_entropy,
            np.ones((0, 2)),
            np.array([], int),
            ValueError,
            r"neither 0, got \(0, 2\)",
        ),
        (
            softmax_cross_entropy,
            [[0.0, 1.0]],
            [[0]],
            ValueError,
            r"labels must have the shape \(1,\), .* got \(1, 1\)",
        ),
        (softmax_cross_entropy, [[0.0, 1.0]], [0, 1], ValueError, r"labels must have the shape \(1,\)"),
        (softmax_cross_entropy, [[0.0, 1.0]], [2], ValueError, "labels must be from 0 to 1, got 2"),
        (softmax_cross_entropy, [[0.0, 1.0]], [-1], ValueError, "labels must be from 0 to 1, got -1"),
        (binary_cross_entropy, [0.0], [1.5], ValueError, "targets must be from 0 to 1, got 1.5"),
        (binary_cross_entropy, [0.0], [np.nan], ValueError, "targets must be from 0 to 1, got nan"),
        (
            binary_cross_entropy,
            [[0.0], [1.0]],
            [[0, 1]],
            ValueError,
            r"targets must have the shape of logits, \(2, 1\), got \(1, 2\)",
        ),
        (binary_cross_entropy, [[0.0, 1.0]], [0, 1], ValueError, "targets must have the shape of logits"),
        (binary_cross_entropy, [], [], ValueError, r"logits must hold at least one element, .* \(0,\)"),
        (squared_error, [0.0], ["a"], TypeError, "targets must hold real numbers"),
        (squared_error, [0.0, 1.0], [0.0], ValueError, r"targets must have the shape of outputs, \(2,\)"),
        (squared_error, np.ones((3, 2)), np.ones(3), ValueError, "targets must have the shape of outputs"),
        (accuracy, [0.0, 1.0], [0, 1], ValueError, r"outputs and labels must have the shapes .* got \(2,\)"),
        (accuracy, [[0.0, 1.0]], [0, 1], ValueError, r"got \(1, 2\) and \(2,\)"),
    ],
)
def test_bad_input(loss, output, target, error, message):
    with pytest.raises(error, match=message):
        loss(output, target)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_no_floating_point_error_escapes(dtype):
    z = np.array([[0, 200], [6e4, -6e4]], dtype)
    with np.errstate(all="raise"):
        for losses in (
            softmax_cross_entropy(z, [1, 0]),
            binary_cross_entropy(z, [[0, 1], [1, 0]]),
            squared_error(z, -z),
        ):
            assert np.isfinite(losses[0])


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([0, 4], ValueError, "labels must be from 0 to 3, got 4"),
        ([-1, 0], ValueError, "labels must be from 0 to 3, got -1"),
        ([0.0, 1.0], TypeError, "labels must be integers, got dtype float64"),
    ],
)
def test_accuracy_refuses_what_is_no_label(labels, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        accuracy(np.zeros((2, 4)), labels)


def test_accuracy_of_one_column_knows_two_classes():
    assert accuracy([[1.0], [-1.0]], [1, 0]) == 1
    with pytest.raises(ValueError, match=r"^labels must be from 0 to 1, got 2$"):
        accuracy([[1.0]], [2])
