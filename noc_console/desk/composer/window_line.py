"""The window a notice is linked to: what is said of it, and the ways to another and to itself.

GUI thread only.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from noc_console.fleet.inert import inert
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_words import when_text
from noc_console.notices.notice import Notice

CHOOSE_KEYS, OPEN_KEYS = "Ctrl+Shift+G", "Ctrl+G"
_NARROW = 300
_NONE = "none: alarms will call, and what is down counts as not planned"


class WindowLine(QWidget):
    """`choose_wanted`: another window; `open_wanted`: the page of windows with this one."""

    choose_wanted = Signal()
    open_wanted = Signal()

    def __init__(self) -> None:
        """Show that none is linked."""
        super().__init__()
        self.words = QLabel(_NONE)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(1)
        self.choose, self.open = QPushButton("Choose…"), QPushButton("Show")
        self.choose.setToolTip(f"Choose the window it is for ({CHOOSE_KEYS})")
        self.choose.setAccessibleName("Choose the window it is for")
        self.open.setToolTip(f"Show the window ({OPEN_KEYS})")
        self.open.setAccessibleName("Show the window")
        self.choose.clicked.connect(self.choose_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.open.hide()
        ways = QHBoxLayout()
        ways.setSpacing(6)
        ways.addWidget(self.choose)
        ways.addWidget(self.open)
        ways.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self.words, 1)
        self._row.addLayout(ways)
        self.setFocusProxy(self.choose)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the words above the buttons where beside them they would stand one to a line."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        is_narrow = event.size().width() < _NARROW
        self._row.setDirection(way.TopToBottom if is_narrow else way.LeftToRight)

    def show_window(self, notice: Notice, window: Window | None) -> None:
        """Say which window a notice is for."""
        words = window_words(notice, window)
        self.words.setText(words)
        self.words.setAccessibleName(f"Window: {words}")
        self.words.setObjectName("" if notice.window_id else "faint")
        self.open.setVisible(window is not None)


def window_words(notice: Notice, window: Window | None) -> str:
    """Say in a line which window a notice is for, and whether they part."""
    if not notice.window_id:
        return _NONE
    if window is None:
        return f"window {notice.window_id} is not there any more; choose another"
    at = notice.starts_at or window.starts_at
    state = "cancelled, " if window.cancelled_at is not None else ""
    return f"{window.id}: {inert(window.title, 80)}, {state}{when_text(at, window.zone)}"
