"""The table of alarms. GUI thread only."""

from collections.abc import Collection, Iterable

from PySide6.QtCore import QByteArray, QItemSelectionModel, QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
)

from noc_console.desk.alarms.alarm_model import AlarmModel, Index
from noc_console.desk.alarms.alarm_rows import COLUMNS, Column
from noc_console.desk.context import Settings
from noc_console.desk.fleet.row_painter import tinted
from noc_console.desk.widgets.rows_table import RoomyDelegate, quieten
from noc_console.health.alarm import Alarm

_HEADER_KEY = "alarms.header"
_WIDTHS = {
    Column.SEVERITY: 116,
    Column.STATE: 130,
    Column.SERVER: 140,
    Column.SINCE: 108,
    Column.WHO: 130,
    Column.DANGER: 92,
    Column.TIMES: 62,
}
_NARROW_WIDTHS = {
    Column.SEVERITY: 92,
    Column.STATE: 108,
    Column.SERVER: 104,
    Column.SINCE: 94,
    Column.WHO: 96,
    Column.DANGER: 96,
    Column.TIMES: 54,
}
_NARROW = 1240
_ROOM_FOR_NAMES = 900
"""From this width on a name may have what a wide window gives it, and nothing is left out."""
_LEFT_OUT = (Column.DANGER, Column.TIMES)
"""What a narrow window, or one at twice the size, does without."""


class AlarmTable(QTableView):
    """Shows an `AlarmModel`; several alarms may be chosen."""

    def __init__(self, model: AlarmModel, settings: Settings, *, keeps_layout: bool = True) -> None:
        """Show it, with the layout that was kept where it keeps one."""
        super().__init__()
        self._alarms = model
        self._settings = settings
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        quieten(self, "Open alarms")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        for place, column in enumerate(COLUMNS):
            if column is Column.WHAT:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
            else:
                self.setColumnWidth(place, _WIDTHS[column])
        self._keeps_layout = keeps_layout
        self._is_own_layout = keeps_layout and self._take_up_layout()
        header.setSortIndicator(COLUMNS.index(Column.STATE), Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        if keeps_layout:
            header.sectionResized.connect(lambda place, *_: self._keep_layout(place))

    def chosen(self) -> list[Alarm]:
        """Give the chosen alarms in the order shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._alarms.alarm(row) for row in rows]

    def current(self) -> Alarm | None:
        """Give the alarm the cursor is on."""
        index = self.currentIndex()
        return self._alarms.alarm(index.row()) if index.isValid() else None

    def go_to_first(self) -> None:
        """Put the cursor on the first alarm where it is on none."""
        if not self.currentIndex().isValid() and self._alarms.rowCount():
            self.selectRow(0)

    def has(self, ids: Iterable[int]) -> bool:
        """Whether each of some alarms is shown."""
        return set(ids) <= {self._alarms.alarm(row).id for row in range(self._alarms.rowCount())}

    def choose(self, ids: Collection[int]) -> None:
        """Choose the alarms of these that are shown, the cursor on the first of them."""
        rows = [row for row in range(self._alarms.rowCount()) if self._alarms.alarm(row).id in ids]
        if not rows:
            return
        first = self._alarms.index(rows[0], 0)
        self.setCurrentIndex(first)
        flags = QItemSelectionModel.SelectionFlag
        for row in rows[1:]:
            self.selectionModel().select(self._alarms.index(row, 0), flags.Select | flags.Rows)
        self.scrollTo(first)

    def keyboardSearch(self, search: str) -> None:
        """Look for nothing: letters are keys of deeds here, and the filter finds better."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave more of a narrow window to what is amiss, unless a person sized columns."""
        super().resizeEvent(event)
        if not self._is_own_layout:
            room = self.viewport().width()
            widths = _NARROW_WIDTHS if room < _NARROW else _WIDTHS
            if room >= _ROOM_FOR_NAMES:
                widths = widths | {Column.SERVER: min(_WIDTHS[Column.SERVER] + room // 40, 240)}
            with QSignalBlocker(self.horizontalHeader()):
                for column, width in widths.items():
                    self.setColumnWidth(COLUMNS.index(column), width)
                for column in _LEFT_OUT if self._keeps_layout else ():
                    self.setColumnHidden(COLUMNS.index(column), room < _ROOM_FOR_NAMES)

    def _take_up_layout(self) -> bool:
        head, _, state = self._settings.get_layout(_HEADER_KEY, "").partition(":")
        if head != str(len(COLUMNS)):
            return False
        kept = QByteArray.fromHex(state.encode("ascii", "ignore"))
        return self.horizontalHeader().restoreState(kept)

    def _keep_layout(self, place: int) -> None:
        if COLUMNS[place] is Column.WHAT:  # it takes what is left: nobody sized it
            return
        self._is_own_layout = True
        state = bytes(self.horizontalHeader().saveState().toHex().data()).decode()
        self._settings.put_layout(_HEADER_KEY, f"{len(COLUMNS)}:{state}")


class _Delegate(RoomyDelegate):
    """What is chosen has so light a ground that the colours of severity stay read."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            option = QStyleOptionViewItem(option)
            painter.fillRect(option.rect, tinted(option.palette))
            if index.column() == 0:
                edge = option.rect.adjusted(0, 0, 3 - option.rect.width(), 0)
                painter.fillRect(edge, option.palette.color(QPalette.ColorRole.Highlight))
            if option.state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(option.palette.color(QPalette.ColorRole.Highlight))
                painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
            option.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        if COLUMNS[index.column()] is Column.SERVER:  # names of one fleet differ at both ends
            option = QStyleOptionViewItem(option)
            option.textElideMode = Qt.TextElideMode.ElideMiddle
        super().paint(painter, option, index)
