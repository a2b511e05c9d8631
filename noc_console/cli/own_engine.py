"""An engine of our own: a child process that ends when we end, however we end."""

import os
import subprocess
import sys
from pathlib import Path

from noc_console.cli.bug_log import state_folder
from noc_console.store.location import StoreLocation

STOP_WITHIN_S = 2.0
_LAST_BYTES = 4096


class OwnEngine:
    """One engine process on one store, started and stopped by one thread of its owner.

    The child is a session of its own, so that an interrupt typed in the terminal reaches only us;
    it holds the reading end of a pipe from us and stops when that closes, so that it also ends when
    we are killed. What it says goes to `engine.log` in the state folder, new at each start.
    """

    def __init__(self, location: StoreLocation) -> None:
        """Prepare; nothing runs yet."""
        self._location = location
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the child lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The child's process id, or None when there is none."""
        return None if self._process is None else self._process.pid

    @property
    def last_words(self) -> str:
        """The last line the child said, such as why it ended; empty when it said nothing."""
        try:
            with _log_path().open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - _LAST_BYTES))
                lines = log.read().decode("utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def start(self) -> None:
        """Start the child, unless it lives already."""
        if self.is_running:
            return
        self.stop()
        log = _log_path()
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                [*program_words(), "engine", "--with-parent", "--store", self._location.text],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End the child: asked first, then killed after STOP_WITHIN_S seconds."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            if process.stdin is not None:
                process.stdin.close()


def _log_path() -> Path:
    return state_folder() / "engine.log"


def program_words() -> list[str]:
    """Give the words that start this program again; a frozen one is its own interpreter."""
    return (
        [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "noc_console"]
    )
