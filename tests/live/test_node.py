"""Numbers reach node and come back with every bit."""

from __future__ import annotations

import numpy as np
import pytest

from tests.live.node import node

HARD = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 0.1, 1.7976931348623157e308]


def test_arrays_and_numbers_keep_their_bits() -> None:
    x = np.array(HARD)
    given = node(
        "({ same: x, halved: x.map((v) => v / 2), all: [...x], one: [y, -y, z] })", x=x, y=0.0, z=[1, "a"]
    )
    assert given["same"].tobytes() == x.tobytes()
    assert given["halved"].tobytes() == (x / 2).tobytes()
    assert np.array(given["all"], float).tobytes() == x.tobytes()
    assert np.signbit(given["one"][:2]).tolist() == [False, True]
    assert given["one"][2] == [1, "a"]
    assert node("({ number, array })", number=-0.0, array=[]) == {"number": 0.0, "array": []}


def test_what_is_thrown_is_told() -> None:
    with pytest.raises(RuntimeError, match="RangeError: too far"):
        node("(() => { throw new RangeError('too far'); })()")


def test_nothing_given_and_nothing_returned() -> None:
    assert node("undefined") is None
    assert node("({}.x ?? [])") == []
