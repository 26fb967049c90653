"""The network computes what its formula says, and every gradient is the gradient."""

import pickle
from dataclasses import fields

import numpy as np
import pytest

from actlib import ReLU, activations, prelu, relu, sigmoid, swish, tanh
from actlib.contract.activation import Learnable
from actlib.lab import (
    Network,
    binary_cross_entropy,
    by_gain,
    he,
    pytorch_default,
    softmax_cross_entropy,
    squared_error,
)
from tests.lab.central import central_gradient

every_activation = pytest.mark.parametrize("f", activations.values(), ids=activations)
learnable = [f for f in activations.values() if isinstance(f, Learnable)]
RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=(7, 3))
LABELS = RANDOM.integers(0, 2, 7)
LOSSES = [
    (softmax_cross_entropy, LABELS),
    (binary_cross_entropy, RANDOM.uniform(size=(7, 2))),
    (squared_error, RANDOM.normal(size=(7, 2))),
]
each_loss = pytest.mark.parametrize(("loss", "target"), LOSSES, ids=lambda v: getattr(v, "__name__", ""))


def check_every_gradient(network, loss, target, x=X):
    x = x.copy()

    def value():
        return loss(network(x), target)[0]

    tape = network.forward(x)
    gradients, input_gradient = network.backward(tape, loss(tape.output, target)[1])
    assert gradients.keys() == network.parameters.keys()
    for name, parameter in network.parameters.items():
        assert gradients[name].shape == parameter.shape
        expected = central_gradient(value, parameter)
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-5, atol=1e-9, err_msg=name)
        assert np.abs(expected).max() > 1e-4, f"{name} is not tested where its gradient is 0"
    np.testing.assert_allclose(input_gradient, central_gradient(value, x), rtol=1e-5, atol=1e-9)


@every_activation
@each_loss
def test_gradients_of_two_hidden_layers(f, loss, target):
    network = Network([3, 6, 5, 2], f, initialise=by_gain(1.5), seed=3)
    check_every_gradient(network, loss, target)


@pytest.mark.parametrize("f", learnable, ids=lambda f: f.name)
@each_loss
def test_gradients_of_learned_parameters(f, loss, target):
    network = Network([3, 6, 5, 2], f, learned=True, initialise=he, seed=3)
    network.parameters["a1"][...] = 0.6
    network.parameters["a2"][...] = 1.3
    check_every_gradient(network, loss, target)


@every_activation
def test_gradients_with_an_output_activation(f):
    network = Network([3, 6, 2], tanh, output=f, initialise=he, seed=3)
    check_every_gradient(network, squared_error, LOSSES[2][1])


