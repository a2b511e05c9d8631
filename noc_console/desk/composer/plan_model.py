"""The plan as a matrix: channels down, sends across; a tick switches one. GUI thread only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from noc_console.desk.widgets.rows_table import plain_tip
from noc_console.fleet.inert import inert
from noc_console.incidents.times import clock_text, local_text
from noc_console.notices.channels.channel import Channel
from noc_console.notices.notice import Notice, PlannedSend, Send
from noc_console.notices.plan import TIMED, Cell, is_usually_on
from noc_console.notices.plan_standing import Course, Place, Standing
from noc_console.notices.rulings import LATE_AFTER

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class PlanModel(QAbstractTableModel):
    """`switched` tells which cell a person switched, and to what."""

    switched = Signal(object, bool)
    """The `Cell`, and whether it is to go."""

    def __init__(self, now: Callable[[], datetime], parent: QObject) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._now = now
        self._sends: tuple[Send, ...] = ()
        self._channels: tuple[Channel, ...] = ()
        self._cells: dict[Place, Cell] = {}
        self._standings: Mapping[Place, Standing] = {}

    def show_cells(
        self, sends: Sequence[Send], cells: Iterable[Cell], standings: Mapping[Place, Standing]
    ) -> None:
        """Show a plan; where only cells changed, the place stays."""
        found = {(one.send, one.channel.name): one for one in cells}
        channels = tuple({one.channel.name: one.channel for one in found.values()}.values())
        if (tuple(sends), channels) == (self._sends, self._channels):
            if (found, standings) != (self._cells, self._standings):
                self._cells, self._standings = found, standings
                last = self.index(len(self._channels) - 1, len(self._sends) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._sends) - 1)
            return
        self.beginResetModel()
        self._sends, self._channels = tuple(sends), channels
        self._cells, self._standings = found, standings
        self.endResetModel()

    def cell(self, index: Index) -> Cell | None:
        """Give the cell of a place."""
        if not index.isValid():
            return None
        channel, send = self._channels[index.row()], self._sends[index.column()]
        return self._cells.get((send, channel.name))

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of channels."""
        return 0 if parent.isValid() else len(self._channels)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of sends."""
        return 0 if parent.isValid() else len(self._sends)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        """Name channels, and sends with when they usually go."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return inert(self._channels[section].name) if section < len(self._channels) else None
        if section >= len(self._sends):
            return None
        send = self._sends[section]
        usually = self._usually(send).split(
            " ", 2
        )  # the clock in a line of its own takes less room
        return "\n".join((send.value, " ".join(usually[:2]), *usually[2:]))

    def _usually(self, send: Send) -> str:
        if send not in TIMED:
            return "when you say"
        times = (one.usual_due_at for one in self._cells.values() if one.send is send)
        return _short(next(times, None)) or "no date yet"

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let each cell be ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Say whether and when a send goes to a channel."""
        one = self.cell(index)
        if one is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(one)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if one.is_on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(one))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = f"{one.send.value} on {inert(one.channel.name)}, {self._usually(one.send)}"
            return f"{name}: {self._words(one) if one.is_on else 'does not go'}"
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Switch a cell."""
        one = self.cell(index)
        if one is None or role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.switched.emit(one, Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def _standing(self, one: Cell) -> Standing:
        return self._standings.get((one.send, one.channel.name), Standing(course=Course.OFF))

    def _words(self, one: Cell) -> str:
        standing = self._standing(one)
        changed = "*" if one.planned is not None and _has_own(one.planned) else ""
        often = f" ({standing.times} times)" if standing.times > 1 else ""
        at = "" if _is_near(standing.at, one.usual_due_at) else _short(standing.at)
        told = {
            Course.OFF: "–",
            Course.BY_PERSON: f"goes{changed}",
            Course.TO_COME: f"{at or 'goes'}{changed}",
            Course.AT_ONCE: f"at once{changed}",
            Course.WENT: f"went {at}".rstrip() + often,
            Course.NOT_NOW: "goes no more",
        }
        return told.get(standing.course) or (standing.state.value if standing.state else "–")

    def _tip(self, one: Cell) -> str:
        standing = self._standing(one)
        told = inert(standing.words, 300)
        if standing.course is Course.WENT and one.due_at is None:
            return "It went; the next goes when a person says so."
        if standing.course in _TOLD_AS:
            return f"{_TOLD_AS[standing.course]} {told}".strip()
        if one.due_at is None:
            return "It goes when a person says so. F2 gives it a text of its own."
        usual = one.usual_due_at
        other = one.due_at != usual and usual is not None
        also = f"; usually {clock_text(usual, self._now())}" if other and usual else ""
        return f"Due {local_text(one.due_at)}{also}. F2 changes time or text."


_TOLD_AS = {
    Course.WENT: "It went; what is changed now, it does not say.",
    Course.STANDS: "See the outbox (Ctrl+9).",
    Course.NOT_NOW: "",
}


def _is_near(at: datetime | None, usual: datetime | None) -> bool:
    """Whether a time is the one in the heading, or as good as it."""
    return at is not None and usual is not None and timedelta() <= at - usual < LATE_AFTER


def _short(at: datetime | None) -> str:
    return f"{at.astimezone():%a %m-%d %H:%M %Z}" if at is not None else ""


def with_cell(notice: Notice, cell: Cell, **changes: Any) -> Notice:
    """Give the notice with another wish for a send on a channel; none where it is as usual."""
    before = cell.planned or PlannedSend(
        send=cell.send, channel=cell.channel.name, is_on=cell.is_on
    )
    after = replace(before, **changes)
    kept = tuple(
        one
        for one in notice.plan
        if not (one.send is cell.send and one.channel == cell.channel.name)
    )
    is_usual = after.is_on == is_usually_on(cell.send, cell.channel.kind) and not _has_own(after)
    return replace(notice, plan=kept if is_usual else (*kept, after))


def _has_own(planned: PlannedSend) -> bool:
    return planned.due_at is not None or bool(planned.title or planned.text)
