"""`make serve` prints an address that answers, and ends on Ctrl-C without a traceback."""

import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.tools.checkout import checkout, module


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = checkout(tmp_path_factory.mktemp("serve"))
    assert module(root, "build").returncode == 0
    for name in ("x.js", "x.woff2"):
        (root / "_build/html" / name).write_text("")
    (root / "_build/html/large").write_bytes(bytes(20_000_000))
    return root


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def hang_up(port: int) -> None:
    """Ask for more than the system sends ahead, and reset the connection, as a closed browser does."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /large HTTP/1.0\r\n\r\n")
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let children hear Ctrl-C: a shell starts what runs in the background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_serving(root: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.serve", str(port)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(4)]
        assert f"http://127.0.0.1:{port}/" in said[2]
        assert "Ctrl-C" in said[3]
        for name, kind in (("", "text/html"), ("x.js", "text/javascript"), ("x.woff2", "font/woff2")):
            with urlopen(f"http://127.0.0.1:{port}/{name}") as answer:
                assert answer.headers["Content-Type"] == kind
                assert answer.headers["Cache-Control"] == "no-cache"
        hang_up(port)
        os.kill(process.pid, signal.SIGINT)
        assert process.communicate(timeout=30)[0] == "\nStopped.\n"
    assert process.returncode == 0


def test_a_port_in_use_is_one_clear_line(root: Path, taken: int) -> None:
    done = module(root, "serve", str(taken))
    assert done.returncode == 1
    assert (
        done.stdout == f"serve: port {taken} is in use; name another: make serve PORT={taken % 65535 + 1}\n"
    )


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_wrong_port_is_one_clear_line(root: Path, port: str) -> None:
    done = module(root, "serve", port)
    assert done.returncode == 1
    assert done.stdout == f"serve: PORT must be a number from 1 to 65535, got {port!r}\n"
