"""How many servers have each verdict, as buttons that filter. GUI thread only."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from noc_console.desk.server.look import Look
from noc_console.health.verdict import Verdict

_FEWEST_TO_TELL = 1
_STYLE = """
QToolButton { color: INK; background: transparent; border: 1px solid palette(mid);
              border-radius: 4px; padding: 4px 9px; }
QToolButton:hover, QToolButton:focus { border-color: palette(highlight); }
QToolButton:checked { background: palette(button); border-color: palette(highlight); }
"""


class SummaryBar(QWidget):
    """A button for all, and for each verdict that some server has its shape, count and word."""

    verdict_chosen = Signal(object)
    """The `Verdict` to show alone, or None for all."""

    def __init__(self, look: Look) -> None:
        """Count nothing yet."""
        super().__init__()
        self._look = look
        self._counts: Mapping[Verdict, int] = {}
        self._asked: Verdict | None = None
        self.setAccessibleName("Servers by verdict")
        self.all_button = self._button()
        self.all_button.clicked.connect(lambda: self.verdict_chosen.emit(None))
        self.buttons = {verdict: self._button() for verdict in Verdict}
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.all_button)
        for verdict, button in self.buttons.items():
            button.clicked.connect(lambda _=False, verdict=verdict: self._choose(verdict))
            box.addWidget(button)
        box.addStretch(1)
        self.show_counts({}, 0)

    def show_counts(self, counts: Mapping[Verdict, int], total: int) -> None:
        """Show how many servers have each verdict."""
        self._counts = counts
        self.all_button.setText(f"{total} server{'s' if total != 1 else ''}")
        for verdict, button in self.buttons.items():
            count = counts.get(verdict, 0)
            button.setText(self._look.worded(verdict, f"{count} {verdict.value}"))
            button.setAccessibleName(f"{count} {verdict.value}: show only these")
        self._mark()

    def show_asked(self, verdict: Verdict | None) -> None:
        """Mark the verdict that is asked for."""
        self._asked = verdict
        self._mark()

    def set_look(self, look: Look) -> None:
        """Paint in another theme."""
        self._look = look
        self._mark()

    def _mark(self) -> None:
        self.all_button.setChecked(self._asked is None)
        for verdict, button in self.buttons.items():
            count = self._counts.get(verdict, 0)
            button.setVisible(count >= _FEWEST_TO_TELL or verdict is self._asked)
            button.setChecked(verdict is self._asked)
            colour = self._look.colour(verdict) if count else self._look.faint
            _ink(button, colour)

    def _choose(self, verdict: Verdict) -> None:
        self.verdict_chosen.emit(None if verdict is self._asked else verdict)

    def _button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("count")
        button.setCheckable(True)
        _ink(button, None)
        return button


def _ink(button: QToolButton, colour: QColor | None) -> None:
    ink = colour.name() if colour else "palette(text)"
    wanted = _STYLE.replace("INK", ink)
    if button.styleSheet() != wanted:
        button.setStyleSheet(wanted)
