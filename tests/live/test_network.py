"""The network of the live figures is actlib.lab's: gradients, steps, losses and initial weights."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

import numpy as np
import pytest

from actlib import ELU, GELU, LeakyReLU, Maxout, PReLU, Softplus, Swish, activations
from actlib.contract.activation import Activation
from actlib.lab import (
    SGD,
    Adam,
    Network,
    Random,
    accuracy,
    binary_cross_entropy,
    he,
    lecun,
    own_gain,
    pytorch_default,
    softmax_cross_entropy,
    squared_error,
    xavier,
)
from actlib.lab.initialisers import by_gain, gain_of
from tests.live.node import node
from tests.live.test_activations import called

Array = np.ndarray[Any, np.dtype[np.float64]]
LOSSES = {loss.__name__: loss for loss in (squared_error, binary_cross_entropy, softmax_cross_entropy)}
OPTIMISERS = {
    "new network.SGD({ learningRate: 0.05 })": SGD(learning_rate=0.05),
    "new network.SGD({ learningRate: 0.02, momentum: 0.9 })": SGD(learning_rate=0.02, momentum=0.9),
    "new network.Adam({ learningRate: 0.01 })": Adam(learning_rate=0.01),
}
INITIALISERS = {
    "own_gain": own_gain,
    "he": he,
    "lecun": lecun,
    "xavier": xavier,
    "pytorch_default": pytorch_default,
}
CASES: list[tuple[Activation, bool]] = [
    *((f, False) for f in activations.values()),
    *((f, False) for f in (GELU("tanh"), Maxout(3), LeakyReLU(0.2), ELU(0.5), Softplus(3), Swish(1.7))),
    *((f, True) for f in (PReLU(), PReLU(-0.3), Swish(), Swish(-2.0))),
]
each_case = pytest.mark.parametrize(("f", "learned"), CASES, ids=lambda value: repr(value))
SHAPES = {
    "squared_error": [2, 9, 6, 3],
    "binary_cross_entropy": [3, 16, 5, 1],
    "softmax_cross_entropy": [2, 8, 8, 4],
}
SAMPLES = 37


def settings(f: Activation, learned: bool, widths: list[int], seed: int = 0) -> dict[str, Any]:
    """Return what the constructor of the JavaScript network is given."""
    if isinstance(f, Maxout):
        return {"widths": widths, "activation": f.name, "pieces": f.pieces, "seed": seed}
    name, parameter = ("softmax", None) if f.name == "softmax" else called(f)  # type: ignore[arg-type]
    given = {} if parameter is None else {"parameter": parameter}
    return {"widths": widths, "activation": name, "learned": learned, "seed": seed, **given}


def flat(arrays: dict[str, Any]) -> Array:
    """Return arrays in the order of JavaScript: W, b and a, layer by layer."""
    return np.concatenate([np.ravel(arrays[name]) for name in sorted(arrays, key=place)])


def place(name: str) -> tuple[int, int]:
    """Return where an array stands: by its layer, and there as W, b or a."""
    return int(name[1:]), "Wba".index(name[0])


def batch(widths: list[int], loss: str) -> tuple[Array, Any]:
    random = np.random.default_rng(2)
    x = random.normal(size=(SAMPLES, widths[0]))
    if loss == "squared_error":
        return x, random.normal(size=(SAMPLES, widths[-1]))
    return x, random.integers(0, max(2, widths[-1]), SAMPLES)


def relative(computed: Array, expected: Array) -> float:
    """Return the largest difference, relative to the largest number."""
    return float(np.max(np.abs(computed - expected)) / np.max(np.abs(expected)))


@each_case
def test_loss_and_gradients_are_actlibs(f: Activation, learned: bool) -> None:
    cases, expected = [], []
    for loss, widths in SHAPES.items():
        network = Network(widths, f, learned=learned, seed=1)
        for name, part in network.parameters.items():
            if name.startswith("b"):
                part += np.random.default_rng(0).normal(size=part.shape) / 3
        x, y = batch(widths, loss)
        tape = network.forward(x)
        value, upstream = LOSSES[loss](tape.output, y)
        expected.append((value, network.backward(tape, upstream)[0]))
        cases.append(
            {
                "given": settings(f, learned, widths),
                "weights": flat(network.parameters),
                "x": x.ravel(),
                "y": np.ravel(y).astype(float),
                "loss": loss,
            }
        )
    found = node(
        """cases.map(({ given, weights, x, y, loss }) => {
          const net = new network.Network(given);
          net.parameters.set(weights);
          const tape = net.forward(x);
          const value = network.LOSSES[loss](tape.output, y, tape.upstream);
          net.backward(tape, tape.upstream);
          return { value, gradients: net.gradients };
        })""",
        cases=cases,
    )
    for case, (value, gradients) in zip(found, expected, strict=True):
        assert case["value"] == pytest.approx(value, rel=1e-13)
        start = 0
        for name in sorted(gradients, key=place):
            size = np.size(gradients[name])
            part = case["gradients"][start : start + size]
            assert relative(part, np.ravel(gradients[name])) < 1e-12, name
            start += size
        assert start == len(case["gradients"])


@each_case
def test_two_hundred_steps_end_at_actlibs_weights(f: Activation, learned: bool) -> None:
    widths, loss = [2, 8, 8, 1], "binary_cross_entropy"
    x, y = batch(widths, loss)
    begin = flat(Network(widths, f, learned=learned, seed=1).parameters)
    found = node(
        f"""[{", ".join(OPTIMISERS)}].map((optimiser) => {{
          const net = new network.Network(given);
          net.parameters.set(weights);
          const data = {{ x, y, samples: y.length }}, batch = y.length;
          const run = new network.Training({{ network: net, data, loss, optimiser, batch }});
          for (let i = 0; i < 200; i++) run.step();
          return {{ steps: run.steps, weights: net.parameters, measured: run.measure().loss }};
        }})""",
        given=settings(f, learned, widths),
        weights=begin,
        x=x.ravel(),
        y=y.astype(float),
        loss=loss,
    )
    for optimiser, end in zip(OPTIMISERS.values(), found, strict=True):
        network = Network(widths, f, learned=learned, seed=1)
        step = optimiser.start(network.parameters)
        for _ in range(200):
            tape = network.forward(x)
            step(network.backward(tape, LOSSES[loss](tape.output, y)[1])[0])
        assert end["steps"] == 200
        assert relative(end["weights"], flat(network.parameters)) < 1e-10, optimiser
        assert end["measured"] == pytest.approx(LOSSES[loss](network(x), y)[0], rel=1e-9)


def test_a_batch_follows_the_other_and_the_last_may_be_smaller() -> None:
    seen = node(
        """(() => {
          const net = new network.Network({ widths: [1, 1], activation: "relu" }), seen = [];
          const data = { x: Float64Array.of(0, 1, 2, 3, 4, 5, 6), y: new Float64Array(7), samples: 7 };
          const optimiser = new network.SGD({ learningRate: 1e-9 }), loss = "squared_error";
          const run = new network.Training({ network: net, data, loss, optimiser, batch: 3 });
          const forward = net.forward.bind(net);
          net.forward = (x) => { seen.push([...x]); return forward(x); };
          for (let i = 0; i < 6; i++) run.step();
          return seen;
        })()"""
    )
    assert [len(part) for part in seen] == [3, 3, 1] * 2
    epochs = [list(chain(*seen[:3])), list(chain(*seen[3:]))]
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert epochs[0] != epochs[1]


@pytest.mark.parametrize("scale", [1, 40, 2000])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_are_actlibs_for_sure_and_for_wrong_answers(loss: str, scale: float) -> None:
    random = np.random.default_rng(0)
    shape = (50, 1 if loss == "binary_cross_entropy" else 4)
    outputs = scale * random.normal(size=shape)
    if loss == "softmax_cross_entropy":
        targets = random.integers(0, 4, 50)
    else:
        targets = random.uniform(size=shape).round(1)
    value, gradient = LOSSES[loss](outputs, targets)
    found = node(
        "(() => { const g = new Float64Array(z.length); return [network.LOSSES[loss](z, y, g), g]; })()",
        z=outputs.ravel(),
        y=targets.ravel().astype(float),
        loss=loss,
    )
    assert found[0] == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(found[1], gradient.ravel(), rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("f", [f for f in activations.values() if f.name != "softmax"], ids=repr)
def test_a_seed_gives_pythons_weights(f: Activation) -> None:
    cases = [(name, widths) for name in INITIALISERS for widths in ([2, 8, 8, 1], [3, 5, 2])]
    found = node(
        "cases.map((given) => new network.Network(given).parameters)",
        cases=[{**settings(f, False, widths, seed=4), "initialiser": name} for name, widths in cases],
    )
    for (name, widths), weights in zip(cases, found, strict=True):
        network = Network(widths, f, initialise=INITIALISERS[name], seed=Random(4))
        np.testing.assert_allclose(weights, flat(network.parameters), rtol=1e-13)


def test_a_gain_may_be_a_number() -> None:
    zero, three = node(
        """[0, 3].map((initialiser) =>
          new network.Network({ widths: [4, 5, 2], activation: "relu", initialiser, seed: 4 }).parameters)"""
    )
    assert (zero == 0).all()
    expected = flat(Network([4, 5, 2], activations["relu"], initialise=by_gain(3), seed=Random(4)).parameters)
    np.testing.assert_array_equal(three, expected)


def test_a_name_or_a_parameter_has_its_own_gain() -> None:
    found = node(
        """[["swish", 8, 1], ["swish", 8, 2], ["maxout", 8, NaN, 2], ["maxout", 8, NaN, 5],
          ["softmax", 2], ["softmax", 8], ["softmax", 33]].map((given) => gain.gainOf(...given))"""
    )
    exact = [gain_of(f, width=8) for f in (Swish(), Swish(2), Maxout(2), Maxout(5))]
    assert found[:4] == pytest.approx(exact, rel=3e-14)
    # Both measure that of softmax, each to 1.5 %.
    measured = [gain_of(activations["softmax"], width) for width in (2, 8, 33)]
    assert found[4:] == pytest.approx(measured, rel=0.03)


def test_gain_and_chi_are_the_facts() -> None:
    cases = [f for f, _ in CASES if f.name != "softmax"]
    found = node(
        "cases.map(({ activation, parameter, pieces }) => gain.momentsOf(activation, parameter, pieces))",
        cases=[settings(f, False, [1, 1]) for f in cases],
    )
    for f, moments in zip(cases, found, strict=True):
        facts = f.facts.moments
        assert moments["gain"] == pytest.approx(facts.gain, rel=3e-14), f
        assert moments["chi"] == pytest.approx(facts.chi, rel=3e-14), f


def test_softmax_has_no_moments() -> None:
    with pytest.raises(RuntimeError, match="activation must have moments, got softmax"):
        node("gain.momentsOf('softmax')")


def test_a_typed_formula_trains_as_the_activation_it_is() -> None:
    end = node(
        """["mish", formula.parse("x*tanh(softplus(x))")].map((f) => {
          const activation = f === "mish" ? f : { pass: (z, h, d) => f.run(z, h, d) };
          const net = new network.Network({ widths: [2, 8, 8, 1], activation, seed: 3 });
          const moons = data.moons(100, 1), optimiser = new network.Adam({ learningRate: 0.01 });
          const run = new network.Training({ network: net, data: moons, loss: moons.loss, optimiser });
          for (let i = 0; i < 200; i++) run.step();
          return net.parameters;
        })"""
    )
    assert relative(*end) < 1e-10


@pytest.mark.parametrize(("value", "square"), [("0", "0"), ("1e200", "Infinity"), ("NaN", "NaN")])
def test_a_function_without_a_gain_is_refused(value: str, square: str) -> None:
    pass_of_it = f"(z, h, d) => {{ h.fill({value}); d.fill(0); }}"
    with pytest.raises(
        RuntimeError, match=f"activation must have a mean square > 0 and finite, got {square}"
    ):
        node(f"new network.Network({{ widths: [2, 3, 1], activation: {{ pass: {pass_of_it} }} }})")


BLOWN = """(() => {
  const net = new network.Network({ widths: [1, 2, 1], activation: "leaky_relu", seed: 1 });
  net.parameters.set(weights);
  const data = { x: Float64Array.of(x, 2 * x), y: Float64Array.of(0, target), samples: 2 };
  const optimiser = new network.SGD({ learningRate }), loss = "squared_error";
  const run = new network.Training({ network: net, data, loss, optimiser });
  for (let i = 0; i < 50; i++) run.step();
  return { stopped: run.stopped, steps: run.steps, weights: net.parameters, again: run.step() };
})()"""
FINE = [1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 0.0]
CANCEL = [1.0, 0.0, 0.0, 0.0, 1e-160, 1.0, 0.0]  # the gradient of layer 1 is infinite as well
SMALL = [1e-160, -1e-160, 0.0, 0.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("weights", "x", "target", "rate", "stopped"),
    [
        ([1e300, 1e300, 0, 0, 1e300, 1e300, 0], 1.0, 0.0, 0.1, "step 1: layer 2 left the range of floats"),
        (FINE, 1.0, 1e200, 0.1, "step 1: the loss is Infinity"),
        (FINE, 1e160, -1e150, 0.1, "step 1: the loss is Infinity"),
        (SMALL, 1e160, 1e150, 0.1, "step 1: the gradient of layer 1 left the range of floats"),
        (CANCEL, 1e160, 1e150, 0.1, "step 1: the gradient of layer 2 left the range of floats"),
        (FINE, 1.0, 1.0, 1e308, "step 1: the weights of layer 1 would leave the range of floats"),
        (FINE, 1.0, 1.0, 3.0, "step 8: the loss is Infinity"),
    ],
)
def test_a_training_that_diverges_says_where_and_keeps_its_weights(
    weights: list[float], x: float, target: float, rate: float, stopped: str
) -> None:
    found = node(BLOWN, weights=weights, x=x, target=target, learningRate=rate)
    assert found["stopped"]["text"] == stopped
    assert found["stopped"]["step"] == found["steps"] + 1
    layers = re.findall(r"layer (\d)", stopped)
    assert [found["stopped"]["layer"]] == ([int(layers[0])] if layers else [None])
    assert np.isfinite(found["weights"]).all()
    assert np.isnan(found["again"])
    if found["steps"] == 0:
        assert found["weights"].tolist() == weights


def test_accuracy_is_actlibs() -> None:
    random = np.random.default_rng(0)
    for columns in (1, 3):
        z, labels = random.normal(size=(60, columns)), random.integers(0, max(2, columns), 60)
        z[3] = np.nan
        found = node("network.accuracy(z, y, 60)", z=z.ravel(), y=labels.astype(float))
        assert found == accuracy(z, labels)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("widths: [2]", r"widths must be at least two integers >= 1, got \[2\]"),
        ("widths: [2, 0.5, 1]", r"widths must be at least two integers >= 1, got \[2,0.5,1\]"),
        ("activation: 'step'", "activation must be one of actlib, got step"),
        ("activation: 'constructor'", "activation must be one of actlib, got constructor"),
        ("learned: true", "activation must have a parameter to learn, got tanh"),
        (
            "initialiser: 'orthogonal'",
            "initialiser must be a gain >= 0 or one of own_gain, lecun, .*, got ortho",
        ),
        ("initialiser: -1", "initialiser must be a gain >= 0 or one of .*, got -1"),
        ("activation: 'maxout', pieces: 1", "pieces must be an integer >= 2, got 1"),
        ("seed: 0.5", "seed must be an integer"),
    ],
)
def test_a_wrong_setting_is_named(change: str, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        node(f"new network.Network({{ widths: [2, 3, 1], activation: 'tanh', {change} }})")


CROSS = "softmax_cross_entropy"


def training(change: str, loss: str = "binary_cross_entropy") -> str:
    """Return an expression that makes a training with one thing wrong."""
    return f"""(() => {{
      const given = {{ widths: [2, 3, 1], x: [1, 2, 3, 4], y: [0, 1], loss: "{loss}", batch: 2, {change} }};
      const data = {{ x: Float64Array.from(given.x), y: Float64Array.from(given.y), samples: 2 }};
      const net = new network.Network({{ widths: given.widths, activation: "relu" }});
      return new network.Training({{ network: net, data, optimiser: new network.Adam(), ...given }}).steps;
    }})()"""


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("new network.SGD({ learningRate: 0 })", "learningRate must be > 0 and finite, got 0"),
        ("new network.SGD({ learningRate: 1, momentum: 1 })", "momentum must be from 0 to below 1, got 1"),
        ("new network.Adam({ beta1: 1 })", "beta1 must be from 0 to below 1, got 1"),
        ("new network.Adam({ epsilon: 0 })", "epsilon must be > 0 and finite, got 0"),
        (training("loss: 'hinge'"), "loss must be one of squared_error, .*, got hinge"),
        (training("batch: 0"), "batch must be an integer >= 1, got 0"),
        (training("y: [1]"), "data must hold 2 inputs and 1 targets a sample, got 4 and 1 of 2 samples"),
        (training("x: [1, 2]"), "data must hold 2 inputs and 1 targets a sample, got 2 and 2 of 2 samples"),
        (training("y: [0, 1.5]"), "targets must be from 0 to 1, got 1.5"),
        (training("y: [0, NaN]"), "targets must be from 0 to 1, got NaN"),
        (training("y: [0, 2], widths: [2, 2]", CROSS), "labels must be integers from 0 to 1, got 2"),
        (training("y: [0, 0.5], widths: [2, 2]", CROSS), "labels must be integers from 0 to 1, got 0.5"),
    ],
)
def test_a_wrong_setting_of_a_training_is_named(expression: str, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        node(expression)
