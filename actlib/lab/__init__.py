"""A small laboratory: a dense network in NumPy, data for it, and a loop that trains it.

Activations are known here through the contract alone, never by name. Everything is deterministic
under its seed.
"""

from actlib.lab.comparison import (
    Comparison as Comparison,
    Difference as Difference,
    Outcome as Outcome,
    compare as compare,
    difference as difference,
)
from actlib.lab.data import (
    Data as Data,
    digits as digits,
    spirals as spirals,
    two_gaussians as two_gaussians,
    xor as xor,
)
from actlib.lab.dying import Dying as Dying, dying as dying
from actlib.lab.initialisers import (
    by_gain as by_gain,
    gain_of as gain_of,
    he as he,
    lecun as lecun,
    own_gain as own_gain,
    pytorch_default as pytorch_default,
    xavier as xavier,
)
from actlib.lab.losses import (
    accuracy as accuracy,
    binary_cross_entropy as binary_cross_entropy,
    softmax_cross_entropy as softmax_cross_entropy,
    squared_error as squared_error,
)
from actlib.lab.network import Network as Network, Tape as Tape
from actlib.lab.optimisers import SGD as SGD, Adam as Adam
from actlib.lab.progress import track as track
from actlib.lab.random import Random as Random
from actlib.lab.training import History as History, train as train
