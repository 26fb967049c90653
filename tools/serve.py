"""Build the site, serve it on this machine and print its address: python -m tools.serve [PORT]."""

import errno
import mimetypes
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tools.build import SITE, BuildError, build

# The system's own table may call a module text/plain, which a browser refuses to run.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


class Handler(SimpleHTTPRequestHandler):
    """Serves files, says nothing, and lets no browser keep a page that was built anew."""

    def end_headers(self) -> None:
        """Finish the headers."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the address."""


class Server(ThreadingHTTPServer):
    """A server to which a browser that hangs up is no error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show an error, unless the browser went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def listen(port: str, handler: Any) -> Server:
    """Return a server that listens on `port` of this machine alone, or end with a line that says why not."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"serve: PORT must be a number from 1 to 65535, got {port!r}")
    try:
        return Server(("127.0.0.1", int(port)), handler)
    except OSError as error:
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        sys.exit(f"serve: port {port} {why}; name another: make serve PORT={int(port) % 65535 + 1}")


def main(port: str = "8000") -> None:
    """Serve until Ctrl-C."""
    # Before the build, so that a port in use is not found out after it.
    with listen(port, partial(Handler, directory=str(SITE))) as server:
        build()
        print(f"\nThe book is at http://127.0.0.1:{port}/\nStop with Ctrl-C.", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except BuildError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("\nStopped.")
