"""Make `.venv` ready for every other command: python3 tools/bootstrap.py.

It runs under any Python from 3.6 on, so that an old one gets a message and not a syntax error, and
needs nothing but the standard library. When nothing has changed it ends at once, without network.
`make PYTHON=...` names the Python to use; else `python3` is taken, or the newest that fits.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from typing import List, Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "ready")
LOG = os.path.join(VENV, "install.log")
SUPPORTED = ("3.13", "3.12", "3.11")
SUPPORTED_TEXT = "3.11, 3.12 or 3.13"
PIP = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"]


class SetupError(Exception):
    """What went wrong and what to do about it, in one line."""


def main() -> None:
    """Make the environment, or say in one line why not."""
    try:
        make_ready(named=os.environ.get("PYTHON", ""))
    except SetupError as error:
        sys.exit(f"setup: {error}")
    except KeyboardInterrupt:
        sys.exit("\nsetup: stopped; run the same command again to go on")


def make_ready(named: str) -> None:
    """Bring `.venv` in step with requirements.txt; `named` is the Python that the user asked for, or ''."""
    present = version_of(VENV_PYTHON, also="pip")
    if named or not fits(present):
        python, version = choose(named)
        if minor(present) != minor(version):
            create(python, version)
            present = version
    wanted = key(present)
    if read(STAMP) == wanted:
        return
    install()
    with open(STAMP, "w") as stream:
        stream.write(wanted)


def choose(named: str) -> Tuple[str, str]:
    """Return the command and the version of the Python to use."""
    running = "{}.{}.{}".format(*sys.version_info)
    if fits(running):
        return sys.executable, running
    if not named:
        for command in ("python" + release for release in SUPPORTED):
            version = version_of(command)
            if fits(version):
                say(f"python3 is {running}; taking {command}")
                return command, version
    raise SetupError(
        f"Python {SUPPORTED_TEXT} is needed, but {named or 'python3'} is {running}. "
        "Install one of them or name it: make serve PYTHON=python3.12"
    )


def version_of(command: str, also: str = "sys") -> str:
    """Return the version of a Python that runs and has the module `also`, or ''."""
    code = (
        "import importlib.util as u, sys; "
        "u.find_spec(sys.argv[1]) and print('%d.%d.%d' % sys.version_info[:3])"
    )
    try:
        done = subprocess.run([command, "-c", code, also], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return ""
    return done.stdout.decode().strip()


def fits(version: str) -> bool:
    """Whether the book works with this version of Python."""
    return minor(version) in SUPPORTED


def minor(version: str) -> str:
    """Return "3.12" of "3.12.1"."""
    return version.rpartition(".")[0]


def create(python: str, version: str) -> None:
    """Make an empty `.venv` with this Python."""
    if subprocess.run([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL).returncode:
        raise SetupError(
            f"Python {version} here has no venv module. "
            f"On Debian or Ubuntu: sudo apt install python{minor(version)}-venv"
        )
    say(f"Making .venv with Python {version}")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([python, "-m", "venv", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        last = made.stdout.decode().strip().splitlines()[-1:]
        raise SetupError(f"python -m venv .venv failed: {''.join(last)}")


def install() -> None:
    """Install the pinned packages, then this checkout so that its edits count at once."""
    requirements = os.path.join(ROOT, "requirements.txt")
    total = len(re.findall(r"^\S+==", read(requirements), re.M))
    say(f"Installing about {total} packages from requirements.txt")
    start = time.time()
    if os.path.exists(LOG):
        os.remove(LOG)
    pip(["install", "--retries", "2", "--progress-bar", "off", "-r", requirements], progress=Progress(total))
    pip(["install", "--no-index", "--no-build-isolation", "--no-deps", "--editable", ROOT])
    pip(["check"])
    say(f"Installed in {time.time() - start:.0f} s")


def pip(arguments: List[str], progress: Optional["Progress"] = None) -> None:
    """Run pip with its output in the log; say what matters, raise if it fails."""
    with open(LOG, "a") as log:
        process = subprocess.Popen(
            PIP + arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT
        )
        lines = []
        assert process.stdout is not None
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace")
            lines.append(line)
            log.write(line)
            log.flush()
            if progress:
                progress.see(line)
        if not process.wait():
            return
    text = "".join(lines)
    if re.search("connection broken by|Max retries exceeded|Network is unreachable", text):
        raise SetupError(
            "the packages could not be downloaded. Is there a network? Details: .venv/install.log"
        )
    sys.stderr.write("".join(lines[-15:]))
    raise SetupError(f"pip {arguments[0]} failed. The lines above are the end of .venv/install.log")


class Progress:
    """Turns pip's flood into a line now and then."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.seen = 0
        self.said = time.time()

    def see(self, line: str) -> None:
        """Take one line of pip's output."""
        size = re.match(r"\s+Downloading (\S+?)-\d\S* \((\d+)(?:\.\d+)? MB\)", line)
        if line.startswith(("Collecting ", "Processing ", "Ignoring ", "Requirement already satisfied: ")):
            self.seen += 1
            if time.time() - self.said > 2:
                self._say(f"{min(self.seen, self.total)} of {self.total}")
        elif size and int(size.group(2)) >= 5:
            self._say(f"downloading {size.group(1)} ({size.group(2)} MB)")
        elif line.startswith("Installing collected packages"):
            self._say("unpacking, half a minute or so")

    def _say(self, text: str) -> None:
        self.said = time.time()
        say("  " + text)


def key(version: str) -> str:
    """Return what `.venv` was made of: the pins, the package's own metadata, the Python, the place."""
    parts = [read(os.path.join(ROOT, name)) for name in ("requirements.txt", "pyproject.toml")]
    return hashlib.sha256("\0".join([*parts, version, ROOT]).encode()).hexdigest()


def read(path: str) -> str:
    """Return a file's text, or '' where there is none."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
