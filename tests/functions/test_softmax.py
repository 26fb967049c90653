"""Softmax: accuracy, conventions, Jacobian, temperature, and what is refused."""

import inspect
import re
import tracemalloc
import warnings
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from actlib import Softmax, activations, sigmoid, softmax
from actlib.contract.facts import Interval
from actlib.measure import ulp_error

steady = settings(deadline=None, derandomize=True, database=None)
vectors = st.lists(st.floats(-1000, 1000), min_size=2, max_size=12)
EPS = np.finfo(np.float64).eps
TINY = np.finfo(np.float64).tiny

VALUE_ULP, LOG_ULP = 5, 3.5
"""What the docstring states."""


def random(*shape):
    return np.random.default_rng(0).normal(size=shape)


def exact(x, temperature=1.0):
    """Return the exact probabilities of a vector and their logarithms, as mpmath numbers."""
    with mp.workdps(40):
        scores = [mp.mpf(float(score)) / mp.mpf(temperature) for score in x]
        winner = int(np.argmax(x))
        others = mp.fsum(mp.exp(s - scores[winner]) for i, s in enumerate(scores) if i != winner)
        with mp.workdps(400):  # 1 + others to its last digit
            logarithm = +mp.log1p(others)
        logs = [s - scores[winner] - logarithm for s in scores]
        return [mp.exp(log) for log in logs], logs


def test_the_instance_is_the_class_with_its_defaults():
    assert softmax == Softmax() == Softmax(axis=-1, temperature=1)
    assert hash(softmax) == hash(Softmax())
    assert repr(softmax) == "Softmax(axis=-1, temperature=1.0)"
    with pytest.raises(FrozenInstanceError):
        softmax.axis = 0


# Accuracy

SCORES = {
    "ten alike": random(40, 10),
    "spread 30": 10 * random(40, 10),
    "spread 300": 100 * random(40, 10),
    "spread 3000": 1000 * random(20, 20),
    "a thousand": 100 * random(2, 1000),
    "a thousand alike": random(2, 1000),
    "a clear winner": random(40, 10) + 45 * np.eye(10)[0],
    "a far offset": 10 * random(40, 10) + 1e6,
    "any size": random(20, 5) * 10.0 ** np.random.default_rng(1).uniform(-300, 308, (20, 5)),
    "two": 300 * random(100, 2),
}


@pytest.mark.parametrize("temperature", [1.0, 0.5, 0.3, 1.7, 1e-3, 1e5])
@pytest.mark.parametrize("scores", SCORES.values(), ids=SCORES)
def test_float64_is_as_accurate_as_stated(scores, temperature):
    f = Softmax(temperature=temperature)
    p, logs = (np.array(part) for part in zip(*(exact(x, temperature) for x in scores), strict=True))
    error = ulp_error(f(scores), p)
    subnormal = p < TINY
    assert error[~subnormal].max() <= VALUE_ULP
    assert error[subnormal].max(initial=0) <= 2
    assert ulp_error(f.log(scores), logs).max() <= LOG_ULP


def test_docstring_states_the_accuracy():
    text = " ".join(Softmax.__doc__.split())
    assert f"within {VALUE_ULP} ulp of the exact result" in text
    assert f"logarithms, from `log`, within {LOG_ULP} ulp" in text


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("scores", SCORES.values(), ids=SCORES)
def test_narrow_dtypes_are_rounded_once(scores, dtype):
    with np.errstate(over="ignore", under="ignore"):
        scores = np.clip(scores, -30000, 30000).astype(dtype)
    p, logs = (np.array(part) for part in zip(*(exact(x) for x in scores), strict=True))
    assert softmax(scores).dtype == softmax.log(scores).dtype == dtype
    assert ulp_error(softmax(scores), p).max() <= 0.501
    within = np.abs(logs) < np.finfo(dtype).max
    assert ulp_error(softmax.log(scores)[within], logs[within]).max() <= 0.501


def test_an_uncompensated_shift_loses_digits():
    scores = SCORES["spread 300"]
    p = np.array([exact(x)[0] for x in scores])
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    plain = ulp_error(e / e.sum(axis=1, keepdims=True), p)
    assert plain[p > TINY].max() > 50


