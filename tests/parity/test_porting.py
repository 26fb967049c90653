"""What changes when code moves from one framework to another, as book/crosswalk.ipynb says it."""

import inspect
import warnings
from functools import partial

import numpy as np
import pytest

from actlib import GELU, LeakyReLU, Softmax, gelu, relu, softmax
from tests.parity.frameworks import Framework, load

X = np.array([-1.0, 2.0])


def applied(given, function, x=X):
    return given.derivative(function, x, 0)


@pytest.mark.parametrize(
    ("framework", "layer", "defaults"),
    [
        ("Keras", "LeakyReLU", {"negative_slope": 0.3}),
        ("Keras", "ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
        ("Keras", "ELU", {"alpha": 1.0}),
        ("Keras", "Softmax", {"axis": -1}),
    ],
)
def test_layers_of_keras_have_defaults_of_their_own(framework, layer, defaults):
    assert Framework(framework).defaults(f"keras.layers.{layer}") == defaults


def test_swish_is_a_second_name_of_silu():
    given, keras = Framework("JAX"), Framework("Keras")
    assert given.find("jax.nn.swish") is given.find("jax.nn.silu")
    assert keras.find("keras.activations.get")("swish") is keras.find("keras.activations.silu")
    assert not hasattr(Framework("PyTorch").module.nn, "Swish")


@pytest.mark.parametrize("framework", ["JAX", "Keras"])
@pytest.mark.parametrize("approximate", ["none", "tanh", True])
def test_every_word_asks_for_the_tanh_form_where_a_truth_value_is_meant(framework, approximate):
    given = Framework(framework)
    function = given.function(gelu.facts.frameworks[framework].call, approximate=approximate)
    np.testing.assert_allclose(applied(given, function), GELU("tanh")(X), rtol=1e-12)


@pytest.mark.parametrize("approximate", [True, False])
def test_pytorch_refuses_a_truth_value_for_the_form_of_gelu(approximate):
    given = Framework("PyTorch")
    with pytest.raises(TypeError, match="must be str, not bool"):
        applied(given, partial(given.module.nn.functional.gelu, approximate=approximate))


def test_the_second_argument_of_relu_is_a_slope_in_keras_and_overwrites_in_pytorch():
    keras, given = Framework("Keras"), Framework("PyTorch")
    second = applied(keras, lambda x: keras.module.activations.relu(x, 0.1))
    np.testing.assert_array_equal(second, LeakyReLU(0.1)(X))
    x = given.tensor(X)
    given.module.nn.functional.relu(x, 0.1)
    np.testing.assert_array_equal(x.numpy(), relu(X))


@pytest.mark.parametrize(
    ("framework", "call"),
    [
        ("PyTorch", "torch.nn.functional.leaky_relu"),
        ("Keras", "keras.activations.leaky_relu"),
        ("JAX", "jax.nn.leaky_relu"),
    ],
)
def test_no_function_but_that_of_tensorflow_calls_the_slope_alpha(framework, call):
    given = Framework(framework)
    with pytest.raises(TypeError, match="unexpected keyword argument 'alpha'"):
        applied(given, given.function(call, alpha=0.2))


def test_the_layer_of_keras_still_takes_alpha_and_warns():
    keras = Framework("Keras")
    with pytest.warns(UserWarning, match="`alpha` is deprecated"):
        layer = keras.module.layers.LeakyReLU(alpha=0.2)
    assert layer.negative_slope == 0.2


@pytest.mark.parametrize(("axes", "chosen"), [(1, 0), (2, 1), (3, 0), (4, 1)])
def test_softmax_of_pytorch_without_an_axis_chooses_one_by_their_number(axes, chosen):
    given = Framework("PyTorch")
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)[-axes:])
    function = given.function(softmax.facts.frameworks["PyTorch"].call)
    with pytest.warns(UserWarning, match="Implicit dimension choice for softmax has been deprecated"):
        np.testing.assert_allclose(applied(given, function, x), Softmax(chosen)(x), rtol=1e-14)


