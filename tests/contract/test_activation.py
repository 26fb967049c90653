"""The contract: what goes in, what comes out, what is refused, for every activation."""

import copy
import datetime
import doctest
import importlib
import inspect
import pickle
import pkgutil
import re
import subprocess
import sys
import tracemalloc
from dataclasses import FrozenInstanceError, astuple, fields, replace
from decimal import Decimal
from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest

import actlib
from actlib import (
    ELU,
    Activation,
    LeakyReLU,
    Maxout,
    PReLU,
    Softmax,
    Softplus,
    Swish,
    activations,
    contract,
    functions,
    lab,
    measure,
    prelu,
    swish,
)
from actlib.contract.activation import CHUNK
from actlib.contract.facts import Interval
from actlib.contract.moments import GaussianMoments
from actlib.functions.rounding import exact_product
from actlib.lab.initialisers import gain_of
from tests.reference import VARIANTS, compute, each_activation, each_order, each_variant
from tools.toc import pages


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape)


def test_activations_are_known_by_their_names():
    assert activations
    for name, f in activations.items():
        assert isinstance(f, Activation)
        assert f.name == name
        assert getattr(actlib, name) is f
        assert type(f)() == f


def test_the_order_is_that_of_the_chapters():
    order = [name for name in pages() if name in activations]
    assert [name for name in activations if name in order] == order


def test_silu_is_swish():
    assert actlib.silu is swish
    assert "silu" not in activations


@each_variant
def test_an_activation_is_immutable_and_hashable(f):
    assert hash(f) == hash(replace(f))
    assert f == replace(f)
    with pytest.raises(FrozenInstanceError):
        f.alpha = 2.0


@pytest.mark.parametrize("f", [*VARIANTS, *activations.values(), Maxout(3), Softmax(temperature=2)], ids=repr)
def test_an_activation_can_be_sent_and_copied_also_after_its_facts_were_read(f):
    f = replace(f)
    for _ in range(2):
        for copied in (pickle.loads(pickle.dumps(f)), copy.copy(f), copy.deepcopy(f)):
            assert copied == f
            assert hash(copied) == hash(f)
            assert copied.facts.title == f.facts.title  # read here, there again on the second pass


@each_activation
def test_docstring_has_every_section(f):
    text = inspect.cleandoc(f.__doc__)
    assert all(f"\n{section}\n" in text for section in ("Notes", "References", "Examples"))
    assert ">>> from actlib import" in f.__doc__


# What goes in and what comes out


@each_activation
@each_order
@pytest.mark.parametrize(
    "shape", [(), (1,), (0,), (0, 3), (7,), (2, 3), (2, 1, 4), (CHUNK + 1,), (3, CHUNK - 1)]
)
def test_shape_is_kept(f, order, shape):
    result = compute(f, order, normal(*shape))
    assert result.shape == shape
    assert result.dtype == np.float64


@each_activation
@each_order
@pytest.mark.parametrize(
    "arrange",
    [
        np.asfortranarray,
        np.transpose,
        lambda x: x[::-1],
        lambda x: x[:, ::-3],
        lambda x: x[::2, 1::2],
        lambda x: np.broadcast_to(x[:1], (5, x.shape[1])),
        lambda x: x.byteswap().view(x.dtype.newbyteorder()),
        lambda x: x.tolist(),
        lambda x: [tuple(row) for row in x],
    ],
    ids=[
        "fortran",
        "transposed",
        "reversed",
        "strided",
        "sliced",
        "broadcast",
        "byte order",
        "list",
        "tuples",
    ],
)
def test_arrangement_in_memory_does_not_matter(f, order, arrange):
    x = normal(6, 17)
    arranged = arrange(x)
    plain = np.array(arranged, np.float64, order="C")
    np.testing.assert_allclose(compute(f, order, arranged), compute(f, order, plain), rtol=1e-15)


@each_activation
@each_order
def test_chunks_do_not_matter(f, order):
    x = normal(2 * CHUNK + 3)
    parts = [compute(f, order, part) for part in (x[:5], x[5:CHUNK], x[CHUNK:])]
    np.testing.assert_allclose(compute(f, order, x), np.concatenate(parts), rtol=1e-15)