def test_the_logarithm_of_the_winner_is_not_zero():
    with np.errstate(divide="ignore"):
        assert np.log(softmax([0.0, 50.0]))[1] == 0
    assert softmax.log([0.0, 50.0])[1] == pytest.approx(-np.exp(-50), rel=1e-15)


# Conventions

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("x", "p"),
    [
        ([0, -INF], [1, 0]),
        ([0, -INF, 0, -INF], [0.5, 0, 0.5, 0]),
        ([INF, 0], [1, 0]),
        ([INF, 1e308, -INF], [1, 0, 0]),
        ([INF], [1]),
        ([5], [1]),
        ([1e308, -1e308], [1, 0]),
        ([-1.7e308, -1.7e308], [0.5, 0.5]),
        ([5e-324, -5e-324], [0.5, 0.5]),
        ([-INF, -INF], [NAN, NAN]),
        ([-INF], [NAN]),
        ([INF, INF, 0], [NAN, NAN, NAN]),
        ([NAN, 0], [NAN, NAN]),
        ([NAN, INF], [NAN, NAN]),
        ([NAN, -INF], [NAN, NAN]),
    ],
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("temperature", [1, 0.7])
def test_special_scores(x, p, dtype, temperature):
    f = Softmax(temperature=temperature)
    largest = float(np.finfo(dtype).max)
    x = np.array([score if np.isinf(score) else np.clip(score, -largest, largest) for score in x], dtype)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        np.testing.assert_array_equal(f(x), np.array(p, dtype))
        log = f.log(x)
        gradient = f.vjp(x, np.ones(len(p)))
        jacobian = f.jacobian(x)
    with np.errstate(divide="ignore"):
        finite = np.isfinite(log)
        np.testing.assert_array_equal(log[finite] <= 0, True)
        np.testing.assert_array_equal(np.exp(log.astype(float)).astype(dtype), f(x))
    lost = np.isnan(p).any()
    assert np.isnan(gradient).all() == np.isnan(jacobian).all() == lost
    assert (np.nan_to_num(gradient) == 0).all()


def test_special_vectors_do_not_touch_their_neighbours():
    x = random(6, 4)
    alone = softmax(x)
    x[1, 2], x[3], x[4, 0] = np.nan, -np.inf, np.inf
    kept = [0, 2, 5]
    np.testing.assert_array_equal(softmax(x)[kept], alone[kept])
    assert np.isnan(softmax(x)[[1, 3]]).all()


def test_masked_scores_are_as_if_absent():
    x = 10 * random(50, 8)
    masked = np.insert(x, [0, 3, 8], -np.inf, axis=1)
    p = softmax(masked)
    assert (p[:, [0, 4, 10]] == 0).all()
    np.testing.assert_allclose(np.delete(p, [0, 4, 10], axis=1), softmax(x), rtol=4 * EPS)
    assert (softmax.vjp(masked, random(50, 11))[:, [0, 4, 10]] == 0).all()
    assert np.isneginf(softmax.log(masked)[:, [0, 4, 10]]).all()


# Shapes and dtypes


@pytest.mark.parametrize("axis", [0, 1, 2, 3, -1, -2, -4])
def test_axis(axis):
    f, x, upstream = Softmax(axis=axis), random(3, 4, 5, 6), random(6, 5, 4, 3).T
    before = x.copy()
    rows = np.moveaxis(x, axis, -1)
    np.testing.assert_allclose(f(x), np.moveaxis(softmax(rows), -1, axis), rtol=4 * EPS)
    np.testing.assert_allclose(f.log(x), np.moveaxis(softmax.log(rows), -1, axis), rtol=4 * EPS)
    jacobian = f.jacobian(x)
    assert jacobian.shape == (*rows.shape, rows.shape[-1])
    np.testing.assert_allclose(jacobian, softmax.jacobian(rows), rtol=4 * EPS)
    product = np.einsum("...ij,...i->...j", jacobian, np.moveaxis(upstream, axis, -1))
    np.testing.assert_allclose(np.moveaxis(f.vjp(x, upstream), axis, -1), product, atol=1e-15)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    "shape", [(0,), (3, 0), (0, 3), (1,), (1, 1), (20_000,), (20_001, 3), (2, 40_000, 2)]
)
@pytest.mark.parametrize("axis", [0, -1])
def test_shape_is_kept(shape, axis):
    f, x = Softmax(axis=axis), random(*shape)
    p = f(x)
    assert p.shape == f.log(x).shape == f.vjp(x, x).shape == shape
    assert p.flags.c_contiguous
    assert p.flags.writeable
    np.testing.assert_allclose(p.sum(axis=axis), min(1, shape[axis]), rtol=1e-14)


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3), (1,), (2, 30)])
def test_shape_of_the_jacobian(shape):
    assert softmax.jacobian(np.ones(shape)).shape == (*shape, shape[-1])


