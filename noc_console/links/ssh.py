"""Connect to a server over SSH, through its jump servers, strictly and within bounds.

Nothing but the key exchange is sent before the host key is verified. Every step has a time-out
and is told to `on_step`, so that a test of the connection is the connection itself.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import paramiko
from paramiko.ssh_exception import SSHException

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.link_state import LinkFacts
from noc_console.fleet.secrets import get_secret
from noc_console.fleet.server import Server
from noc_console.links import host_keys
from noc_console.links.authentication import Secrets, authenticate, user_of
from noc_console.links.failures import LinkFailure, link_failure
from noc_console.links.files import RemoteFiles
from noc_console.links.greeting import greet
from noc_console.links.host_keys import CERTIFICATE, KnownKeys
from noc_console.links.known_hosts import KnownHost, Marker
from noc_console.links.port import open_port, resolve
from noc_console.links.reader import LinkReader
from noc_console.links.stream import Stream, start_shell
from noc_console.links.transport import (
    HOST_KEY_ALGORITHMS,
    WEAK_CIPHERS,
    WEAK_MACS,
    LinkTransport,
)

__all__ = [
    "Answer",
    "CommandResult",
    "LinkFailure",
    "SshConnection",
    "Step",
    "Stream",
    "Timeouts",
    "connect",
]

_PARAMIKO_TIMED_OUT = "Timeout opening channel."

OnStep = Callable[["Step"], None]
Heard = Callable[[bytes], None]
"""Takes what a command prints, part by part, on the thread that runs it."""

_UNSURE_BYTES = 200
"""At the end of a part, in which the line that asks for an answer may begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds each step may take."""

    name_s: float = 5.0
    port_s: float = 8.0
    greeting_s: float = 15.0
    authentication_s: float = 20.0
    channel_s: float = 10.0
    files_s: float = 20.0


USUAL = Timeouts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of connecting: whether it worked (None: not reached) and what was seen."""

    name: str
    ok: bool | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """What one bounded command gave. `exit_status` is None when it was cut off."""

    exit_status: int | None
    output: bytes
    truncated: bool
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a script reads from its standard input, once it has printed the line `when`."""

    when: bytes
    text: bytes = field(repr=False)


class SshConnection:
    """One authenticated connection, with those to its jump servers. Close it when done."""

    def __init__(
        self,
        transports: Sequence[LinkTransport],
        server: Server,
        facts: LinkFacts,
        timeouts: Timeouts,
    ) -> None:
        """Hold the transports, the nearest jump server's first, the server's own last."""
        self.facts = facts
        self._transports = tuple(transports)
        self._server = server
        self._timeouts = timeouts

    def open_stream(
        self,
        script: bytes,
        on_bytes: Callable[[bytes], None],
        on_end: Callable[[Failure], None],
    ) -> Stream:
        """Run a script that goes on reading lines; the callbacks come on the connection's thread.

        Raises:
            LinkFailure: the server refuses another channel or a shell.
        """
        channel = None
        try:
            channel = self._open_channel()
            stream = Stream(channel, self._server.name, on_bytes, on_end)
            stream.start(script, self._timeouts.channel_s)
        except (SSHException, EOFError, OSError) as error:
            _close(channel)
            raise self._no_shell(error) from error
        return stream

    def run(
        self,
        script: bytes,
        *,
        deadline_s: float,
        max_bytes: int,
        answer: Answer | None = None,
        heard: Heard | None = None,
    ) -> CommandResult:
        """Run a script in the server's /bin/sh and give what it printed.

        An `answer` is sent when the script asks for it: what must stand in no script. With `heard`
        each part is handed on as it comes and not kept; what that raises ends the command.

        Raises:
            LinkFailure: the server refuses another channel or a shell, or is lost meanwhile.
        """
        started_s = time.monotonic()
        channel = None
        try:
            channel = self._open_channel()
            start_shell(channel, self._timeouts.channel_s)
            channel.settimeout(self._timeouts.channel_s)
            channel.sendall(script)
            if answer is None:
                channel.shutdown_write()
        except (SSHException, EOFError, OSError) as error:
            _close(channel)
            raise self._no_shell(error) from error
        try:
            output, whole = _read_bounded(channel, started_s + deadline_s, max_bytes, answer, heard)
            status = channel.recv_exit_status() if whole and channel.exit_status_ready() else None
        finally:
            _close(channel)
        if status in {None, -1} and not self._transports[-1].is_active():
            raise self._lost()
        return CommandResult(
            exit_status=status,
            output=output,
            truncated=not whole,
            duration_s=time.monotonic() - started_s,
        )

    def open_files(self) -> RemoteFiles:
        """Open the server's files over SFTP, on a channel of this connection.

        Raises:
            LinkFailure: the server refuses another channel, or is lost.
            FileFailed: it gives no SFTP.
        """
        try:
            channel = self._open_channel()
        except (SSHException, EOFError, OSError) as error:
            raise self._no_shell(error) from error
        return RemoteFiles(channel, self._server.name, self._timeouts.files_s)

    def hand_to(self, reader: LinkReader) -> None:
        """Have one thread read for this connection and for others; not over a jump server."""
        if len(self._transports) == 1:
            self._transports[0].hand_to(reader)

    def close(self) -> None:
        """Close at once, however dead the server is; its shells end with the connection."""
        for transport in reversed(self._transports):
            transport.end()

    def _open_channel(self) -> paramiko.Channel:
        return self._transports[-1].open_session(timeout=self._timeouts.channel_s)

    def _lost(self) -> LinkFailure:
        return link_failure(
            FailureKind.CONNECTION_LOST,
            f"The connection to {self._server.name} was lost; it is tried again by itself.",
        )

    def _no_shell(self, error: Exception) -> LinkFailure:
        if isinstance(error, TimeoutError) or str(error) == _PARAMIKO_TIMED_OUT:
            return link_failure(
                FailureKind.STOPPED_ANSWERING,
                f"{self._server.name} let us in and then stopped answering; it may be overloaded "
                "or frozen. It is tried again by itself.",
            )
        transport = self._transports[-1]
        # a plain OSError says that the channel is closed: the shell ended before it read anything
        is_cut = isinstance(error, EOFError | OSError) and type(error) is not OSError
        if is_cut or transport.goodbye or not transport.is_active():
            return self._lost()
        return link_failure(
            FailureKind.SHELL_REFUSED,
            f"{self._server.name} let us in but gives no shell; check the user's login shell and "
            "that sshd allows commands (ForceCommand, MaxSessions).",
        )


def _close(channel: paramiko.Channel | None) -> None:
    """Close a channel; when the connection is gone even saying so fails, and that is no news."""
    if channel is not None:
        with contextlib.suppress(EOFError, OSError, SSHException):
            channel.close()


def connect(
    server: Server,
    *,
    jumps: Sequence[Server] = (),
    known: KnownKeys,
    secrets: Secrets = get_secret,
    timeouts: Timeouts = USUAL,
    on_step: OnStep = lambda _step: None,
) -> SshConnection:
    """Connect and log in, through `jumps` (the nearest first).

    Raises:
        LinkFailure: what failed, where, and what to do.
    """
    transports: list[LinkTransport] = []
    try:
        for hop in jumps:
            try:
                transports.append(
                    _connect_one(hop, transports, known, secrets, timeouts, lambda _step: None)[0]
                )
            except LinkFailure as error:
                raise _at_jump(server, hop, error) from error
        transport, facts = _connect_one(server, transports, known, secrets, timeouts, on_step)
        transports.append(transport)
    except BaseException:
        for transport in reversed(transports):
            transport.end()
        raise
    return SshConnection(transports, server, facts, timeouts)


def _at_jump(server: Server, hop: Server, error: LinkFailure) -> LinkFailure:
    failure = error.failure
    kind = failure.kind if failure.is_host_key else FailureKind.JUMP_FAILED
    sentence = f"{server.name} is reached through {hop.name}. {failure.sentence}"
    return LinkFailure(replace(failure, kind=kind, sentence=sentence))


def _connect_one(
    server: Server,
    before: Sequence[LinkTransport],
    known: KnownKeys,
    secrets: Secrets,
    timeouts: Timeouts,
    on_step: OnStep,
) -> tuple[LinkTransport, LinkFacts]:
    sock = _reach(server, before, timeouts, on_step)
    lines = known.lines_for(server.address, server.port)
    transport = LinkTransport(
        sock,
        host_key_algorithms=_algorithms(lines, known.ask_for),
        weak=server.allow_weak_algorithms,
    )
    transport.auth_timeout = timeouts.authentication_s
    try:
        greet(transport, server, timeouts.greeting_s)
        on_step(Step(name="banner", ok=True, sentence=inert(transport.remote_version, 100)))
        host_keys.verify(
            known,
            lines,
            name=server.name,
            address=server.address,
            port=server.port,
            blob=transport.offered_blob,
            now=datetime.now(UTC),
        )
        on_step(
            Step(name="host key", ok=True, sentence=host_keys.fingerprint(transport.offered_blob))
        )
        authenticated_with = authenticate(transport, server, secrets)
        on_step(
            Step(
                name="authentication",
                ok=True,
                sentence=f"{user_of(server)} with {authenticated_with}",
            )
        )
    except BaseException:
        transport.end()
        raise
    return transport, _facts(transport, authenticated_with)


def _reach(
    server: Server, before: Sequence[LinkTransport], timeouts: Timeouts, on_step: OnStep
) -> Any:
    """Give a socket, or over a jump server a channel, that is connected to the server's port."""
    if before:
        try:
            channel = before[-1].open_channel(
                "direct-tcpip",
                (server.address, server.port),
                ("127.0.0.1", 0),
                timeout=timeouts.port_s,
            )
        except (SSHException, EOFError, OSError) as error:
            raise link_failure(
                FailureKind.UNREACHABLE,
                f"The jump server cannot reach {server.name} at {server.address} port "
                f"{server.port}; check the address as seen from there, and AllowTcpForwarding.",
            ) from error
        on_step(Step(name="port", ok=True, sentence="reached over the jump server"))
        return channel
    addresses = resolve(server, timeouts.name_s)
    on_step(Step(name="name", ok=True, sentence=", ".join(str(one[0]) for _, one in addresses)))
    sock = open_port(server, addresses, timeouts.port_s)
    on_step(Step(name="port", ok=True, sentence=f"port {server.port} is open"))
    return sock


