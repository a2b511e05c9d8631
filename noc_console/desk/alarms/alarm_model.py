"""The rows of the table of alarms: they come, go and move, and what is chosen stays chosen.

GUI thread only. A change of one alarm tells one row; a storm of them tells runs of rows.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from noc_console.desk.alarms.alarm_rows import (
    COLUMNS,
    HEADER_TIPS,
    NUMERIC,
    SORT_KEYS,
    TEXTS,
    AlarmRow,
    Column,
    tip_text,
)
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import plain_tip
from noc_console.health.alarm import Alarm

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_AGES = (Column.SINCE, Column.DANGER)


class AlarmModel(QAbstractTableModel):
    """Alarms, the most pressing first unless a person sorts them otherwise."""

    def __init__(
        self, look: Look, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        """Begin without an alarm."""
        super().__init__(parent)
        self.look = look
        self._now = now
        self.rows: list[AlarmRow] = []
        self._column = Column.STATE
        self._order = Qt.SortOrder.AscendingOrder

    @property
    def sorted_by(self) -> tuple[Column, Qt.SortOrder]:
        """The column by which the rows stand, and which way."""
        return self._column, self._order

    def alarm(self, row: int) -> Alarm:
        """Give the alarm of a row."""
        return self.rows[row].alarm

    def show_rows(self, rows: Sequence[AlarmRow]) -> None:
        """Show these; rows go and come in runs, then move where they belong."""
        wanted = {row.alarm.id: row for row in rows}
        self._take_away(wanted)
        here = {row.alarm.id for row in self.rows}
        self._tell_changed(wanted)
        self._add([row for key, row in wanted.items() if key not in here])
        self._put_in_order()

    def refresh_ages(self) -> None:
        """Tell the cells that grow older by themselves."""
        if self.rows:
            for column in _AGES:
                place = COLUMNS.index(column)
                last = len(self.rows) - 1
                self.dataChanged.emit(self.index(0, place), self.index(last, place))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._column, self._order = COLUMNS[column], order
        self._put_in_order()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        """Give the titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        told: Mapping[int, Any] = {
            int(Qt.ItemDataRole.DisplayRole): column.value,
            int(Qt.ItemDataRole.ToolTipRole): plain_tip(HEADER_TIPS[column]),
            int(Qt.ItemDataRole.TextAlignmentRole): _RIGHT if column in NUMERIC else _LEFT,
        }
        return told.get(int(role))

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Give what a cell shows."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                text = TEXTS[column](row, self._now())
                is_severity = column is Column.SEVERITY
                return self.look.worded(row.alarm.verdict, text) if is_severity else text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.value}: {TEXTS[column](row, self._now())}"
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(tip_text(row, self._now())).replace("\n", "<br>")
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in NUMERIC else _LEFT
            case Qt.ItemDataRole.ForegroundRole:
                return self._ink(row, column)
        return None

    def _ink(self, row: AlarmRow, column: Column) -> Any:
        """Colour is for what waits for a person; what is in hand is faint."""
        if not row.alarm.needs_person:
            return self.look.faint
        return self.look.colour(row.alarm.verdict) if column is Column.SEVERITY else None

    def _take_away(self, wanted: Mapping[int, AlarmRow]) -> None:
        last = len(self.rows) - 1
        while last >= 0:
            if self.rows[last].alarm.id in wanted:
                last -= 1
                continue
            first = last
            while first > 0 and self.rows[first - 1].alarm.id not in wanted:
                first -= 1
            self.beginRemoveRows(_NO_INDEX, first, last)
            del self.rows[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _tell_changed(self, wanted: Mapping[int, AlarmRow]) -> None:
        for place, before in enumerate(self.rows):
            after = wanted[before.alarm.id]
            if after is not before and after != before:
                self.rows[place] = after
                end = len(COLUMNS) - 1
                self.dataChanged.emit(self.index(place, 0), self.index(place, end))

    def _add(self, rows: Sequence[AlarmRow]) -> None:
        if rows:
            first = len(self.rows)
            self.beginInsertRows(_NO_INDEX, first, first + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()

    def _put_in_order(self) -> None:
        """Move rows, and what is chosen and current with them."""
        now = self._now()
        key = SORT_KEYS[self._column]
        is_descending = self._order is Qt.SortOrder.DescendingOrder
        ordered = sorted(self.rows, key=lambda row: key(row, now), reverse=is_descending)
        if [row.alarm.id for row in ordered] == [row.alarm.id for row in self.rows]:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self.rows[index.row()].alarm.id for index in before]
        self.rows = ordered
        places = {row.alarm.id: place for place, row in enumerate(ordered)}
        after = [
            self.index(places[one], index.column()) for one, index in zip(ids, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
