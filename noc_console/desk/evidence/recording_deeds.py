"""Asking the flight recorder from the desk: record, stop; what came of it is said when it is known.

GUI thread only; the store is written and read in the background.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject

from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.incidents.evidence.recording_asking import ask_to_record, ask_to_stop, told_of
from noc_console.store.orders import Order, get

MOST_AT_ONCE = 20
"""Recording more at once costs the engine its ticks; a storm is recorded by rule, worst first."""


class RecordingDeeds(QObject):
    """Asks, follows the orders, and hands each sentence to `say`."""

    def __init__(
        self,
        context: DeskContext,
        say: Callable[[str], object],
        parent: QObject,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Have asked for nothing yet."""
        super().__init__(parent)
        self._context = context
        self._say = say
        self._now = now
        self._open: set[int] = set()
        context.live.orders_changed.connect(self._look)

    def toggle(self, server_id: int) -> None:
        """Record a server, or stop where it is being recorded."""
        if server_id in self._context.live.recordings:
            self.stop(server_id)
        else:
            self.record([server_id])

    def record(self, server_ids: Sequence[int]) -> None:
        """Record servers now."""
        if len(server_ids) > MOST_AT_ONCE:
            self._say(f"Choose at most {MOST_AT_ONCE} servers to record at once.")
            return
        store, asked_by, now = self._context.store, self._context.asked_by, self._now()

        def work() -> list[int]:
            return [ask_to_record(store, one, asked_by=asked_by, now=now) for one in server_ids]

        self._ask(work)

    def stop(self, server_id: int) -> None:
        """End a server's recording."""
        store, asked_by, now = self._context.store, self._context.asked_by, self._now()
        self._ask(lambda: [ask_to_stop(store, server_id, asked_by=asked_by, now=now)])

    def _ask(self, work: Callable[[], list[int]]) -> None:
        self._context.background.call(work, self._follow, self._refuse, self)

    def _follow(self, order_ids: list[int]) -> None:
        self._open.update(order_ids)
        self._look()

    def _look(self) -> None:
        for order_id in tuple(self._open):
            self._context.background.call(
                partial(get, self._context.store, order_id), self._take_order, self._refuse, self
            )

    def _take_order(self, order: Order) -> None:
        if not order.state.is_closed or order.id not in self._open:
            return
        self._open.discard(order.id)
        try:
            _, sentence = told_of(order)
        except ConsoleError as refused:
            sentence = refused.sentence
        self._say(sentence)

    def _refuse(self, failure: ConsoleError) -> None:
        self._say(failure.sentence)
