"""Looks for what is due on a worker of its own, and keeps what the store did not take yet."""

import logging
import threading
from collections import deque
from collections.abc import Callable

from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError

log = logging.getLogger(__name__)


class Planner:
    """One plan at a time. `look` may be called from any thread, and so may `note`.

    A look asked for while one goes on is made after it, once. What fails is tried with the next
    look: the store's failure is said once, a bug is said once and ends nothing.
    """

    def __init__(
        self,
        name: str,
        about: str,
        plan: Callable[[], None],
        *,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        """Do `plan` at each look; `failed` is told that it did not come to its end."""
        self._about = about
        self._do = plan
        self._failed = failed
        self._worker = Workers(name, 1)
        self._lock = threading.Lock()
        self._is_asked_again = self._has_bug = False
        self._said = ""
        self._late: deque[Callable[[], None]] = deque()
        self.is_planning = False
        """Whether a look goes on or is about to."""

    def look(self) -> None:
        """See soon whether anything is due."""
        with self._lock:
            if self.is_planning:
                self._is_asked_again = True
                return
            self.is_planning = True
        self._worker.submit(self._plan)

    def submit(self, work: Callable[[], None]) -> None:
        """Do other work between two looks."""
        self._worker.submit(work)

    def note(self, write: Callable[[], None]) -> None:
        """Write what came of something; if the store does not take it, before the next plan."""
        try:
            write()
        except ConsoleError:
            self._late.append(write)

    def close(self) -> None:
        """Begin no more."""
        self._worker.stop()

    def _plan(self) -> None:
        try:
            self._write_late()
            self._do()
        except ConsoleError as error:
            if error.sentence != self._said:  # a store may be away for hours
                log.info("%s: %s", self._about, error.sentence)
            self._said = error.sentence
            self._failed()
        except Exception:  # a bug must not end the planning for good
            if not self._has_bug:  # said once, not at each look
                log.exception("%s met a bug", self._about)
            self._has_bug = True
            self._failed()
        else:
            self._has_bug = False
            self._said = ""
        finally:
            with self._lock:
                self.is_planning, again = self._is_asked_again, self._is_asked_again
                self._is_asked_again = False
            if again:
                self._worker.submit(self._plan)

    def _write_late(self) -> None:
        while self._late:
            self._late[0]()
            self._late.popleft()
