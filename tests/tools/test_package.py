"""The package that is installed: NumPy alone, its data with it, a sentence where an extra is missing."""

import doctest
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from flit_core import buildapi

import actlib
from tools.toc import ROOT

# Imports what an extra brings, in a Python that cannot find the packages named first.
WITHOUT = """
import json, sys
missing, code = json.loads(sys.argv[1]), sys.argv[2]
sys.modules.update(dict.fromkeys(missing))
try:
    exec(code)
except ModuleNotFoundError as error:
    sys.exit(str(error))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = buildapi.build_wheel(str(folder))
    return zipfile.ZipFile(folder / name)


def metadata(wheel: zipfile.ZipFile) -> str:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return wheel.read(name).decode()


def test_it_asks_for_numpy_alone(wheel: zipfile.ZipFile) -> None:
    asked = re.findall(r"^Requires-Dist: (.*)$", metadata(wheel), re.M)
    assert [line for line in asked if "extra ==" not in line] == ["numpy>=2.0"]
    assert not any("entry_points" in name for name in wheel.namelist())


def test_it_has_its_version_data_and_licences(wheel: zipfile.ZipFile) -> None:
    assert f"\nVersion: {actlib.__version__}\n" in metadata(wheel)
    names = set(wheel.namelist())
    for path in (ROOT / "actlib").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert str(path.relative_to(ROOT)) in names
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "LICENSE-text"}


def test_a_wheel_by_itself_shows_a_verdict(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    code = "import actlib; from actlib.course import claims; print(actlib.__file__, len(claims.ledger()))"
    done = run(code, tmp_path, PYTHONPATH=str(tmp_path / "installed"))
    assert done.returncode == 0, done.stderr
    file, claims = done.stdout.split()
    assert Path(file).is_relative_to(tmp_path)
    assert int(claims) > 100


def test_its_page_leads_nowhere_that_is_not_there_and_its_example_runs(wheel: zipfile.ZipFile) -> None:
    page = metadata(wheel).partition("\n\n")[2]
    assert page.strip() == (ROOT / "actlib/README.md").read_text("utf-8").strip()
    assert re.findall(r"\]\((?!https://)", page) == []
    result = doctest.testfile(str(ROOT / "actlib/README.md"), module_relative=False)
    assert (result.failed, result.attempted) == (0, 5)


def test_a_distributor_gets_the_tests_and_what_to_cite(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = buildapi.build_sdist(str(tmp_path))
    with tarfile.open(tmp_path / name) as archive:
        names = {file.partition("/")[2] for file in archive.getnames()}
    assert {"CITATION.cff", "LICENSE-text", "tests/reference.py", "tests/functions/test_sigmoid.py"} <= names


@pytest.mark.parametrize(
    ("missing", "code", "message"),
    [
        (
            ["sklearn", "sklearn.datasets"],
            "import actlib.lab; actlib.lab.digits()",
            "digits needs scikit-learn",
        ),
        (
            ["matplotlib"],
            "from actlib.course import figures",
            "actlib.course needs matplotlib; the extra course",
        ),
        (
            ["anywidget", "IPython"],
            "import actlib.course.widgets",
            "needs anywidget, IPython; the extra course",
        ),
        (["yaml"], "from actlib.course import claims", "actlib.course needs yaml; the extra course"),
    ],
)
def test_a_missing_extra_is_named_in_one_sentence(
    missing: list[str], code: str, message: str, tmp_path: Path
) -> None:
    done = run(WITHOUT, tmp_path, json.dumps(missing), code)
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert re.search(r"actlib\[(lab|course)\]$", done.stderr.strip())


def test_without_any_extra_the_library_is_whole(tmp_path: Path) -> None:
    code = "import actlib.measure, actlib.lab, sys; print(actlib.sigmoid(0.0), actlib.lab.xor().y)"
    extras = ["matplotlib", "IPython", "anywidget", "ipywidgets", "yaml", "scipy", "sklearn"]
    done = run(WITHOUT, tmp_path, json.dumps(extras), code)
    assert done.stdout == "0.5 [0 1 1 0]\n", done.stderr


def run(code: str, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
