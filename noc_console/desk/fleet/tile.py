"""Paints one tile of the wall: what, how bad, since when, ten minutes of load. GUI thread only."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QTextLayout, QTextOption

from noc_console.desk.fleet.fleet_cells import TEXTS, Column, falls_soon, verdict_of
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.load_curve import CUT_OFF, paint_curve, paint_line
from noc_console.desk.fleet.row_curve import row_curve
from noc_console.desk.fleet.row_painter import tinted
from noc_console.desk.look import Look
from noc_console.health.verdict import Verdict

TILE_HEIGHT = 92
LEAST_TILE_WIDTH = 216
_ROOM = 10.0
_LINE = 18.0
_EDGE = 4.0
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def paint_tile(
    painter: QPainter,
    room: QRectF,
    model: FleetModel,
    row: int,
    palette: QPalette,
    *,
    is_chosen: bool,
) -> None:
    """Paint the tile of a row of the model's columns."""
    look, now, columns = model.look, model.now(), model.columns
    if look is None:
        return
    verdict = verdict_of(columns, row)
    words = {column: TEXTS[column](columns, row, now) for column in _SHOWN}
    ink = palette.color(QPalette.ColorRole.Text)
    _paint_ground(painter, room, palette, look.colour(verdict), is_chosen=is_chosen)
    inside = room.adjusted(_ROOM, 6, -_ROOM, -6)
    head = QRectF(inside.left(), inside.top(), inside.width(), _LINE)
    below = head.translated(0, _LINE)
    painter.setFont(_font(painter, QFont.Weight.DemiBold))
    age_ink = look.faint if model.is_live(row) else look.colours[Verdict.STALE]
    _paint_pair(painter, head, words[Column.NAME], words[Column.AGE], ink, age_ink)
    painter.setFont(_font(painter, QFont.Weight.Normal))
    falls = falls_soon(columns, row, now)
    lasting = words[Column.SINCE] if falls else f"for {words[Column.SINCE]}"
    said = look.worded(verdict, f"{verdict.value} {lasting}")
    said_ink = look.colour(verdict) or look.faint
    right = f"cut-off in {words[Column.DANGER]}" if falls else words[Column.LOAD]
    right_ink = look.colours[Verdict.EARLY] if falls else look.faint
    _paint_pair(painter, below, said, right, said_ink, right_ink)
    curve_room = QRectF(inside.left(), below.bottom() + 4, inside.width(), 0)
    curve_room.setBottom(inside.bottom())
    curve = row_curve(columns, row)
    if not np.isfinite(curve.per_core).any():
        painter.setPen(look.faint)
        paint_wrapped(painter, curve_room, words[Column.WHY])
        return
    paint_line(painter, curve_room, CUT_OFF, palette.color(QPalette.ColorRole.Mid))
    curve_ink = _curve_ink(look, verdict, ink, is_live=model.is_live(row))
    paint_curve(painter, curve_room, curve.per_core, curve_ink, curve.longest_gap)


_SHOWN = (Column.NAME, Column.LOAD, Column.SINCE, Column.DANGER, Column.AGE, Column.WHY)


def _curve_ink(look: Look, verdict: Verdict, ink: QColor, *, is_live: bool) -> QColor:
    if not is_live:
        return look.faint
    return look.colour(verdict) or ink


def _paint_ground(
    painter: QPainter, room: QRectF, palette: QPalette, edge: QColor | None, *, is_chosen: bool
) -> None:
    role = QPalette.ColorRole
    painter.setPen(palette.color(role.Highlight if is_chosen else role.Mid))
    painter.setBrush(tinted(palette) if is_chosen else palette.color(role.Base))
    painter.drawRoundedRect(room, 4, 4)
    if edge is not None:
        painter.fillRect(QRectF(room.left(), room.top() + 1, _EDGE, room.height() - 2), edge)


def _paint_pair(
    painter: QPainter, room: QRectF, left: str, right: str, left_ink: QColor, right_ink: QColor
) -> None:
    """Paint two texts on one line; the left one gives way, in its middle."""
    metrics = painter.fontMetrics()
    spare = room.width() - metrics.horizontalAdvance(right) - _ROOM
    painter.setPen(left_ink)
    painter.drawText(
        room, _LEFT, metrics.elidedText(left, Qt.TextElideMode.ElideMiddle, int(spare))
    )
    painter.setPen(right_ink)
    painter.drawText(room, _RIGHT, right)


def paint_wrapped(painter: QPainter, room: QRectF, words: str) -> None:
    """Paint as many whole lines as there is room for; the last one tells that there is more."""
    metrics, high = painter.fontMetrics(), painter.fontMetrics().lineSpacing()
    wrapped = QTextLayout(words, painter.font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    wrapped.setTextOption(option)
    wrapped.beginLayout()
    last = max(int(room.height() / high), 1) - 1
    for place in range(last + 1):
        line = wrapped.createLine()
        if not line.isValid():
            break
        line.setLineWidth(room.width())
        start = line.textStart()
        text = words[start:] if place == last else words[start : start + line.textLength()]
        row = QRectF(room.left(), room.top() + place * high, room.width(), high)
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(row, _LEFT, elided)
    wrapped.endLayout()


def _font(painter: QPainter, weight: QFont.Weight) -> QFont:
    font = QFont(painter.font())
    font.setWeight(weight)
    return font
