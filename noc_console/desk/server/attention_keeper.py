"""Tells the engine that somebody looks at a server, for as long as the page is open."""

import socket
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from noc_console.desk.widgets.off_thread import OffThread
from noc_console.store.store import Store
from noc_console.telemetry.attention import let_go, pay_attention

RENEW_EVERY = timedelta(seconds=10)
LASTS = timedelta(seconds=30)
"""Three renewals: one lost write does not slow the graphs, a crashed desk is soon forgotten."""


class AttentionKeeper(QObject):
    """Pays attention to one server between `start` and `stop`, renewing it in time.

    Two desks, or two pages on one server, hold it separately. A store that cannot be written to is
    told elsewhere; the graphs then go on at the server's own tick.
    """

    def __init__(
        self,
        store: Store,
        off_thread: OffThread,
        server_id: int,
        now: Callable[[], datetime],
        parent: QObject,
    ) -> None:
        """Hold nothing yet."""
        super().__init__(parent)
        self._store = store
        self._off_thread = off_thread
        self._server_id = server_id
        self._now = now
        self._desk = f"{socket.gethostname()}/{uuid.uuid4().hex[:12]}"
        self._timer = QTimer(self)
        self._timer.setInterval(int(RENEW_EVERY.total_seconds() * 1000))
        self._timer.timeout.connect(self._renew)

    def start(self) -> None:
        """Pay attention from now on."""
        if not self._timer.isActive():
            self._timer.start()
            self._renew()

    def stop(self) -> None:
        """Let go."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        self._write(lambda: let_go(self._store, self._desk, self._server_id))

    def _renew(self) -> None:
        until = self._now() + LASTS
        self._write(lambda: pay_attention(self._store, self._desk, self._server_id, until))

    def _write(self, work: Callable[[], None]) -> None:
        self._off_thread.call(work, lambda _: None, lambda _: None, self)
