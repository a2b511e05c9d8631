"""A label that gives up a part where there is little room, and tells the whole in its tip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from noc_console.desk.widgets.rows_table import short_tip

_LEAST = "MMMM…"


class ElidingLabel(QLabel):
    """Plain text in one line: a name gives up its middle, a sentence its end."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, is_sentence: bool = False
    ) -> None:
        """Show a text."""
        super().__init__(parent)
        modes = Qt.TextElideMode
        self._elides = modes.ElideRight if is_sentence else modes.ElideMiddle
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self.setToolTip(short_tip(text))

    def minimumSizeHint(self) -> QSize:
        """Give the room for a few letters; the whole text is what it would like."""
        wanted = super().minimumSizeHint()
        least = self.fontMetrics().horizontalAdvance(_LEAST)
        return QSize(min(wanted.width(), least), wanted.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        room = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), self._elides, room.width())
        if words == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            room,
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            words,
            self.foregroundRole(),
        )
        painter.end()
