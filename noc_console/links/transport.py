"""paramiko's transport, tuned for many idle links and bounded against hostile servers.

Measured: with the socket's usual 0.1 s time-out a thousand idle links cost a third of a core; with
5 s they cost a thousandth of one. A transport has a thread of its own only while there is something
to be answered; between that, once it was handed to a reader, one thread reads for all.
"""

import contextlib
import logging
import socket
import threading
from collections.abc import Sequence
from typing import Any, Protocol, cast

import paramiko
from paramiko.common import MSG_CHANNEL_DATA
from paramiko.message import Message
from paramiko.ssh_exception import SSHException
from paramiko.transport import _active_threads  # type: ignore[attr-defined]

from noc_console.fleet.inert import inert
from noc_console.links.packets import BoundedPacketizer

logging.getLogger("paramiko").setLevel(logging.CRITICAL)
"""Every failure is told as a `Failure`; paramiko's own words hold text of strangers."""

WAKE_EVERY_S = 5.0
READ_AT_ONCE_BYTES = 64 * 1024

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


class Reader(Protocol):
    """Reads for many transports on one thread."""

    def watch(self, transport: "LinkTransport") -> bool:
        """Read for this one from now on; false when its socket is closed."""

    def forget(self, transport: "LinkTransport") -> None:
        """Read no more for this one: it is being closed."""


class _HandedOver(BaseException):
    """Leaves paramiko's loop without what it does at the end of a connection."""


class LinkTransport(paramiko.Transport):
    """One SSH connection. Its thread belongs to it and ends with it, unless it is handed over."""

    _active_check_timeout = WAKE_EVERY_S

    def __init__(self, sock: Any, *, host_key_algorithms: Sequence[str], weak: bool) -> None:
        """Speak over a connected socket or channel; `weak` adds outdated algorithms."""
        self._host_key_algorithms = tuple(host_key_algorithms)
        self.offered_blob = b""
        """The host key or certificate as the server sent it; empty before the key exchange."""
        self.agreed_kex = ""
        self.goodbye = ""
        """What the server said when it ended the connection, made inert."""
        self._reader: Reader | None = None
        self._is_read_for = False
        self._goes_on: threading.Thread | None = None
        self._has_gone_on = False
        self._fed_last: paramiko.Channel | None = None
        super().__init__(sock, packetizer_class=BoundedPacketizer)
        self._packets = cast("BoundedPacketizer", self.packetizer)
        self._packets.before_reading = self._hand_over_if_quiet
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
        return self._packets.greeting

    @property
    def greeting_was_endless(self) -> bool:
        """Whether the server sent lines without end instead of an SSH banner."""
        return self._packets.greeting_was_endless

    @property
    def was_closed_by_peer(self) -> bool:
        """Whether the server closed the connection before its SSH banner."""
        return self._packets.peer_closed

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
        if self._reader is not None:
            self._reader.forget(self)
        if isinstance(self.sock, socket.socket):
            with contextlib.suppress(OSError):  # it was never connected or is closed already
                self.sock.shutdown(socket.SHUT_RDWR)
        self.close()
        self.sock.close()

    def hand_to(self, reader: Reader) -> None:
        """Have a reader read from now on, whenever there is nothing to be answered.

        Only what comes over a socket, in a cipher that leaves a packet's length to be read, can be
        read by another; a connection over a jump server keeps its thread.
        """
        is_told = "gcm" in self.agreed_cipher or "-etm@" in self.agreed_mac
        if isinstance(self.sock, socket.socket) and is_told:
            self._reader = reader

    def take_in(self) -> bool:
        """Read what is there, on the reader's thread; false when the rest is not for a reader.

        It never waits. After false, `go_on_alone` is to follow.
        """
        packets = self._packets
        try:
            packets.take(self._read_now())
            while packets.has_packet:
                kind, message = packets.read_message()
                channel = self._channel_of(message) if kind == MSG_CHANNEL_DATA else None
                if channel is None:
                    message.rewind()
                    packets.put_back((kind, message))
                    return False
                channel._feed(message)  # type: ignore[attr-defined]  # noqa: SLF001
        except BlockingIOError:
            return True
        except Exception as error:  # noqa: BLE001 - any ends this connection, in paramiko's loop
            packets.put_back(error)
            return False
        return not packets.need_rekey()

    def go_on_alone(self) -> None:
        """Read on a thread of our own, until all is answered or the connection has ended."""
        self._is_read_for = self._has_gone_on = False
        with contextlib.suppress(OSError):  # it is closed: the thread finds that
            self.sock.settimeout(WAKE_EVERY_S)
        self._goes_on = threading.Thread(target=self.run, name=f"{self.name}-on", daemon=True)
        self._goes_on.start()

    def run(self) -> None:
        """Converse, on the thread for that, until the end or until a reader reads."""
        try:
            super().run()
        except _HandedOver:
            _active_threads.remove(self)
        else:
            return
        with contextlib.suppress(OSError):
            self.sock.settimeout(0.0)
        self._is_read_for = True
        if self._reader is None or not self._reader.watch(self):
            self._reader = None
            self.go_on_alone()

    def _hand_over_if_quiet(self) -> None:
        """Called before each message is read on a thread of our own."""
        if self._reader is None or self._is_read_for:
            return
        is_quiet = self.is_authenticated() and self.clear_to_send.is_set()
        expected: tuple[int, ...] = self._expected_packet  # type: ignore[attr-defined]
        if is_quiet and not (self.in_kex or expected or self._packets.has_come):
            raise _HandedOver

    def _read_now(self) -> bytes:
        content: bytes = self.sock.recv(READ_AT_ONCE_BYTES)
        if not content:
            raise EOFError
        return content

    def _channel_of(self, message: Message) -> paramiko.Channel | None:
        number, found = message.get_int(), self._fed_last
        if found is None or found.chanid != number:
            found = self._fed_last = self._channels.get(number)  # type: ignore[attr-defined]
        return found

    def _unlink_channel(self, chanid: int) -> None:
        self._fed_last = None
        super()._unlink_channel(chanid)  # type: ignore[misc]

    def _send_user_message(self, message: Message) -> None:
        """As paramiko's, which looks at the clock and waits for what is nearly always so."""
        with self.clear_to_send_lock:
            if self.is_active() and self.clear_to_send.is_set():
                self._send_message(message)  # type: ignore[attr-defined]
                return
        super()._send_user_message(message)  # type: ignore[misc]

    # paramiko's loop begins with greeting and keys; one that goes on has done with them

    def _check_banner(self) -> None:
        if threading.current_thread() is not self._goes_on:
            super()._check_banner()  # type: ignore[misc]

    def _send_kex_init(self) -> None:
        if threading.current_thread() is not self._goes_on or self._has_gone_on:
            super()._send_kex_init()  # type: ignore[misc]

    def _expect_packet(self, *kinds: int) -> None:
        if threading.current_thread() is not self._goes_on or self._has_gone_on:
            super()._expect_packet(*kinds)  # type: ignore[misc]
        self._has_gone_on = True
