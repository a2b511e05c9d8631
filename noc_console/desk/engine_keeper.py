"""Keeps somebody watching: starts an engine of this window's own where none lives on the store.

GUI thread only; starting and stopping happen in the background. An engine that ends is started
again, later each time; while another one watches, nothing is done.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.context import Live
from noc_console.desk.widgets.off_thread import OffThread
from noc_console.errors import ConsoleError
from noc_console.store.heartbeat import last_engine, living_engine, stopped
from noc_console.store.store import Store

LOOK_EVERY_MS = 500
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0
_WELL_AFTER_S = 120.0
"""An engine that lived so long did not fail at its start: the waits begin anew."""
_BEGINS_WITHIN_S = 20.0
"""How long an engine that lives may take until it watches; then it is said that nobody does."""
_SHARED_WAIT_S = 30.0
"""How long the engine of a team may be away, for an update, before a window takes its place."""


class EngineProcess(Protocol):
    """An engine of our own (`cli.own_engine`, which the desk may not import)."""

    @property
    def is_running(self) -> bool:
        """Whether it lives."""

    @property
    def pid(self) -> int | None:
        """Its process id, also after it died; None before a start and after a stop."""

    @property
    def last_words(self) -> str:
        """The last line it said, empty when it said nothing."""

    def start(self) -> None:
        """Start it, unless it lives."""

    def stop(self) -> None:
        """End it."""


def wait_s(deaths: int) -> float:
    """Give how long to wait before the start after so many deaths in a row (doubling). Pure."""
    return float(min(_FIRST_WAIT_S * 2 ** (deaths - 1), _LONGEST_WAIT_S)) if deaths else 0.0


class EngineKeeper(QObject):
    """Looks twice a second at the live fleet and at its own engine."""

    trouble_changed = Signal(str)
    """Why nobody watches and what is done about it; empty when somebody does."""

    def __init__(
        self,
        own: EngineProcess,
        store: Store,
        live: Live,
        background: OffThread,
        host: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Do nothing yet; `host` is this machine's name as engines note it."""
        super().__init__()
        self._own = own
        self._store = store
        self._live = live
        self._background = background
        self._host = host
        self._clock = clock
        self._is_busy = False
        self._deaths = 0
        self._started_at = 0.0
        self._not_before = 0.0
        self._trouble = ""
        self._was_watched = live.engine is not None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        live.engine_changed.connect(self._note_engine)

    def start(self) -> None:
        """Keep an engine from now on."""
        self._live.expect_engine(self._live.engine is None)
        self._timer.start()

    def close(self) -> None:
        """Start none any more; the owner of the engine stops it."""
        self._timer.stop()

    @property
    def own_pid(self) -> int | None:
        """The process id of the engine this window started, if it lives."""
        return self._own.pid if self._own.is_running else None

    def look(self) -> None:
        """Do what is due now."""
        if self._is_busy or not self._live.is_loaded:
            return
        if self._live.engine is not None or self._is_late():
            self._live.expect_engine(False)
        if self._own.is_running:
            return
        if self._own.pid is not None:
            self._bury(self._own.pid)
        elif self._live.engine is None and self._clock() >= self._not_before:
            self._start()

    def _is_late(self) -> bool:
        return self._own.is_running and self._clock() - self._started_at > _BEGINS_WITHIN_S

    def _start(self) -> None:
        self._is_busy = True
        self._started_at = self._clock()
        if not self._deaths:  # after a failure it is said that nobody watches, until one does
            self._live.expect_engine(True)
        self._background.call(self._own.start, self._note_start, self._note_failure, self)

    def _note_start(self, _: None) -> None:
        self._is_busy = False

    def _note_failure(self, failure: ConsoleError) -> None:
        self._is_busy = False
        self._put_off()
        self._tell(f"No engine could be started: {failure.sentence}")

    def _put_off(self) -> float:
        self._live.expect_engine(False)
        lived_s = self._clock() - self._started_at
        self._deaths = 1 if lived_s > _WELL_AFTER_S else self._deaths + 1
        wait = wait_s(self._deaths)
        self._not_before = self._clock() + wait
        return wait

    def _bury(self, pid: int) -> None:
        """Our child is dead for certain: its lease need not run out before the next one starts."""
        self._is_busy = True
        words = self._own.last_words
        wait = self._put_off()

        def clear_away() -> bool:
            self._own.stop()
            last = last_engine(self._store)
            if last is not None and (last.pid, last.host) == (pid, self._host):
                if last.stopped_at is None:
                    stopped(self._store, last.id, last.heartbeat_at)
                return False
            return living_engine(self._store, datetime.now(UTC)) is not None

        def go_on(is_watched: bool) -> None:
            self._is_busy = False
            if not is_watched:
                said = f" Its last words: {words}" if words else ""
                self._tell(
                    f"The engine ended, so nobody watches the servers; another one is started in"
                    f" {wait:.0f} s.{said}"
                )

        self._background.call(clear_away, go_on, lambda _: go_on(False), self)

    def _note_engine(self, engine: object) -> None:
        """A team's engine that goes away gets some time to come back."""
        was_watched, self._was_watched = self._was_watched, engine is not None
        if engine is not None:
            self._tell("")
        elif was_watched and not self._store.location.is_embedded and self._own.pid is None:
            self._not_before = max(self._not_before, self._clock() + _SHARED_WAIT_S)
            self._tell(
                f"No engine watches the servers; this window starts one in {_SHARED_WAIT_S:.0f} s"
                " unless another one does."
            )

    def _tell(self, sentence: str) -> None:
        if sentence != self._trouble:
            self._trouble = sentence
            self.trouble_changed.emit(sentence)
