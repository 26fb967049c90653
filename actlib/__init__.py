"""Neural-network activation functions, accurate over the whole float range.

Every activation is a class whose fields are its parameters (`Sigmoid()`) and an instance with the
defaults (`sigmoid(x)`). `activations` holds the instances by name, in the order of the course.
"""

from actlib.activation import Activation as Activation

# The order of these lines is the order of the course.
# isort: off
from actlib.functions.sigmoid import Sigmoid as Sigmoid, sigmoid as sigmoid
from actlib.functions.tanh import Tanh as Tanh, tanh as tanh
# isort: on

__version__ = "0.1.0"

activations: dict[str, Activation] = {
    f.name: f for f in list(globals().values()) if isinstance(f, Activation)
}
"""Every activation with its default parameters, by name, in the order of the course."""
