"""The wall: a tile for each server with its load on one common scale, the worst first.

GUI thread only. It shows the rows of a `FleetModel` and shares a selection with the table. Arrow
keys go from tile to tile, Enter opens.
"""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from noc_console.desk.fleet.fleet_cells import COLUMNS, Column
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.tile import LEAST_TILE_WIDTH, TILE_HEIGHT, paint_tile

_GAP = 8
_Flag = QItemSelectionModel.SelectionFlag


class Wall(QAbstractScrollArea):
    """Tiles in rows, as many beside each other as there is room for."""

    activated = Signal(QModelIndex)
    """A person wants to see this server."""

    def __init__(self, model: FleetModel, chosen: QItemSelectionModel) -> None:
        """Show the model's rows; `chosen` is also the table's selection."""
        super().__init__()
        self._model = model
        self._chosen = chosen
        self._holds = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Wall of servers")
        for signal in (model.rowsInserted, model.rowsRemoved, model.layoutChanged):
            signal.connect(self._take_rows)
        model.dataChanged.connect(lambda: self.viewport().update())
        chosen.selectionChanged.connect(lambda: self.viewport().update())
        chosen.currentChanged.connect(self._take_current)

    @property
    def across(self) -> int:
        """How many tiles stand beside each other."""
        return max((self.viewport().width() - _GAP) // (LEAST_TILE_WIDTH + _GAP), 1)

    def tile(self, place: int) -> QRect:
        """Give where a tile stands in the viewport now."""
        width = (self.viewport().width() - _GAP) // self.across - _GAP
        line, column = divmod(place, self.across)
        top = _GAP + line * (TILE_HEIGHT + _GAP) - self.verticalScrollBar().value()
        return QRect(_GAP + column * (width + _GAP), top, width, TILE_HEIGHT)

    def place_at(self, at: QPoint) -> int:
        """Give the place of the tile at a point of the viewport, or -1."""
        first, last = self._seen()
        places = range(first, last + 1)
        return next((place for place in places if self.tile(place).contains(at)), -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles that are seen."""
        first, last = self._seen()
        self._model.look_at(first, last)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self._chosen.currentIndex().row() if self.hasFocus() else -1
        palette = self.palette()
        for place in range(first, last + 1):
            room = self.tile(place)
            if room.intersects(event.rect()):
                is_chosen = self._chosen.isRowSelected(place, QModelIndex())
                row = int(self._model.shown[place])
                paint_tile(painter, QRectF(room), self._model, row, palette, is_chosen=is_chosen)
                if place == current:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(palette.color(QPalette.ColorRole.Highlight))
                    painter.drawRoundedRect(QRectF(room).adjusted(-2, -2, 2, 2), 6, 6)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out anew."""
        super().resizeEvent(event)
        self._take_rows()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the tile; no tile moves while the button is down."""
        if not self._holds:
            self._holds = True
            self._model.hold()
        place = self.place_at(event.position().toPoint())
        index = self._model.index(place, 0)
        if place < 0:
            self._chosen.clearSelection()
        elif event.button() is Qt.MouseButton.RightButton and self._chosen.isSelected(index):
            self._chosen.setCurrentIndex(index, _Flag.NoUpdate)
        else:
            self._choose(place, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let tiles move again."""
        super().mouseReleaseEvent(event)
        self.let_go()

    def let_go(self) -> None:
        """Hold no tile, whether or not the button came up here: a menu may have taken that."""
        if self._holds:
            self._holds = False
            self._model.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the server."""
        place = self.place_at(event.position().toPoint())
        if place >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.activated.emit(self._model.index(place, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from tile to tile."""
        steps: dict[int, int] = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.across,
            Qt.Key.Key_Down: self.across,
            Qt.Key.Key_PageUp: -self.across * self._lines_seen(),
            Qt.Key.Key_PageDown: self.across * self._lines_seen(),
            Qt.Key.Key_Home: -len(self._model.shown),
            Qt.Key.Key_End: len(self._model.shown),
        }
        step = steps.get(event.key())
        current = self._chosen.currentIndex()
        if step is not None and len(self._model.shown):
            place = min(max(current.row() + step, 0), len(self._model.shown) - 1)
            self._choose(place if current.isValid() else 0, event.modifiers())
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current.isValid():
            self.activated.emit(current)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell of a tile what it leaves out."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self.place_at(event.pos())
            index = self._model.index(place, COLUMNS.index(Column.WHY))
            tip = index.data(Qt.ItemDataRole.ToolTipRole) if place >= 0 else ""
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    def _choose(self, place: int, modifiers: Qt.KeyboardModifier) -> None:
        index, current = self._model.index(place, 0), self._chosen.currentIndex()
        if modifiers & Qt.KeyboardModifier.ShiftModifier and current.isValid():
            self._chosen.select(QItemSelection(current, index), _Flag.Select | _Flag.Rows)
            self._chosen.setCurrentIndex(index, _Flag.NoUpdate)
            return
        adds = modifiers & Qt.KeyboardModifier.ControlModifier
        flags = _Flag.Toggle if adds else _Flag.ClearAndSelect
        self._chosen.setCurrentIndex(index, flags | _Flag.Rows)

    def _seen(self) -> tuple[int, int]:
        line = TILE_HEIGHT + _GAP
        first = max(self.verticalScrollBar().value() - _GAP, 0) // line
        last = (self.verticalScrollBar().value() + self.viewport().height()) // line
        return first * self.across, min((last + 1) * self.across, len(self._model.shown)) - 1

    def _lines_seen(self) -> int:
        return max(self.viewport().height() // (TILE_HEIGHT + _GAP), 1)

    def _take_rows(self) -> None:
        lines = -(-len(self._model.shown) // self.across)
        height = _GAP + lines * (TILE_HEIGHT + _GAP)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(height - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep((TILE_HEIGHT + _GAP) // 2)
        self.viewport().update()

    def _take_current(self, current: QModelIndex) -> None:
        """Bring the current tile into sight, and say it to a screen reader."""
        if current.isValid() and self.isVisible():
            tile, bar = self.tile(current.row()), self.verticalScrollBar()
            if tile.top() < 0:
                bar.setValue(bar.value() + tile.top() - _GAP)
            elif tile.bottom() > self.viewport().height():
                bar.setValue(bar.value() + tile.bottom() - self.viewport().height() + _GAP)
        cells = (Column.NAME, Column.VERDICT, Column.SINCE, Column.WHY)
        words = (current.siblingAtColumn(COLUMNS.index(cell)).data() for cell in cells)
        self.setAccessibleDescription(", ".join(str(word) for word in words if word))
        self.viewport().update()
