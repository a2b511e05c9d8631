"""paramiko's transport, tuned for many idle links and bounded against hostile servers.

Measured: with the socket's usual 0.1 s time-out a thousand idle links cost a third of a core; with
5 s they cost a thousandth of one.
"""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any, cast

import paramiko
from paramiko.message import Message
from paramiko.packet import Packetizer
from paramiko.ssh_exception import SSHException

from noc_console.fleet.inert import inert

logging.getLogger("paramiko").setLevel(logging.CRITICAL)
"""Every failure is told as a `Failure`; paramiko's own words hold text of strangers."""

WAKE_EVERY_S = 5.0
READ_AHEAD_BYTES = 4096
"""A usual frame is in one packet of some 1,500 bytes; a link that waits holds so much memory."""

MAX_GREETING_BYTES = 64 * 1024
MAX_GREETING_LINES = 100
"""paramiko reads no further either."""

KEX = (
    "curve25519-sha256@libssh.org",
    "mlkem768x25519-sha256",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
)
CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
WEAK_CIPHERS = ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc")
WEAK_MACS = ("hmac-sha1",)
HOST_KEY_ALGORITHMS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)


class _ReadAhead:
    """A socket that is read for all that is there: paramiko asks twice a packet, head and rest."""

    __slots__ = ("_ahead", "_socket", "close", "send")

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._ahead = b""
        self.send, self.close = socket.send, socket.close

    def recv(self, size: int) -> bytes:
        ahead = self._ahead or self._socket.recv(max(size, READ_AHEAD_BYTES))
        self._ahead = ahead[size:]
        taken: bytes = ahead[:size]
        return taken


class BoundedPacketizer(Packetizer):
    """Reads a greeting of bounded length in a bounded time, and remembers how that ended."""

    def __init__(self, socket: Any) -> None:
        """Read from this socket."""
        super().__init__(cast("Any", _ReadAhead(socket)))
        self.greeting = b""
        """How what the server said before its SSH banner begins, in case there comes none."""
        self.greeting_was_endless = False
        self.peer_closed = False
        self._greeting_lines = 0
        self._greeting_bytes = 0
        self._greeting_ends_s = 0.0

    def write_all(self, out: Any) -> None:
        """Send; a peer that hung up before it read our banner is found here, not in reading."""
        try:
            super().write_all(out)
        except EOFError:
            self.peer_closed = True
            raise

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


class LinkTransport(paramiko.Transport):
    """One SSH connection. Its thread belongs to it and ends with it."""

    _active_check_timeout = WAKE_EVERY_S

    def __init__(self, sock: Any, *, host_key_algorithms: Sequence[str], weak: bool) -> None:
        """Speak over a connected socket or channel; `weak` adds outdated algorithms."""
        self._host_key_algorithms = tuple(host_key_algorithms)
        self.offered_blob = b""
        """The host key or certificate as the server sent it; empty before the key exchange."""
        self.agreed_kex = ""
        self.goodbye = ""
        """What the server said when it ended the connection, made inert."""
        super().__init__(sock, packetizer_class=BoundedPacketizer)
        self._greeting = cast("BoundedPacketizer", self.packetizer)
        self.daemon = True
        security = self.get_security_options()
        security.kex = KEX
        security.ciphers = CIPHERS + (WEAK_CIPHERS if weak else ())
        security.digests = MACS + (WEAK_MACS if weak else ())

    @property
    def preferred_keys(self) -> tuple[str, ...]:
        """Ask for the kind of key that is known of this server first."""
        return self._host_key_algorithms

    def _verify_key(self, host_key: bytes, sig: bytes) -> None:
        super()._verify_key(host_key, sig)  # type: ignore[misc]
        if self.offered_blob not in {b"", host_key}:
            raise SSHException("another host key while keys were renewed")
        self.offered_blob = host_key
        engine = type(self.kex_engine)
        named = self._kex_info.items()  # type: ignore[attr-defined]
        self.agreed_kex = next((name for name, one in named if one is engine), "")

    def _parse_disconnect(self, message: Message) -> None:
        message.get_int()
        self.goodbye = inert(message.get_string(), 100)

    @property
    def agreed_cipher(self) -> str:
        """The cipher of what the server sends."""
        return str(self.remote_cipher)  # type: ignore[attr-defined]

    @property
    def agreed_mac(self) -> str:
        """The MAC of what the server sends; without meaning where the cipher has its own."""
        return str(self.remote_mac)  # type: ignore[attr-defined]

    @property
    def greeting(self) -> bytes:
        """How what the server said instead of an SSH banner begins."""
        return self._greeting.greeting

    @property
    def greeting_was_endless(self) -> bool:
        """Whether the server sent lines without end instead of an SSH banner."""
        return self._greeting.greeting_was_endless

    @property
    def was_closed_by_peer(self) -> bool:
        """Whether the server closed the connection before its SSH banner."""
        return self._greeting.peer_closed

    def greet(self, timeout_s: float) -> None:
        """Exchange banners and keys.

        Raises:
            TimeoutError: it took too long.
            SSHException, EOFError, OSError: it failed.
        """
        done = threading.Event()
        self.start_client(event=done)
        finished = done.wait(timeout_s)
        if self.is_active() and finished:
            return
        failure = self.get_exception()
        self.end()
        if not finished:
            raise TimeoutError
        raise failure or SSHException("the server closed the connection")

    def end(self) -> None:
        """Close at once: shutting the socket down wakes the thread, however dead the peer is."""
        if isinstance(self.sock, socket.socket):
            with contextlib.suppress(OSError):  # it was never connected or is closed already
                self.sock.shutdown(socket.SHUT_RDWR)
        self.close()
        self.sock.close()
