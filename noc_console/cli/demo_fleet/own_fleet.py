"""The throw-away servers, from the demo's side: a child process that ends when we end."""

import subprocess
from pathlib import Path

from noc_console.cli.demo_fleet.folder import STORE, make_folder, remove
from noc_console.cli.demo_fleet.keeper import READY
from noc_console.cli.own_engine import program_words
from noc_console.errors import ConsoleError

GONE_WITHIN_S = 20.0


class FleetNotStarted(ConsoleError):
    """The throw-away servers could not be started; the sentence says why."""


class OwnFleet:
    """The keeper and its folder, from `start` to `stop`; used by one thread.

    The keeper is a session of its own, so that an interrupt typed in the terminal reaches only us,
    and holds the reading end of a pipe from us: however we end, it notices, ends every server and
    removes the folder.
    """

    def __init__(self) -> None:
        """Make the folder; nothing runs yet."""
        self.folder = make_folder()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def store(self) -> Path:
        """The demo's own store, there after `start`."""
        return self.folder / STORE

    def start(self) -> None:
        """Start the keeper and wait until every server runs and is in the store.

        Raises:
            FleetNotStarted: with the keeper's own sentence.
        """
        self._process = subprocess.Popen(
            [*program_words(), "demo", "--keep-servers-in", self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        said = self._process.stdout.readline() if self._process.stdout else b""
        if said != READY:
            sentence = said.decode("utf-8", "replace").strip()
            raise FleetNotStarted(sentence or "The demo's servers did not start; start it again.")

    def stop(self) -> None:
        """End every server and remove the folder; waits until that is done."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(GONE_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        remove(self.folder)
