"""Follows one order from the desk: placed, progress step by step, closed. Never blocks the window.

GUI thread only; the store is read on the background's threads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.widgets.off_thread import OffThread
from noc_console.errors import ConsoleError
from noc_console.store import orders
from noc_console.store.heartbeat import living_engine
from noc_console.store.orders import Order, OrderState
from noc_console.store.store import Store

_POLL_MS = 250
_PATIENCE = timedelta(seconds=10)
_ENGINE_COMES = timedelta(seconds=20)
"""A window that was just opened is still starting an engine: an order waits for it so long."""


class NoEngine(ConsoleError):
    """Nobody lives on this store who could carry out an order."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "No engine is running on this store, so nothing can reach a server. Start one with"
            " `noc-console engine` on a machine that may, then try again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is asked of the engine."""

    kind: str
    server_id: int | None
    request: dict[str, Any]


class OrderWatch(QObject):
    """Places one order at a time and tells how it goes on."""

    step_arrived = Signal(object)
    """One progress row, as the engine reported it (a dict)."""
    closed = Signal(object)
    """The closed `Order`."""
    failed = Signal(str)
    """A sentence: the order could not be placed or followed."""

    def __init__(
        self,
        store: Store,
        background: OffThread,
        asked_by: str,
        parent: QObject,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Make a watch that follows nothing yet."""
        super().__init__(parent)
        self._store = store
        self._background = background
        self._asked_by = asked_by
        self._now = now
        self._order_id: int | None = None
        self._placing = 0
        """The number of the newest `place`: an older one was withdrawn while it was written."""
        self._is_placing = False
        self._steps_seen = 0
        self._asked_at = now()
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._ask)

    @property
    def is_running(self) -> bool:
        """Whether an order is on its way."""
        return self._is_placing or self._timer.isActive()

    def place(self, kind: str, request: dict[str, Any], server_id: int | None = None) -> None:
        """Place an order; what comes of it is told by the signals."""
        self.forget()
        wanted = _Wanted(kind=kind, server_id=server_id, request=request)
        self._asked_at = self._now()
        self._is_placing = True
        self._try(wanted, self._placing)

    def cancel(self) -> None:
        """Cancel the order on its way, if there is one."""
        order_id = self._order_id
        self.forget()
        if order_id is not None:
            self._withdraw(order_id)

    def forget(self) -> None:
        """Follow the order no more; it goes on without us."""
        self._timer.stop()
        self._order_id = None
        self._placing += 1
        self._is_placing = False
        self._steps_seen = 0

    def _try(self, wanted: _Wanted, number: int) -> None:
        if number != self._placing:
            return
        self._background.call(
            lambda: self._write(wanted),
            lambda order_id: self._follow(order_id, number),
            lambda failure: self._refuse(failure, wanted, number),
            self,
        )

    def _write(self, wanted: _Wanted) -> int:
        now = self._now()
        if living_engine(self._store, now) is None:
            raise NoEngine
        return orders.place(
            self._store,
            wanted.kind,
            server_id=wanted.server_id,
            request=wanted.request,
            asked_by=self._asked_by,
            now=now,
        )

    def _follow(self, order_id: int, number: int) -> None:
        if number != self._placing:
            self._withdraw(order_id)
            return
        self._is_placing = False
        self._order_id = order_id
        self._timer.start()

    def _refuse(self, failure: ConsoleError, wanted: _Wanted, number: int) -> None:
        if number != self._placing:
            return
        if isinstance(failure, NoEngine) and self._now() - self._asked_at < _ENGINE_COMES:
            QTimer.singleShot(_POLL_MS, self, lambda: self._try(wanted, number))
            return
        self._is_placing = False
        self.failed.emit(failure.sentence)

    def _withdraw(self, order_id: int) -> None:
        now = self._now()
        self._background.call(
            lambda: orders.cancel(self._store, order_id, now),
            lambda _: None,
            lambda failure: self.failed.emit(failure.sentence),
            self,
        )

    def _ask(self) -> None:
        order_id = self._order_id
        if order_id is None or self._asking:
            return
        self._asking = True
        self._background.call(
            lambda: orders.get(self._store, order_id), self._take, self._give_up, self
        )

    def _take(self, order: Order) -> None:
        self._asking = False
        if order.id != self._order_id:
            return
        for step in order.progress[self._steps_seen :]:
            self.step_arrived.emit(step)
        self._steps_seen = len(order.progress)
        if order.state.is_closed:
            self.forget()
            self.closed.emit(order)
        elif order.state is OrderState.WAITING and self._now() - order.asked_at > _PATIENCE:
            self.cancel()
            self.failed.emit(
                "The engine has not taken this up within 10 seconds, so it was withdrawn. Look at"
                " the engine’s state in the status bar, then try again."
            )

    def _give_up(self, failure: ConsoleError) -> None:
        self._asking = False
        self.forget()
        self.failed.emit(failure.sentence)
