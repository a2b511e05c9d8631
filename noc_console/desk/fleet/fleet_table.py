"""The table of the fleet: columns that a person may size, move, hide and sort by, and that stay so.

GUI thread only. No row moves while the mouse button is down.
"""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    Qt,
)
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from noc_console.desk.context import Settings
from noc_console.desk.fleet.fleet_cells import COLUMNS, Column
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.row_painter import RowPainter, ShownColumn, ShownRow
from noc_console.desk.widgets.rows_table import RoomyDelegate, quieten

_HEADER_KEY = "fleet.header"
_SORT_KEY = "fleet.sort"
# Wide enough for what is usual: "in maintenance", "◆ 31.5 / 2", "◆ 100 %", "59 min",
# "connecting", "▲ under 1 min".
_WIDTHS = {
    Column.VERDICT: 138,
    Column.NAME: 132,
    Column.GROUPS: 68,
    Column.LOAD: 104,
    Column.CURVE: 60,
    Column.CPU: 68,
    Column.MEMORY: 80,
    Column.DISK: 80,
    Column.SERVICES: 76,
    Column.AGE: 60,
    Column.SINCE: 60,
    Column.DANGER: 112,
    Column.LINK: 84,
    Column.WHY: 80,
}
_MAY_GROW = {Column.NAME: 100, Column.GROUPS: 80}
_WIDTH_OF_REASONS = 360
_LEAST_FOR_REASONS = 200
_LEFT_OUT_FIRST = (
    Column.LINK,
    Column.GROUPS,
    Column.SINCE,
    Column.CURVE,
    Column.DISK,
    Column.SERVICES,
    Column.CPU,
    Column.MEMORY,
)
"""What a narrow window (or one at twice the size) does without, the least needed first."""
_ALWAYS = frozenset({Column.VERDICT, Column.NAME})


