"""How cells of the fleet table are painted: text with room at both sides, the load as a curve.

Each cell is painted straight from the model: Qt's own way asks it ten times a cell, which makes a
repaint of the table four times as long.
"""

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from noc_console.desk.fleet.fleet_cells import COLUMNS, NUMERIC, Column
from noc_console.desk.fleet.fleet_model import FleetModel, Index
from noc_console.desk.fleet.load_curve import CUT_OFF, paint_curve, paint_line
from noc_console.desk.fleet.row_curve import row_curve
from noc_console.desk.widgets.rows_table import RoomyDelegate
from noc_console.health.verdict import Verdict

_ROOM = 8
_CURVE_ROOM = 4
_NEAR_THE_LINE = 0.8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_EDGE = 3
_TINT = 0.14
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_HasFocus


class FleetDelegate(RoomyDelegate):
    """Paints the cells of a `FleetModel`."""

    def __init__(self, model: FleetModel) -> None:
        """Paint this model's cells."""
        super().__init__(model)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        row, column = int(self._model.shown[index.row()]), COLUMNS[index.column()]
        accent = option.palette.color(QPalette.ColorRole.Highlight)
        if option.state & _SELECTED:
            painter.fillRect(option.rect, tinted(option.palette))
            if column is Column.VERDICT:
                painter.fillRect(_edge_of(option.rect), accent)
        ink = option.palette.color(QPalette.ColorRole.Text)
        if column is Column.CURVE:
            self._paint_curve(painter, QRectF(option.rect), row, ink)
        else:
            align = QStyle.visualAlignment(option.direction, _RIGHT if column in NUMERIC else _LEFT)
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # else 1 / 2 reads 2 / 1
            painter.setPen(self._model.ink(row, column) or ink)
            self._paint_text(painter, option.rect, row, column, int(align))
        if option.state & _FOCUSED:
            painter.setPen(accent)
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    def _paint_text(
        self, painter: QPainter, cell: QRect, row: int, column: Column, align: int
    ) -> None:
        """A long name gives way in its middle, where it says least; other text at its end."""
        words = self._model.text(row, column)
        if not words:
            return
        room = cell.adjusted(_ROOM, 0, -_ROOM, 0)
        is_name = column is Column.NAME
        elide = Qt.TextElideMode.ElideMiddle if is_name else Qt.TextElideMode.ElideRight
        painter.drawText(room, align, painter.fontMetrics().elidedText(words, elide, room.width()))

    def _paint_curve(self, painter: QPainter, cell: QRectF, row: int, ink: QColor) -> None:
        room = cell.adjusted(_CURVE_ROOM, _CURVE_ROOM, -_CURVE_ROOM, -_CURVE_ROOM)
        curve, look = row_curve(self._model.columns, row), self._model.look
        if look and not self._model.is_live(row):
            ink = look.faint
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if np.fmax.reduce(curve.per_core, initial=0.0) >= CUT_OFF * _NEAR_THE_LINE:
            line_ink = look.colours[Verdict.CUT_OFF] if look else ink
            paint_line(painter, room, CUT_OFF, line_ink)
        paint_curve(painter, room, curve.per_core, ink, curve.longest_gap)
        painter.restore()


def tinted(palette: QPalette) -> QColor:
    """Give the ground of what is chosen: so light a tint that the colours of verdicts stay read."""
    ground = palette.color(QPalette.ColorRole.Base)
    accent = palette.color(QPalette.ColorRole.Highlight)

    def mix(under: int, over: int) -> int:
        return round(under + (over - under) * _TINT)

    return QColor(
        mix(ground.red(), accent.red()),
        mix(ground.green(), accent.green()),
        mix(ground.blue(), accent.blue()),
    )


def _edge_of(cell: QRect) -> QRect:
    return QRect(cell.left(), cell.top(), _EDGE, cell.height())
