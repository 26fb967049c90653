"""Make `.venv` ready for every other command: python3 -m tools.bootstrap [test].

A reader needs what builds the book; `test` adds what checks it. pip fetches uv, and uv the rest.

It runs under any Python from 3.6 on, so that an old one gets a message and not a syntax error, and
needs nothing but the standard library. When nothing has changed it ends at once, without network.
`make PYTHON=...` names the Python to use; else `python3` is taken, or the newest that fits.
"""

import ast
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from typing import Dict, Iterator, List, Tuple

from tools.follow import follow

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
STAMP = os.path.join(VENV, "ready")
LOG = os.path.join(VENV, "install.log")
SUPPORTED = ("3.14", "3.13", "3.12", "3.11")
SUPPORTED_TEXT = "3.11 to 3.14"
PIP = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"]
UV = [VENV_PYTHON, "-m", "uv", "pip", "install", "--no-progress", "--python", VENV_PYTHON]
PINS = ["--constraint", "requirements.txt", "--build-constraint", "requirements.txt"]
# What pip is told about where packages come from holds for uv too.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
}
UNREACHABLE = re.compile("connection broken by|Max retries exceeded|Network is unreachable|Failed to fetch")
NO_ROOM = re.compile("No space left on device|Disk quota exceeded|File too large")
NO_RIGHT = re.compile("Read-only file system|Permission denied")


class SetupError(Exception):
    """What went wrong and what to do about it, in one line."""


def main() -> None:
    """Make the environment, or say in one line why not."""
    try:
        with alone():
            make_ready(named=os.environ.get("PYTHON", ""), groups=["book", *sys.argv[1:]])
    except SetupError as error:
        sys.exit(f"setup: {error}")
    except OSError as error:
        sys.exit(f"setup: {error.strerror}: {error.filename}; mend that and run the same command again")
    except KeyboardInterrupt:
        sys.exit("\nsetup: stopped; run the same command again to go on")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other set-up is at work on this folder, and keep others waiting."""
    if fcntl is None:  # Windows, where a folder cannot be locked
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work here; waiting for it")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_ready(named: str, groups: List[str]) -> None:
    """Bring `.venv` in step with the pins of these groups of pyproject.toml.

    `named` is the Python that the user asked for, or ''.
    """
    present = version_of(VENV_PYTHON, also="pip")
    if named or not fits(present):
        python, version = choose(named)
        if minor(present) != minor(version):
            create(python, version)
            present = version
    wanted = key(present)
    state, _, installed = read(STAMP).partition("\n")
    if state == wanted:
        if set(groups) <= set(installed.split()):
            return
        groups = sorted(set(groups).union(installed.split()))
    install(groups)
    with open(STAMP, "w") as stream:
        stream.write("\n".join([wanted, *groups]))


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
    for command in ([python, "-m", "venv", "--without-pip", VENV], [VENV_PYTHON, "-m", "ensurepip"]):
        made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if made.returncode:
            refuse(made.stdout.decode())
            last = made.stdout.decode().strip().splitlines()[-1:]
            raise SetupError(f"making .venv failed: {''.join(last)}")


def install(groups: List[str]) -> None:
    """Install the pinned packages, and this checkout so that its edits count at once."""
    say("Installing " + ("what the tests need" if "test" in groups else "what the book needs"))
    start = time.monotonic()
    with open(LOG, "w"):
        pass
    pinned = re.findall(r"^uv==\S+", read(os.path.join(ROOT, "requirements.txt")), re.M)
    run([*PIP, "install", "--retries", "2", "--progress-bar", "off", *pinned], {})
    project = ["--requirement", "pyproject.toml", "--all-extras", "--editable", "."]
    for group in groups:
        project += ["--group", group]
    run([*UV, *PINS, *project], settings())
    say(f"Installed in {time.monotonic() - start:.0f} s")


def settings() -> Dict[str, str]:
    """Return pip's settings, from its files and from PIP_... variables, as uv's; uv's own come first."""
    said = subprocess.run([*PIP, "config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # as pip: an index more takes nothing away
    # Lines such as `global.index-url='https://...'`; a variable, `:env:`, comes after the files.
    for name, value in re.findall(
        r"^(?:global|install|:env:)\.([\w-]+)=('.*'|\".*\")\s*$", said.stdout.decode(), re.M
    ):
        variable = SETTINGS.get(name)
        if variable:
            several = ast.literal_eval(value).split()
            found[variable] = ("," if variable == "UV_FIND_LINKS" else " ").join(several)
    return {variable: value for variable, value in found.items() if value and variable not in os.environ}


def run(command: List[str], environment: Dict[str, str]) -> None:
    """Run an installer with its output in the log; say what matters, raise if it fails."""
    failed, text = follow(command, ROOT, notable, environment)
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(text)
    if not failed:
        return
    refuse(text)
    if UNREACHABLE.search(text):
        raise SetupError(
            "the packages could not be downloaded. Is there a network? Details: .venv/install.log"
        )
    sys.stderr.write("".join(text.splitlines(True)[-15:]))
    raise SetupError(f"{command[2]} failed. The lines above are the end of .venv/install.log")


def refuse(text: str) -> None:
    """Raise if a program that failed says that it could not write."""
    if NO_ROOM.search(text):
        raise SetupError("the disk is full: .venv needs about 1 GB. Make room and run the same command again")
    if NO_RIGHT.search(text):
        raise SetupError(f"nothing can be written in {ROOT}. Allow it, or take a copy to another folder")


def notable(line: str) -> str:
    """Return what to tell of an installer's line, or ''."""
    return line.strip() if re.match(r"\s*(Resolved|Downloading|Building|Prepared|Installed) ", line) else ""


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