def test_output_by_hand():
    network = Network([3, 4, 2], tanh, initialise=pytorch_default)
    p = network.parameters
    assert any(p["b1"])
    np.testing.assert_allclose(network(X), np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"], rtol=1e-14)
    with_output = Network([3, 4, 2], tanh, output=sigmoid, initialise=pytorch_default)
    np.testing.assert_allclose(with_output(X), sigmoid(network(X)), rtol=1e-14)


def test_a_network_without_hidden_layer_is_linear():
    network = Network([3, 2], tanh)
    np.testing.assert_array_equal(network(X), X @ network.parameters["W1"])
    assert network.hidden(X) == []
    check_every_gradient(network, squared_error, LOSSES[2][1])


@every_activation
def test_hidden_shows_what_goes_into_each_activation(f):
    network = Network([3, 6, 5, 2], f)
    hidden = network.hidden(X)
    assert [g for g, _ in hidden] == [f, f]
    tape = network.forward(X)
    for (_, z), recorded, h in zip(hidden, tape.linear, tape.inputs[1:], strict=False):
        np.testing.assert_array_equal(z, recorded)
        np.testing.assert_array_equal(f(z), h)
    assert [h.shape[1] for h in tape.inputs] == [3, 6, 5]


@pytest.mark.parametrize("f", learnable, ids=lambda f: f.name)
def test_learned_parameters_belong_to_layers(f):
    network = Network([3, 6, 5, 2], f, learned=True)
    start = getattr(f, f.learned)
    assert network.parameters["a1"] == network.parameters["a2"] == start
    assert "a3" not in network.parameters
    network.parameters["a2"][...] = 0.75
    assert network.activation(1) == f
    assert getattr(network.activation(2), f.learned) == 0.75
    assert network.activation(3) is None
    assert getattr(f, f.learned) == start
    others = [field.name for field in fields(f) if field.name != f.learned]
    assert all(getattr(network.activation(2), name) == getattr(f, name) for name in others)


def test_parameters_are_learned_only_if_asked():
    assert not [name for name in Network([3, 4, 2], prelu).parameters if name[0] == "a"]
    with pytest.raises(TypeError, match=r"activation must have a parameter to learn, got ReLU\(\)"):
        Network([3, 4, 2], relu, learned=True)


@every_activation
def test_float32_stays_float32(f):
    network = Network([3, 6, 2], f, dtype=np.float32, learned=isinstance(f, Learnable))
    tape = network.forward(X)
    gradients, input_gradient = network.backward(tape, np.ones((7, 2)))
    arrays = [*network.parameters.values(), *gradients.values(), input_gradient]
    arrays += [*tape.inputs, *tape.linear, tape.output]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    double = Network([3, 6, 2], f)
    np.testing.assert_allclose(tape.output, double(X), rtol=1e-4, atol=1e-5)


def test_seed_decides():
    def weights(seed):
        return Network([3, 4, 2], swish, seed=seed).parameters["W2"]

    np.testing.assert_array_equal(weights(1), weights(1))
    assert (weights(1) != weights(2)).all()
    np.testing.assert_array_equal(weights(np.random.default_rng(1)), weights(1))


def test_input_is_not_modified():
    x, upstream = X.copy(), np.ones((7, 2))
    network = Network([3, 4, 2], tanh)
    network.backward(network.forward(x), upstream)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(upstream, np.ones((7, 2)))


def test_overflow_is_silent():
    network = Network([3, 4, 2], relu)
    network.parameters["W1"][...] = 1e308
    network.parameters["W2"][...] = -1e308
    tape = network.forward(10 * np.abs(X))
    network.backward(tape, 1e300 * np.ones((7, 2)))
    assert not np.isfinite(tape.output).any()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sizes": [3]}, ValueError, r"sizes must hold at least two widths, got \[3\]"),
        ({"sizes": [3, 0, 1]}, ValueError, "a width in sizes must be >= 1, got 0"),
        ({"sizes": [3, 2.5, 1]}, TypeError, "a width in sizes must be an integer, got 2.5"),
        ({"sizes": -3}, TypeError, r"sizes must be a sequence of widths such as \[64, 32, 10\], got -3"),
        ({"sizes": "321"}, TypeError, "sizes must be a sequence of widths .* got '321'"),
        ({"activation": ReLU}, TypeError, r"activation must be an instance, such as ReLU\(\), got the class"),
        ({"activation": np.tanh}, TypeError, "activation must be an activation .* got <ufunc 'tanh'>"),
        ({"activation": "relu"}, TypeError, "activation must be an activation .* such as tanh, got 'relu'"),
        ({"activation": None}, TypeError, "activation must be an activation .* got None"),
        ({"activation": -1.5}, TypeError, "activation must be an activation .* got -1.5"),
        ({"output": "softmax"}, TypeError, "output must be an activation .* got 'softmax'"),
        ({"initialise": "he"}, TypeError, "initialise must be a function such as he, got 'he'"),
        ({"seed": -1}, ValueError, "seed must be >= 0, got -1"),
        ({"seed": 0.5}, TypeError, "seed must be an integer, got 0.5"),
        ({"dtype": np.float16}, ValueError, "dtype must be float32 or float64, got float16"),
        ({"dtype": int}, ValueError, "dtype must be float32 or float64, got int64"),
    ],
)
def test_bad_settings(arguments, error, message):
    with pytest.raises(error, match=message):
        Network(**{"sizes": [3, 4, 2], "activation": tanh, **arguments})


def test_it_says_what_it_is():
    assert repr(Network([3, 4, 2], tanh)) == "<Network 3-4-2, Tanh(): 26 parameters in float64>"
    learned = Network([3, 4, 2], prelu, output=sigmoid, learned=True, dtype=np.float32)
    assert repr(learned) == (
        "<Network 3-4-2, PReLU(negative_slope=0.25), output Sigmoid(): 27 parameters in float32>"
    )
    assert repr(Network([3, 2], tanh)) == "<Network 3-2: 8 parameters in float64>"


@every_activation
def test_it_can_be_sent_to_another_process(f):
    network = Network([3, 6, 2], f)
    assert f.facts
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(network))(X), network(X))


def test_no_floating_point_error_escapes():
    network = Network([3, 4, 2], tanh, dtype=np.float32)
    with np.errstate(all="raise"):
        tape = network.forward(1e200 * X)
        network.backward(tape, 1e-200 * np.ones((7, 2)))
        network.backward(tape, 1e200 * np.ones((7, 2)))


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.ones(3), ValueError, r"x must have the shape \(samples, 3\), got \(3,\)"),
        (np.ones((2, 4)), ValueError, r"x must have the shape \(samples, 3\), got \(2, 4\)"),
        (np.ones((2, 3), complex), TypeError, "x must hold real numbers"),
    ],
)
def test_bad_input(x, error, message):
    with pytest.raises(error, match=message):
        Network([3, 4, 2], tanh)(x)


def test_bad_upstream():
    network = Network([3, 4, 2], tanh)
    with pytest.raises(ValueError, match=r"upstream must have the shape of the output, \(7, 2\), got \(7,\)"):
        network.backward(network.forward(X), np.ones(7))
