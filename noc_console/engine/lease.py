"""The engine's right to watch a store: taken at the start, renewed, given back at the end."""

import os
import socket
from datetime import UTC, datetime

from noc_console import __version__
from noc_console.store import engine_process
from noc_console.store.heartbeat import EngineRecord, beat, register, stopped
from noc_console.store.orders import reclaim_orphans
from noc_console.store.store import Store


class Lease:
    """The lease of this process. Any thread may use it."""

    def __init__(self, store: Store) -> None:
        """Take it. An engine of this machine whose process is gone is not waited for.

        Raises:
            EngineAlreadyWatching: another engine holds it.
        """
        self._store = store
        self._engine = register(
            store, socket.gethostname(), os.getpid(), __version__, datetime.now(UTC), is_gone
        )
        reclaim_orphans(store, datetime.now(UTC))

    @property
    def engine_id(self) -> int:
        """The number under which this engine claims orders."""
        return self._engine.id

    def renew(self) -> None:
        """Say that we are here and watch.

        Raises:
            EngineAlreadyWatching: we were away for too long and another engine took over.
        """
        beat(self._store, self._engine.id, datetime.now(UTC))

    def give_back(self) -> None:
        """Let the next engine begin at once; orders we leave undone fail with a sentence."""
        stopped(self._store, self._engine.id, datetime.now(UTC))
        reclaim_orphans(self._store, datetime.now(UTC))


def is_gone(engine: EngineRecord) -> bool:
    """Whether an engine ran on this machine and its process is no more.

    Our own number was another process's before us: we have none of our own yet.
    """
    return engine_process.is_gone(engine) or (
        engine.host == socket.gethostname() and engine.pid == os.getpid()
    )