@pytest.mark.parametrize(
    ("given", "returned"),
    [("f2", "f2"), ("f4", "f4"), ("f8", "f8"), (">f4", "f4"), ("?", "f8"), ("i4", "f8"), ("u1", "f8")],
)
def test_dtype(given, returned):
    x = np.array([0, 1, 1], given)
    for result in (softmax(x), softmax.log(x), softmax.jacobian(x), softmax.vjp(x, x)):
        assert result.dtype == np.dtype(returned)
        assert result.dtype.isnative


def test_input_is_neither_changed_nor_shared():
    x = random(50, 7)
    x.flags.writeable = False
    before = x.copy()
    for result in (softmax(x), softmax.log(x), softmax.jacobian(x), softmax.vjp(x, x)):
        assert not np.shares_memory(result, x)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("shape", [(200_000, 10), (1000, 2000)])
@pytest.mark.parametrize("axis", [0, 1])
def test_little_memory_beyond_the_result(shape, axis):
    f = Softmax(axis=axis)
    x = np.zeros(shape, np.float32)
    for call in (f, f.log, lambda x: f.vjp(x, x)):
        tracemalloc.start()
        result = call(x)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak - result.nbytes < 8 * 2**20 + 8 * 8 * shape[axis]


# What is true of it


@steady
@given(x=vectors, shift=st.floats(-1000, 1000))
def test_shift_invariance(x, shift):
    shifted = np.array(x) + shift
    x = shifted - shift  # what of x survives the rounding of the sum
    slack = 1 + np.abs(x).max() + abs(shift)
    np.testing.assert_allclose(softmax(shifted), softmax(x), rtol=4 * EPS * slack, atol=1e-300)


@steady
@given(x=vectors)
def test_probabilities(x):
    p = softmax(x)
    assert ((p >= 0) & (p <= 1)).all()
    assert p.sum() == pytest.approx(1, abs=8 * EPS)
    ascending = p[np.argsort(x)]
    assert (np.diff(ascending) >= -8 * EPS * ascending[1:]).all()


@steady
@given(x=vectors, order=st.randoms(use_true_random=False))
def test_the_order_of_the_scores_does_not_matter(x, order):
    permutation = list(range(len(x)))
    order.shuffle(permutation)
    np.testing.assert_allclose(softmax(np.array(x)[permutation]), softmax(x)[permutation], rtol=8 * EPS)


@steady
@given(x=vectors, temperature=st.floats(0.01, 100))
def test_jacobian(x, temperature):
    f = Softmax(temperature=temperature)
    jacobian = f.jacobian(x)
    scale = EPS / temperature
    np.testing.assert_array_equal(jacobian, jacobian.T)
    assert np.abs(jacobian.sum(axis=1)).max() <= 8 * scale
    assert np.abs(jacobian).max() <= 0.25 / temperature * (1 + 8 * EPS)
    eigenvalues = np.linalg.eigvalsh(jacobian)
    assert eigenvalues.min() >= -8 * scale
    assert eigenvalues.max() <= f.facts.lipschitz * (1 + 32 * EPS)


@pytest.mark.parametrize("n", [2, 3, 10, 50])
def test_rank_of_the_jacobian(n):
    assert np.linalg.matrix_rank(softmax.jacobian(random(n))) == n - 1


@pytest.mark.parametrize("temperature", [1.0, 0.25, 3.0])
def test_norm_of_the_jacobian_is_taken_where_two_share(temperature):
    f = Softmax(temperature=temperature)
    for x in ([0.0, 0.0], [0.0, 0.0, -np.inf]):
        assert np.linalg.norm(f.jacobian(x), 2) == pytest.approx(f.facts.lipschitz, rel=1e-15)
    assert f.facts.lipschitz == 1 / (2 * temperature)


