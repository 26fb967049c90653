"""The digests over all that the live modules compute: python -m tests.live.same_bits stores them anew.

Do that when a change of a number is meant; the test then holds every browser to the new ones.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tools.javascript import NODE

FOLDER = Path(__file__).parent
STORED = FOLDER / "same_bits.json"


def of_node() -> dict[str, str]:
    """Return the digests that node gives, by what they are over."""
    program = 'import { digests } from "./same_bits.js"; console.log(JSON.stringify(await digests()))'
    command = [NODE, "--no-warnings", "--input-type=module", "--eval", program]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def stored() -> dict[str, str]:
    """Return the digests that all are held to."""
    return json.loads(STORED.read_text("utf-8"))


if __name__ == "__main__":
    STORED.write_text(json.dumps(of_node(), indent=2) + "\n", "utf-8")
