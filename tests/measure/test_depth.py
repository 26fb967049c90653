"""Signal and gradient through depth: the published table, theory, and the gradient itself."""

import numpy as np
import pytest

from actlib import relu, sigmoid, tanh
from actlib.measure import chi, fixed_point, gaussian_moments, gradient_through_depth
from tests.reference import each_activation

OWN = None


@pytest.mark.parametrize(
    ("f", "gain", "ratio"),
    [
        (sigmoid, 1, 3.7e-32),
        (sigmoid, 2**0.5, 1.1e-25),
        (sigmoid, OWN, 3.9e-21),
        (tanh, 1, 1.2e-1),
        (tanh, 2**0.5, 1.0e1),
        (tanh, OWN, 6.0e1),
    ],
)
def test_fifty_layers(f, gain, ratio):
    """Ratios measured independently, with other random numbers."""
    found = gradient_through_depth(f, gain or f.facts.moments.gain).ratio
    assert np.log(found) == pytest.approx(np.log(ratio), abs=0.2)


@each_activation
@pytest.mark.parametrize("skip", [False, True])
def test_the_gradient_is_the_gradient(f, skip):
    """Nudge every input of the network that the same seed draws, and see how the loss moves."""
    gain, depth, width, batch, seed = 1.5, 4, 16, 3, 7
    random = np.random.default_rng(seed)
    weights = [random.normal(0, gain / np.sqrt(width), (width, width)) for _ in range(depth)]
    start, cotangent = random.normal(size=(2, batch, width))

    def loss(h):
        for w in weights:
            h = h + f(h) @ w.T / np.sqrt(depth) if skip else f(h) @ w.T
        return np.sum(h * cotangent)

    step = 1e-5
    nudges = step * np.eye(start.size).reshape(-1, batch, width)
    gradient = np.array([(loss(start + nudge) - loss(start - nudge)) / (2 * step) for nudge in nudges])
    expected = np.linalg.norm(gradient) / np.linalg.norm(cotangent)
    found = gradient_through_depth(f, gain, depth, width, batch, seeds=(seed,), skip=skip).ratio
    assert found == pytest.approx(expected, rel=1e-6)


@each_activation
def test_skip_connections_keep_the_gradient(f):
    """A layer multiplies the mean square by 1 + gain^2 E f'^2/depth, for its weights have the mean 0.

    So the ratio is at least 1 and less than e^(gain^2 sup f'^2/2), whatever the depth. What one draw adds is
    normal: 2 <g, D W^T g>/<g, g> summed over the layers.
    """
    gain, depth, width, batch = 2**0.5, 50, 256, 32
    found = gradient_through_depth(f, gain, depth, width, batch, seeds=(0,), skip=True)
    squares = [gaussian_moments(f, q=rms**2).derivative_second for rms in found.signal[:-1]]
    deviation = 2 * gain * f.facts.lipschitz / np.sqrt(width * batch)
    expected = np.sum(np.log1p(gain**2 * np.array(squares) / depth))
    assert 2 * np.log(found.ratio) == pytest.approx(expected, abs=4 * deviation)
    assert 1 <= found.ratio < np.exp((gain * f.facts.lipschitz) ** 2 / 2)


@pytest.mark.parametrize(("f", "gain"), [(sigmoid, 1.0), (tanh, 5 / 3), (tanh, 0.5)])
def test_profile_follows_mean_field_theory(f, gain):
    profile = gradient_through_depth(f, gain, depth=30)
    q = fixed_point(f, gain)
    assert profile.signal[-1] == pytest.approx(np.sqrt(q), rel=0.1, abs=1e-6)
    per_layer = (profile.gradient[5] / profile.gradient[25]) ** (1 / 20)
    assert per_layer == pytest.approx(np.sqrt(chi(f, gain, q or 1e-9)), rel=0.03)


def test_profile_runs_from_input_to_output():
    profile = gradient_through_depth(tanh, 1.0, depth=3, width=8, batch=2)
    assert len(profile.signal) == len(profile.gradient) == 4
    assert profile.gradient[-1] == 1
    assert profile.gradient[0] == profile.ratio
    assert gradient_through_depth(tanh, 1.0, depth=3, width=8, batch=2) == profile
    assert gradient_through_depth(tanh, 1.0, depth=3, width=8, batch=2, seeds=(5,)) != profile


def test_seeds_are_averaged_geometrically():
    single = [gradient_through_depth(tanh, 1.0, 3, 8, 2, seeds=(seed,)).ratio for seed in (0, 1)]
    both = gradient_through_depth(tanh, 1.0, 3, 8, 2, seeds=(0, 1)).ratio
    assert both == pytest.approx(np.sqrt(single[0] * single[1]))


def test_stated_defaults():
    short = gradient_through_depth(tanh, 1.0, depth=2)
    assert short == gradient_through_depth(tanh, 1.0, 2, width=256, batch=32, seeds=(0, 1, 2), skip=False)


def test_a_gradient_that_dies_has_the_ratio_zero():
    """One ReLU a layer passes nothing on half of the time."""
    assert gradient_through_depth(relu, 1.0, depth=20, width=1, batch=1).ratio == 0


def test_repr_is_short():
    assert repr(gradient_through_depth(tanh, 1.0, 3, 8, 2)).startswith("DepthProfile(ratio=")
    assert "," not in repr(gradient_through_depth(tanh, 1.0, 3, 8, 2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"gain": 0}, "gain must be > 0, got 0"),
        ({"gain": np.nan}, "gain must be > 0, got nan"),
        ({"gain": 1, "depth": 0}, "depth must be >= 1, got 0"),
        ({"gain": 1, "width": -1}, "width must be >= 1, got -1"),
        ({"gain": 1, "batch": 0}, "batch must be >= 1, got 0"),
        ({"gain": 1, "seeds": ()}, r"len\(seeds\) must be >= 1, got 0"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        gradient_through_depth(tanh, **arguments)
