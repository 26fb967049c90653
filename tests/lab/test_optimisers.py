"""Steps compared with steps computed by hand."""

import numpy as np
import pytest

from actlib.lab import SGD, Adam


def start(**values):
    return {name: np.array(value) for name, value in values.items()}


def test_plain_descent():
    p = start(W1=[1.0, 2.0], b1=[3.0])
    SGD(learning_rate=0.5).start(p)(start(W1=[4.0, -1.0], b1=[0.0]))
    np.testing.assert_array_equal(p["W1"], [-1, 2.5])
    np.testing.assert_array_equal(p["b1"], [3])


def test_momentum_is_pytorchs():
    """v1 = 2, v2 = 0.5*2 - 1 = 0, v3 = 0.5*0 + 4 = 4; p = 10 - 0.25*v, one after the other."""
    p = start(W1=10.0)
    step = SGD(learning_rate=0.25, momentum=0.5).start(p)
    values = []
    for gradient in (2.0, -1.0, 4.0):
        step(start(W1=gradient))
        values.append(float(p["W1"]))
    assert values == [9.5, 9.5, 8.5]


def test_two_adam_steps_by_hand():
    """Algorithm 1 with gradients 2 and -1, in fractions."""
    p = start(W1=[1.0])
    step = Adam(learning_rate=0.1, beta1=0.5, beta2=0.75, epsilon=1.0).start(p)
    step(start(W1=[2.0]))
    # m = 1, v = 1; both corrected are 2 and 4.
    first = 1 - 0.1 * 2 / (2 + 1)
    assert p["W1"][0] == pytest.approx(first, rel=1e-15)
    step(start(W1=[-1.0]))
    # m = 0.5*1 - 0.5*1 = 0 and v = 0.75*1 + 0.25*1 = 1.
    assert p["W1"][0] == pytest.approx(first, rel=1e-15)
    step(start(W1=[3.0]))
    # m = 1.5, corrected 1.5/0.875; v = 0.75 + 2.25 = 3, corrected 3/(1 - 0.421875).
    third = first - 0.1 * (1.5 / 0.875) / (np.sqrt(3 / 0.578125) + 1)
    assert p["W1"][0] == pytest.approx(third, rel=1e-15)


def test_adam_defaults_are_the_papers():
    adam = Adam()
    assert (adam.learning_rate, adam.beta1, adam.beta2, adam.epsilon) == (0.001, 0.9, 0.999, 1e-8)


@pytest.mark.parametrize("optimiser", [SGD, Adam])
def test_decay_leaves_learned_parameters_alone(optimiser):
    p = start(W1=2.0, b1=2.0, a1=2.0)
    zero = start(W1=0.0, b1=0.0, a1=0.0)
    optimiser(learning_rate=0.1, weight_decay=0.5).start(p)(zero)
    assert p["a1"] == 2
    assert p["W1"] == p["b1"] < 2
    p = start(W1=2.0, b1=2.0, a1=2.0)
    optimiser(learning_rate=0.1, weight_decay=0.5, decays="Wa").start(p)(zero)
    assert p["b1"] == 2
    assert p["W1"] == p["a1"] < 2


def test_decay_adds_to_the_gradient():
    p = start(W1=2.0)
    SGD(learning_rate=0.1, weight_decay=0.5).start(p)(start(W1=3.0))
    assert p["W1"] == pytest.approx(2 - 0.1 * (3 + 0.5 * 2))


@pytest.mark.parametrize("optimiser", [SGD(learning_rate=0.1, momentum=0.9), Adam(learning_rate=0.1)])
def test_one_optimiser_serves_many_networks(optimiser):
    """What one run remembers does not leak into the next; gradients and dtypes stay as they are."""

    def run():
        p = start(W1=np.float32([1, 2]))
        step = optimiser.start(p)
        gradient = start(W1=np.float32([1, -1]))
        for _ in range(3):
            step(gradient)
        np.testing.assert_array_equal(gradient["W1"], [1, -1])
        assert p["W1"].dtype == np.float32
        return p["W1"]

    np.testing.assert_array_equal(run(), run())


@pytest.mark.parametrize(
    ("optimiser", "settings", "message"),
    [
        (SGD, {"learning_rate": 0}, "learning_rate must be > 0 and finite, got 0"),
        (Adam, {"learning_rate": np.nan}, "learning_rate must be > 0 and finite, got nan"),
        (SGD, {"learning_rate": 1, "weight_decay": -1}, "weight_decay must be >= 0 and finite, got -1"),
        (SGD, {"learning_rate": 1, "momentum": 1}, "momentum must be from 0 to below 1, got 1"),
        (Adam, {"beta1": 1.0}, "beta1 must be from 0 to below 1, got 1.0"),
        (Adam, {"beta2": -0.1}, "beta2 must be from 0 to below 1, got -0.1"),
        (Adam, {"epsilon": 0}, "epsilon must be > 0 and finite, got 0"),
        (Adam, {"learning_rate": "fast"}, "learning_rate must be a real number, got 'fast'"),
        (SGD, {"learning_rate": 1, "momentum": None}, "momentum must be a real number, got None"),
    ],
)
def test_bad_settings(optimiser, settings, message):
    with pytest.raises((TypeError, ValueError), match=message):
        optimiser(**settings)


@pytest.mark.parametrize(
    "optimiser", [SGD(learning_rate=1e300, weight_decay=1e300), Adam(learning_rate=1e300)]
)
def test_no_floating_point_error_escapes(optimiser):
    p = start(W1=np.array([1e-300, 1e300]))
    with np.errstate(all="raise"):
        step = optimiser.start(p)
        for _ in range(2):
            step({"W1": np.array([1e-300, 1e300])})