SPELLINGS = [
    ("PyTorch", "where(x > 0, x, 0)", 0),
    ("PyTorch", "maximum(x, 0)", 0.5),
    ("PyTorch", "clamp(x, min=0)", 1),
    ("JAX", "where(x > 0, x, 0)", 0),
    ("JAX", "maximum(x, 0)", 0.5),
    ("JAX", "clip(x, 0)", 0.5),
]
"""Other ways to write ReLU, and their slope at 0."""


@pytest.mark.parametrize(("framework", "formula", "slope"), SPELLINGS)
def test_relu_spelled_otherwise_has_another_slope_at_zero(framework, formula, slope):
    given = Framework(framework)
    module = given.module if framework == "PyTorch" else given.module.numpy
    name, zero = formula.partition("(")[0], given.tensor(np.zeros(1))
    spelled = {
        "where": lambda x: module.where(x > 0, x, zero),
        "maximum": lambda x: module.maximum(x, zero),
        "clamp": lambda x: module.clamp(x, min=0),
        "clip": lambda x: module.clip(x, 0),
    }[name]
    np.testing.assert_array_equal(applied(given, spelled), relu(X))
    assert given.derivative(spelled, np.zeros(1)) == slope


def test_prelu_has_a_slope_for_all_in_pytorch_and_one_for_each_element_in_keras():
    given, keras = Framework("PyTorch"), Framework("Keras")
    assert given.module.nn.PReLU().weight.shape == (1,)
    slopes = given.tensor(np.array([0.1, 0.2, 0.3]))
    channels = given.module.nn.functional.prelu(-given.tensor(np.ones((2, 3, 4))), slopes)
    np.testing.assert_array_equal(channels[0, :, 0], -slopes)
    for shared, shape in ((None, (4, 5, 3)), ([1, 2], (1, 1, 3))):
        layer = keras.module.layers.PReLU(shared_axes=shared)
        layer.build((2, 4, 5, 3))
        assert layer.alpha.shape == shape


def test_sharpness_of_softplus_and_swish_has_to_be_written_out():
    assert "beta" in Framework("PyTorch").defaults("torch.nn.Softplus")
    for framework, call in (
        ("JAX", "jax.nn.softplus"),
        ("Keras", "keras.activations.softplus"),
        ("JAX", "jax.nn.silu"),
        ("Keras", "keras.activations.silu"),
        ("PyTorch", "torch.nn.SiLU"),
    ):
        assert "beta" not in inspect.signature(Framework(framework).find(call)).parameters


def test_float64_becomes_float32_in_jax_unless_told_and_in_layers_of_keras():
    jax, keras = Framework("JAX").module, Framework("Keras").module
    with jax.enable_x64(False), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert jax.nn.sigmoid(X).dtype == np.float32
    assert keras.layers.ELU()(X).dtype == "float32"
    assert load("torch").nn.ELU()(load("torch").tensor(X)).numpy().dtype == np.float64


def test_prelu_of_keras_has_the_slope_0_at_its_kink_whatever_it_learned():
    keras = Framework("Keras")
    quarter = keras.module.initializers.Constant(0.25)
    function = keras.function("keras.layers.PReLU", alpha_initializer=quarter)
    np.testing.assert_array_equal(keras.derivative(function, np.array([-1.0, 0.0, 1.0])), [0.25, 0, 1])


@pytest.mark.parametrize("framework", ["PyTorch", "Keras", "JAX"])
def test_what_is_missing_is_missing(framework):
    module = Framework(framework).module
    rooms = [module.layers, module.activations] if framework == "Keras" else [module.nn]
    names = [name.lower() for room in rooms for name in dir(room)]
    assert not [name for name in names if "maxout" in name]
    assert ("prelu" in names) == (framework != "JAX")
