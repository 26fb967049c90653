"""Fonts that a reader may have: a browser started with `environment` uses one for every generic name.

A plot measures its labels, so it must hold with each. Only the tests whose outcome depends on the width or
height of a text run with all of them (`in_every_font`); the others see whichever font the machine has.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

FAMILIES: Mapping[str, str] = {
    "DejaVu Sans": "fonts-dejavu-core",
    "Liberation Sans": "fonts-liberation",
    "Noto Sans": "fonts-noto-core",
}
"""Families that are wide, narrow and tall, with the packages of Debian and Ubuntu that have them."""

GENERIC = ("sans-serif", "system-ui", "monospace")
REPLACED = (*GENERIC, "Arial")
"""Chromium asks for Arial where a page says sans-serif."""

CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  {}
</fontconfig>
"""
RULE = """\
<match target="pattern">
    <test name="family"><string>{}</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>{}</string></edit>
  </match>"""

in_every_font = pytest.mark.parametrize("family", FAMILIES)


def environment(family: str, folder: Path) -> dict[str, str]:
    """Return the variables under which every generic font is of a family; skip without it.

    In CI on Linux, where it can be installed, that is a failure.
    """
    file = folder / f"{family}.conf"
    rules = "\n  ".join(RULE.format(name, family) for name in REPLACED)
    file.write_text(CONFIGURATION.format(rules), "utf-8")
    environ = {"FONTCONFIG_FILE": str(file)}
    if _matched(environ) != family:
        message = (
            f"this test needs the font {family}: install the package {FAMILIES[family]} (and fontconfig)"
        )
        is_due = os.environ.get("CI") == "true" and sys.platform == "linux"
        pytest.fail(message) if is_due else pytest.skip(message)
    return environ


def _matched(environ: Mapping[str, str]) -> str:
    """Return the family that fontconfig takes for sans-serif, or '' without fontconfig."""
    if shutil.which("fc-match") is None:
        return ""
    return subprocess.run(
        ["fc-match", "--format=%{family[0]}", "sans-serif"],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
