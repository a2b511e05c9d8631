"""Logins by hour of the week beside the habit of the months before. GUI thread only.

A row a weekday, a column an hour, in the server's own time. Arrows go through the hours.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from noc_console.audit.logins.panel import HOURS_OF_WEEK, HourGrid
from noc_console.desk.context import Colours
from noc_console.health.verdict import Verdict

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = 24
_LEFT, _FOOT = 36, 18
_FAINTEST, _STRONGEST = 60, 255
_BY_KEY = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_HOURS,
    Qt.Key.Key_Down: _HOURS,
}


class HourChart(QWidget):
    """Filled: logins of this audit, the more the stronger; framed: habit; ▲ told of."""

    hour_chosen = Signal(str)
    """The chosen hour in words."""

    def __init__(self, colours: Callable[[], Colours]) -> None:
        """Show no login yet."""
        super().__init__()
        self._colours = colours
        self._grid = HourGrid()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Logins by hour of the week")
        self.setMinimumHeight(7 * 13 + _FOOT)
        self.setMinimumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def hour(self) -> int:
        """The chosen hour of the week, from 0."""
        return self._at

    def show_grid(self, grid: HourGrid) -> None:
        """Show the logins of an account; the first hour told of, or the busiest, is chosen."""
        self._grid = grid
        told = [hour for hour in range(HOURS_OF_WEEK) if grid.told[hour]]
        busy = max(range(HOURS_OF_WEEK), key=lambda hour: grid.logins[hour])
        self._go(told[0] if told else busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go an hour or a day back or on."""
        by = _BY_KEY.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        elif 0 <= self._at + by < HOURS_OF_WEEK:
            self._go(self._at + by)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the hour that was clicked."""
        wide, tall = self._cell()
        hour = int((event.position().x() - _LEFT) / wide)
        day = int(event.position().y() / tall)
        if 0 <= hour < _HOURS and 0 <= day < len(_DAYS):
            self._go(day * _HOURS + hour)

    def _go(self, hour: int) -> None:
        self._at = hour
        words = hour_words(self._grid, hour)
        self.setAccessibleDescription(words)
        self.update()
        self.hour_chosen.emit(words)

    def _cell(self) -> tuple[float, float]:
        return (self.width() - _LEFT - 2) / _HOURS, (self.height() - _FOOT) / len(_DAYS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint every hour that has something, the names of days and hours, and the choice."""
        painter = QPainter(self)
        graph = self._colours().graph_colours
        painter.fillRect(self.rect(), QColor(graph.ground))
        wide, tall = self._cell()
        self._paint_names(painter, wide, tall)
        most = max(self._grid.logins) or 1
        for hour in range(HOURS_OF_WEEK):
            left, top = _LEFT + hour % _HOURS * wide, hour // _HOURS * tall
            self._paint_hour(painter, QRectF(left, top, wide, tall), hour, most)
        day, hour = divmod(self._at, _HOURS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(graph.text), 2 if self.hasFocus() else 1, Qt.PenStyle.DashLine))
        painter.drawRect(QRectF(_LEFT + hour * wide, day * tall, wide, tall))

    def _paint_names(self, painter: QPainter, wide: float, tall: float) -> None:
        graph = self._colours().graph_colours
        painter.setPen(QPen(QColor(graph.grid), 1))
        for day in range(len(_DAYS) + 1):
            painter.drawLine(QPointF(_LEFT, day * tall), QPointF(_LEFT + _HOURS * wide, day * tall))
        painter.setPen(QColor(graph.text))
        for place, name in enumerate(_DAYS):
            box = QRectF(0, place * tall, _LEFT - 6, tall)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        for hour in range(0, _HOURS, 3):
            box = QRectF(_LEFT + hour * wide, len(_DAYS) * tall + 2, wide * 3, _FOOT - 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, f"{hour:02}:00")

    def _paint_hour(self, painter: QPainter, box: QRectF, hour: int, most: int) -> None:
        colours = self._colours()
        graph, grid = colours.graph_colours, self._grid
        inside = box.adjusted(1.5, 1.5, -1.5, -1.5)
        if grid.logins[hour]:
            ink = QColor(graph.accent)
            ink.setAlpha(_FAINTEST + (_STRONGEST - _FAINTEST) * grid.logins[hour] // most)
            painter.fillRect(inside, ink)
        if grid.habit[hour]:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(graph.faint), 1))
            painter.drawRect(inside)
        if grid.told[hour]:
            bad = colours.look.colours[Verdict.CUT_OFF]
            painter.fillRect(inside, QColor(graph.ground))
            painter.setPen(QPen(bad, 1))
            painter.drawRect(inside)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "▲")


def hour_words(grid: HourGrid, hour: int) -> str:
    """Give an hour of the week in words."""
    day, at = divmod(hour, _HOURS)
    logins, habit, told = grid.logins[hour], grid.habit[hour], grid.told[hour]
    words = f"{_DAYS[day]} {at:02}:00: {logins:,} {'login' if logins == 1 else 'logins'}"
    words += f", {told:,} of them told of" if told else ""
    return f"{words}; in the months before {habit:,}."
