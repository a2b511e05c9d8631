"""How cells of the fleet table are painted: with room at both sides, the load as a curve."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from noc_console.desk.fleet.fleet_cells import COLUMNS, Column
from noc_console.desk.fleet.fleet_model import ROW_ROLE, FleetModel, Index
from noc_console.desk.fleet.load_curve import CUT_OFF, paint_curve, paint_line
from noc_console.desk.fleet.row_curve import row_curve
from noc_console.desk.widgets.rows_table import RoomyDelegate
from noc_console.health.verdict import Verdict

_ROOM = 4


class FleetDelegate(RoomyDelegate):
    """Paints the cells of a `FleetModel`."""

    def __init__(self, model: FleetModel) -> None:
        """Paint this model's cells."""
        super().__init__(model)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Let a long name give way in its middle, where it says least; other text at its end."""
        super().initStyleOption(option, index)
        is_name = COLUMNS[index.column()] is Column.NAME
        elide = Qt.TextElideMode
        option.textElideMode = elide.ElideMiddle if is_name else elide.ElideRight

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        if COLUMNS[index.column()] is not Column.CURVE:
            super().paint(painter, option, index)
            return
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        ground.widget.style().drawPrimitive(panel, ground, painter, ground.widget)
        row = int(index.data(ROW_ROLE))
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_curve(painter, QRectF(option.rect), row, option.palette, is_chosen)

    def _paint_curve(
        self, painter: QPainter, cell: QRectF, row: int, palette: QPalette, is_chosen: bool
    ) -> None:
        room = cell.adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
        curve = row_curve(self._model.columns, row)
        role = QPalette.ColorRole.HighlightedText if is_chosen else QPalette.ColorRole.Text
        ink = palette.color(role)
        if self._model.look and not is_chosen and not self._model.is_live(row):
            ink = self._model.look.faint
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if np.nanmax(curve.per_core, initial=0.0) >= CUT_OFF * 0.8:
            paint_line(painter, room, CUT_OFF, self._line_ink(ink, is_chosen))
        paint_curve(painter, room, curve.per_core, ink, curve.longest_gap)
        painter.restore()

    def _line_ink(self, ink: QColor, is_chosen: bool) -> QColor:
        look = self._model.look
        return ink if look is None or is_chosen else look.colours[Verdict.CUT_OFF]
