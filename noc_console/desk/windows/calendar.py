"""A month or a week with its windows, by keyboard and mouse. GUI thread only.

It is given what it shows and reads nothing itself.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from noc_console.desk.context import Colours
from noc_console.desk.windows.calendar_days import Span, by_day, days_of, step
from noc_console.desk.windows.calendar_paint import CalendarPaint, Placed
from noc_console.fleet.inert import inert
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_words import span_words

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


class Calendar(QWidget):
    """One day is chosen, and perhaps one occurrence."""

    day_chosen = Signal(object)
    """date; other days may be shown now."""
    occurrence_chosen = Signal(object)
    """Occurrence"""
    opened = Signal(object)
    """Occurrence: a person wants to change it."""
    add_wanted = Signal(object)
    """date: a person wants a window on that day."""

    def __init__(
        self,
        colours: Callable[[], Colours],
        now: Callable[[], datetime],
        zone: Callable[[], ZoneInfo],
    ) -> None:
        """Show the month of today."""
        super().__init__()
        self.span = Span.MONTH
        self.day = now().astimezone(zone()).date()
        self.chosen: Occurrence | None = None
        self._colours = colours
        self._now = now
        self._zone = zone
        self._by_day: dict[date, list[Occurrence]] = {}
        self._placed: list[Placed] = []
        self._cells: list[tuple[QRectF, date]] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Calendar of windows")
        self._describe()

    def sizeHint(self) -> QSize:
        """Ask for room for six weeks."""
        return QSize(680, 520)

    def minimumSizeHint(self) -> QSize:
        """Give the least in which a day can be read."""
        return QSize(300, 240)

    def show_occurrences(self, occurrences: Sequence[Occurrence]) -> None:
        """Show other windows."""
        self._by_day = by_day(occurrences, self._zone())
        if self.chosen is not None:
            key = (self.chosen.window.id, self.chosen.planned_start)
            self.chosen = next(
                (one for one in occurrences if (one.window.id, one.planned_start) == key), None
            )
        self._describe()
        self.update()

    def show_span(self, span: Span) -> None:
        """Show a month or a week."""
        self.span = span
        self.go_to(self.day)

    def go_to(self, day: date) -> None:
        """Choose a day."""
        self.day = day
        self._describe()
        self.update()
        self.day_chosen.emit(day)

    def choose(self, occurrence: Occurrence | None) -> None:
        """Mark an occurrence without telling anybody."""
        self.chosen = occurrence
        self.update()

    def days(self) -> list[date]:
        """Give the days that are shown."""
        return days_of(self.span, self.day)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the days and what lies on them."""
        del event
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the days go from left to right
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint = CalendarPaint(
            painter=painter,
            colours=self._colours(),
            now=self._now(),
            zone=self._zone(),
            day=self.day,
            chosen=self.chosen,
            has_focus=self.hasFocus(),
        )
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        draw = paint.month if self.span is Span.MONTH else paint.week
        self._cells, self._placed = draw(room, self.days(), self._by_day)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from day to day, to the next month, to today; open or plan."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.go_to(self.day + timedelta(days=_STEPS[key]))
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.go_to(step(self.span, self.day, -1 if key == Qt.Key.Key_PageUp else 1))
        elif key == Qt.Key.Key_Home:
            self.go_to(self._now().astimezone(self._zone()).date())
        elif key == Qt.Key.Key_Space:
            self._choose_next()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the window or the day under the pointer."""
        placed = self._at(event.position())
        if placed is not None:
            self.chosen = placed
            self.occurrence_chosen.emit(placed)
        day = self._day_at(event.position())
        if day is not None:
            self.go_to(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change the window, or plan one on the day."""
        placed, day = self._at(event.position()), self._day_at(event.position())
        if placed is not None:
            self.opened.emit(placed)
        elif day is not None:
            self.add_wanted.emit(day)

    def _choose_next(self) -> None:
        """Choose the day's windows one after the other."""
        here = self._by_day.get(self.day, [])
        if here:
            place = here.index(self.chosen) + 1 if self.chosen in here else 0
            self.chosen = here[place % len(here)]
            self._describe()
            self.update()
            self.occurrence_chosen.emit(self.chosen)

    def _open(self) -> None:
        here = self._by_day.get(self.day, [])
        if not here:
            self.add_wanted.emit(self.day)
            return
        self.opened.emit(self.chosen if self.chosen in here else here[0])

    def _at(self, place: QPointF) -> Occurrence | None:
        return next((one.occurrence for one in self._placed if one.room.contains(place)), None)

    def _day_at(self, place: QPointF) -> date | None:
        return next((day for room, day in self._cells if room.contains(place)), None)

    def _describe(self) -> None:
        """Say to a screen reader what the chosen day holds."""
        here = self._by_day.get(self.day, [])
        windows = "; ".join(f"{inert(one.window.title)}, {span_words(one)}" for one in here)
        words = f"{self.day:%A %d %B %Y}: {windows or 'no window'}"
        self.setAccessibleDescription(words)
        self.setToolTip("")
