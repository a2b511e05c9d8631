"""The line a person types a filter into, how many servers it keeps, and what it did not understand.

GUI thread only.
"""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from noc_console.desk.fleet.filter_terms import EXAMPLE, HELP, Filter, parse_filter
from noc_console.desk.widgets.rows_table import plain_tip

_WAIT_MS = 60
"""A word typed quickly is looked for once, not at each letter."""


class FilterLine(QLineEdit):
    """Esc empties it, Down goes on to what was found."""

    left = Signal()
    """A person wants to go on to the servers."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc and Down; the rest is typing."""
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Escape | Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


class FilterBar(QWidget):
    """Tells the filter a moment after it was typed."""

    filter_changed = Signal(object)
    """The new `Filter`."""

    def __init__(self) -> None:
        """Keep everything."""
        super().__init__()
        self.filter = Filter()
        self.line = FilterLine()
        self.line.setPlaceholderText(f"Filter: {EXAMPLE}, a name, a customer’s site …")
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName("Filter")
        self.line.setAccessibleDescription(HELP)
        self.line.setToolTip(plain_tip(HELP))
        self.line.setMinimumWidth(160)
        self.count = QLabel()
        self.count.setObjectName("faint")
        self.hint, self.answer = QLabel(), QLabel()
        for label in (self.hint, self.answer):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            label.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._apply)
        self.line.textChanged.connect(lambda _: self._timer.start())
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.row.addWidget(self.line, 1)
        self.row.addWidget(self.count)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(self.row)
        box.addWidget(self.hint)
        box.addWidget(self.answer)
        self.setFocusProxy(self.line)

    def show_filter(self, text: str) -> None:
        """Put a filter into the line and apply it at once."""
        with QSignalBlocker(self.line):
            self.line.setText(text)
        self._apply()

    def show_count(self, shown: int, total: int) -> None:
        """Say how many servers are kept."""
        self.count.setText(f"{shown} of {total}" if shown != total else "")

    def show_answer(self, words: str) -> None:
        """Say what was asked by the filter, such as on which server a site is."""
        self.answer.setText(words)
        self.answer.setVisible(bool(words))

    def _apply(self) -> None:
        self._timer.stop()
        wanted = parse_filter(self.line.text())
        self.hint.setText(" ".join(wanted.hints))
        self.hint.setVisible(bool(wanted.hints))
        if wanted != self.filter:
            self.filter = wanted
            self.filter_changed.emit(wanted)
