"""A small HTTP server that plays an interface of a channel by its published documentation.

Faults on demand: with `lose_next` at 3, say, the third write from now on is done, and then the
connection is closed without an answer; `break_next` answers the next request with a status and
does nothing.
"""

import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: Any
    body: bytes
    url: str

    @property
    def json(self) -> Any:
        """Its body as JSON."""
        return json.loads(self.body or b"null")

    @property
    def form(self) -> dict[str, str]:
        """Its body as the fields of a web form."""
        return {name: some[0] for name, some in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class FakeServer:
    """Answers on loopback what `reply` of a subclass says."""

    def __init__(self) -> None:
        """Listen."""
        self.asked: list[Asked] = []
        self.lose_next = 0
        self.break_next: Reply | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library looks for these

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def reply(self, asked: Asked) -> Reply:
        """Give what is answered to a request."""
        raise NotImplementedError

    def is_write(self, asked: Asked) -> bool:
        """Whether a request is one by which a posting may come to be."""
        return asked.method in {"POST", "PUT"}

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        split = urlsplit(handler.path)
        asked = Asked(
            method=handler.command,
            path=split.path,
            query={name: some[0] for name, some in parse_qs(split.query).items()},
            headers=handler.headers,
            body=handler.rfile.read(int(handler.headers.get("Content-Length") or 0)),
            url=self.url + split.path,
        )
        self.asked.append(asked)
        if self.break_next is not None:
            reply, self.break_next = self.break_next, None
        else:
            reply = self.reply(asked)
        is_counted = self.lose_next > 0 and self.is_write(asked)
        self.lose_next -= is_counted
        if is_counted and self.lose_next == 0:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        content = b"" if reply.body is None else json.dumps(reply.body).encode()
        handler.send_response(reply.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)
