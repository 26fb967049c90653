"""The page's law for wide layers, and its network, against Python's."""

from __future__ import annotations

import numpy as np

from actlib.course.widgets.curves import FUNCTIONS
from actlib.measure import fixed_point, gaussian_moments
from tests.live.node import node

NAMES = list(FUNCTIONS)


def test_the_mean_squares_are_actlibs() -> None:
    variances = np.logspace(-6, 6, 25)
    squares = "names.map((name) => Array.from(q, (each) => Object.values(depth.squares(name, each))))"
    for f, found in zip(FUNCTIONS.values(), node(squares, q=variances, names=NAMES), strict=True):
        moments = [gaussian_moments(f, q) for q in variances]
        exact = [(each.second, each.derivative_second) for each in moments]
        np.testing.assert_allclose(found, exact, rtol=1e-8, err_msg=repr(f))


def test_the_law_comes_to_rest_at_the_fixed_point() -> None:
    gains, resting = [0.25, 1.0, 1.5, 16.0], 0
    laws = node(
        "names.map((name) => gains.map((gain) => depth.law(name, gain, 400)))", names=NAMES, gains=gains
    )
    for f, row in zip(FUNCTIONS.values(), laws, strict=True):
        for gain, law in zip(gains, row, strict=True):
            assert law["signal"][0] == law["gradient"][-1] == 1
            rest = fixed_point(f, gain)
            if 0 < rest < np.inf:
                resting += 1
                np.testing.assert_allclose(law["signal"][-1] ** 2, rest, rtol=1e-6)
                # There the gradient changes by one factor a layer.
                factor = gain * np.sqrt(gaussian_moments(f, rest).derivative_second)
                np.testing.assert_allclose(
                    law["gradient"][-101] / law["gradient"][-1], factor**100, rtol=1e-4
                )
    assert resting > 0


def test_a_network_is_near_the_law() -> None:
    found, law = node(
        """(() => {
          const stack = new depth.Stack(7);
          for (let l = 0; l < 8; l++) stack.draw();
          return [stack.send("tanh", 1.6, 8), depth.law("tanh", 1.6, 8)];
        })()"""
    )
    for kind in ("signal", "gradient"):
        np.testing.assert_allclose(found[kind], law[kind], rtol=0.35)
