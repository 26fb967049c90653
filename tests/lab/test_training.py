"""Training learns, is deterministic, writes down what is true, and stops before NaN spreads."""

import numpy as np
import pytest

from actlib import activations, prelu, relu, sigmoid, swish, tanh
from actlib.lab import (
    SGD,
    Adam,
    History,
    Network,
    binary_cross_entropy,
    digits,
    he,
    softmax_cross_entropy,
    spirals,
    squared_error,
    train,
    xor,
)
from actlib.measure import dead_units

X, Y = xor()


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_every_activation_learns_xor(f):
    network = Network([2, 8, 2], f)
    history = train(network, xor(), softmax_cross_entropy, Adam(learning_rate=0.05), 300, record_every=300)
    assert history.accuracy[-1] == 1
    assert history.loss[-1] < 0.1 < history.loss[0]
    assert history.stopped is None


@pytest.mark.parametrize("f", [tanh, relu], ids=["tanh", "relu"])
def test_spirals_are_learned(f):
    network = Network([2, 32, 32, 1], f)
    history = train(
        network,
        spirals(400),
        binary_cross_entropy,
        Adam(learning_rate=0.005),
        600,
        test=spirals(400, seed=1),
        record_every=300,
    )
    assert history.epoch == [0, 300, 600]
    assert history.accuracy[0] < 0.75
    assert history.accuracy[-1] > 0.98
    assert history.test_accuracy[-1] > 0.96


def test_digits_are_learned():
    data, test = digits()
    network = Network([64, 64, 10], relu, dtype=np.float32)
    history = train(
        network, data, softmax_cross_entropy, SGD(learning_rate=0.05, momentum=0.9), 10, batch=64, test=test
    )
    assert history.test_accuracy[-1] > 0.94
    assert history.accuracy[-1] > 0.99


@pytest.mark.parametrize("f", [prelu, swish], ids=["prelu", "swish"])
def test_parameters_are_learned(f):
    network = Network([2, 8, 8, 1], f, learned=True)
    start = float(network.parameters["a1"])
    train(network, spirals(100), binary_cross_entropy, Adam(learning_rate=0.01), 50)
    assert network.parameters["a1"] != start
    assert network.parameters["a1"] != network.parameters["a2"]


def trained(batch=16, order=0, weights=0, epochs=3):
    network = Network([2, 8, 1], tanh, seed=weights)
    settings = SGD(learning_rate=0.1, momentum=0.9)
    history = train(network, spirals(60), binary_cross_entropy, settings, epochs, batch=batch, seed=order)
    return network.parameters["W1"], history


def test_training_is_deterministic():
    (w, history), (again, repeated) = trained(), trained()
    np.testing.assert_array_equal(w, again)
    assert history.loss == repeated.loss
    assert not np.array_equal(w, trained(order=1)[0])
    assert not np.array_equal(w, trained(weights=1)[0])
    np.testing.assert_array_equal(trained(batch=None)[0], trained(batch=None, order=1)[0])


def test_one_step_by_hand():
    x, y = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    network = Network([1, 1], tanh)
    network.parameters["W1"][...] = 1.0
    history = train(network, (x, y), squared_error, SGD(learning_rate=0.1), epochs=1)
    # Errors -2 and -3: gradients are the means of 2*error*x = -8 and of 2*error = -5.
    assert network.parameters["W1"].item() == pytest.approx(1.8)
    assert network.parameters["b1"].item() == pytest.approx(0.5)
    assert history.loss == pytest.approx([6.5, ((1.8 + 0.5 - 3) ** 2 + (3.6 + 0.5 - 5) ** 2) / 2])
    assert history.gradient[0] == pytest.approx((8.0,))
    assert np.isnan(history.accuracy).all()
    again = Network([1, 1], tanh)
    again.parameters["W1"][...] = 1.0
    repeated = train(again, (x.tolist(), y.tolist()), squared_error, SGD(learning_rate=0.1), epochs=1)
    assert repeated.loss == history.loss


def test_batches_use_every_sample_once_an_epoch():
    """The gradient of a sum of outputs is the sum of the inputs: every sample leaves its trace."""
    x = 2.0 ** np.arange(7)[:, None]
    sizes = []

    def loss(output, target):
        sizes.append(len(output))
        return 0.0, np.ones_like(output)

    network = Network([1, 1], tanh)
    start = network.parameters["W1"].item()
    train(network, (x, x), loss, SGD(learning_rate=1), epochs=2, batch=3)
    assert network.parameters["W1"].item() == pytest.approx(start - 2 * x.sum())
    assert sizes == [7, 3, 3, 1, 7, 3, 3, 1, 7]


def test_history_measures_the_whole_training_set():
    data = spirals(60)
    network = Network([2, 8, 8, 1], relu, initialise=he)
    network.parameters["b2"][...] = -100
    history = train(network, data, binary_cross_entropy, SGD(learning_rate=0.01), epochs=0)
    assert history.epoch == [0]
    tape = network.forward(data.x)
    value, upstream = binary_cross_entropy(tape.output, data.y)
    gradients, _ = network.backward(tape, upstream)
    assert history.loss == [value]
    assert history.accuracy == [np.mean((tape.output[:, 0] > 0) == data.y)]
    assert history.dead == [dead_units(network, data.x).dead]
    assert history.dead[0][1] == 1
    expected = [np.sqrt(np.mean(gradients[name] ** 2)) for name in ("W1", "W2", "W3")]
    assert history.gradient[0] == pytest.approx(expected)
    assert repr(history) == f"<History: 0 epochs, loss {value:.4g} to {value:.4g}>"


