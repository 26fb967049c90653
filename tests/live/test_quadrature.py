"""Moments in the page are those of the facts, as accurate as actlib.measure states."""

from __future__ import annotations

from dataclasses import asdict
from math import pi, sqrt

import numpy as np
import pytest
from mpmath import mp

from actlib.contract.activation import Elementwise
from actlib.contract.moments import normal_quadrature
from tests.live.node import node
from tests.reference import each_activation

NAMES = {
    "mean": "mean",
    "second": "second",
    "derivative_mean": "derivativeMean",
    "derivative_second": "derivativeSecond",
    "gain": "gain",
    "gradient_gain": "gradientGain",
    "chi": "chi",
}


def moments(f: str, slope: str, q: float = 1, kinks: tuple[float, ...] = ()) -> dict[str, float]:
    """Return the moments of a function of JavaScript, given with its derivative, by Python's names."""
    found = node(
        f"""((f, slope) => quadrature.gaussianMoments((x, values, slopes) => x.forEach((point, i) => {{
          values[i] = f(point);
          slopes[i] = slope(point);
        }}), q, kinks))({f}, {slope})""",
        q=q,
        kinks=kinks,
    )
    return {name: found[key] for name, key in NAMES.items()}


def test_nodes_and_weights_are_pythons() -> None:
    for kinks in ((), (-1.3, 0.4, 20.0)):
        found = node("quadrature.normalQuadrature(kinks)", kinks=kinks)
        z, weight = normal_quadrature(kinks)
        order, pythons = np.argsort(found["z"]), np.argsort(z)
        np.testing.assert_allclose(found["z"][order], z[pythons], rtol=1e-15)
        np.testing.assert_allclose(found["weight"][order], weight[pythons], rtol=1e-13)


@each_activation
def test_the_moments_of_the_facts(f: Elementwise) -> None:
    parameter = f"activations.ACTIVATIONS.{f.name}.parameter?.default"
    found = moments(
        f"(x) => activations.ACTIVATIONS.{f.name}.value(x, {parameter})",
        f"(x) => activations.ACTIVATIONS.{f.name}.derivative(x, {parameter})",
    )
    facts = f.facts.moments
    for name, value in asdict(facts).items():
        assert found[name] == pytest.approx(value, rel=2e-14, abs=1e-15), name
    for name in ("gain", "gradient_gain", "chi"):
        assert found[name] == pytest.approx(getattr(facts, name), rel=2e-14), name


@pytest.mark.parametrize("q", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("slope", [0, 0.25, -1])
def test_a_kink_costs_nothing(slope: float, q: float) -> None:
    found = moments(f"(x) => (x > 0 ? x : {slope} * x)", f"(x) => (x > 0 ? 1 : {slope})", q)
    assert found["mean"] == pytest.approx((1 - slope) * sqrt(q / (2 * pi)), rel=2e-14)
    assert found["second"] == pytest.approx(q * (1 + slope**2) / 2, rel=2e-14)
    assert found["derivative_mean"] == pytest.approx((1 + slope) / 2, rel=2e-14, abs=1e-14)
    assert found["derivative_second"] == pytest.approx((1 + slope**2) / 2, rel=2e-14)


def test_a_kink_elsewhere_costs_nothing_where_it_is_named() -> None:
    with mp.workdps(30):
        exact = float(mp.npdf(1) - 1 + mp.ncdf(1))  # E max(z - 1, 0)
    f, slope = "(x) => Math.max(x - 1, 0)", "(x) => (x > 1 ? 1 : 0)"
    assert moments(f, slope, kinks=(1.0,))["mean"] == pytest.approx(exact, rel=2e-14)
    assert moments(f, slope)["mean"] != pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("q", [1e-6, 1e3, 1e6])
def test_a_steep_function_costs_nothing(q: float) -> None:
    with mp.workdps(20):
        scale = mp.sqrt(mp.mpf(q))
        ends = [0, *sorted(min(end / scale, 14) for end in (0.5, 1, 2, 4, 8, 16, 40)), 1, 3, 7, 14]
        second = 2 * mp.quad(lambda z: mp.tanh(scale * z) ** 2 * mp.npdf(z), sorted(set(ends)))
    found = moments("elementary.tanh", "(x) => 1 - elementary.tanh(x)", q)
    assert found["second"] == pytest.approx(float(second), rel=2e-14)
