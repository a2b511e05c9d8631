"""Bars of a sender's days beside what is usual for it and the bound over which a day is high.

GUI thread only. Left and Right go through the days.
"""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from noc_console.audit.spam.panel import DayCount
from noc_console.desk.context import Colours
from noc_console.health.verdict import Verdict

_LEFT, _RIGHT, _TOP, _FOOT = 56, 10, 18, 22
_WIDEST_BAR = 26.0
_STEPS = (1, 2, 5)
_TICKS = (0.0, 0.1, 0.5, 1.0)


class DayChart(QWidget):
    """A bar for each day; faint: before this month; hollow: the day was not over."""

    day_chosen = Signal(object)
    """The `DayCount` that is chosen; None where there is none."""

    def __init__(self, colours: Callable[[], Colours]) -> None:
        """Show nothing yet."""
        super().__init__()
        self._colours = colours
        self._days: tuple[DayCount, ...] = ()
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Mails by day")
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def chosen(self) -> DayCount | None:
        """The day that is chosen."""
        return self._days[self._at] if 0 <= self._at < len(self._days) else None

    def show_days(self, days: Sequence[DayCount], chosen: DayCount | None = None) -> None:
        """Show the days of a sender; the chosen one, or else the last, is marked."""
        self._days = tuple(days)
        self._go(self._days.index(chosen) if chosen in self._days else len(self._days) - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go a day back or on."""
        steps = {
            Qt.Key.Key_Left: self._at - 1,
            Qt.Key.Key_Right: self._at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._days) - 1,
        }
        wanted = steps.get(Qt.Key(event.key()))
        if wanted is None:
            super().keyPressEvent(event)
        elif 0 <= wanted < len(self._days):
            self._go(wanted)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day that was clicked."""
        if self._days:
            wanted = int((event.position().x() - _LEFT) / self._step())
            places = range(len(self._days))
            self._go(min(places, key=lambda place: abs(self._column(place) - wanted)))

    def _go(self, place: int) -> None:
        self._at = place
        day = self.chosen
        self.setAccessibleDescription(day_words(day) if day is not None else "no day")
        self.update()
        self.day_chosen.emit(day)

    def _column(self, place: int) -> int:
        """Give on which day of the calendar a bar stands: days that no log tells of stay gaps."""
        return (self._days[place].day - self._days[0].day).days

    def _step(self) -> float:
        columns = self._column(len(self._days) - 1) + 1 if self._days else 1
        return (self.width() - _LEFT - _RIGHT) / max(columns, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars, what is usual, and the bounds."""
        painter = QPainter(self)
        colours = self._colours()
        graph = colours.graph_colours
        painter.fillRect(self.rect(), QColor(graph.ground))
        if not self._days:
            return
        room = QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _FOOT)
        top = nice_top(max(max(day.mails, day.bound or 0.0) for day in self._days))
        self._paint_scale(painter, room, top)
        high = colours.look.colours[Verdict.CUT_OFF]
        for place, day in enumerate(self._days):
            self._paint_day(painter, room, top, place, day, high)
        self._paint_dates(painter, room)
        if self.hasFocus():
            painter.setPen(QPen(QColor(graph.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_scale(self, painter: QPainter, room: QRectF, top: float) -> None:
        graph = self._colours().graph_colours
        for part in _TICKS:
            y = room.bottom() - height_of(part, 1.0) * room.height()
            painter.setPen(QPen(QColor(graph.grid), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(QColor(graph.text))
            words = f"{top * part:,.0f}"
            box = QRectF(0, y - 9, _LEFT - 6, 18)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words
            )

    def _paint_day(
        self,
        painter: QPainter,
        room: QRectF,
        top: float,
        place: int,
        day: DayCount,
        high: QColor,
    ) -> None:
        graph = self._colours().graph_colours
        step = self._step()
        wide = min(_WIDEST_BAR, max(1.0, step * 0.7))
        middle = room.left() + (self._column(place) + 0.5) * step
        tall = room.height() * height_of(day.mails, top)
        bar = QRectF(middle - wide / 2, room.bottom() - tall, wide, tall)
        ink = high if day.is_high else QColor(graph.faint if day.is_before else graph.accent)
        if day.is_partial:
            painter.setPen(QPen(ink, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bar)
        else:
            painter.fillRect(bar, ink)
        for level, style in (
            (day.usual, Qt.PenStyle.SolidLine),
            (day.bound, Qt.PenStyle.DotLine),
        ):
            if level is not None:
                y = room.bottom() - room.height() * height_of(level, top)
                painter.setPen(QPen(QColor(graph.text), 1, style))
                painter.drawLine(QPointF(middle - step / 2, y), QPointF(middle + step / 2, y))
        if day.is_high:
            painter.setPen(high)
            box = QRectF(middle - 12, bar.top() - 16, 24, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "▲")
        if place == self._at:
            painter.setPen(QPen(QColor(graph.text), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(middle - step / 2, room.top(), step, room.height()))

    def _paint_dates(self, painter: QPainter, room: QRectF) -> None:
        graph = self._colours().graph_colours
        painter.setPen(QColor(graph.text))
        wanted = painter.fontMetrics().horizontalAdvance("2026-11-28") + 14
        every = max(1, math.ceil(wanted / self._step()))
        first, last = self._days[0].day, self._days[-1].day
        for column in range(0, (last - first).days + 1, every):
            left = room.left() + column * self._step()
            box = QRectF(left, room.bottom() + 4, wanted, _FOOT - 4)
            painter.drawText(
                box,
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
                f"{first + timedelta(days=column):%Y-%m-%d}",
            )


def height_of(mails: float, top: float) -> float:
    """Give how high a count stands, 0 to 1: by its root, so that usual days are seen too."""
    return math.sqrt(min(max(mails, 0.0), top) / top)


def nice_top(most: float) -> float:
    """Give a round number at or over the highest bar."""
    if most <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next((step * power for step in _STEPS if step * power >= most), 10 * power)


def day_words(day: DayCount) -> str:
    """Give a day in words."""
    words = f"{day.day:%a %Y-%m-%d}: {day.mails:,} {'mail' if day.mails == 1 else 'mails'}"
    if day.usual is not None and day.bound is not None:
        words += f"; usual is {day.usual:,.0f}, high is over {day.bound:,.0f}"
    else:
        words += "; too little past to say what is usual"
    if day.is_high:
        words += "; high"
    if day.is_partial:
        words += "; the day was not over"
    if day.is_before:
        words += "; of an earlier month"
    return f"{words}."
