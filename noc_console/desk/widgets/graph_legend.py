"""The head of a graph: its title, and each line's colour, name and value."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_SWATCH = 9
_GAP = 6
_BETWEEN = 12
_WIDEST = "0.00"
"""Short values get this much room, so that the names do not dance as digits come and go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One line of the graph as the legend shows it."""

    title: str
    value: str
    colour: str


class GraphLegend(QWidget):
    """Swatch, name and value of each line, on as few rows as the width allows.

    Painted in one go: labels of their own would be laid out anew at each sample.
    """

    def __init__(self, text: QColor, faint: QColor) -> None:
        """Start without an entry."""
        super().__init__()
        self._text = text
        self._faint = faint
        self._entries: tuple[LegendEntry, ...] = ()
        self._widths: list[int] = []
        """Of the entries: a layout asks for the height dozens of times."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_colours(self, text: QColor, faint: QColor) -> None:
        """Write in other colours from now on."""
        self._text = text
        self._faint = faint
        self.update()

    def show_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show other values."""
        if entries == self._entries:
            return
        rows = len(self._rows(self.width()))
        self._entries = entries
        self._measure()
        if len(self._rows(self.width())) != rows:
            self.updateGeometry()
        self.setAccessibleDescription(", ".join(f"{e.title} {e.value}" for e in entries))
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Say that a narrow legend is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give room for as many rows as the entries need."""
        return self._row_height() * max(1, len(self._rows(width)))

    def sizeHint(self) -> QSize:
        """Give room for one row."""
        return QSize(120, self._row_height())

    def minimumSizeHint(self) -> QSize:
        """Give the least: the legend never decides the width of a graph."""
        return QSize(40, self._row_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entries from left to right, row by row."""
        del event
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time runs in the graph
        for row, entries in enumerate(self._rows(self.width())):
            left = 0.0
            for entry, width in entries:
                self._paint_entry(painter, entry, left, row * self._row_height())
                left += width
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measure()
            self.updateGeometry()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 4

    def _strong(self) -> QFont:
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        return strong

    def _measure(self) -> None:
        plain, strong = self.fontMetrics().horizontalAdvance, QFontMetrics(self._strong())
        self._widths = [
            _SWATCH + 2 * _GAP + plain(one.title) + strong.horizontalAdvance(room) + _BETWEEN
            for one in self._entries
            for room in [max(one.value, _WIDEST, key=len)]
        ]

    def _rows(self, width: int) -> list[list[tuple[LegendEntry, int]]]:
        rows: list[list[tuple[LegendEntry, int]]] = [[]]
        used = 0
        for entry, needed in zip(self._entries, self._widths, strict=True):
            if rows[-1] and used + needed - _BETWEEN > width:
                rows.append([])
                used = 0
            rows[-1].append((entry, needed))
            used += needed
        return rows

    def _paint_entry(self, painter: QPainter, entry: LegendEntry, left: float, top: int) -> None:
        height = self._row_height()
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.fillRect(
            QRectF(left, top + (height - _SWATCH) / 2, _SWATCH, _SWATCH), QColor(entry.colour)
        )
        left += _SWATCH + _GAP
        painter.setFont(self.font())
        painter.setPen(self._faint)
        painter.drawText(QRectF(left, top, self.width(), height), middle, entry.title)
        left += self.fontMetrics().horizontalAdvance(entry.title) + _GAP
        painter.setFont(self._strong())
        painter.setPen(self._text)
        painter.drawText(QRectF(left, top, self.width(), height), middle, entry.value)
