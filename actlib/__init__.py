"""Neural-network activation functions, accurate over the whole float range.

Every activation is a class whose fields are its parameters (`Sigmoid()`) and an instance with the
defaults (`sigmoid(x)`). `activations` holds the instances by name, in the order of the course.
"""

from actlib.contract.activation import Activation as Activation

# The order of these lines is the order of the course.
# isort: off
from actlib.functions.sigmoid import Sigmoid as Sigmoid, sigmoid as sigmoid
from actlib.functions.tanh import Tanh as Tanh, tanh as tanh
from actlib.functions.relu import ReLU as ReLU, relu as relu
from actlib.functions.leaky_relu import LeakyReLU as LeakyReLU, leaky_relu as leaky_relu
from actlib.functions.prelu import PReLU as PReLU, prelu as prelu
from actlib.functions.elu import ELU as ELU, elu as elu
from actlib.functions.softmax import Softmax as Softmax, softmax as softmax
from actlib.functions.swish import Swish as Swish, swish as swish
from actlib.functions.maxout import Maxout as Maxout, maxout as maxout
from actlib.functions.softplus import Softplus as Softplus, softplus as softplus
from actlib.functions.mish import Mish as Mish, mish as mish
from actlib.functions.gelu import GELU as GELU, gelu as gelu
# isort: on

silu = swish
"""Swish by its other name: that of PyTorch, Keras and JAX."""

__version__ = "0.1.0"

activations: dict[str, Activation] = {
    f.name: f for f in list(globals().values()) if isinstance(f, Activation)
}
"""Every activation with its default parameters, by name, in the order of the course."""