def test_jacobian_of_a_clear_winner_keeps_its_digits():
    with mp.workdps(40):
        p = mp.exp(-50) / (1 + mp.exp(-50))
        slope = p * (1 - p)
    assert ulp_error(softmax.jacobian([0.0, 50.0]), np.array([[slope, -slope], [-slope, slope]])).max() < 8
    winner = softmax([0.0, 50.0])[1]
    assert winner * (1 - winner) == 0


@steady
@given(x=vectors)
def test_vjp_is_the_transposed_jacobian_times_upstream(x):
    upstream = np.cos(np.arange(len(x)))
    np.testing.assert_allclose(softmax.vjp(x, upstream), softmax.jacobian(x) @ upstream, atol=1e-15)
    assert (softmax.vjp(x, np.full(len(x), 7.0)) == 0).all()


def test_jacobian_matches_difference_quotients():
    x, step = random(6), 1e-6
    quotient = [(softmax(x + step * e) - softmax(x - step * e)) / (2 * step) for e in np.eye(6)]
    np.testing.assert_allclose(softmax.jacobian(x), np.transpose(quotient), atol=1e-9)


# Temperature


@pytest.mark.parametrize("temperature", [0.3, 1.7, 5.0])
def test_temperature_divides_scores_and_gradient(temperature):
    f, x, upstream = Softmax(temperature=temperature), random(20, 5), random(20, 5)
    np.testing.assert_allclose(f(x), softmax(x / temperature), rtol=1e-14)
    np.testing.assert_allclose(f.jacobian(x), softmax.jacobian(x / temperature) / temperature, rtol=1e-13)
    np.testing.assert_allclose(
        f.vjp(x, upstream), softmax.vjp(x / temperature, upstream) / temperature, rtol=1e-12, atol=1e-16
    )


def test_limits_of_temperature():
    x = [1.0, 3.0, 2.0]
    assert Softmax(temperature=1e-3)(x).tolist() == [0, 1, 0]
    assert Softmax(temperature=5e-324)(x).tolist() == [0, 1, 0]
    np.testing.assert_allclose(Softmax(temperature=1e300)(x), 1 / 3, rtol=EPS)


def test_family_limit():
    (limit,) = softmax.facts.family
    assert limit.parameter in {field.name for field in fields(softmax)}
    assert limit.towards == np.inf
    grid = np.array([[a, b] for a in np.linspace(-1, 1, 41) for b in np.linspace(-1, 1, 41)])
    for temperature in (1.0, 3.0, 50.0):
        distance = np.abs(Softmax(temperature=temperature)(grid) - limit.becomes(grid)).max()
        assert distance == pytest.approx(limit.error(temperature), rel=1e-13)
    assert limit.error(1e12) < 1e-11


# Facts


def test_facts():
    facts = softmax.facts
    assert facts is softmax.facts
    assert Softmax(temperature=2.0).facts.lipschitz == 0.25
    assert facts.moments is None
    assert facts.weight_factor == 1
    assert facts.convex is False
    assert facts.range == Interval(0, 1)
    assert [relation.to for relation in facts.relations] == ["sigmoid", "softmax"]
    (limit,) = facts.family
    assert limit.reach == 1
    assert limit.becomes(np.zeros((2, 4))).tolist() == [[0.25] * 4] * 2
    p = softmax(20 * random(1000, 3))
    assert all(float(value) in facts.range for value in p.ravel() if value < 1)
    middle = softmax([[3.0, 0.0], [0.0, 0.0], [1.5, 0.0]])[:, 0]
    assert middle[2] > (middle[0] + middle[1]) / 2  # above the chord: a component is not convex


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_relations_hold(temperature):
    f, x = Softmax(temperature=temperature), 5 * random(200, 2)
    for relation in f.facts.relations:
        other = f if relation.to == f.name else activations[relation.to]
        np.testing.assert_allclose(relation.right_side(other, x), f(x), rtol=0, atol=1e-15)
    np.testing.assert_allclose(
        softmax(np.stack([x[:, 0], 0 * x[:, 0]], -1))[:, 0], sigmoid(x[:, 0]), rtol=4 * EPS
    )


