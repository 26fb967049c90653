"""What must turn the test red does: a stored word, a stored curve, a formula, a measured claim."""

import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import NotebookNode

from actlib.course.claims import ledger
from tests.book.strict import compare
from tools.book import claims_shown
from tools.toc import BOOK, ROOT

FACTOR = 1 + 1e-6
WRONG_DERIVATIVE = f"""
from actlib import Sigmoid

Sigmoid._derivative = lambda self, x, right=Sigmoid._derivative: {FACTOR!r} * right(self, x)
"""


@pytest.fixture
def chapter() -> NotebookNode:
    """Return a chapter up to its first measured claim; `make test` runs the whole of it anyway."""
    notebook = nbformat.read(BOOK / "sigmoid.ipynb", as_version=4)
    claim = next(cell for cell in code(notebook) if any(measured_claims(cell)))
    notebook.cells = notebook.cells[: notebook.cells.index(claim) + 1]
    return notebook


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_changed_output_or_quantity_is_red_and_nothing_else(chapter: NotebookNode, tmp_path: Path) -> None:
    cells = code(chapter)
    word = next(n for n, cell in enumerate(cells) if any(map(str.isalpha, printed(cell))))
    curve = next(n for n, cell in enumerate(cells) if figure(cell))
    claim, key = next((n, key) for n, cell in enumerate(cells) for key in measured_claims(cell))
    change_letter(cells[word].outputs)
    move_point(cells[curve].outputs)
    shutil.copytree(ROOT / "actlib", tmp_path / "actlib")
    quantity = move_bounds(tmp_path / "actlib/course/data/claims.yml", key)
    result = compare(chapter, tmp_path)
    assert result.failed == {word, curve, claim}, result.text
    assert f"{key}: {quantity} must lie in" in result.text


def test_a_derivative_that_is_wrong_by_a_millionth_is_red(chapter: NotebookNode, tmp_path: Path) -> None:
    code(chapter)[0].source += WRONG_DERIVATIVE
    result = compare(chapter, tmp_path, "--exitfirst")
    assert result.failed
    assert 0 not in result.failed, result.text


def measured_claims(cell: NotebookNode) -> list[str]:
    """Return the claims that a cell shows and that a quantity within bounds decides."""
    claims = ledger()
    return [key for key in claims_shown(cell) if any(not q.is_noise for q in claims[key].evidence)]


def printed(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def figure(cell: NotebookNode) -> bool:
    return any("image/svg+xml" in output.get("data", {}) for output in cell.outputs)


def change_letter(outputs: list[NotebookNode]) -> None:
    """Change one letter of what a cell printed."""
    output = next(output for output in outputs if any(map(str.isalpha, output.get("text", ""))))
    at = next(at for at, letter in enumerate(output.text) if letter.isalpha())
    output.text = output.text[:at] + ("b" if output.text[at] == "a" else "a") + output.text[at + 1 :]


def move_point(outputs: list[NotebookNode]) -> None:
    """Change the last digit of the last coordinate of the longest line of a stored figure."""
    data = next(output.data for output in outputs if "image/svg+xml" in output.get("data", {}))
    paths = data["image/svg+xml"].split('d="')
    longest = max(range(1, len(paths)), key=lambda at: paths[at].index('"'))
    line, quote, rest = paths[longest].partition('"')
    digit = line.rstrip()[-1]
    paths[longest] = (
        line.rstrip()[:-1] + str((int(digit) + 1) % 10) + line[len(line.rstrip()) :] + quote + rest
    )
    data["image/svg+xml"] = 'd="'.join(paths)


def move_bounds(path: Path, key: str) -> str:
    """Change a ledger so that one quantity of a claim is not what the chapter measures; return its name."""
    ledger = yaml.safe_load(path.read_text("utf-8"))
    name, quantity = next((n, q) for n, q in ledger[key]["evidence"].items() if "within" in q)
    high = float(quantity["within"][1])
    quantity["within"] = [high + 1, high + 2]
    path.write_text(yaml.safe_dump(ledger, sort_keys=False), "utf-8")
    return name