@each_activation
@each_order
@pytest.mark.parametrize(
    ("given", "returned"),
    [
        ("f2", "f2"), ("f4", "f4"), ("f8", "f8"), (">f2", "f2"), (">f4", "f4"), (">f8", "f8"),
        ("?", "f8"), ("i1", "f8"), ("u1", "f8"), ("i4", "f8"), ("i8", "f8"), ("u8", "f8"), (">i4", "f8"),
    ],
)  # fmt: skip
def test_dtype(f, order, given, returned):
    x = np.array([0, 1, 1], given)
    result = compute(f, order, x)
    assert result.dtype == np.dtype(returned)
    assert result.dtype.isnative
    np.testing.assert_array_equal(result, compute(f, order, [0.0, 1.0, 1.0]).astype(returned))


@each_activation
@each_order
def test_python_numbers_give_numpy_scalars(f, order):
    for x in (1, 1.0, True, np.float64(1), np.array(1.0)):
        assert type(compute(f, order, x)) is np.float64
    assert type(compute(f, order, np.float32(1))) is np.float32


@each_activation
@each_order
def test_input_is_neither_changed_nor_shared(f, order):
    x = normal(100)
    x.flags.writeable = False
    before = x.copy()
    result = compute(f, order, x)
    assert not np.shares_memory(result, x)
    assert result.flags.writeable
    np.testing.assert_array_equal(x, before)


@each_variant
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_value_and_derivative_are_those_of_the_two_calls(f, dtype):
    special = [-inf, -800, -45, -0.0, 0, 45, 800, inf, nan]
    for size in (9, CHUNK + 3):
        x = np.append(normal(size - 9) * 4, special).astype(dtype).reshape(-1, 1)
        value, derivative = f.value_and_derivative(x)
        assert value.dtype == derivative.dtype == dtype
        np.testing.assert_allclose(value, f(x), rtol=1e-15)
        np.testing.assert_allclose(derivative, f.derivative(x), rtol=1e-15)
    assert f.value_and_derivative(0.5) == (f(0.5), f.derivative(0.5))


@each_activation
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_vjp_is_in_the_dtype_of_x(f, dtype):
    x = normal(2, 3).astype(dtype)
    upstream = np.asfortranarray(normal(2, 3) + 1)
    expected = (upstream * f.derivative(x.astype(np.float64))).astype(dtype)
    for given in (upstream, upstream.tolist()):
        result = f.vjp(x, given)
        assert result.dtype == dtype
        np.testing.assert_array_equal(result, expected)


@each_activation
def test_vjp_of_an_infinite_upstream(f):
    flat = f.derivative(np.inf) == 0
    assert np.isnan(f.vjp(np.inf, np.inf)) == flat


@each_activation
@each_order
def test_little_memory_beyond_the_result(f, order):
    x = np.zeros(1_000_000, np.float32)
    tracemalloc.start()
    result = compute(f, order, x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - result.nbytes < 2 * 2**20


# What is refused

NOT_REAL = [
    (1j, "complex128"),
    (np.complex64([1]), "complex64"),
    ("1.0", "<U3"),
    (b"1.0", "|S3"),
    ([1.0, "two"], "<U32"),
    (None, "object"),
    ([1.0, None], "object"),
    ({1.0: 2.0}, "object"),
    ({1.0, 2.0}, "object"),
    (object(), "object"),
    (Decimal("1.5"), "object"),
    (2**70, "object"),
    (lambda x: x, "object"),
    (datetime.date(2000, 1, 1), "object"),
    (np.datetime64("2000-01-01"), "datetime64[D]"),
    (np.timedelta64(1, "s"), "timedelta64[s]"),
    (np.zeros(2, [("a", float)]), "[('a', '<f8')]"),
]  # fmt: skip


@each_activation
@pytest.mark.parametrize(("x", "dtype"), NOT_REAL, ids=[type(x).__name__ for x, _ in NOT_REAL])
def test_what_is_not_real_is_refused(f, x, dtype):
    for call in (f, f.derivative, f.second_derivative, lambda x: f.vjp(x, 1.0)):
        with pytest.raises(TypeError) as caught:
            call(x)
        assert str(caught.value) == f"x must hold real numbers of at most 64 bits, got dtype {dtype}"
    with pytest.raises(TypeError, match=r"^upstream must hold real numbers"):
        f.vjp(1.0, x)


@each_activation
@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="long double is float64 here")
def test_long_double_is_refused(f):
    with pytest.raises(TypeError, match=r"at most 64 bits, got dtype float(96|128)$"):
        f(np.longdouble(1))