def test_docstring_has_every_section():
    assert all(
        f"\n{section}\n" in inspect.cleandoc(Softmax.__doc__)
        for section in ("Parameters", "Notes", "References", "Examples")
    )


# What is refused


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"temperature": 0}, ValueError, "temperature must be > 0, got 0.0"),
        ({"temperature": -1.5}, ValueError, "temperature must be > 0, got -1.5"),
        ({"temperature": np.nan}, ValueError, "temperature must be finite, got nan"),
        ({"temperature": np.inf}, ValueError, "temperature must be finite, got inf"),
        ({"temperature": "1"}, TypeError, "temperature must be a real number, got '1'"),
        ({"temperature": None}, TypeError, "temperature must be a real number, got None"),
        ({"temperature": 1j}, TypeError, "temperature must be a real number, got 1j"),
        ({"temperature": True}, TypeError, "temperature must be a real number, got True"),
        ({"axis": 1.0}, TypeError, "axis must be an integer, got 1.0"),
        ({"axis": "0"}, TypeError, "axis must be an integer, got '0'"),
        ({"axis": None}, TypeError, "axis must be an integer, got None"),
        ({"axis": (0, 1)}, TypeError, "axis must be an integer, got (0, 1)"),
        ({"axis": False}, TypeError, "axis must be an integer, got False"),
    ],
)
def test_a_bad_parameter_is_refused(parameters, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        Softmax(**parameters)


@pytest.mark.parametrize(
    ("axis", "shape"), [(-1, ()), (0, ()), (1, (3,)), (-2, (3,)), (2, (2, 3)), (-3, (2, 3)), (10**6, (2,))]
)
def test_an_axis_that_x_lacks_is_refused(axis, shape):
    message = f"axis must be one of the axes of x, which has {len(shape)} dimensions, got {axis}"
    f, x = Softmax(axis=axis), np.zeros(shape)
    for call in (f, f.log, f.jacobian, lambda x: f.vjp(x, x)):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call(x)


@pytest.mark.parametrize("x", [1j, ["a"], None, [None], [object()], [2**70], np.zeros(2, "M8[s]")])
def test_what_is_not_real_is_refused(x):
    for call in (softmax, softmax.log, softmax.jacobian, lambda x: softmax.vjp(x, [1.0])):
        with pytest.raises(TypeError, match=r"^x must hold real numbers of at most 64 bits, got dtype"):
            call(x)
    with pytest.raises(TypeError, match=r"^upstream must hold real numbers"):
        softmax.vjp([1.0], x)


def test_ragged_lists_are_refused():
    for call in (softmax, softmax.log, softmax.jacobian):
        with pytest.raises(ValueError, match=r"^x must be a rectangular array"):
            call([[1.0, 2.0], [3.0]])


@pytest.mark.parametrize("upstream", [1.0, [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0]], []])
def test_upstream_of_another_shape_is_refused(upstream):
    message = f"upstream must have the shape of f(x), (2,), got {np.shape(upstream)}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.vjp([1.0, 2.0], upstream)


def test_parameters_are_stored_as_python_numbers():
    f = Softmax(axis=np.int8(0), temperature=np.float32(2))
    assert (type(f.axis), type(f.temperature)) == (int, float)
    assert f == Softmax(axis=0, temperature=2.0)


def test_is_analytic():
    assert softmax.facts.smoothness == "analytic"


def test_logarithm_makes_up_for_the_rounding_of_the_shift():
    x = np.random.default_rng(0).uniform(-1, 1, (300, 2)) * [3, 1]
    with mp.workdps(40):
        exact = [[mp.mpf(a) - mp.log(mp.exp(row[0]) + mp.exp(row[1])) for a in row] for row in x.tolist()]
    assert ulp_error(softmax.log(x), exact).max() < 1.3


def test_an_infinite_score_is_judged_in_its_own_row():
    x = np.array([[np.inf, 0.0, 1.0], [np.inf, np.inf, 0.0], [0.0, 1.0, 2.0]])
    p = softmax(x)
    assert p[0].tolist() == [1, 0, 0]
    assert np.isnan(p[1, :2]).all()
    assert p[2].tolist() == softmax(x[2]).tolist()
