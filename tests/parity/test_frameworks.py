"""Where the frameworks come from, and when their tests may skip."""

import re

import pytest

from actlib.contract.facts import RUN
from tests.parity import frameworks
from tools.toc import ROOT


def test_ci_installs_the_frameworks_apart_from_the_locked_packages():
    named = re.search(r'^frameworks="(.*)"$', (ROOT / ".ci/run").read_text("utf-8"), re.M)[1].split()
    assert named == list(frameworks.MODULES.values())
    assert set(named) <= frameworks.PINS.keys()
    assert all(frameworks.PINS.values())
    locked = (ROOT / "requirements.txt").read_text("utf-8")
    assert not [name for name in frameworks.PINS if re.search(rf"^{name}==", locked, re.M)]


def test_the_facts_know_which_frameworks_are_run():
    assert set(frameworks.MODULES.values()) == RUN


def test_a_missing_framework_skips(monkeypatch):
    monkeypatch.setenv("PARITY", "torch jax keras")
    with pytest.raises(pytest.skip.Exception, match="no_such_framework"):
        frameworks.load.__wrapped__("no_such_framework")


def test_a_missing_framework_that_parity_names_fails(monkeypatch):
    monkeypatch.setenv("PARITY", "torch no_such_framework")
    with pytest.raises(pytest.fail.Exception, match="no_such_framework"):
        frameworks.load.__wrapped__("no_such_framework")
