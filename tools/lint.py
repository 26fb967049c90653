"""Check all that needs no kernel, a line a step: python -m tools.lint [STEP ...].

Only the step javascript needs a network, and once.
"""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from tools.toc import ROOT

STEPS = {
    "style": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy", "--no-error-summary"],
    "spelling": ["codespell_lib"],
    "files": ["tools.tidy"],
    "javascript": ["tools.javascript"],
    "rules": ["tools.rules"],
}
WIDTH = 18


def verdicts(steps: Mapping[str, Sequence[str]]) -> bool:
    """Run modules with their arguments, two at a time; say of each whether it passed, and if not, why."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(_verdict, steps, steps.values()))  # all, also after one has failed
    return all(passed)


def _verdict(name: str, module: Sequence[str]) -> bool:
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    passed = done.returncode == 0
    verdict = f"{name:{WIDTH}}{'ok' if passed else 'FAILED':8}{time.monotonic() - start:.1f} s"
    print(verdict if passed else f"{verdict}\n{done.stdout.rstrip()}", flush=True)
    return passed


def main() -> None:
    """Check the steps that the command line names; all of them by default."""
    names = sys.argv[1:] or list(STEPS)
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        sys.exit(f"lint: no step {unknown[0]!r}; the steps are {', '.join(STEPS)}")
    if not verdicts({name: STEPS[name] for name in names}):
        sys.exit("lint: what FAILED above must be mended")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nlint: stopped")
