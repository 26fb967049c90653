"""Check a page between two sentences: python -m tools.check [PAGE ...].

Lint, a run of each page's notebook against its stored outputs, and the build of the page. Without a page:
the pages, and the tests, of what git says has changed since the last commit.
"""

import subprocess
import sys
from pathlib import Path

from tools.draft import page_files
from tools.lint import STEPS, verdicts
from tools.toc import ROOT, pages

NBVAL = ["pytest", "-q", "--color=no", "--nbval", "--nbval-current-env"]
TEST = ["pytest", "-q", "--color=no"]


def changed() -> list[Path]:
    """Return the files that are not as the last commit has them.

    Raises
    ------
    OSError
        If git does not know.
    """
    said = ""
    for command in (["ls-files", "--others", "--exclude-standard"], ["diff", "--name-only", "HEAD"]):
        done = subprocess.run(["git", *command, "-z"], cwd=ROOT, capture_output=True, encoding="utf-8")
        if done.returncode:
            raise OSError(done.stderr.strip())
        said += done.stdout
    paths = [ROOT / name for name in said.split("\0") if name]
    return [path for path in paths if path.exists()]


def tests_of(path: Path) -> list[str]:
    """Return the test that a file is, or mirrors it: of `actlib/lab/data.py`, `tests/lab/test_data.py`."""
    first, *folders = path.relative_to(ROOT).parts[:-1] or [""]
    if path.suffix != ".py" or first not in ("actlib", "tools", "tests"):
        return []
    if first == "tools":
        folders = [first, *folders]
    name = path.name if path.name.startswith("test_") else f"test_{path.name}"
    test = ROOT.joinpath("tests", *folders, name)
    return [str(test.relative_to(ROOT))] if test.exists() else []


def main() -> None:
    """Run every step and say its verdict."""
    names, tests = sys.argv[1:], []
    unknown = [name for name in names if name not in pages()]
    if unknown:
        sys.exit(f"check: no page {unknown[0]!r}; the pages are {', '.join(pages())}")
    if not names:
        try:
            files = changed()
        except OSError as error:
            sys.exit(
                f"check: name a page, as in make check CHAPTER=tanh; git cannot say what changed: {error}"
            )
        known = page_files()
        names = [known[path] for path in files if path in known]
        tests = sorted({test for path in files for test in tests_of(path)})
    print(f"Checking {', '.join([*names, *tests]) or 'no page: nothing has changed'}", flush=True)
    notebooks = [name for name in names if (ROOT / f"book/{name}.ipynb").exists()]
    steps = {
        **{f"run {name}": [*NBVAL, f"book/{name}.ipynb"] for name in notebooks},
        **({"build": ["tools.draft", *names]} if names else {}),
        **({"tests": [*TEST, *tests]} if tests else {}),
        **STEPS,
    }
    if not verdicts(steps):
        sys.exit("check: what FAILED above must be mended")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ncheck: stopped")
