"""What the demo's outside checks meet: a page, a page that is wrong, a port that never speaks."""

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from noc_console.cli.demo_fleet.plan import LOOPBACK

_PAGES = {
    "/acme/": "<h1>Acme Bicycles</h1><p>Everything that rolls.</p>",
    "/tea/": "<h1>Error establishing a database connection</h1>",
}


class _Page(BaseHTTPRequestHandler):
    """Answers with one of the demo's pages."""

    def do_GET(self) -> None:
        """Give the page, or 404."""
        text = _PAGES.get(self.path)
        body = f"<!doctype html><title>Demo</title>{text or ''}".encode()
        self.send_response(404 if text is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Say nothing: nobody reads it."""


class _PageServer(ThreadingHTTPServer):
    """A server of pages that says nothing of those who hang up on it."""

    daemon_threads = True

    def handle_error(self, *_whom: object) -> None:
        """Say nothing: the terminal is the demo's."""


class DemoPorts:
    """The listening ports, from making to `close`. The pages are answered on daemon threads."""

    def __init__(self) -> None:
        """Listen on free ports of loopback."""
        self._pages = _PageServer((LOOPBACK, 0), _Page)
        self._mute = socket.create_server((LOOPBACK, 0), backlog=64)
        """Never accepted from: the kernel takes the connection, and nobody says a word."""
        self._answering = Thread(target=self._pages.serve_forever, name="pages", daemon=True)
        self.pages = self._pages.server_port
        self.mute = int(self._mute.getsockname()[1])

    def start(self) -> None:
        """Begin to answer."""
        self._answering.start()

    def close(self) -> None:
        """Listen no more."""
        if self._answering.is_alive():  # it would be waited for else
            self._pages.shutdown()
        self._pages.server_close()
        self._mute.close()
