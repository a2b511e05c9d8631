"""Follows orders about audits: how far they are, and what came of them. GUI thread only."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.store import orders
from noc_console.store.orders import Order

_LOOK_MS = 500
_PATIENT_MS = 5000


class OrderFollower(QObject):
    """One order at a time; it goes on whether anybody follows it or not."""

    moved = Signal(object)
    """The `Order` as it stands; it is closed when nothing more comes."""
    failed = Signal(str)
    """Why it cannot be followed; it is tried again."""

    def __init__(self, context: DeskContext, parent: QObject) -> None:
        """Follow nothing yet."""
        super().__init__(parent)
        self._context = context
        self._order_id: int | None = None
        self._is_asking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)

    @property
    def order_id(self) -> int | None:
        """The order that is followed; None when there is none."""
        return self._order_id

    def place(self, work: Callable[[], int], refuse: Callable[[ConsoleError], None]) -> None:
        """Place an order in the background and follow it; `work` gives its number."""
        self._context.background.call(work, self.follow, refuse, self)

    def follow(self, order_id: int) -> None:
        """Follow an order from now on."""
        if order_id != self._order_id:
            self._order_id = order_id
            self._ask()

    def _ask(self) -> None:
        order_id = self._order_id
        if order_id is None or self._is_asking:
            return
        self._is_asking = True
        store = self._context.store
        self._context.background.call(
            partial(orders.get, store, order_id), self._take, self._fail, self
        )

    def _take(self, order: Order) -> None:
        self._is_asking = False
        if order.id != self._order_id:
            self._ask()
            return
        if order.state.is_closed:
            self._order_id = None
        else:
            self._timer.start(_LOOK_MS)
        self.moved.emit(order)

    def _fail(self, failure: ConsoleError) -> None:
        self._is_asking = False
        self.failed.emit(failure.sentence)
        self._timer.start(_PATIENT_MS)