def _algorithms(lines: Sequence[KnownHost], ask_for: Sequence[str]) -> tuple[str, ...]:
    """Ask for the kinds of key that are known first; for certificates where an authority is."""
    known = {line.algorithm for line in lines if line.marker is Marker.KEY}
    if "ssh-rsa" in known:
        known |= {"rsa-sha2-512", "rsa-sha2-256"}
    plain = sorted(HOST_KEY_ALGORITHMS, key=lambda one: one not in (known or ask_for))
    if any(line.marker is Marker.AUTHORITY for line in lines):
        return (*(f"{one}{CERTIFICATE}" for one in HOST_KEY_ALGORITHMS), *plain)
    return tuple(plain)


def _facts(transport: LinkTransport, authenticated_with: str) -> LinkFacts:
    cipher, mac = transport.agreed_cipher, transport.agreed_mac
    return LinkFacts(
        cipher=cipher,
        kex=transport.agreed_kex,
        mac="in the cipher" if "gcm" in cipher else mac,
        host_key_algorithm=host_keys.algorithm_of(transport.offered_blob),
        fingerprint=host_keys.fingerprint(transport.offered_blob),
        software=inert(transport.remote_version, 100),
        authenticated_with=authenticated_with,
        connected_at=datetime.now(UTC),
        is_weak=cipher in WEAK_CIPHERS or (mac in WEAK_MACS and "gcm" not in cipher),
    )


def _read_bounded(
    channel: paramiko.Channel,
    ends_s: float,
    max_bytes: int,
    answer: Answer | None,
    heard: Heard | None,
) -> tuple[bytes, bool]:
    """Give what arrives until the end, and whether it was the end."""
    output = bytearray()
    taken = 0
    while taken <= max_bytes:
        left_s = ends_s - time.monotonic()
        if left_s <= 0:
            return bytes(output[:max_bytes]), False
        channel.settimeout(left_s)
        try:
            part = channel.recv(65536)
        except TimeoutError:
            return bytes(output[:max_bytes]), False
        if not part:
            channel.status_event.wait(max(0.1, ends_s - time.monotonic()))
            return bytes(output), True
        taken += len(part)
        output += part
        if answer is not None and answer.when in output:
            channel.sendall(answer.text)
            channel.shutdown_write()
            answer = None
        if heard is not None:
            heard(part)
            del output[: -_UNSURE_BYTES if answer is not None else None]
    return bytes(output[:max_bytes]), False
