"""The files of a widget's JavaScript, and the one module that Jupyter takes."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from actlib.course.widgets import CurveExplorer, FiftyLayers, MaxoutBuilder, SoftmaxBars, Sweep, modules
from tests.course.widgets.conftest import NODE

FILES = {
    "inner.js": """
/** The numbers that others
 * import. */
const step = 1;
export const start = 40;
export function next(x) {
  // One step.
  return x + step;
}
""",
    "outer.js": """
import { next, start as from } from "./inner.js";
const step = 10;
export class Counter {
  constructor() {
    this.count = next(from) + step;
  }
}
""",
    "entry.js": """
import { Counter } from "./outer.js";
import {
  next,
  start,
} from "./inner.js";

export const shown = () => [next(start), new Counter().count];
export default { render() {} };
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def run(folder: Path, name: str) -> Any:
    """Return what `shown` of a module in a folder gives in node."""
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    script = f'import {{ shown }} from "./{name}"; console.log(JSON.stringify(shown()));'
    (folder / "script.js").write_text(script, "utf-8")
    done = subprocess.run([NODE, "script.js"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_bundle_computes_what_its_files_do_though_names_are_the_same(folder: Path) -> None:
    assert run(folder, "entry.js") == [41, 51]
    (folder / "bundle.js").write_text(modules.bundle(folder / "entry.js"), "utf-8")
    assert run(folder, "bundle.js") == [41, 51]


def test_files_import_each_other_by_names_that_change_with_their_texts(folder: Path) -> None:
    files = modules.files(folder / "entry.js")
    assert [re.sub(r"-[a-z2-7]{12}\.js$", "", name) for name in files] == ["inner", "outer", "entry"]
    (folder / "site").mkdir()
    for name, text in files.items():
        (folder / "site" / name).write_text(text, "utf-8")
    assert run(folder / "site", list(files)[-1]) == [41, 51]
    (folder / "inner.js").write_text(FILES["inner.js"].replace("40", "50"), "utf-8")
    assert not files.keys() & modules.files(folder / "entry.js").keys()


def test_a_circle_of_modules_is_refused(folder: Path) -> None:
    (folder / "inner.js").write_text('import { Counter } from "./outer.js";\n', "utf-8")
    with pytest.raises(ValueError, match=r"in a circle, got outer\.js twice"):
        modules.bundle(folder / "outer.js")


@pytest.mark.parametrize(
    "line",
    [
        'import * as inner from "./inner.js";',
        'export { next } from "./inner.js";',
        "export let count = 1;",
        "export const { a, b } = { a: 1, b: 2 };",
        "export default function render() {}",
    ],
)
def test_other_forms_of_import_and_export_are_refused(folder: Path, line: str) -> None:
    (folder / "outer.js").write_text(f"{line}\n", "utf-8")
    with pytest.raises(ValueError, match=re.escape(f"must import and export by name, got {line!r}")):
        modules.bundle(folder / "entry.js")


def test_two_imported_modules_of_one_name_are_refused(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "inner.js").write_text(FILES["inner.js"], "utf-8")
    with (folder / "entry.js").open("a") as entry:
        entry.write('import { next as other } from "./below/inner.js";\n')
    with pytest.raises(ValueError, match="must have different names"):
        modules.bundle(folder / "entry.js")


@pytest.mark.parametrize("kind", [CurveExplorer, FiftyLayers, MaxoutBuilder, SoftmaxBars, Sweep])
def test_a_widget_is_one_module_for_jupyter(kind: Any) -> None:
    assert kind._esm == modules.bundle(kind._script)
    assert not re.search(r"^(import|//| |\*|$)", kind._esm.rstrip(), re.M)
    assert "/*" not in kind._esm


@pytest.mark.parametrize("name", ["plot.js", "sweep.js", "plot.css"])
def test_only_comments_and_indentation_go(name: str) -> None:
    written = (modules.HERE / name).read_text("utf-8")
    code = re.sub(r"/\*.*?\*/|^\s*//[^\n]*$", "", written, flags=re.M | re.S)
    assert [line.strip() for line in code.splitlines() if line.strip()] == [
        line.rstrip() for line in modules.bare(written).splitlines()
    ]