class FleetTable(QTableView):
    """Shows a `FleetModel`."""

    def __init__(
        self, model: FleetModel, settings: Settings, parent: QWidget | None = None
    ) -> None:
        """Show it with the layout that was kept."""
        super().__init__(parent)
        self._fleet = model
        self._settings = settings
        self._holds = False
        self._is_own_layout = False
        self._rows = RowPainter(model)
        self.setModel(model)
        self.setItemDelegate(RoomyDelegate(self))  # for sizes: the rows are painted by `_rows`
        quieten(self, "Servers")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_header()
        self._take_up_layout()

    def _set_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # A header asks of each row whether it is chosen; with all of 50,000 chosen that takes
        # seconds. This one has a selection of its own, which stays empty.
        header.setSelectionModel(QItemSelectionModel(self._fleet, header))
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(40)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_header_menu)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, _WIDTHS[column])

    def _take_up_layout(self) -> None:
        """Put the columns as they were kept, sort as was kept, and keep what changes from now."""
        kept = self._settings.get_layout(_HEADER_KEY, "")
        head, _, state = kept.partition(":")
        if head == str(len(COLUMNS)):
            self._is_own_layout = True
            self.horizontalHeader().restoreState(
                QByteArray.fromHex(state.encode("ascii", "ignore"))
            )
        sort = self._settings.get_layout(_SORT_KEY, "")
        name, _, order = sort.rpartition(":")
        column = next((one for one in Column if one.value == name), Column.VERDICT)
        self.sort_by(column, descending=order == "descending")
        self.setSortingEnabled(True)
        header = self.horizontalHeader()
        header.sectionResized.connect(self._keep_width)
        header.sectionMoved.connect(self._keep_layout)
        header.sortIndicatorChanged.connect(self._keep_sort)

    def sort_by(self, column: Column, *, descending: bool = False) -> None:
        """Sort by a column and show so in the header."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(COLUMNS.index(column), order)
        self._fleet.sort(COLUMNS.index(column), order)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold the rows while the button is down."""
        if not self._holds:
            self._holds = True
            self._fleet.hold()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let rows move again."""
        super().mouseReleaseEvent(event)
        self.let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hold nothing while nobody sees it."""
        super().hideEvent(event)
        self.let_go()

    def keyboardSearch(self, search: str) -> None:
        """Look for nothing: Qt would ask each of 50,000 cells. The filter line does it better."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave columns out, or give names and groups room, unless a person laid them out."""
        super().resizeEvent(event)
        if not self._is_own_layout:
            self._fit_columns(self.viewport().width())

    def _fit_columns(self, room: int) -> None:
        """Leave out what does not fit; give names and groups what is to spare."""
        fixed = sum(_WIDTHS[column] for column in COLUMNS if column is not Column.WHY)
        for column in _LEFT_OUT_FIRST:
            is_left_out = fixed + _LEAST_FOR_REASONS > room
            fixed -= _WIDTHS[column] if is_left_out else 0
            if self.isColumnHidden(COLUMNS.index(column)) != is_left_out:
                self.setColumnHidden(COLUMNS.index(column), is_left_out)
        spare = max(room - fixed - _WIDTH_OF_REASONS, 0)
        for column, most in _MAY_GROW.items():
            more = min(spare // len(_MAY_GROW), most)
            with QSignalBlocker(self.horizontalHeader()):
                self.setColumnWidth(COLUMNS.index(column), _WIDTHS[column] + more)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that need it, and tell the model which are seen."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        first, last = max(first, 0), last if last >= 0 else self._fleet.rowCount() - 1
        self._fleet.look_at(first, last)
        painter = QPainter(self.viewport())
        self._rows.paint(
            painter,
            self.palette(),
            self._shown_columns(event.rect()),
            self._shown_rows(event.region(), first, last),
            is_right_to_left=self.isRightToLeft(),
        )
        painter.end()

    def _shown_columns(self, part: QRect) -> list[ShownColumn]:
        shown = []
        for place, column in enumerate(COLUMNS):
            left, width = self.columnViewportPosition(place), self.columnWidth(place)
            if width and left <= part.right() and left + width > part.left():
                shown.append(ShownColumn(column=column, left=left, width=width))
        return shown

    def _shown_rows(self, part: QRegion, first: int, last: int) -> Iterator[ShownRow]:
        chosen, width = self.selectionModel(), self.viewport().width()
        current = self.currentIndex() if self.hasFocus() else QModelIndex()
        for place in range(first, last + 1):
            top, height = self.rowViewportPosition(place), self.rowHeight(place)
            if part.intersects(QRect(0, top, width, height)):
                yield ShownRow(
                    row=int(self._fleet.shown[place]),
                    top=top,
                    height=height,
                    is_chosen=chosen.isRowSelected(place, QModelIndex()),
                    focused=COLUMNS[current.column()] if current.row() == place else None,
                )

    def changeEvent(self, event: QEvent) -> None:
        """Lay the words out anew in other letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._rows.forget()

    def let_go(self) -> None:
        """Hold no row, whether or not the button came up here: a menu may have taken that."""
        if self._holds:
            self._holds = False
            self._fleet.release()

    def _keep_width(self, place: int, before: int, after: int) -> None:
        """Keep what a person sized: not what takes the rest, nor what comes or goes."""
        if COLUMNS[place] is not Column.WHY and before and after:
            self._keep_layout()

    def _keep_layout(self) -> None:
        self._is_own_layout = True
        state = bytes(self.horizontalHeader().saveState().toHex().data()).decode()
        self._settings.put_layout(_HEADER_KEY, f"{len(COLUMNS)}:{state}")

    def _keep_sort(self, place: int, order: Qt.SortOrder) -> None:
        way = "descending" if order is Qt.SortOrder.DescendingOrder else "ascending"
        self._settings.put_layout(_SORT_KEY, f"{COLUMNS[place].value}:{way}")

    def _open_header_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_column_menu(menu)
        menu.popup(self.horizontalHeader().mapToGlobal(at))

    def fill_column_menu(self, menu: QMenu) -> None:
        """Offer to show and hide columns."""
        for place, column in enumerate(COLUMNS):
            if column not in _ALWAYS:
                action = menu.addAction(column.value)
                action.setCheckable(True)
                action.setChecked(not self.isColumnHidden(place))
                action.toggled.connect(partial(self._show_column, place))

    def fill_sort_menu(self, menu: QMenu) -> None:
        """Offer to sort by a column: again by the same one turns the order round."""
        for column in COLUMNS:
            action = menu.addAction(column.value)
            action.setCheckable(True)
            action.setChecked(column is self._fleet.sorted_by[0])
            action.triggered.connect(partial(self._sort_or_turn, column))

    def _show_column(self, place: int, shown: bool) -> None:
        self.setColumnHidden(place, not shown)
        self._keep_layout()

    def _sort_or_turn(self, column: Column) -> None:
        now, order = self._fleet.sorted_by
        is_same = now is column and order is Qt.SortOrder.AscendingOrder
        self.sort_by(column, descending=is_same)
