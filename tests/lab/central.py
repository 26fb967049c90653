"""The gradient of anything, by central differences."""

import numpy as np


def central_gradient(value, array, step=1e-5):
    """Return d value() / d array, nudging one element of `array` at a time, in place."""
    gradient = np.empty(array.shape)
    for index in np.ndindex(array.shape):
        kept = array[index].copy()
        array[index] = kept + step
        above = value()
        array[index] = kept - step
        below = value()
        array[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient
