"""Inactive, dead, never positive and NaN are four different things."""

import numpy as np
import pytest

from actlib import LeakyReLU, Maxout, activations, gelu, relu, sigmoid, softmax, tanh
from actlib.lab import Network, he
from actlib.measure import dead_units


def test_every_kind_once():
    z = np.array(
        [
            [1.0, -1.0, -1.0, np.nan, -1.0],
            [1.0, 1.0, -2.0, 1.0, np.nan],
            [1.0, 1.0, -3.0, 1.0, -1.0],
            [0.0, -1.0, 0.0, -1.0, -1.0],
        ]
    )
    units = dead_units(relu, z)
    # Inactive, by column: 1 at z = 0, then 2, 4, 1 and 3 of 4.
    assert units.inactive == (11 / 20,)
    assert units.dead == units.never_positive == (1 / 5,)
    assert units.nan == (2 / 5,)


def test_a_leak_keeps_units_alive():
    z = np.full((3, 2), -5.0)
    units = dead_units(LeakyReLU(0.01), z)
    assert units.inactive == units.dead == (0,)
    assert units.never_positive == (1,)


def test_everything_nan_is_not_alive():
    """A count of zeros in f' finds no dead unit here."""
    units = dead_units(relu, np.full((3, 2), np.nan))
    assert (units.inactive, units.dead, units.never_positive, units.nan) == ((0,), (0,), (0,), (1,))


def test_infinities_saturate():
    z = np.array([[-np.inf, np.inf]])
    assert dead_units(sigmoid, z).dead == (1,)
    assert dead_units(relu, z).dead == (0.5,)


def test_a_piece_of_maxout_dies_where_others_are_larger():
    pieces = Maxout(pieces=2)
    # The pieces of one unit, whichever way maxout groups them.
    z = np.array([[0.0, 1.0], [2.0, 3.0]])
    units = dead_units(pieces, z)
    assert units.inactive == units.dead == (0.5,)
    assert dead_units(pieces, [[0.0, 1.0], [3.0, 2.0]]).dead == (0,)


def test_softmax_is_alive_until_it_saturates():
    z = np.random.default_rng(0).normal(size=(4, 3))
    assert dead_units(softmax, z).inactive == (0,)
    assert dead_units(softmax, [[0.0, 1000.0, -1000.0]]).inactive == (1,)


@pytest.mark.parametrize(
    ("bias", "inactive", "dead"), [(0, 0.499, 0.000), (-4, 0.996, 0.215), (-6, 0.9999, 0.90)]
)
def test_half_inactive_is_not_dead(bias, inactive, dead):
    """Shares measured independently, with other random numbers, for 2000 samples and 200 units."""
    shares = []
    for seed in range(5):
        x = np.random.default_rng(100 + seed).normal(size=(2000, 16))
        network = Network([16, 200, 1], relu, initialise=he, seed=seed)
        network.parameters["b1"][...] = bias
        units = dead_units(network, x)
        shares.append((units.inactive[0], units.dead[0]))
    assert np.mean(shares, axis=0) == pytest.approx([inactive, dead], abs=0.02)


@pytest.mark.parametrize("f", activations.values(), ids=activations)
def test_fresh_networks_have_no_dead_units(f):
    x = np.random.default_rng(1).normal(size=(300, 20))
    units = dead_units(Network([20, 30, 30, 2], f), x)
    assert units.dead == units.nan == (0, 0)
    assert all(0 <= share < 0.7 for share in units.inactive)


def test_dead_units_have_no_weight_gradient():
    x = np.random.default_rng(1).normal(size=(300, 20))
    network = Network([20, 30, 2], relu, seed=2)
    network.parameters["b1"][:12] = -50
    assert dead_units(network, x).dead == (0.4,)
    tape = network.forward(x)
    gradients, _ = network.backward(tape, np.random.default_rng(2).normal(size=(300, 2)))
    np.testing.assert_array_equal(gradients["W1"].any(axis=0), np.arange(30) >= 12)


def test_report():
    network = Network([2, 4, 4, 1], gelu)
    network.parameters["b2"][:3] = -100
    network.parameters["b2"][0] = np.nan
    lines = str(dead_units(network, [[0.1, 0.2]])).splitlines()
    assert lines[0] == "layer  inactive    dead  never positive     NaN"
    assert lines[1].split() == ["1", "0.0%", "0.0%", lines[1].split()[3], "0.0%"]
    assert lines[2].split()[:3] == ["2", "50.0%", "50.0%"]
    assert lines[2].split()[4] == "25.0%"
    assert len({len(line) for line in lines}) == 1


def test_input_is_not_modified_and_answers_repeat():
    z = np.random.default_rng(3).normal(size=(5, 4))
    kept = z.copy()
    assert dead_units(tanh, z) == dead_units(tanh, z.tolist())
    np.testing.assert_array_equal(z, kept)
    assert dead_units(relu, z.astype(np.float32)) == dead_units(relu, z)


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"x must have the shape \(samples, features\), .* got \(2,\)"),
        (np.ones((0, 3)), ValueError, r"neither of them 0, got \(0, 3\)"),
        ([["a"]], TypeError, "x must hold real numbers"),
    ],
)
def test_bad_input(x, error, message):
    with pytest.raises(error, match=message):
        dead_units(relu, x)
