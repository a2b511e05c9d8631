"""The engine's right to watch a store: taken at the start, renewed, given back at the end."""

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from noc_console import __version__
from noc_console.engine.steady_clock import running_s
from noc_console.store import engine_process
from noc_console.store.heartbeat import LARGEST_BREAK, EngineRecord, beat, register, stopped
from noc_console.store.orders import reclaim_orphans
from noc_console.store.store import Store


class Lease:
    """The lease of this process. Any thread may use it."""

    def __init__(
        self,
        store: Store,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        running: Callable[[], float] = running_s,
    ) -> None:
        """Take it. An engine of this machine whose process is gone is not waited for.

        Raises:
            EngineAlreadyWatching: another engine holds it.
        """
        self._store = store
        self._wall = wall
        self._running = running
        self._beat_s = self._awake_from_s = self._awake_s = running()
        self._engine = register(
            store, socket.gethostname(), os.getpid(), __version__, wall(), is_gone
        )
        reclaim_orphans(store, wall())

    @property
    def engine_id(self) -> int:
        """The number under which this engine claims orders."""
        return self._engine.id

    def note_awake(self) -> None:
        """Note that servers are being read, whether or not the store takes a heartbeat now."""
        now_s = self._running()
        if self._is_break(now_s):
            self._awake_from_s = now_s
        self._awake_s = now_s

    def renew(self) -> None:
        """Say that we are here and watch.

        Raises:
            EngineAlreadyWatching: we were away for too long and another engine took over.
        """
        now_s = self._running()
        beat(self._store, self._engine.id, self._wall(), self._kept_watch(now_s))
        self._beat_s = now_s

    def give_back(self) -> None:
        """Let the next engine begin at once; orders we leave undone fail with a sentence."""
        stopped(self._store, self._engine.id, self._wall(), self._kept_watch(self._running()))
        reclaim_orphans(self._store, self._wall())

    def _kept_watch(self, now_s: float) -> timedelta:
        """Give how long we have read servers since the last heartbeat the store took."""
        if self._is_break(now_s):
            return timedelta(0)
        return timedelta(seconds=now_s - max(self._beat_s, self._awake_from_s))

    def _is_break(self, now_s: float) -> bool:
        return now_s - self._awake_s > LARGEST_BREAK.total_seconds()


def is_gone(engine: EngineRecord) -> bool:
    """Whether an engine ran on this machine and its process is no more.

    Our own number was another process's before us: we have none of our own yet.
    """
    return engine_process.is_gone(engine) or (
        engine.host == socket.gethostname() and engine.pid == os.getpid()
    )