@each_activation
def test_ragged_lists_are_refused(f):
    message = "^x must be a rectangular array, got rows of different length$"
    for call in (f, f.derivative, f.second_derivative, lambda x: f.vjp(x, 1.0)):
        with pytest.raises(ValueError, match=message):
            call([[1.0, 2.0], [3.0]])


@each_activation
@pytest.mark.parametrize("upstream", [1.0, [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0]], []])
def test_upstream_of_another_shape_is_refused(f, upstream):
    shape = np.shape(upstream)
    message = f"upstream must have the shape of x, (2,), got {shape}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        f.vjp([1.0, 2.0], upstream)


class Alien:
    """Looks like a number and is none."""

    def __float__(self):
        return 1.0

    def __repr__(self):
        return "Alien()"  # without an address, so that every run collects the same tests


PARAMETERS = [(LeakyReLU, "negative_slope"), (PReLU, "negative_slope"), (ELU, "alpha"), (Swish, "beta"),
              (Softplus, "beta")]  # fmt: skip
NOT_A_NUMBER = ["1", b"1", None, 1j, np.complex128(1), [1.0], (1.0,), np.array(1.0), np.array([1.0]), {},
                Decimal(1), True, np.True_, Alien(), float, np.datetime64("2000")]  # fmt: skip
NOT_FINITE = [inf, -inf, nan, np.float32("nan"), np.float64("inf"), 10**400, Fraction(10**400)]
NOT_POSITIVE = [0, -0.0, -1, -1.0, np.float32(-2), -5e-324, Fraction(-1, 3)]
each_parameter = pytest.mark.parametrize(
    ("kind", "name"), PARAMETERS, ids=[f"{kind.__name__}.{name}" for kind, name in PARAMETERS]
)


@each_parameter
@pytest.mark.parametrize("value", NOT_A_NUMBER, ids=repr)
def test_a_parameter_that_is_no_real_number_is_refused(kind, name, value):
    with pytest.raises(TypeError) as caught:
        kind(value)
    assert str(caught.value) == f"{name} must be a real number, got {value!r}"


@each_parameter
@pytest.mark.parametrize("value", NOT_FINITE, ids=lambda value: repr(value)[:20])
def test_a_parameter_that_is_not_finite_is_refused(kind, name, value):
    with pytest.raises(ValueError, match=rf"^{name} must be finite, got (-?inf|nan)$"):
        kind(**{name: value})


@pytest.mark.parametrize(("kind", "name"), [(ELU, "alpha"), (Softplus, "beta")])
@pytest.mark.parametrize("value", NOT_POSITIVE, ids=repr)
def test_a_parameter_that_must_be_positive(kind, name, value):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        kind(value)
    assert str(caught.value) == f"{name} must be > 0, got {float(value)}"


@each_parameter
@pytest.mark.parametrize(
    "value", [2, 0.5, np.float32(0.1), np.float16(3), np.int8(1), Fraction(1, 3), 5e-324]
)
def test_a_parameter_is_stored_as_a_float(kind, name, value):
    stored = getattr(kind(value), name)
    assert type(stored) is float
    assert stored == float(value)
    assert kind(value) == kind(stored)
    assert hash(kind(value)) == hash(kind(stored))


@pytest.mark.parametrize("value", [0, -1.0, 1e300, -1e-300])
@pytest.mark.parametrize("kind", [LeakyReLU, PReLU, Swish])
def test_what_mathematics_allows_is_allowed(kind, value):
    f = kind(value)
    x = np.array([-inf, -1e300, -1.0, 0.0, 1.0, 1e300, inf])
    for order in (f, f.derivative, f.second_derivative):
        assert not np.isnan(order(x)).any()


@each_parameter
@pytest.mark.parametrize("value", [5e-324, 1e-306, 1e-300, 1e-10, 1e10, 1e300, 1.7e308])
def test_extreme_parameters_give_no_nan(kind, name, value):
    f = kind(value)
    x = np.array([-inf, -1e308, -1.0, -1e-308, 0.0, 1e-308, 1.0, 1e308, inf])
    for order in (f, f.derivative, f.second_derivative):
        assert not np.isnan(order(x)).any()
    assert np.isnan([f(nan), f.derivative(nan), f.second_derivative(nan)]).all()


