"""Chooses a month, quarter, year or any range, in a zone. GUI thread only."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from noc_console.desk.widgets.off_thread import OffThread
from noc_console.desk.widgets.zone_box import ZoneBox
from noc_console.incidents.report_range import (
    ReportRange,
    month_of,
    parse_range,
    quarter_of,
    year_of,
)

_UNITS = {"Month": month_of, "Quarter": quarter_of, "Year": year_of}
_RANGE = "Range"
_FIELD_WIDTH = 130


class RangeChooser(QWidget):
    """`chosen` says that another range is wanted; `wanted` gives it."""

    chosen = Signal()

    def __init__(self, now: Callable[[], datetime], background: OffThread) -> None:
        """Choose this month in our own zone."""
        super().__init__()
        self._now = now
        self._back = 0
        self.unit = QComboBox()
        self.unit.addItems([*_UNITS, _RANGE])
        self.unit.setAccessibleName("Length of the range")
        self.earlier, self.later = QPushButton("&Earlier"), QPushButton("La&ter")
        self.first, self.last = QLineEdit(), QLineEdit()
        for field, name, example in (
            (self.first, "From", "2026-10-05"),
            (self.last, "To, as a whole", "2026-10-11"),
        ):
            field.setAccessibleName(name)
            field.setPlaceholderText(example)
            field.setFixedWidth(_FIELD_WIDTH)
            field.returnPressed.connect(self.chosen)
        self.zone = ZoneBox(background)
        self._between = QLabel("to")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        parts: tuple[QWidget, ...] = (
            *(self.unit, self.earlier, self.later),
            *(self.first, self._between, self.last, self.zone),
        )
        for part in parts:
            row.addWidget(part)
        self.setFocusProxy(self.unit)
        self._join()
        self._fit()

    def _join(self) -> None:
        self.unit.currentIndexChanged.connect(lambda _: self._go(0))
        self.earlier.clicked.connect(lambda: self._go(self._back + 1))
        self.later.clicked.connect(lambda: self._go(self._back - 1))
        self.zone.zone_changed.connect(lambda _: self.chosen.emit())

    def add_keys(self, page: QWidget) -> None:
        """Put the keys for the range before and after on a page."""
        for keys, words, by in (
            ("Alt+PgUp", "Look at the range before", 1),
            ("Alt+PgDown", "Look at the range after", -1),
        ):
            step = QShortcut(QKeySequence(keys), page, lambda by=by: self._go(self._back + by))
            step.setWhatsThis(words)
            step.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def wanted(self) -> ReportRange:
        """Give the range now chosen.

        Raises:
            ConsoleError: what was typed names none.
        """
        unit, now = _UNITS.get(self.unit.currentText()), self._now()
        if unit is None:
            return parse_range(self.first.text(), self.last.text(), self.zone.zone, now)
        return unit(now, self.zone.zone, before=self._back)

    def _go(self, back: int) -> None:
        if self.unit.currentText() == _RANGE:
            self._back = 0
            self._fit()
            self.first.setFocus()
            return
        self._back = max(0, back)
        self._fit()
        self.chosen.emit()

    def _fit(self) -> None:
        is_range = self.unit.currentText() == _RANGE
        for part in (self.first, self._between, self.last):
            part.setVisible(is_range)
        for button in (self.earlier, self.later):
            button.setVisible(not is_range)
        self.later.setEnabled(self._back > 0)
