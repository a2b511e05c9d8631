"""Tells when a window has been painted for the first time: then the slow work may begin."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Watches one window until its first paint."""

    seen = Signal()

    def __init__(self, window: QWidget) -> None:
        """Watch from now on."""
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell the first paint, once; every event goes on its way."""
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self.seen.emit()
        return super().eventFilter(watched, event)
