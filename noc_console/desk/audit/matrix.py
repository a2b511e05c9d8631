"""The matrix of an audit: servers under their groups, the steps of the monthly list beside them.

GUI thread only. Rows are replaced as a whole; what a cell shows is made when it is painted.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from noc_console.audit.audit import CollectState
from noc_console.audit.check import Step
from noc_console.audit.checklist import ChecklistRow
from noc_console.audit.decision import WHOLE_AUDIT
from noc_console.desk.audit.audit_look import SHORT, cell_text, cell_tip, colour_of
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Index, plain_tip, quieten
from noc_console.fleet.inert import inert

STEPS = tuple(Step)
NAME, OPEN, FIRST_STEP = 0, 1, 2
STATE = FIRST_STEP + len(STEPS)
_TITLES = ("Server", "Open", *(SHORT[step] for step in STEPS), "Asked")
_TIPS = (
    "The server, under its group",
    "What waits for a person",
    *(step.value.capitalize() for step in STEPS),
    "How far the collecting is, and what stood against it",
)
_ASKED = {CollectState.FAILED: "▽ ", CollectState.WAITING: "· ", CollectState.RUNNING: "… "}
"""Before the name of a server that was not asked to the end; the last column says why."""
_NAME_WIDTH = 160
_ROOM = 17
_STATE_LEAST = 60
_NO_INDEX = QModelIndex()
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

Key = tuple[str, int | None]
"""The group, and the server; None for the group as a whole."""


def key_of(row: ChecklistRow) -> Key:
    """Give what makes a row the same one when it is read again."""
    return row.group, row.server_id


class MatrixModel(QAbstractTableModel):
    """Rows in the order given, without those of folded groups and those that are filtered."""

    def __init__(self, look: Callable[[], Look], parent: QObject | None = None) -> None:
        """Start without a row."""
        super().__init__(parent)
        self._look = look
        self._every: Sequence[ChecklistRow] = ()
        self.rows: list[ChecklistRow] = []
        self._folded: set[str] = set()
        self._words = ""
        self._is_open_only = False
        self._bold = QFont()
        self._bold.setBold(True)

    def show_rows(self, rows: Sequence[ChecklistRow]) -> bool:
        """Show rows; tell whether they stand where they stood, so that a choice still holds."""
        self._every = rows
        return self._show()

    def fold(self, group: str) -> None:
        """Show a group's servers no more, or again."""
        self._folded ^= {group}
        self._show()

    def filter(self, words: str, *, is_open_only: bool) -> None:
        """Show only servers with these words in their name or group, or with something open."""
        self._words, self._is_open_only = words.strip().casefold(), is_open_only
        self._show()

    def rows_of(self, group: str) -> tuple[int, ...]:
        """Give the servers of a group, those that are not shown too."""
        return tuple(one.server_id for one in self._every if one.group == group and one.server_id)

    def _show(self) -> bool:
        shown = self._chosen()
        if [key_of(one) for one in shown] == [key_of(one) for one in self.rows]:
            self.rows = shown
            if shown:
                last = self.index(len(shown) - 1, len(_TITLES) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return True
        self.beginResetModel()
        self.rows = shown
        self.endResetModel()
        return False

    def _chosen(self) -> list[ChecklistRow]:
        """Give what is shown; a group stands for as long as one of its servers does."""
        words, found = self._words, []
        head: ChecklistRow | None = None
        for one in self._every:
            if one.server_id is None:
                head = one
                continue
            if self._is_open_only and not one.open:
                continue
            if words and words not in one.name.casefold() and words not in one.group.casefold():
                continue
            if head is not None:
                found.append(head)
                head = None
            if one.group not in self._folded or words:
                found.append(one)
        return found

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Give the number of columns."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        """Give the steps, their whole words in the tips."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(_TITLES):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _TIPS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section in (NAME, STATE) else _CENTRE
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Give what a cell shows."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _CENTRE if FIRST_STEP <= column < STATE else _RIGHT if column == OPEN else _LEFT
        if role == Qt.ItemDataRole.FontRole:
            return self._bold if row.server_id is None else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._tip(row, column)
        return None

    def _text(self, row: ChecklistRow, column: int) -> str:
        if FIRST_STEP <= column < STATE:
            return cell_text(row.cells[column - FIRST_STEP], self._look())
        if column == OPEN:
            is_to_come = row.collected in {CollectState.WAITING, CollectState.RUNNING}
            return f"{row.open:,}" if row.open else "·" if is_to_come else "–"
        if column == STATE:
            return inert(row.state)
        if row.server_id == WHOLE_AUDIT:
            return inert(row.name)
        if row.server_id is not None:
            sign = _ASKED.get(row.collected, "") if row.collected is not None else ""
            return f"    {sign}{inert(row.name)}"
        sign = "▸" if row.group in self._folded else "▾"
        return f"{sign} {inert(row.name)} ({row.servers:,})"

    def _colour(self, row: ChecklistRow, column: int) -> Any:
        look = self._look()
        if FIRST_STEP <= column < STATE:
            return colour_of(row.cells[column - FIRST_STEP].mark, look)
        return look.faint if column == STATE or (column == OPEN and not row.open) else None

    def _tip(self, row: ChecklistRow, column: int) -> str:
        if FIRST_STEP <= column < STATE:
            place = column - FIRST_STEP
            return cell_tip(row, STEPS[place], row.cells[place])
        state = inert(row.state)
        if column == STATE:
            return state
        words = f"{inert(row.name)}: {row.open:,} open, {row.decided:,} decided"
        return f"{words}; {state}" if state else words


class MatrixView(QTableView):
    """Cells gone through by arrows; Enter opens one, Space folds a group."""

    cell_opened = Signal()

    def __init__(self, model: MatrixModel) -> None:
        """Show a model."""
        super().__init__()
        self.matrix = model
        self.setModel(model)
        quieten(self, "Servers by steps: what is open")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._give_room()
        self.activated.connect(lambda _: self.cell_opened.emit())

    def _give_room(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(STATE, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(36)
        letters = self.fontMetrics()
        least = letters.horizontalAdvance("◆ 888 ▽")
        self.setColumnWidth(NAME, _NAME_WIDTH)
        self.setColumnWidth(OPEN, letters.horizontalAdvance("88,888") + _ROOM)
        for place in range(FIRST_STEP, STATE):
            wanted = letters.horizontalAdvance(_TITLES[place]) + _ROOM
            self.setColumnWidth(place, max(wanted, least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the last column out where it would push the steps out of sight."""
        super().resizeEvent(event)
        steps = sum(self.columnWidth(place) for place in range(STATE))
        self.setColumnHidden(STATE, event.size().width() - steps < _STATE_LEAST)

    def sizeHint(self) -> QSize:
        """Take what there is."""
        return QSize(900, 400)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold a group with Space."""
        row = self.chosen_row
        if event.key() == Qt.Key.Key_Space and row is not None:
            self.fold(row.group)
            return
        super().keyPressEvent(event)

    @property
    def chosen_row(self) -> ChecklistRow | None:
        """The row the choice is in."""
        index = self.currentIndex()
        is_there = index.isValid() and index.row() < len(self.matrix.rows)
        return self.matrix.rows[index.row()] if is_there else None

    @property
    def chosen_step(self) -> Step | None:
        """The step the choice is in; None where it is in a column of the whole row."""
        column = self.currentIndex().column()
        return STEPS[column - FIRST_STEP] if FIRST_STEP <= column < STATE else None

    def fold(self, group: str) -> None:
        """Fold a group, or unfold it; its head is chosen then."""
        self.matrix.fold(group)
        self.choose((group, None), self.chosen_step)

    def show_rows(self, rows: Sequence[ChecklistRow]) -> None:
        """Show rows; the cell that was chosen stays chosen."""
        self.keep_choice(lambda: self.matrix.show_rows(rows))

    def keep_choice(self, change: Callable[[], object]) -> None:
        """Change the rows that are shown; the cell that was chosen stays chosen."""
        row, step = self.chosen_row, self.chosen_step
        column = self.currentIndex().column()
        change()
        if row is not None and self.choose(key_of(row), step, column):
            return
        if self.matrix.rows and not self.currentIndex().isValid():
            self.setCurrentIndex(self.matrix.index(0, FIRST_STEP))
            self.step_to_open(1, from_here=True)

    def choose(self, key: Key, step: Step | None, column: int = NAME) -> bool:
        """Choose the cell of a row and step; tell whether it is there."""
        at = column if step is None else FIRST_STEP + STEPS.index(step)
        for place, row in enumerate(self.matrix.rows):
            if key_of(row) == key:
                if (place, at) != (self.currentIndex().row(), self.currentIndex().column()):
                    self.setCurrentIndex(self.matrix.index(place, max(at, 0)))
                return True
        return False

    def step_to_open(self, by: int, *, from_here: bool = False) -> bool:
        """Go to the next cell of a server in which something is open; tell whether there is one."""
        for place, column in self._cells_from_here(by, from_here=from_here):
            row = self.matrix.rows[place]
            if row.server_id is not None and row.cells[column].open:
                self.setCurrentIndex(self.matrix.index(place, column + FIRST_STEP))
                return True
        return False

    def _cells_from_here(self, by: int, *, from_here: bool) -> Iterator[tuple[int, int]]:
        index, many = self.currentIndex(), len(STEPS)
        row = max(index.row(), 0)
        column = min(max(index.column() - FIRST_STEP, -1), many) if index.isValid() else -1
        place = row * many + column + (0 if from_here else by)
        while 0 <= place < len(self.matrix.rows) * many:
            yield divmod(place, many)
            place += by