@pytest.mark.parametrize(("kind", "name"), [*PARAMETERS, (Softmax, "temperature")])
@pytest.mark.parametrize("value", [5e-324, 1e-308, 1e-200, 1e155, 1e308, 1.7976931348623157e308])
def test_facts_of_extreme_parameters_are_right_or_refused(kind, name, value):
    """What no float can hold is an infinity; a gain made of it is refused, as it would be 0."""
    with np.errstate(all="raise"):
        f = kind(**{name: value})
        facts = f.facts
        assert facts.lipschitz > 0
        if facts.moments:
            assert not np.isnan(astuple(facts.moments)).any()
            if np.isfinite(facts.moments.second):
                assert facts.moments.gain > 0
            else:
                with pytest.raises(ValueError, match=r"^a gain needs a mean square > 0 and finite, got inf$"):
                    gain_of(f, width=8)


def test_the_lipschitz_constant_of_a_hot_softmax_is_no_zero():
    assert Softmax(temperature=1e308).facts.lipschitz == 0.5 / 1e308


MODULES = [
    found.name
    for package in (contract, functions, measure, lab)
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_no_floating_point_error_escapes_whatever_the_caller_asks_for(name):
    """Each example of the package runs where NumPy raises at every overflow and underflow."""
    with np.errstate(all="raise"):
        assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("f", [prelu, swish])
@pytest.mark.parametrize(("x", "dtype"), NOT_REAL, ids=[type(x).__name__ for x, _ in NOT_REAL])
def test_what_is_not_real_has_no_parameter_gradient(f, x, dtype):
    with pytest.raises(TypeError, match=r"^x must hold real numbers of at most 64 bits, got dtype"):
        f.parameter_vjp(x, 1.0)
    with pytest.raises(TypeError, match=r"^upstream must hold real numbers of at most 64 bits, got dtype"):
        f.parameter_vjp(1.0, x)


@pytest.mark.parametrize("factor", [1, 0.5, -4, 0, 1.7, -0.1, 3e-200, 1e-310, 1e150])
def test_exact_product_has_twice_the_digits(factor):
    x = np.clip(np.random.default_rng(0).uniform(-2000, 2000, 1000) / max(abs(factor), 1e-300), -1e300, 1e300)
    product, lost = exact_product(factor, x)
    np.testing.assert_array_equal(product, factor * x)
    for i in range(len(x)):
        exact = Fraction(factor) * Fraction(x[i])
        got = Fraction(product[i]) + Fraction(np.broadcast_to(lost, x.shape)[i])
        assert abs(got - exact) <= abs(exact) * Fraction(2) ** -95


@pytest.mark.parametrize("factor", [1, -4, 1.7, -0.1, 3e-200])
def test_exact_product_stays_within_2000(factor):
    x = np.array([-np.inf, -1e308, 1e308, np.inf]) * np.sign(factor)
    product, lost = exact_product(factor, x)
    np.testing.assert_allclose(product, [-2000, -2000, 2000, 2000], rtol=1e-15)
    assert (np.abs(lost) <= 2e-13).all()


# The records


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        (Interval(0, 1), [0.5, 1e-300], [0, 1, -1, 2, nan]),
        (Interval(-1, inf, includes_low=True), [-1, 0, 1e308], [-2, inf, nan]),
        (Interval(-inf, 2, includes_high=True), [2, -1e308], [3, -inf]),
        (Interval(-0.278465, 1, True, True), [-0.278465, 1], [1.1]),
    ],
)  # fmt: skip
def test_an_interval_has_what_lies_between_its_ends(interval, inside, outside):
    assert all(value in interval for value in inside)
    assert not any(value in interval for value in outside)


def test_moments_of_the_identity_have_unit_gains():
    moments = GaussianMoments(mean=0, second=1, derivative_mean=1, derivative_second=1)
    assert moments.gain == moments.gradient_gain == moments.chi == 1


@each_activation
def test_facts_of_an_activation_are_complete(f):
    assert f.facts is f.facts
    missing = [field.name for field in fields(f.facts) if getattr(f.facts, field.name) is None]
    assert set(missing) <= {"minimum", "maximum", "centre"}


# What importing costs


def test_import_is_quick_and_loads_numpy_alone():
    script = """
import sys, time
start = time.process_time()
import actlib
print(time.process_time() - start)
print(*{name.partition(".")[0] for name in sys.modules})
"""
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(3)
    ]
    seconds, modules = zip(*(run.splitlines() for run in runs), strict=True)
    assert not {"matplotlib", "ipywidgets", "anywidget", "IPython", "yaml", "scipy"} & set(modules[0].split())
    assert min(map(float, seconds)) <= 0.4
