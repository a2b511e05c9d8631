"""paramiko's packets, bounded and read ahead: a greeting of bounded length in a bounded time,
what came taken in one go, and packets that another thread read for the connection.
"""

import contextlib
import select
import struct
import time
from collections.abc import Callable
from typing import Any, cast

from paramiko.message import Message
from paramiko.packet import Packetizer
from paramiko.ssh_exception import SSHException

READ_AHEAD_BYTES = 4096
"""A usual frame is in one packet of some 1,500 bytes; a link that waits holds so much memory."""

MAX_PACKET_BYTES = 512 * 1024
"""OpenSSH sends none of more than 256 KiB."""

MAX_GREETING_BYTES = 64 * 1024
MAX_GREETING_LINES = 100
"""paramiko reads no further either."""

WAIT_S = 5.0
"""How long a write waits at a time for a peer that takes nothing, until it is closed."""

_LENGTH = struct.Struct(">I")


class _ReadAhead:
    """A socket that is read for all that is there: paramiko asks twice a packet, head and rest."""

    def __init__(self, socket: Any) -> None:
        self.ahead = b""
        self._socket = socket
        self.send, self.close = socket.send, socket.close

    def recv(self, size: int) -> bytes:
        ahead = self.ahead or self._socket.recv(max(size, READ_AHEAD_BYTES))
        self.ahead = ahead[size:]
        taken: bytes = ahead[:size]
        return taken

    def wait_until_taken(self) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT)
        poll.poll(WAIT_S * 1000)


class BoundedPacketizer(Packetizer):
    """Reads a greeting of bounded length in a bounded time, and remembers how that ended."""

    def __init__(self, socket: Any) -> None:
        """Read from this socket."""
        self._socket = _ReadAhead(socket)
        super().__init__(cast("Any", self._socket))
        self.greeting = b""
        """How what the server said before its SSH banner begins, in case there comes none."""
        self.greeting_was_endless = False
        self.peer_closed = False
        self._greeting_lines = 0
        self._greeting_bytes = 0
        self._greeting_ends_s = 0.0
        self.before_reading: Callable[[], None] = lambda: None
        """Called before each message is read from the socket."""
        self._come: tuple[int, Message] | Exception | None = None
        self._said_first: Any = None

    @property
    def has_come(self) -> bool:
        """Whether something came that is not read yet."""
        return bool(self._socket.ahead) or self._come is not None

    @property
    def has_packet(self) -> bool:
        """Whether a whole packet came; for ciphers that leave its length to be read only.

        Raises:
            SSHException: it is longer than a packet may be.
        """
        ahead = self._socket.ahead
        if len(ahead) < _LENGTH.size:
            return False
        (length,) = _LENGTH.unpack_from(ahead)
        if length > MAX_PACKET_BYTES:
            raise SSHException("a packet without end")
        whole: int = _LENGTH.size + length + self.get_mac_size_in()
        return len(ahead) >= whole

    def take(self, content: bytes) -> None:
        """Take what another thread read for this connection."""
        self._socket.ahead += content

    def put_back(self, come: tuple[int, Message] | Exception) -> None:
        """Have this come, or be raised, as the next message."""
        self._come = come

    def read_message(self) -> tuple[int, Message]:
        """Give the next message; on one thread at a time."""
        come, self._come = self._come, None
        if isinstance(come, Exception):
            raise come
        if come is None:
            self.before_reading()
            come = super().read_message()
        return come

    def write_all(self, out: Any) -> None:
        """Send all, however long it takes, unless the connection is closed meanwhile.

        A peer that hung up before it read our banner is found here, not in reading. What was said
        first, our banner, is said once: paramiko's loop begins with it whenever it is entered.
        """
        if self._said_first is None:
            self._said_first = out
        elif out == self._said_first:
            return
        while out:
            try:
                sent = self._socket.send(out)
            except BlockingIOError:
                sent = 0
                self._socket.wait_until_taken()
            except TimeoutError:
                sent = 0
            except OSError as error:
                self.peer_closed = True
                raise EOFError from error
            if not sent and self.closed:
                self.peer_closed = True
                raise EOFError
            out = out[sent:]

    def close(self) -> None:
        """Close; over a jump server that is gone even saying so fails, and that is no news."""
        with contextlib.suppress(EOFError, OSError, SSHException):
            super().close()

    def readline(self, timeout: float) -> str:
        """Give the next line of the greeting."""
        self._greeting_lines += 1
        self.greeting_was_endless = self._greeting_lines >= MAX_GREETING_LINES
        return super().readline(timeout)

    def _read_timeout(self, timeout: float) -> bytes:
        if not self._greeting_ends_s:
            self._greeting_ends_s = time.monotonic() + timeout
        try:
            read: bytes = super()._read_timeout(timeout)  # type: ignore[misc]
        except (EOFError, ConnectionError):
            self.peer_closed = True
            raise
        self._greeting_bytes += len(read)
        self.greeting = (self.greeting + read)[:200]
        if self._greeting_bytes > MAX_GREETING_BYTES or time.monotonic() > self._greeting_ends_s:
            self.greeting_was_endless = True
            raise EOFError
        return read
