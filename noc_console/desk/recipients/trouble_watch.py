"""Says above every page that messages about alarms do not go, and takes it back when they do."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from noc_console.desk.context import DeskContext
from noc_console.desk.recipients.recipient_words import trouble_text
from noc_console.health.delivery.delivery import Delivery
from noc_console.health.delivery.delivery_records import troubles


class TroubleWatch(QObject):
    """Follows what comes of messages. GUI thread only; the store is read in the background."""

    trouble_changed = Signal(str)
    """A sentence; empty when every channel works."""

    def __init__(
        self,
        context: DeskContext,
        parent: QObject,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Look at once, and whenever something came of a message."""
        super().__init__(parent)
        self._context = context
        self._now = now
        self._told = ""
        context.live.deliveries_changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        store, now = self._context.store, self._now()
        self._context.background.call(
            lambda: troubles(store, now), self._tell, lambda _failure: None, self
        )

    def _tell(self, found: list[Delivery]) -> None:
        words = trouble_text(found)
        if words != self._told:
            self._told = words
            self.trouble_changed.emit(words)
