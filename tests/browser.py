"""The browsers of the tests and benchmarks: whichever Chromium is installed, and Firefox."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge")
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
FIREFOX_NAMES = ("firefox-esr", "firefox")
FIREFOX_WANTED = (
    f"Firefox, as one of {', '.join(FIREFOX_NAMES)} on PATH; Ubuntu's snap reads no file of a test"
)
WANTED = f"Chrome, Chromium or Edge: one of {', '.join(NAMES)} on PATH, or where its installer puts it"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find(
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    is_file: Callable[[Path], bool] = Path.is_file,
) -> str | None:
    """Return the path of the first browser on PATH, else of one that an installer put in its usual place."""
    for found in filter(None, map(which, NAMES)):
        # On Ubuntu this may be the script of a package that has no browser in it, only a hint to get a snap.
        if not _is_stub(Path(found)):
            return found
    return next((str(path) for path in _usual(platform, environ) if is_file(path)), None)


def find_firefox(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """Return the path of the first Firefox on PATH that may read a profile in a temporary folder."""
    return next((path for path in filter(None, map(which, FIREFOX_NAMES)) if not _is_snap(Path(path))), None)


def _is_snap(path: Path) -> bool:
    """Whether a command is a snap, or the script that starts one on Ubuntu."""
    return path.parent.as_posix() == "/snap/bin" or _holds(path, b"/snap/bin/firefox")


def _is_stub(path: Path) -> bool:
    """Whether a command is Ubuntu's stand-in for a browser that is not installed."""
    if path.name not in ("chromium", "chromium-browser") or Path("/snap/bin/chromium").exists():
        return False
    return _holds(path, b"snap install chromium")


def _holds(path: Path, words: bytes) -> bool:
    """Whether a script holds these words near its beginning."""
    with contextlib.suppress(OSError):
        return words in path.read_bytes()[:4000]
    return False


def _usual(platform: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield where installers put a browser."""
    if platform == "darwin":
        for folder in (Path("/Applications"), Path(environ.get("HOME", "/")) / "Applications"):
            for name in MAC:
                yield folder / f"{name}.app/Contents/MacOS" / name
    if platform == "win32":
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
            for name in WINDOWS:
                if variable in environ:
                    yield Path(environ[variable]) / name


def required() -> str:
    """Return the path of a browser, or say that there is none."""
    found = find()
    if found is None:
        raise SystemExit(f"a browser is needed, {WANTED}; found none")
    return found


def launch(playwright: Playwright, executable: str, environ: Mapping[str, str] | None = None) -> Browser:
    """Start the browser, with variables besides those of this process."""
    return playwright.chromium.launch(
        executable_path=executable, args=list(ARGUMENTS), env={**os.environ, **(environ or {})}
    )


QUIET = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "extensions.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
}
"""What keeps Firefox from asking a reader or another host."""


@contextlib.contextmanager
def firefox(executable: str, profile: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """Show an address in Firefox for as long as the context lasts: as it is, without Playwright's changes."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in QUIET.items()]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    command = [executable, "--headless", "--no-remote", "--profile", str(profile), address]
    # A home of its own: else Firefox writes into the reader's.
    environ = {**os.environ, "HOME": str(profile)}
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            yield running
        finally:
            running.terminate()
            running.wait(30)


@contextlib.contextmanager
def start(executable: str) -> Iterator[Browser]:
    """Run the browser for as long as the context lasts."""
    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        yield browser
        browser.close()
