"""What the project says in more than one place, it says alike."""

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import actlib
from tools import bootstrap
from tools.lint import STEPS
from tools.publish.repository import Repository
from tools.toc import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINS = dict(
    re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
)
RELEASES = sorted(bootstrap.SUPPORTED)


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def test_every_line_of_requirements_is_a_pin_and_says_how_it_was_made() -> None:
    lines = text("requirements.txt").splitlines()
    assert "make lock" in "\n".join(line for line in lines if line.startswith("#"))
    assert len(PINS) == sum(not line.startswith("#") for line in lines)


def test_requirements_hold_everything_that_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    extras = PROJECT["project"]["optional-dependencies"]
    asked = [
        *PROJECT["project"]["dependencies"],
        *extras["lab"],
        *extras["course"],
        *groups["book"],
        *groups["test"],
    ]
    for requirement in asked:
        if requirement.startswith("actlib["):
            continue
        name = re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")
        assert name in PINS
        if "==" in requirement:
            assert PINS[name] == requirement.partition("==")[2]
    assert PINS["jupyter-book"].startswith("1.")


def test_the_releases_of_python() -> None:
    project = PROJECT["project"]
    prefix = "Programming Language :: Python :: "
    assert [
        line.removeprefix(prefix) for line in project["classifiers"] if line.startswith(prefix)
    ] == RELEASES
    assert project["requires-python"] == f">={min(RELEASES)}"
    matrix = yaml.safe_load(text(".github/workflows/test.yml"))["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == RELEASES
    for name in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {bootstrap.SUPPORTED_TEXT}" in text(name)
    assert text("binder/runtime.txt").strip().removeprefix("python-") in RELEASES


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^(make \w+) +#", text("README.md"), re.M)
    assert commands == ["make serve", "make test", "make lab"]
    assert text(".ci/run").splitlines()[-1] == "CI=true make test"


def test_the_rules_of_the_book_are_held_against_it_before_the_tests() -> None:
    assert re.search(r"^test: lint\b", text("Makefile"), re.M)
    assert STEPS["rules"] == ["tools.rules"]


def test_the_changes_begin_with_this_version() -> None:
    assert re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.M)[0] == actlib.__version__
    assert "(CHANGELOG.md)" in text("README.md")


def test_the_citation() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    assert PROJECT["project"]["license"].split(" AND ") == citation["license"]


@pytest.mark.parametrize("path", [".ci/run", ".github/report.sh", "binder/postBuild"])
def test_scripts_can_be_run(path: str) -> None:
    assert os.access(ROOT / path, os.X_OK)
    assert "set -euo pipefail" in text(path)


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md"])
def test_documents_name_what_is_there(path: str) -> None:
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|yml|toml|bib|txt|md))`", text(path))
    named += [target for target in re.findall(r"\]\(([\w./-]+)\)", text(path)) if not target.endswith(".png")]
    assert named
    for name in named:
        places = (ROOT / name, ROOT / "book" / name, ROOT / "actlib/functions" / name)
        assert any(place.exists() for place in places) or name.endswith("bin/python"), name


def test_the_commands_that_documents_name_exist() -> None:
    known = set(re.findall(r"^([a-z]+):", text("Makefile"), re.M))
    named = set(re.findall(r"`?make ([a-z]+)\b", text("README.md") + text("CONTRIBUTING.md")))
    assert named - {"the", "it"} <= known


WORKFLOWS = {path.stem: path.read_text("utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")}


def test_workflows_use_only_the_host_s_own_actions_each_in_one_version() -> None:
    used = re.findall(r"uses: (\S+)(?: # (\S+))?", "".join(WORKFLOWS.values()))
    versions = {}
    for action, version in used:
        if action == "./.github/workflows/test.yml":
            continue
        name, pin = re.fullmatch(r"(actions/[\w-]+)@([0-9a-f]{40})", action).groups()
        assert re.fullmatch(r"v\d+\.\d+\.\d+", version)
        assert versions.setdefault(name, (pin, version)) == (pin, version)


def test_what_a_fork_must_switch_on_is_said() -> None:
    guide = text("CONTRIBUTING.md")
    for needed, said in (
        ("deploy-pages", 'Settings, Pages: the source "GitHub Actions"'),
        ("schedule:", "the tab Actions"),
        ("report.sh", "Settings, General: Issues"),
    ):
        assert any(needed in workflow for workflow in WORKFLOWS.values())
        assert said in guide
    jobs = yaml.safe_load(WORKFLOWS["publish"])["jobs"]
    assert jobs["publish"]["needs"] == "test"
    assert "inputs.unverified" in jobs["publish"]["if"]
    assert "Not verified" in WORKFLOWS["publish"]


def test_colab_opens_the_branch_that_is_published() -> None:
    launch = Repository("someone", "book").links("tanh", ".ipynb")[0].url
    branch = re.search(r"/blob/([\w-]+)/tanh.ipynb", launch)[1]
    assert re.search(rf"git push .* {branch}$", WORKFLOWS["publish"], re.M)
    assert branch in yaml.safe_load(WORKFLOWS["test"])[True]["push"]["branches-ignore"]


def test_the_documents_are_short() -> None:
    for name, most in (("README.md", 80), ("CONTRIBUTING.md", 80)):
        assert len(Path(ROOT / name).read_text("utf-8").splitlines()) <= most
