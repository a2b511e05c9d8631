"""How the gate's commands get to a server: over the link that stands, or a connection of its own.

Used on one worker thread. A login on a sick server can take longer than it has left, so the link
that stands goes first.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Protocol

from noc_console.engine.open_link import OpenLink
from noc_console.fleet.failure import FailureKind
from noc_console.links.failures import LinkFailure, link_failure
from noc_console.links.ssh import Answer, CommandResult, Heard, SshConnection


class Hands(Protocol):
    """Runs scripts in a server's /bin/sh."""

    def run(
        self,
        script: bytes,
        *,
        deadline_s: float,
        max_bytes: int,
        answer: Answer | None = None,
        heard: Heard | None = None,
    ) -> CommandResult:
        """Run a script. It is run again elsewhere only where it certainly did not begin.

        With `heard` what it prints is handed on part by part and not kept.

        Raises:
            LinkFailure: it was not run, or nobody knows whether it was.
        """

    def close(self) -> None:
        """Let go of what was opened."""


class RemoteHands:
    """A server over SSH; `connect` opens a connection of our own."""

    def __init__(self, link: OpenLink | None, connect: Callable[[], SshConnection]) -> None:
        """Use `link` as long as it takes commands."""
        self._link = link
        self._connect = connect
        self._own: SshConnection | None = None
        self._refused: LinkFailure | None = None

    def run(
        self,
        script: bytes,
        *,
        deadline_s: float,
        max_bytes: int,
        answer: Answer | None = None,
        heard: Heard | None = None,
    ) -> CommandResult:
        """Run a script, as `Hands` has it."""
        if self._link is not None:
            try:
                return self._link.run(
                    script,
                    deadline_s=deadline_s,
                    max_bytes=max_bytes,
                    answer=answer,
                    heard=heard,
                )
            except LinkFailure as error:
                self._link = None
                if error.failure.kind is not FailureKind.SHELL_REFUSED:
                    raise
        return self._own_connection().run(
            script, deadline_s=deadline_s, max_bytes=max_bytes, answer=answer, heard=heard
        )

    def _own_connection(self) -> SshConnection:
        """Connect once: a server that refused is not asked again for each part of a look."""
        if self._refused is not None:
            raise self._refused
        if self._own is None:
            try:
                self._own = self._connect()
            except LinkFailure as error:
                self._refused = error
                raise
        return self._own

    def close(self) -> None:
        """Close our own connection; the link is the lane's."""
        if self._own is not None:
            self._own.close()
            self._own = None


class LocalHands:
    """The machine the engine runs on: a shell here, no SSH."""

    def run(
        self,
        script: bytes,
        *,
        deadline_s: float,
        max_bytes: int,
        answer: Answer | None = None,
        heard: Heard | None = None,
    ) -> CommandResult:
        """Run a script, as `Hands` has it."""
        started_s = time.monotonic()
        with subprocess.Popen(
            ["/bin/sh", "-c", script.decode()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as shell:
            whole: bool | None = None
            try:
                told, whole = _read_bounded(shell, answer, started_s + deadline_s, max_bytes, heard)
            finally:
                if not whole:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(shell.pid, signal.SIGKILL)
        if whole is None:
            raise link_failure(
                FailureKind.TIMED_OUT,
                f"A command on this machine did not end within {deadline_s:.0f} s; look at it "
                "there.",
            )
        return CommandResult(
            exit_status=shell.returncode if whole else None,
            output=told,
            truncated=not whole,
            duration_s=time.monotonic() - started_s,
        )

    def close(self) -> None:
        """Nothing is held open."""


def _read_bounded(
    shell: subprocess.Popen[bytes],
    answer: Answer | None,
    ends_s: float,
    max_bytes: int,
    heard: Heard | None,
) -> tuple[bytes, bool | None]:
    """Give what a shell prints, and whether that was all; None where its time was over."""
    if shell.stdin is None or shell.stdout is None:  # pragma: no cover - both are pipes
        raise ValueError("the shell has no pipes")
    with contextlib.suppress(BrokenPipeError):
        shell.stdin.write(answer.text if answer else b"")
        shell.stdin.close()
    output, taken = bytearray(), 0
    with selectors.DefaultSelector() as waiting:
        waiting.register(shell.stdout, selectors.EVENT_READ)
        while taken <= max_bytes:
            if not waiting.select(max(0.0, ends_s - time.monotonic())):
                return bytes(output), None
            part = os.read(shell.stdout.fileno(), 65536)
            if not part:
                shell.wait()
                return bytes(output), True
            taken += len(part)
            if heard is None:
                output += part
            else:
                heard(part)
    return bytes(output[:max_bytes]), False
