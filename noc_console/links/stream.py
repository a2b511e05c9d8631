"""One long-lived shell on a server: lines go in, bytes come out as events, nothing is polled.

Bytes are delivered on the connection's own thread, which must not be held up: `on_bytes` and
`on_end` only pass on.
"""

import contextlib
import threading
from collections.abc import Callable

import paramiko
from paramiko.common import cMSG_CHANNEL_REQUEST, cMSG_CHANNEL_WINDOW_ADJUST
from paramiko.message import Message
from paramiko.ssh_exception import SSHException

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.inert import inert

MAX_BYTES_UNASKED = 1024 * 1024
"""What may arrive between two lines we send; more is a server that shouts."""

GRANT_FROM_BYTES = 256 * 1024
"""Of the window of 2 MiB that paramiko opens (RFC 4254, 5.2), which `MAX_BYTES_UNASKED` cannot use
up between two lines; to grant more at each frame would be for nothing."""

SHELL = "exec /bin/sh"
"""Understood by every login shell there is (sh, bash, zsh, fish, csh, busybox)."""


def start_shell(channel: paramiko.Channel, timeout_s: float) -> None:
    """Have the server run its /bin/sh on a channel.

    paramiko's exec_command would wait for the answer without end.

    Raises:
        TimeoutError: the server does not answer.
        SSHException, EOFError, OSError: it refuses, or the connection is lost.
    """
    transport = channel.get_transport()
    request = Message()
    request.add_byte(cMSG_CHANNEL_REQUEST)
    request.add_int(channel.remote_chanid)
    request.add_string("exec")
    request.add_boolean(True)
    request.add_string(SHELL)
    channel._event_pending()  # type: ignore[attr-defined]  # noqa: SLF001
    transport._send_user_message(request)  # type: ignore[attr-defined]  # noqa: SLF001
    if not channel.event.wait(timeout_s):
        raise TimeoutError
    if not channel.event_ready:
        raise transport.get_exception() or SSHException("no shell")


class Stream:
    """A shell that runs a script, which reads further lines. `send`, `close` from any thread."""

    def __init__(
        self,
        channel: paramiko.Channel,
        name: str,
        on_bytes: Callable[[bytes], None],
        on_end: Callable[[Failure], None],
    ) -> None:
        """Take the channel over before anything is run on it."""
        self._channel = channel
        self._name = name
        self._on_bytes = on_bytes
        self._on_end = on_end
        self._came = 0  # bytes; counted by the thread that reads, the next two by the one that asks
        self._came_unasked_from = self._granted = 0
        self._was_asked = False
        self._complaint = b""
        self._last_words = b""
        self._ended = threading.Lock()
        channel.settimeout(0.0)
        channel.in_buffer = _Sink(self._take, self._end)  # type: ignore[assignment]
        channel.in_stderr_buffer = _Sink(self._hear, lambda: None)  # type: ignore[assignment]

    def start(self, script: bytes, timeout_s: float) -> None:
        """Run `script` in the server's /bin/sh.

        Raises:
            TimeoutError: the server does not answer or does not take the script.
            SSHException, EOFError, OSError: it refused the shell, or the connection is lost.
        """
        start_shell(self._channel, timeout_s)
        self._channel.settimeout(timeout_s)
        try:
            self._channel.sendall(script)
        except TimeoutError:
            raise
        except OSError:
            if not self._channel.get_transport().is_active():
                raise
            # the shell ended before it read anything: `on_end` says what it said
        self._channel.settimeout(0.0)

    def send(self, line: bytes) -> bool:
        """Send a line without waiting; false when the connection takes nothing at this moment."""
        transport = self._channel.get_transport()
        if not transport.clear_to_send.is_set():
            return False  # keys are being renewed
        came = self._came_unasked_from = self._came
        self._complaint = self._last_words = b""
        self._was_asked = True
        try:
            if came - self._granted >= GRANT_FROM_BYTES:
                self._grant(transport, came)
            return self._channel.send(line) == len(line)
        except (OSError, EOFError):
            return False  # the window is full, or the link is gone and `on_end` says so

    def close(self) -> None:
        """End the shell: it reads end of file and is gone. `on_end` is not called any more.

        This waits while keys are renewed or the connection takes nothing.
        """
        self._ended.acquire(blocking=False)
        with contextlib.suppress(EOFError, OSError, paramiko.SSHException):  # the link is gone
            self._channel.close()

    def _grant(self, transport: paramiko.Transport, came: int) -> None:
        """Let the server send as much as came once more: what paramiko's own recv() would do."""
        message = Message()
        message.add_byte(cMSG_CHANNEL_WINDOW_ADJUST)
        message.add_int(self._channel.remote_chanid)
        message.add_int(came - self._granted)
        transport._send_user_message(message)  # type: ignore[attr-defined]  # noqa: SLF001
        self._granted = came

    def _take(self, content: bytes) -> None:
        if self._is_bounded(content):
            if not self._was_asked:  # nologin says why on standard output
                self._last_words = (self._last_words + content)[-200:]
            self._on_bytes(content)

    def _hear(self, content: bytes) -> None:
        if self._is_bounded(content):
            self._complaint = (self._complaint + content)[-1000:]

    def _is_bounded(self, content: bytes) -> bool:
        self._came += len(content)
        if self._came - self._came_unasked_from > MAX_BYTES_UNASKED:
            self._tell(
                FailureKind.OUTPUT_TOO_LONG,
                f"{self._name} sends output without end, so the connection was closed; look at "
                "what its shell start-up files print.",
            )
            return False
        return True

    def _end(self) -> None:
        transport = self._channel.get_transport()
        lost = transport.saved_exception is not None or not transport.is_active()
        if lost and not self._was_refused(transport):
            self._tell(
                FailureKind.CONNECTION_LOST,
                f"The connection to {self._name} was lost; it is tried again by itself.",
            )
            return
        said = inert(self._complaint or self._last_words, 200).rstrip(".")
        ended = f"The shell on {self._name} ended" + (f" and said: {said}" if said else "")
        if self._was_asked:
            self._tell(
                FailureKind.CONNECTION_LOST,
                f"{ended}; the server may be shutting down. It is tried again by itself.",
            )
        else:
            self._tell(FailureKind.SHELL_REFUSED, f"{ended}; check that its user may run /bin/sh.")

    def _was_refused(self, transport: paramiko.Transport) -> bool:
        """Whether the server said something, gave no shell and hung up: that is its answer.

        Whether the end of the shell or that of the connection comes first is chance.
        """
        has_spoken = bool(self._complaint or self._last_words) and not self._was_asked
        return has_spoken and isinstance(transport.saved_exception, EOFError | None)

    def _tell(self, kind: FailureKind, sentence: str) -> None:
        if self._ended.acquire(blocking=False):
            self._on_end(Failure(kind=kind, sentence=sentence))


class _Sink:
    """Stands where paramiko keeps a channel's bytes: hands them on."""

    def __init__(self, take: Callable[[bytes], None], end: Callable[[], None]) -> None:
        self.feed = take
        self.close = end
