"""A curve of an incident as a picture: lines drawn, gaps left as gaps, moments marked.

Drawn with QPainter on a picture in memory, which Qt allows on any thread: graphs of the window are
widgets, and would hold the window up while a report is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QImageWriter,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from noc_console.desk.theme.theme import load_theme
from noc_console.desk.theme.themes import FONT_FAMILY
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.graph_series import round_top, value_text
from noc_console.fleet.inert import inert
from noc_console.incidents.incident.curves import Curve
from noc_console.incidents.times import local_text
from noc_console.telemetry.metrics import METRICS, Unit, family

_WIDTH, _HEIGHT = 660, 204
_SCALE = 2
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 10, 38, 24
_FONT_PX = 10
_LONGEST_GAP_S = 15.0
_GAP_TICKS = 3.0
_MOST_MARKS = 12
_MARK_ROOM = 46
_TIMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedMoment:
    """A moment to mark on the time axis, a word for it, and the one server it is about, if any."""

    at: datetime
    word: str
    server_id: int | None = None


def caption_of(curve: Curve) -> str:
    """Give what a curve shows, and from when to when."""
    known = METRICS.get(family(curve.metric))
    part = curve.metric.partition(":")[2]
    title = f"{known.title if known else inert(curve.metric)}{f' of {inert(part)}' if part else ''}"
    return f"{inert(curve.name)}: {title}"


def draw_curve(
    curve: Curve, start: datetime, end: datetime, marks: Sequence[MarkedMoment] = ()
) -> bytes:
    """Give the picture of a curve over [start, end] as a PNG. May be called from any thread."""
    image = QImage(_WIDTH * _SCALE, _HEIGHT * _SCALE, QImage.Format.Format_RGB32)
    colours = load_theme("light").graph_colours
    image.fill(QColor(colours.ground))
    painter = QPainter(image)
    painter.scale(_SCALE, _SCALE)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont(FONT_FAMILY)
    font.setPixelSize(_FONT_PX)
    painter.setFont(font)
    drawing = _Drawing(painter, colours, curve, start, end)
    drawing.draw(marks)
    painter.end()
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(kept, QByteArray(b"png")).write(image)
    return bytes(kept.data().data())


class _Drawing:
    """One picture being drawn."""

    def __init__(
        self,
        painter: QPainter,
        colours: GraphColours,
        curve: Curve,
        start: datetime,
        end: datetime,
    ) -> None:
        self._painter = painter
        self._colours = colours
        self._curve = curve
        self._start_s = start.timestamp()
        self._end_s = max(end.timestamp(), self._start_s + 1)
        self._room = QRectF(_LEFT, _TOP, _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM)
        known = METRICS.get(family(curve.metric))
        self._unit = known.unit if known else Unit.NONE
        self._top = self._highest()

    def draw(self, marks: Sequence[MarkedMoment]) -> None:
        """Draw everything, what matters most last."""
        self._draw_caption()
        self._draw_not_watched()
        self._draw_axes()
        self._draw_lines()
        self._draw_marks(marks)
        self._draw_figures()

    def _draw_caption(self) -> None:
        """In the picture itself: a page break never parts the two."""
        self._pen(self._colours.text)
        words = caption_of(self._curve)
        room = self._painter.fontMetrics()
        shown = room.elidedText(words, Qt.TextElideMode.ElideMiddle, _WIDTH - 8)
        self._painter.drawText(QPointF(2, room.ascent() + 2), shown)

    def _highest(self) -> float:
        if self._unit is Unit.PERCENT:
            return 100.0
        bounds = self._curve.bounds
        figures = self._curve.values[np.isfinite(self._curve.values)]
        highest = [float(figures.max()) if figures.size else 0.0]
        if bounds is not None:
            highest += [one for one in (bounds.early, bounds.cut_off) if one is not None]
        is_binary = self._unit in {Unit.BYTES, Unit.BYTES_PER_S}
        return round_top(max(highest) * 1.05, 1.0, binary=is_binary)

    def _x(self, at_s: float) -> float:
        share = (at_s - self._start_s) / (self._end_s - self._start_s)
        return self._room.left() + min(max(share, 0.0), 1.0) * self._room.width()

    def _y(self, value: float) -> float:
        share = min(max(value / self._top, 0.0), 1.0)
        return self._room.bottom() - share * self._room.height()

    def _pen(self, colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        self._painter.setPen(QPen(QColor(colour), 1, style))

    def _draw_not_watched(self) -> None:
        hatch = QBrush(QColor(self._colours.grid), Qt.BrushStyle.BDiagPattern)
        for start_ms, end_ms in self._curve.not_watched:
            left, right = self._x(start_ms / 1000), self._x(end_ms / 1000)
            span = QRectF(left, self._room.top(), right - left, self._room.height())
            self._painter.fillRect(span, hatch)
            if span.width() > _MARK_ROOM:
                self._pen(self._colours.faint)
                self._painter.drawText(span, int(Qt.AlignmentFlag.AlignCenter), "not watched")

    def _draw_axes(self) -> None:
        for part in range(5):
            value = self._top * part / 4
            self._pen(self._colours.grid)
            self._painter.drawLine(
                QPointF(self._room.left(), self._y(value)),
                QPointF(self._room.right(), self._y(value)),
            )
            self._pen(self._colours.faint)
            words = QRectF(0, self._y(value) - 8, _LEFT - 6, 16)
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._painter.drawText(words, right, self._value_words(value))
        for part in range(_TIMES + 1):
            at_s = self._start_s + (self._end_s - self._start_s) * part / _TIMES
            self._draw_time(at_s, part)

    def _value_words(self, value: float) -> str:
        return f"{value:g}" if self._unit is Unit.NONE else value_text(value, self._unit)

    def _draw_time(self, at_s: float, part: int) -> None:
        local = datetime.fromtimestamp(at_s, UTC).astimezone()
        words = f"{local:%H:%M}" if part < _TIMES else f"{local:%H:%M %Z}"
        room = QRectF(self._x(at_s) - 45, self._room.bottom() + 4, 90, 16)
        side = Qt.AlignmentFlag.AlignHCenter
        if part == _TIMES:
            room.moveRight(_WIDTH - 2)
            side = Qt.AlignmentFlag.AlignRight
        self._pen(self._colours.faint)
        self._painter.drawText(room, int(side), words)

    def _draw_lines(self) -> None:
        bounds = self._curve.bounds
        if bounds is None:
            return
        warm, hot = self._colours.series[4], self._colours.series[1]
        for line, word, colour in (
            (bounds.early, "early line", warm),
            (bounds.cut_off, "cut-off", hot),
        ):
            if line is None or line > self._top:
                continue
            self._pen(colour, Qt.PenStyle.DashLine)
            y = self._y(line)
            self._painter.drawLine(QPointF(self._room.left(), y), QPointF(self._room.right(), y))
            words = QRectF(self._room.left() + 4, y - 14, 240, 13)
            self._painter.drawText(words, 0, f"{word} {self._value_words(line)}")

    def _draw_marks(self, marks: Sequence[MarkedMoment]) -> None:
        """Words of marks that stand too near to the one before are left out, not their lines."""
        free_from = 0.0
        for one in sorted(marks, key=lambda one: one.at)[:_MOST_MARKS]:
            at_s = one.at.timestamp()
            if not self._start_s <= at_s <= self._end_s:
                continue
            x = self._x(at_s)
            self._pen(self._colours.accent)
            self._painter.drawLine(QPointF(x, self._room.top()), QPointF(x, self._room.bottom()))
            if x >= free_from:
                words = inert(one.word, 24)
                width = self._painter.fontMetrics().horizontalAdvance(words)
                left = min(x + 2, _WIDTH - width - 2)
                self._painter.drawText(QPointF(left, self._room.top() - 6), words)
                free_from = left + width + 8

    def _draw_figures(self) -> None:
        known = np.isfinite(self._curve.values)
        times_s, values = self._curve.times_ms[known] / 1000, self._curve.values[known]
        if not times_s.size:
            return
        steps = np.diff(times_s)
        gap = max(_LONGEST_GAP_S, _GAP_TICKS * float(np.median(steps))) if steps.size else 0.0
        pieces = np.split(np.arange(times_s.size), np.flatnonzero(steps > gap) + 1)
        self._painter.setClipRect(self._room.adjusted(0, -1, 0, 1))
        for piece in pieces:
            points = [QPointF(self._x(times_s[at]), self._y(values[at])) for at in piece]
            self._draw_piece(points)
        self._painter.setClipping(False)

    def _draw_piece(self, points: Sequence[QPointF]) -> None:
        colour = QColor(self._colours.series[0])
        if len(points) == 1:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(colour)
            self._painter.drawEllipse(points[0], 2, 2)
            return
        area = QPainterPath(QPointF(points[0].x(), self._room.bottom()))
        for point in points:
            area.lineTo(point)
        area.lineTo(QPointF(points[-1].x(), self._room.bottom()))
        fill = QColor(colour)
        fill.setAlpha(30)
        self._painter.fillPath(area, fill)
        self._painter.setPen(QPen(colour, 1.2))
        self._painter.drawPolyline(QPolygonF(list(points)))


def span_words(start: datetime, end: datetime) -> str:
    """Give from when to when a picture is."""
    return f"{local_text(start)} to {local_text(max(end, start + timedelta(seconds=1)))}"
