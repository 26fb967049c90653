"""The modules of the live figures, run by node: numbers go in and out with every bit.

As a command it prints an expression's value: python -m tests.live.node "elementary.exp(1)".
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tools.javascript import NODE
from tools.toc import ROOT

FOLDER = ROOT / "actlib/live"

# JSON has no NaN, no infinity and no -0: numbers that it would lose, and arrays, go as their bytes.
PROGRAM = """
const bytes = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
const double = (text) => new Float64Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
const kept = (number) => Number.isFinite(number) && !Object.is(number, -0);
const each = (record, change) => Object.fromEntries(Object.entries(record).map(([k, v]) => [k, change(v)]));
const packed = (value) =>
  value instanceof Float64Array ? { $array: bytes(value) }
  : typeof value === "number" && !kept(value) ? { $number: bytes(Float64Array.of(value)) }
  : Array.isArray(value) ? value.map(packed)
  : value && typeof value === "object" ? each(value, packed)
  : value ?? null;
const unpacked = (key, value) =>
  value && Object.hasOwn(value, "$array") ? double(value.$array)
  : value && Object.hasOwn(value, "$number") ? double(value.$number)[0]
  : value;
const { readFileSync } = await import("node:fs");
const __GIVEN__ = JSON.parse(readFileSync(0, "utf-8"), unpacked);
console.log(JSON.stringify(packed(await (__EXPRESSION__))));
"""


def node(expression: str, **given: Any) -> Any:
    """Return the value of a JavaScript expression.

    The expression knows every module of actlib/live that it names, as in ``elementary.exp(x)``, and what is
    given by keyword: an array is a Float64Array there, and a Float64Array comes back as an array. What it
    throws is a RuntimeError that holds the message.
    """
    modules = [
        path.stem for path in sorted(FOLDER.glob("*.js")) if re.search(rf"\b{path.stem}\.", expression)
    ]
    imports = "".join(f'import * as {name} from "./{name}.js";\n' for name in modules)
    names = "{ " + ", ".join(given) + " }"
    program = PROGRAM.replace("__GIVEN__", names).replace("__EXPRESSION__", expression)
    # A module read from the command line imports as a file of its working directory would.
    command = [NODE, "--no-warnings", "--input-type=module", "--eval", imports + program]
    done = subprocess.run(
        command, cwd=FOLDER, input=json.dumps(_packed(given)), capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout, object_hook=_unpacked)


def _packed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"$array": base64.b64encode(np.ascontiguousarray(value, "<f8").tobytes()).decode()}
    if isinstance(value, float):
        return {"$number": base64.b64encode(np.array(value, "<f8").tobytes()).decode()}
    if isinstance(value, dict):
        return {name: _packed(part) for name, part in value.items()}
    return [_packed(part) for part in value] if isinstance(value, list | tuple) else value


def _unpacked(value: dict[str, Any]) -> Any:
    if value.keys() == {"$array"}:
        return np.frombuffer(base64.b64decode(value["$array"]), "<f8").astype(np.float64)
    if value.keys() == {"$number"}:
        return float(np.frombuffer(base64.b64decode(value["$number"]), "<f8")[0])
    return value


def sources() -> list[Path]:
    """Return the files of all modules."""
    return sorted(FOLDER.glob("*.js"))


if __name__ == "__main__":
    print(node(sys.argv[1]))
