"""Runs a command that takes long and says now and then how far it is.

The set-up needs it too: it runs under any Python from 3.6 on, with nothing but the standard library.
"""

import os
import re
import subprocess
import threading
import time
from typing import Callable, Dict, List, Optional, Tuple

COLOUR = re.compile(r"\x1b\[[\d;]*m")
PAUSE = 1  # seconds between two lines at least
SILENCE = 5  # seconds after which a line says that all is well


def follow(
    command: List[str],
    folder: str,
    notice: Callable[[str], str],
    environment: Optional[Dict[str, str]] = None,
) -> Tuple[int, str]:
    """Run a command in a folder; return its exit code and all that it said, without colours.

    `notice` is given each line and returns what to tell of it, or ''.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(os.environ, **(environment or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None
    lines = []
    with process, _Voice() as voice:
        for raw in process.stdout:
            lines.append(COLOUR.sub("", raw))
            voice.tell(notice(lines[-1]))
    return process.returncode, "".join(lines)


class _Voice:
    """Prints at most a line a second, and one every five seconds where there is nothing to tell."""

    def __init__(self) -> None:
        self._start = self._said = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._reassure, daemon=True)

    def __enter__(self) -> "_Voice":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, text: str) -> None:
        if text and time.monotonic() - self._said >= PAUSE:
            self._say(text)

    def _reassure(self) -> None:
        while not self._over.wait(0.5):
            if time.monotonic() - self._said > SILENCE - 1:
                self._say("at work, {:.0f} s so far".format(time.monotonic() - self._start))

    def _say(self, text: str) -> None:
        self._said = time.monotonic()
        print("  " + text, flush=True)
