"""A shell on this machine that reads lines and whose bytes come as they are produced.

As `Stream` is for a server: `send` never waits, and the callbacks come on a thread of its own.
"""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable

from noc_console.fleet.failure import FailureKind
from noc_console.links.failures import link_failure

_READ_BYTES = 65536


class LocalShell:
    """One /bin/sh with a script; `close` ends it and what it started."""

    def __init__(
        self, script: bytes, on_bytes: Callable[[bytes], None], on_end: Callable[[str], None]
    ) -> None:
        """Start it; on a worker.

        Raises:
            LinkFailure: this machine can start no more processes.
        """
        try:
            self._process = subprocess.Popen(
                ["/bin/sh"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise link_failure(
                FailureKind.SHELL_REFUSED,
                f"This machine starts no shell: {error.strerror}; it may have no process left.",
            ) from error
        self._on_bytes = on_bytes
        self._on_end = on_end
        self._is_closed = False
        threading.Thread(target=self._run, args=(script,), name="local-shell", daemon=True).start()

    def send(self, line: bytes) -> bool:
        """Send a line; false when the shell is gone."""
        if self._process.stdin is None:
            return False
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def close(self) -> None:
        """End the shell and whatever it runs; `on_end` is not called any more."""
        self._is_closed = True
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _run(self, script: bytes) -> None:
        process = self._process
        with process:
            self.send(script)
            while process.stdout is not None:
                content = os.read(process.stdout.fileno(), _READ_BYTES)
                if not content:
                    break
                self._on_bytes(content)
        if not self._is_closed:
            self._on_end("The shell on this machine ended.")
