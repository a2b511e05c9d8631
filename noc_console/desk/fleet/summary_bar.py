"""How many servers have each verdict, as buttons that filter. GUI thread only."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from noc_console.desk.look import Look
from noc_console.health.verdict import Verdict

_FEWEST_TO_TELL = 1
_GAP = 6
_NARROWEST = 240
_STYLE = """
QToolButton { color: INK; background: transparent; border: 1px solid palette(mid);
              border-radius: 4px; padding: 4px ROOM; }
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
        self._total = 0
        self._asked: Verdict | None = None
        self._is_short = False
        self.setAccessibleName("Servers by verdict")
        self.all_button = self._button()
        self.all_button.clicked.connect(lambda: self.verdict_chosen.emit(None))
        self.buttons = {verdict: self._button() for verdict in Verdict}
        box = self._box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_GAP)
        box.addWidget(self.all_button)
        for verdict, button in self.buttons.items():
            button.clicked.connect(lambda _=False, verdict=verdict: self._choose(verdict))
            box.addWidget(button)
        box.addStretch(1)
        self.show_counts({}, 0)

    def show_counts(self, counts: Mapping[Verdict, int], total: int) -> None:
        """Show how many servers have each verdict."""
        self._counts, self._total = counts, total
        self.all_button.setAccessibleName(f"{total} servers: show all")
        for verdict, button in self.buttons.items():
            words = f"{counts.get(verdict, 0)} {verdict.value}"
            button.setAccessibleName(f"{words}: show only these")
            button.setToolTip(words)
        self._mark()
        self._write()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: where words do not fit, shapes and counts do."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out, or take them in again."""
        super().resizeEvent(event)
        self._write()

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
        self._ink(self.all_button, None)
        for verdict, button in self.buttons.items():
            count = self._counts.get(verdict, 0)
            button.setVisible(count >= _FEWEST_TO_TELL or verdict is self._asked)
            button.setChecked(verdict is self._asked)
            colour = self._look.colour(verdict) if count else self._look.faint
            self._ink(button, colour)

    def _write(self) -> None:
        """Write as many words as fit: all, or only shapes and counts, with less room each."""
        for has_words in (True, False):
            self._write_all(has_words=has_words)
            gap = self._box.spacing()
            shown = [one for one in self.buttons.values() if not one.isHidden()]
            wide = sum(one.sizeHint().width() + gap for one in (self.all_button, *shown))
            if wide <= self.width():
                break

    def _write_all(self, *, has_words: bool) -> None:
        total = f"{self._total} server{'s' if self._total != 1 else ''}"
        self.all_button.setText(total if has_words else str(self._total))
        for verdict, button in self.buttons.items():
            count = self._counts.get(verdict, 0)
            words = f"{count} {verdict.value}" if has_words else str(count)
            button.setText(self._look.worded(verdict, words))
        self._box.setSpacing(_GAP if has_words else _GAP // 2)
        self._is_short = not has_words
        self._mark()

    def _choose(self, verdict: Verdict) -> None:
        self.verdict_chosen.emit(None if verdict is self._asked else verdict)

    def _button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("count")
        button.setCheckable(True)
        return button

    def _ink(self, button: QToolButton, colour: QColor | None) -> None:
        ink = colour.name() if colour else "palette(text)"
        wanted = _STYLE.replace("INK", ink).replace("ROOM", "3px" if self._is_short else "9px")
        if button.styleSheet() != wanted:
            button.setStyleSheet(wanted)
