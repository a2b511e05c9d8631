"""Follows an order of the gate and the act it begins, without ever holding up the window.

GUI thread only; the store is read in the background.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.widgets.off_thread import OffThread
from noc_console.errors import ConsoleError
from noc_console.incidents.gate.gate_asking import Progress, progress_of
from noc_console.store import orders
from noc_console.store.orders import OrderState
from noc_console.store.store import Store

_POLL_MS = 300
_PATIENCE = timedelta(seconds=15)


class Follower(QObject):
    """Places one order and tells how it and its act stand, until they are over."""

    progressed = Signal(object)
    """`Progress`, each time something is new."""
    failed = Signal(str)
    """A sentence: it could not be asked for, or nobody took it up."""

    def __init__(
        self,
        store: Store,
        background: OffThread,
        parent: QObject,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Follow nothing yet."""
        super().__init__(parent)
        self._store = store
        self._background = background
        self._now = now
        self._order_id = 0
        self._placed_at = now()
        self._is_asking = False
        self._told: Progress | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._look)

    def place(self, work: Callable[[], int]) -> None:
        """Place an order by `work`, in the background, and follow it."""
        self.stop()
        self._background.call(work, self.follow, self._refuse, self)

    def follow(self, order_id: int) -> None:
        """Follow an order that was placed."""
        self._order_id, self._placed_at, self._told = order_id, self._now(), None
        self._timer.start()
        self._look()

    def stop(self) -> None:
        """Follow no more; it goes on without us."""
        self._timer.stop()
        self._order_id = 0

    def withdraw(self) -> None:
        """Take back what did not begin, and follow no more."""
        order_id, now = self._order_id, self._now()
        self.stop()
        if order_id:
            self._background.call(
                lambda: orders.cancel(self._store, order_id, now),
                lambda _: None,
                lambda _: None,
                self,
            )

    def _look(self) -> None:
        order_id = self._order_id
        if self._is_asking or not order_id:
            return
        self._is_asking = True
        self._background.call(
            lambda: progress_of(self._store, order_id), self._take, self._miss, self
        )

    def _take(self, progress: Progress) -> None:
        self._is_asking = False
        if progress.order.id != self._order_id:
            return
        waits = progress.order.state is OrderState.WAITING
        if waits and self._now() - self._placed_at > _PATIENCE:
            self.withdraw()
            self.failed.emit(
                "The engine has not taken this up within 15 seconds, so it was withdrawn. Look at"
                " the engine’s state in the status bar, then ask again."
            )
            return
        if progress.is_over:
            self.stop()
        if progress != self._told:
            self._told = progress
            self.progressed.emit(progress)

    def _miss(self, _failure: ConsoleError) -> None:
        """The store is away: look again; the window tells what is wrong with it."""
        self._is_asking = False

    def _refuse(self, failure: ConsoleError) -> None:
        self.failed.emit(failure.sentence)
