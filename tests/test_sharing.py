"""Tests for how the tests are shared out between workers."""

from __future__ import annotations

import os

import pytest


def test_tests_of_a_file_stay_with_one_worker(request: pytest.FixtureRequest) -> None:
    """The cells of a notebook need one kernel; apart, every cell fails that uses a name of another."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith(f"@{request.node.path}"), "needs --dist loadgroup"