def test_entries_are_as_many_as_asked():
    network = Network([2, 4, 1], sigmoid)
    history = train(network, xor(), binary_cross_entropy, Adam(), epochs=7, record_every=3)
    assert history.epoch == [0, 3, 6, 7]
    assert {len(getattr(history, name)) for name in vars(history) if name != "stopped"} == {4}


@pytest.mark.parametrize("f", [relu, prelu], ids=["relu", "prelu"])
@pytest.mark.parametrize("learning_rate", [1e2, 1e150, 1e308])
def test_divergence_stops_with_finite_weights(f, learning_rate):
    network = Network([2, 8, 8, 1], f, learned=f is prelu)
    x = 10 * spirals(50).x
    history = train(network, (x, x[:, 0]), squared_error, SGD(learning_rate=learning_rate), epochs=500)
    assert history.stopped.startswith(f"epoch {history.epoch[-1]}: ")
    assert history.stopped.endswith(("is inf", "is nan", "not finite"))
    assert all(np.isfinite(p).all() for p in network.parameters.values())
    assert history.epoch[-1] < 500
    assert repr(history).startswith("<History: stopped in epoch ")


def test_nan_in_the_data_stops_before_the_first_step():
    network = Network([2, 4, 1], tanh)
    before = {name: p.copy() for name, p in network.parameters.items()}
    x, y = np.array([[0.0, np.nan]]), np.array([1])
    history = train(network, (x, y), binary_cross_entropy, Adam(), epochs=5)
    assert history.stopped == "epoch 1: the loss is nan"
    assert history.epoch == [0, 1]
    assert history.accuracy == [0, 0]
    for name, p in network.parameters.items():
        np.testing.assert_array_equal(p, before[name])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": -1}, "epochs must be >= 0, got -1"),
        ({"epochs": 1, "batch": 0}, "batch must be >= 1, got 0"),
        ({"epochs": 1, "record_every": 0}, "record_every must be >= 1, got 0"),
        ({"epochs": 2.5}, "epochs must be an integer, got 2.5"),
        ({"epochs": 1, "batch": 2.0}, "batch must be an integer, got 2.0"),
        ({"epochs": 1, "seed": -1}, "seed must be >= 0, got -1"),
        (
            {"epochs": 1, "data": (np.ones((0, 2)), np.ones(0))},
            r"data must hold at least one sample, got inputs of shape \(0, 2\)",
        ),
        (
            {"epochs": 1, "data": (np.ones((4, 2)), np.ones(3))},
            r"inputs and targets in data must have one length, got the shapes \(4, 2\) and \(3,\)",
        ),
        ({"epochs": 1, "data": (X, Y, Y)}, "data must be inputs and targets, got 3 parts"),
        ({"epochs": 1, "test": (X, Y, Y)}, "test must be inputs and targets, got 3 parts"),
        ({"epochs": 1, "data": (1j * X, Y)}, "inputs in data must hold real numbers"),
        ({"epochs": 1, "loss": "mse"}, "loss must be a function such as squared_error, got 'mse'"),
        ({"epochs": 1, "optimiser": Adam}, r"optimiser must be an instance, such as Adam\(\), got the class"),
        ({"epochs": 1, "optimiser": "adam"}, r"optimiser must be one such as Adam\(\), got 'adam'"),
        ({"epochs": 1, "network": tanh}, r"network must be a Network, got Tanh\(\)"),
        ({"epochs": 1, "test": (X, Y + 2)}, r"labels in test must be integers from 0 to 1, got \[2 3 3 2\]"),
        ({"epochs": 1, "test": (X, Y / 2)}, "labels in test must be integers from 0 to 1"),
    ],
)
def test_bad_input(arguments, message):
    settings = {"network": Network([2, 2, 1], tanh), "data": xor(), "loss": binary_cross_entropy}
    settings |= {"optimiser": Adam(), **arguments}
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        train(**settings)


def test_targets_that_are_no_classes_have_no_accuracy():
    history = train(Network([2, 2, 1], tanh), (X, 7 * Y), squared_error, Adam(), 1, test=(X, 7 * Y))
    assert np.isnan([history.accuracy, history.test_accuracy]).all()


def test_a_step_that_is_not_finite_leaves_the_arrays_where_they_were():
    class Leap:
        def start(self, parameters):
            def step(gradients):
                for p in parameters.values():
                    p[...] = np.inf

            return step

    network = Network([2, 2, 1], tanh)
    held = dict(network.parameters)
    before = {name: p.copy() for name, p in held.items()}
    assert train(network, xor(), binary_cross_entropy, Leap(), 1).stopped == "epoch 1: a step is not finite"
    for name, p in network.parameters.items():
        assert p is held[name]
        np.testing.assert_array_equal(p, before[name])


def test_a_history_without_an_entry_says_so():
    assert repr(History()) == "<History: nothing measured yet>"
