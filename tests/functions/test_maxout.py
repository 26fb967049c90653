"""Maxout: layout, ties, conventions, what it contains, and what is refused."""

import inspect
import re
import warnings
from dataclasses import FrozenInstanceError
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from mpmath import mp

from actlib import Maxout, activations, leaky_relu, maxout, relu

steady = settings(deadline=None, derandomize=True, database=None)
INF, NAN = np.inf, np.nan


def random(*shape):
    return np.random.default_rng(0).normal(size=shape)


def test_the_instance_is_the_class_with_its_defaults():
    assert maxout == Maxout() == Maxout(pieces=2, axis=-1)
    assert hash(maxout) == hash(Maxout())
    assert repr(maxout) == "Maxout(pieces=2, axis=-1)"
    with pytest.raises(FrozenInstanceError):
        maxout.pieces = 3


# Layout


def test_consecutive_entries_make_a_group():
    x = random(5, 12)
    for k in (2, 3, 4, 6, 12):
        expected = [[max(row[i : i + k]) for i in range(0, 12, k)] for row in x.tolist()]
        np.testing.assert_array_equal(Maxout(pieces=k)(x), expected)


def test_goodfellows_layer():
    """h_i is the maximum over j of x^T W[:, i, j] + b[i, j], with W flattened in C order."""
    d, m, k = 4, 3, 5
    x, w, b = random(7, d), random(d, m, k), random(m, k)
    h = [[max(sample @ w[:, i, j] + b[i, j] for j in range(k)) for i in range(m)] for sample in x]
    layer = Maxout(pieces=k)(x @ w.reshape(d, m * k) + b.ravel())
    np.testing.assert_allclose(layer, h, rtol=1e-13)


