"""A relay before a real sshd: it keeps what we send, and can lose or reset the connection."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from noc_console.fleet.server import Server
from tests.sshd import Sshd

NEW_KEYS = 21  # RFC 4253, section 12


class Relay:
    """Hands bytes on between those who connect to it and a port; for one connection at a time."""

    def __init__(self, port: int) -> None:
        self.sent = b""
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._swallowing = threading.Event()
        self._resetting = threading.Event()
        self._ours: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def swallow(self) -> None:
        """Lose whatever comes from now on, and keep the connection open."""
        self._swallowing.set()

    def reset(self) -> None:
        """End the connection with a reset, as a firewall does that forgot about it."""
        self._resetting.set()
        for one in self._ours:
            with suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.shutdown(socket.SHUT_RD)  # sends nothing, and wakes the thread that reads
        for thread in self._threads[1:]:
            thread.join(5)
        for one in self._ours:
            one.close()

    def close(self) -> None:
        for one in (self._listening, *self._ours):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listening.accept()
                theirs = socket.create_connection(("127.0.0.1", self._target))
                self._ours += [ours, theirs]
                for one, other in ((ours, theirs), (theirs, ours)):
                    thread = threading.Thread(
                        target=self._hand_on, args=(one, other, one is ours), daemon=True
                    )
                    self._threads.append(thread)
                    thread.start()

    def _hand_on(self, one: socket.socket, other: socket.socket, is_ours: bool) -> None:
        with suppress(OSError):
            while content := one.recv(65536):
                if is_ours:
                    self.sent += content
                if not self._swallowing.is_set():
                    other.sendall(content)
            if not self._resetting.is_set():
                other.shutdown(socket.SHUT_WR)


@contextmanager
def relay_to(sshd: Sshd) -> Iterator[tuple[Relay, Server]]:
    """Give a relay before this sshd, and the server to reach it through."""
    relay = Relay(sshd.port)
    try:
        yield relay, sshd.server(port=relay.port)
    finally:
        relay.close()


def messages_in_clear(sent: bytes) -> tuple[list[int], bytes]:
    """Give the numbers of the messages up to NEWKEYS, and the (encrypted) bytes after it."""
    _, _, rest = sent.partition(b"\r\n")
    numbers: list[int] = []
    while rest and NEW_KEYS not in numbers:
        length = int.from_bytes(rest[:4], "big")
        numbers.append(rest[5])
        rest = rest[4 + length :]
    return numbers, rest
