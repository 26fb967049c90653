"""Losses, optimisers and PyTorch's initialisation are those of PyTorch."""

import numpy as np
import pytest

from actlib.lab import (
    SGD,
    Adam,
    binary_cross_entropy,
    pytorch_default,
    softmax_cross_entropy,
    squared_error,
)
from tests.parity.frameworks import Framework

RANDOM = np.random.default_rng(0)
LOSSES = {
    "torch.nn.CrossEntropyLoss": (softmax_cross_entropy, RANDOM.integers(4, size=6)),
    "torch.nn.BCEWithLogitsLoss": (binary_cross_entropy, RANDOM.uniform(size=(6, 4))),
    "torch.nn.MSELoss": (squared_error, RANDOM.normal(size=(6, 4))),
}
OUTPUT = RANDOM.normal(scale=3, size=(6, 4))

DECAY = {"learning_rate": 0.1, "weight_decay": 0.01}
OPTIMISERS = [
    (SGD(**DECAY), "torch.optim.SGD", {}),
    (SGD(momentum=0.9, **DECAY), "torch.optim.SGD", {"momentum": 0.9}),
    (Adam(**DECAY), "torch.optim.Adam", {}),
    (Adam(beta1=0.5, beta2=0.9, epsilon=0.1, **DECAY), "torch.optim.Adam", {"betas": (0.5, 0.9), "eps": 0.1}),
]


@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_gradients(name):
    given, (loss, target) = Framework("PyTorch"), LOSSES[name]

    def function(output):
        return given.find(name)()(output, given.tensor(target))

    value, gradient = loss(OUTPUT, target)
    np.testing.assert_allclose(given.derivative(function, OUTPUT, 0), value, rtol=1e-14)
    np.testing.assert_allclose(given.derivative(function, OUTPUT), gradient, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize(("optimiser", "name", "parameters"), OPTIMISERS, ids=str)
def test_optimisers_make_the_same_steps(optimiser, name, parameters):
    given = Framework("PyTorch")
    ours, gradients = {"W1": np.array([1.0, -2.0, 0.5])}, np.random.default_rng(1).normal(size=(5, 3))
    theirs = given.tensor(ours["W1"]).requires_grad_()
    step = optimiser.start(ours)
    their = given.find(name)(
        [theirs], lr=optimiser.learning_rate, weight_decay=optimiser.weight_decay, **parameters
    )
    for gradient in gradients:
        step({"W1": gradient})
        theirs.grad = given.tensor(gradient)
        their.step()
        np.testing.assert_allclose(theirs.detach().numpy(), ours["W1"], rtol=1e-13)


def test_a_linear_layer_starts_within_the_same_bounds():
    given, fan_in = Framework("PyTorch"), 50
    weights, bias = pytorch_default(np.random.default_rng(0), fan_in, 400, None)
    given.module.manual_seed(0)
    layer = given.find("torch.nn.Linear")(fan_in, 400)
    for ours, theirs in ((weights, layer.weight), (bias, layer.bias)):
        theirs = theirs.detach().numpy()
        assert np.abs(theirs).max() == pytest.approx(np.abs(ours).max(), rel=0.02)
        assert theirs.std() == pytest.approx(ours.std(), rel=0.05)