def test_paddles_formula():
    """out[s i + j] is the maximum over k of x[g s i + s k + j], s entries to a channel."""
    g, channels, s = 2, 6, 5
    x = random(channels, s)
    flat = x.ravel().tolist()
    out = [
        max(flat[g * s * i + s * k + j] for k in range(g)) for i, j in product(range(channels // g), range(s))
    ]
    np.testing.assert_array_equal(Maxout(pieces=g, axis=0)(x).ravel(), out)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
def test_axis(axis):
    f, x = Maxout(pieces=3, axis=axis), random(6, 9, 12)
    before = x.copy()
    rows = np.moveaxis(x, axis, -1)
    upstream = random(*f(x).shape)
    last = Maxout(pieces=3)
    np.testing.assert_array_equal(f(x), np.moveaxis(last(rows), -1, axis))
    jacobian = f.jacobian(x)
    assert jacobian.shape == (*rows.shape[:-1], rows.shape[-1] // 3, rows.shape[-1])
    np.testing.assert_array_equal(jacobian, last.jacobian(rows))
    gradient = np.einsum("...ij,...i->...j", jacobian, np.moveaxis(upstream, axis, -1))
    np.testing.assert_array_equal(np.moveaxis(f.vjp(x, upstream), axis, -1), gradient)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("shape", "result"),
    [((0,), (0,)), ((3, 0), (3, 0)), ((0, 4), (0, 2)), ((2,), (1,)), ((9, 40_000), (9, 20_000))],
)
def test_shape(shape, result):
    x = random(*shape)
    h = maxout(x)
    assert h.shape == result
    assert maxout.vjp(x, h).shape == shape
    if x.size < 1000:
        assert maxout.jacobian(x).shape == (*shape[:-1], result[-1], shape[-1])


@pytest.mark.parametrize(
    ("given", "returned"),
    [("f2", "f2"), ("f4", "f4"), ("f8", "f8"), (">f4", "f4"), ("?", "f8"), ("i4", "f8"), ("u1", "f8")],
)
def test_dtype(given, returned):
    x = np.array([0, 1, 1, 0], given)
    for result in (maxout(x), maxout.jacobian(x), maxout.vjp(x, [1.0, 2.0])):
        assert result.dtype == np.dtype(returned)
        assert result.dtype.isnative


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_maximum_is_exact_in_every_dtype(dtype):
    limits = np.finfo(dtype)
    x = np.array([limits.max, 1, limits.smallest_subnormal, 0, -limits.max, -limits.tiny], dtype)
    assert maxout(x).tolist() == [limits.max, limits.smallest_subnormal, -limits.tiny]


def test_input_is_neither_changed_nor_shared():
    x = random(50, 6)
    x.flags.writeable = False
    before = x.copy()
    for result in (maxout(x), maxout.jacobian(x), maxout.vjp(x, random(50, 3))):
        assert not np.shares_memory(result, x)
    np.testing.assert_array_equal(x, before)


# Ties, infinities, NaN


@pytest.mark.parametrize("pieces", [2, 3, 4])
def test_the_first_of_equal_maxima_wins(pieces):
    f, x = Maxout(pieces=pieces), np.zeros(2 * pieces)
    winners = np.flatnonzero(f.vjp(x, [5.0, 7.0]))
    assert winners.tolist() == [0, pieces]
    assert np.argmax(np.zeros(pieces)) == 0
    assert f.vjp(x, [5.0, 7.0])[winners].tolist() == [5, 7]


@pytest.mark.parametrize(
    ("x", "h", "slopes"),
    [
        ([INF, 1], INF, [1, 0]),
        ([1, INF], INF, [0, 1]),
        ([-INF, 1], 1, [0, 1]),
        ([-INF, -INF], -INF, [1, 0]),
        ([INF, INF], INF, [1, 0]),
        ([NAN, 1], NAN, [NAN, NAN]),
        ([1, NAN], NAN, [NAN, NAN]),
        ([INF, NAN], NAN, [NAN, NAN]),
        ([0.0, -0.0], 0, [1, 0]),
    ],
)
def test_special_pieces(x, h, slopes):
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        np.testing.assert_array_equal(maxout(x), [h])
        np.testing.assert_array_equal(maxout.jacobian(x), [slopes])
        np.testing.assert_array_equal(maxout.vjp(x, [1.0]), slopes)


def test_nan_stays_in_its_group():
    x = [1.0, 2.0, np.nan, 3.0, 5.0, 4.0]
    np.testing.assert_array_equal(maxout(x), [2, np.nan, 5])
    np.testing.assert_array_equal(maxout.vjp(x, [10.0, 20.0, 30.0]), [0, 10, np.nan, np.nan, 30, 0])
    jacobian = maxout.jacobian(x)
    np.testing.assert_array_equal(np.isnan(jacobian), [[0] * 6, [0, 0, 1, 1, 0, 0], [0] * 6])


def test_an_infinite_upstream_reaches_the_winner_alone():
    np.testing.assert_array_equal(maxout.vjp([1.0, 2.0, 0.0, -1.0], [np.inf, np.nan]), [0, np.inf, np.nan, 0])


# What is true of it

groups = st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=6, max_size=6)


@steady
@given(x=groups, pieces=st.sampled_from([2, 3, 6]))
def test_output_is_the_largest_piece_and_the_gradient_is_kept(x, pieces):
    f = Maxout(pieces=pieces)
    h = f(x)
    assert h.tolist() == [max(x[i : i + pieces]) for i in range(0, 6, pieces)]
    upstream = np.arange(1.0, len(h) + 1)
    gradient = f.vjp(x, upstream).reshape(-1, pieces)
    np.testing.assert_array_equal(gradient.sum(axis=1), upstream)
    assert (np.count_nonzero(gradient, axis=1) == 1).all()
    np.testing.assert_array_equal(f.jacobian(x).T @ upstream, gradient.ravel())


@steady
@given(x=groups, y=groups, share=st.floats(0, 1))
def test_convex(x, y, share):
    x, y = np.array(x), np.array(y)
    chord = share * maxout(x) + (1 - share) * maxout(y)
    slack = 4 * np.finfo(float).eps * (np.abs(x).max() + np.abs(y).max())
    assert (maxout(share * x + (1 - share) * y) <= chord + slack).all()
    assert maxout.facts.convex


@steady
@given(x=groups, y=groups, pieces=st.sampled_from([2, 3, 6]))
def test_lipschitz(x, y, pieces):
    f = Maxout(pieces=pieces)
    x, y = np.array(x), np.array(y)
    assert np.linalg.norm(f(x) - f(y)) <= f.facts.lipschitz * np.linalg.norm(x - y) * (1 + 1e-12)
    assert (np.abs(f(x) - f(y)) <= np.abs(x - y).reshape(-1, pieces).max(axis=1)).all()
    assert np.linalg.norm(f.jacobian(x), 2) == f.facts.lipschitz == 1


def test_jacobian_matches_difference_quotients():
    f, x, step = Maxout(pieces=3), random(6), 1e-6
    quotient = [(f(x + step * e) - f(x - step * e)) / (2 * step) for e in np.eye(6)]
    np.testing.assert_allclose(f.jacobian(x), np.transpose(quotient), atol=1e-9)


# What it contains


@steady
@given(x=st.floats(allow_nan=False))
def test_pieces_that_make_other_activations(x):
    assert maxout([x, 0.0])[0] == relu(x)
    assert maxout([x, -x])[0] == abs(x)
    assert maxout([x, 0.01 * x])[0] == leaky_relu(x)


def test_pieces_have_the_gradients_of_what_they_make():
    x = np.array([-2.0, 3.0])
    others = {0.0: relu, 0.01: leaky_relu}
    for slope, other in others.items():
        gradient = maxout.vjp(np.stack([x, slope * x], axis=-1), np.ones((2, 1)))
        np.testing.assert_array_equal(gradient @ [1.0, slope], other.derivative(x))


def test_relations_hold():
    x = 5 * random(200, 6)
    assert [relation.to for relation in maxout.facts.relations] == ["relu"]
    for relation in maxout.facts.relations:
        result = relation.right_side(activations[relation.to], x)
        np.testing.assert_allclose(result, maxout(x), rtol=0, atol=4e-15)
    assert Maxout(pieces=3).facts.relations == ()


# Facts


@pytest.mark.parametrize("k", [2, 3, 4, 5, 8, 50])
def test_moments(k):
    def expectation(power):
        with mp.workdps(25):
            density = lambda z: k * mp.npdf(z) * mp.ncdf(z) ** (k - 1)  # noqa: E731
            return float(mp.quad(lambda z: z**power * density(z), [-14, -7, -3, -1, 0, 1, 2, 3, 5, 7, 14]))

    moments = Maxout(pieces=k).facts.moments
    assert moments.mean == pytest.approx(expectation(1), rel=1e-15, abs=1e-15)
    assert moments.second == pytest.approx(expectation(2), rel=1e-15, abs=1e-15)
    jacobian = Maxout(pieces=k).jacobian(random(3 * k))
    assert (jacobian.sum(axis=1) == moments.derivative_mean).all()
    assert ((jacobian**2).sum(axis=1) == moments.derivative_second).all()


def test_closed_forms_of_the_moments():
    mean = {2: 1 / np.sqrt(np.pi), 3: 3 / (2 * np.sqrt(np.pi))}
    second = {2: 1, 3: 1 + np.sqrt(3) / (2 * np.pi), 4: 1 + np.sqrt(3) / np.pi}
    for k, value in mean.items():
        assert Maxout(pieces=k).facts.moments.mean == pytest.approx(value, rel=1e-15)
    for k, value in second.items():
        assert Maxout(pieces=k).facts.moments.second == pytest.approx(value, rel=1e-15)
    assert maxout.facts.moments.gain == pytest.approx(1, rel=1e-15)
    assert maxout.facts.moments.chi == pytest.approx(1, rel=1e-15)


def test_facts():
    facts = maxout.facts
    assert facts is maxout.facts
    assert facts.weight_factor == 2
    assert Maxout(pieces=5).facts.weight_factor == 5
    assert facts.smoothness == "C0"
    assert maxout([-1e300, -1e308])[0] in facts.range
    assert maxout([1e300, 1e308])[0] in facts.range
    assert facts.frameworks["Paddle"].defaults == {"axis": 1}


def test_docstring_has_every_section():
    assert all(
        f"\n{section}\n" in inspect.cleandoc(Maxout.__doc__)
        for section in ("Parameters", "Notes", "References", "Examples")
    )


# What is refused


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"pieces": 1}, ValueError, "pieces must be >= 2, got 1"),
        ({"pieces": 0}, ValueError, "pieces must be >= 2, got 0"),
        ({"pieces": -2}, ValueError, "pieces must be >= 2, got -2"),
        ({"pieces": 2.0}, TypeError, "pieces must be an integer, got 2.0"),
        ({"pieces": "2"}, TypeError, "pieces must be an integer, got '2'"),
        ({"pieces": None}, TypeError, "pieces must be an integer, got None"),
        ({"pieces": True}, TypeError, "pieces must be an integer, got True"),
        ({"pieces": np.nan}, TypeError, "pieces must be an integer, got nan"),
        ({"axis": 0.5}, TypeError, "axis must be an integer, got 0.5"),
        ({"axis": "last"}, TypeError, "axis must be an integer, got 'last'"),
        ({"axis": None}, TypeError, "axis must be an integer, got None"),
        ({"axis": (0,)}, TypeError, "axis must be an integer, got (0,)"),
    ],
)
def test_a_bad_parameter_is_refused(parameters, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        Maxout(**parameters)


def test_numpy_integers_are_parameters():
    assert Maxout(pieces=np.int64(3), axis=np.int8(0)) == Maxout(3, 0)


@pytest.mark.parametrize(
    ("pieces", "axis", "shape"), [(2, -1, (3,)), (3, 0, (4, 3)), (4, 1, (4, 6)), (7, 0, (1,))]
)
def test_pieces_that_do_not_divide_are_refused(pieces, axis, shape):
    message = f"pieces must divide the length of the axis, {shape[axis]}, got {pieces}"
    f, x = Maxout(pieces, axis), np.zeros(shape)
    for call in (f, f.jacobian, lambda x: f.vjp(x, x)):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call(x)


@pytest.mark.parametrize(("axis", "shape"), [(-1, ()), (0, ()), (1, (2,)), (-2, (2,)), (2, (2, 4))])
def test_an_axis_that_x_lacks_is_refused(axis, shape):
    message = f"axis must be one of the axes of x, which has {len(shape)} dimensions, got {axis}"
    f, x = Maxout(axis=axis), np.zeros(shape)
    for call in (f, f.jacobian, lambda x: f.vjp(x, x)):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call(x)


@pytest.mark.parametrize("x", [1j, ["a"], None, [None], [object()], [2**70], np.zeros(2, "M8[s]")])
def test_what_is_not_real_is_refused(x):
    for call in (maxout, maxout.jacobian, lambda x: maxout.vjp(x, [1.0])):
        with pytest.raises(TypeError, match=r"^x must hold real numbers of at most 64 bits, got dtype"):
            call(x)
    with pytest.raises(TypeError, match=r"^upstream must hold real numbers"):
        maxout.vjp([1.0, 2.0], x)


def test_ragged_lists_are_refused():
    for call in (maxout, maxout.jacobian):
        with pytest.raises(ValueError, match=r"^x must be a rectangular array"):
            call([[1.0, 2.0], [3.0]])


@pytest.mark.parametrize("upstream", [1.0, [1.0, 2.0], [[1.0]], []])
def test_upstream_of_another_shape_is_refused(upstream):
    message = f"upstream must have the shape of f(x), (1,), got {np.shape(upstream)}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        maxout.vjp([1.0, 2.0], upstream)


def test_parameters_are_stored_as_python_integers():
    f = Maxout(pieces=np.int8(3), axis=np.int8(0))
    assert (type(f.pieces), type(f.axis)) == (int, int)
