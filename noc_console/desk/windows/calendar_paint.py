"""Paints a month or a week of windows. GUI thread only, within a paint event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication

from noc_console.desk.context import Colours
from noc_console.desk.windows.calendar_days import blocks_of
from noc_console.desk.windows.stage_look import SHAPES, stage_colour
from noc_console.fleet.inert import inert
from noc_console.incidents.windows.recurrence import WEEKDAYS
from noc_console.incidents.windows.window import Occurrence, Stage

_PAD = 4.0
_CHIP_GAP = 2.0
_ROOM_FOR_TODAY = 70.0
_HOURS_SHOWN = (0, 4, 8, 12, 16, 20)
_SOME_LETTERS = "MM…"
"""With less room a title says nothing; the time alone does."""
_LEAST_BLOCK = 18.0
_GROUND_ALPHA = 46

ByDay = Mapping[date, Sequence[Occurrence]]
"""The occurrences that touch each day."""

Cells = list[tuple[QRectF, date]]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an occurrence was painted."""

    room: QRectF
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPaint:
    """A painter and what it needs to know. `month` and `week` tell where they painted what."""

    painter: QPainter
    colours: Colours
    now: datetime
    zone: ZoneInfo
    day: date
    chosen: Occurrence | None
    has_focus: bool

    def month(self, room: QRectF, days: Sequence[date], found: ByDay) -> tuple[Cells, list[Placed]]:
        """Paint six weeks."""
        head = self._line() + 2 * _PAD
        self._weekdays(QRectF(room.left(), room.top(), room.width(), head), days[:7], 0.0)
        width, height = room.width() / 7, (room.height() - head) / 6
        cells: Cells = []
        placed: list[Placed] = []
        for place, day in enumerate(days):
            left = room.left() + place % 7 * width
            cell = QRectF(left, room.top() + head + place // 7 * height, width, height)
            cells.append((cell, day))
            self._cell(cell, day, is_other=day.month != self.day.month)
            placed += self._chips(cell, found.get(day, []))
        return cells, placed

    def week(self, room: QRectF, days: Sequence[date], found: ByDay) -> tuple[Cells, list[Placed]]:
        """Paint seven days with their hours."""
        head, left = 2 * self._line() + 2 * _PAD, self._width("00:00") + 2 * _PAD
        self._weekdays(QRectF(room.left(), room.top(), room.width(), head), days, left)
        width, height = (room.width() - left) / 7, room.height() - head
        cells: Cells = []
        placed: list[Placed] = []
        for place, day in enumerate(days):
            cell = QRectF(room.left() + left + place * width, room.top() + head, width, height)
            cells.append((cell, day))
            self._ground(cell, day)
        self._hours(QRectF(room.left(), room.top() + head, room.width(), height), left)
        for cell, day in cells:
            placed += self._blocks(cell, day, found.get(day, []))
        self._now_line(cells)
        return cells, placed

    def _weekdays(self, room: QRectF, days: Sequence[date], left: float) -> None:
        width = (room.width() - left) / len(days)
        for place, day in enumerate(days):
            cell = QRectF(room.left() + left + place * width, room.top(), width, room.height())
            words = WEEKDAYS[day.weekday()]
            if left:
                words += f" {day.day}"
            self._text(cell.adjusted(_PAD, 0, -_PAD, 0), words, self.colours.look.faint)

    def _ground(self, cell: QRectF, day: date) -> None:
        palette = QApplication.palette()
        is_today = day == self.now.astimezone(self.zone).date()
        role = QPalette.ColorRole.AlternateBase if is_today else QPalette.ColorRole.Base
        self.painter.fillRect(cell, palette.color(role))
        self._frame(cell, QColor(self.colours.graph_colours.grid), 1.0)
        if day == self.day:
            width = 2.0 if self.has_focus else 1.0
            accent = QColor(self.colours.graph_colours.accent)
            self._frame(cell.adjusted(1, 1, -1, -1), accent, width)

    def _cell(self, cell: QRectF, day: date, *, is_other: bool) -> None:
        self._ground(cell, day)
        is_today = day == self.now.astimezone(self.zone).date()
        colour = self.colours.look.faint if is_other else self._ink()
        room = cell.width() - 2 * _PAD
        place = QRectF(cell.left() + _PAD, cell.top() + _PAD, room, self._line())
        words = f"{day.day}  today" if is_today and room > _ROOM_FOR_TODAY else str(day.day)
        self._text(place, words, colour, is_bold=is_today)

    def _chips(self, cell: QRectF, occurrences: Sequence[Occurrence]) -> list[Placed]:
        line = self._line() + _CHIP_GAP
        top = cell.top() + _PAD + self._line() + _CHIP_GAP
        fitting = max(0, int((cell.bottom() - _PAD - top) // line))
        shown = occurrences if len(occurrences) <= fitting else occurrences[: max(0, fitting - 1)]
        placed = []
        for one in shown:
            room = QRectF(cell.left() + _PAD, top, cell.width() - 2 * _PAD, line - _CHIP_GAP)
            self._chip(room, one)
            placed.append(Placed(room, one))
            top += line
        rest = len(occurrences) - len(shown)
        if rest:
            room = QRectF(cell.left() + _PAD, top, cell.width() - 2 * _PAD, line)
            self._text(room, f"and {rest} more", self.colours.look.faint)
        return placed

    def _chip(self, room: QRectF, one: Occurrence) -> None:
        begins = one.planned_start.astimezone(self.zone)
        self._fill(room, one)
        inside = room.adjusted(_PAD, 0, -2, 0)
        words = f"{SHAPES[one.stage(self.now)]} {begins:%H:%M}"
        if self._width(f"{words} {_SOME_LETTERS}") <= inside.width():
            words = f"{words} {inert(one.window.title)}"
        self._text(inside, words, self._ink(), is_struck=self._is_off(one))

    def _blocks(self, cell: QRectF, day: date, occurrences: Sequence[Occurrence]) -> list[Placed]:
        placed = []
        for block in blocks_of(occurrences, day, self.zone):
            width = cell.width() / block.lanes
            height = max(_LEAST_BLOCK, (block.bottom - block.top) * cell.height())
            top = min(cell.top() + block.top * cell.height(), cell.bottom() - height)
            room = QRectF(cell.left() + block.lane * width, top, width, height)
            room = room.adjusted(2, 1, -2, -1)
            self._fill(room, block.occurrence)
            one = block.occurrence
            words = f"{SHAPES[one.stage(self.now)]} {inert(one.window.title)}"
            line = QRectF(room.left() + _PAD, room.top(), room.width() - _PAD, self._line() + 2)
            self._text(line, words, self._ink(), is_struck=self._is_off(one))
            if height > 2 * self._line() + 4:
                begins = one.planned_start.astimezone(self.zone)
                minutes = f"{begins:%H:%M}, {one.window.minutes} min"
                self._text(line.translated(0, self._line()), minutes, self.colours.look.faint)
            placed.append(Placed(room, one))
        return placed

    def _hours(self, room: QRectF, left: float) -> None:
        self.painter.setPen(QPen(QColor(self.colours.graph_colours.grid), 1.0))
        for hour in _HOURS_SHOWN:
            y = room.top() + hour / 24 * room.height()
            self.painter.setPen(QPen(QColor(self.colours.graph_colours.grid), 1.0))
            self.painter.drawLine(QPointF(room.left() + left, y), QPointF(room.right(), y))
            place = QRectF(room.left(), y, left - _PAD, self._line())
            self._text(place, f"{hour:02d}:00", self.colours.look.faint, is_right=True)

    def _now_line(self, cells: Cells) -> None:
        local = self.now.astimezone(self.zone)
        for cell, day in cells:
            if day == local.date():
                y = cell.top() + (local.hour * 60 + local.minute) / 1440 * cell.height()
                self.painter.setPen(QPen(QColor(self.colours.graph_colours.accent), 2.0))
                self.painter.drawLine(QPointF(cell.left(), y), QPointF(cell.right(), y))

    def _fill(self, room: QRectF, one: Occurrence) -> None:
        colour = stage_colour(one.stage(self.now), self.colours)
        ground = QColor(colour)
        ground.setAlpha(_GROUND_ALPHA)
        self.painter.fillRect(room, ground)
        self.painter.fillRect(QRectF(room.left(), room.top(), 3, room.height()), colour)
        if one == self.chosen:
            self._frame(room, self._ink(), 1.5)

    def _is_off(self, one: Occurrence) -> bool:
        return one.stage(self.now) is Stage.CANCELLED

    def _frame(self, room: QRectF, colour: QColor, width: float) -> None:
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(colour, width))
        self.painter.drawRect(room)

    def _ink(self) -> QColor:
        return QApplication.palette().color(QPalette.ColorRole.Text)

    def _line(self) -> float:
        return float(self.painter.fontMetrics().height())

    def _width(self, words: str) -> float:
        return float(self.painter.fontMetrics().horizontalAdvance(words))

    def _text(
        self,
        room: QRectF,
        words: str,
        colour: QColor,
        *,
        is_bold: bool = False,
        is_struck: bool = False,
        is_right: bool = False,
    ) -> None:
        usual = QFont(self.painter.font())
        font = QFont(usual)
        font.setBold(is_bold)
        font.setStrikeOut(is_struck)
        self.painter.setFont(font)
        self.painter.setPen(colour)
        shown = self.painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, int(room.width())
        )
        side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        self.painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        self.painter.setFont(usual)
