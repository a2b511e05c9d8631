"""A table with its deeds and its states: being read, empty with the next step, not readable.

GUI thread only. The rows are read in the background, whenever they change while they are shown.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.deed import Deeds
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError

Row = TypeVar("Row")

_FEWEST_ROWS = 5
"""The head and four: on a low screen the page scrolls rather than the rows vanish."""

Buttons = Mapping[str, Callable[[], object]]


class RowsPanel(QWidget, Generic[Row]):
    """A panel is one of these: it says its columns and deeds, reads, and calls `show_rows`."""

    def __init__(
        self, context: DeskContext, name: str, columns: Sequence[Column[Row]], widest: int = 260
    ) -> None:
        """Show that it is being read."""
        super().__init__()
        self.context = context
        self.setAccessibleName(name)
        self.model: RowsModel[Row] = RowsModel(columns, self)
        self.table = table_of(self.model, name)
        row_height = self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(_FEWEST_ROWS * row_height)
        self.panel: StatePanel | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(4, 10, 4, 6)
        self.box.setSpacing(8)
        self.deeds = Deeds(self, self.table)
        self._name = name
        self._widest = widest
        self._asked = 0
        self._fitting = QTimer(self)  # a slice of its own: measuring text takes as long as the rest
        self._fitting.setSingleShot(True)
        self._fitting.timeout.connect(lambda: fit_columns(self.table, widest=self._widest))
        self.setFocusProxy(self.table)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self.choice_changed())
        self.show_state(f"Reading {name.lower()} …", "They are being read from the store.", {})

    def reading(self) -> Callable[[], Any]:
        """Give the work that reads all that is shown; it runs on another thread."""
        raise NotImplementedError

    def take(self, found: Any) -> None:
        """Show what was read."""
        raise NotImplementedError

    def key_of(self, row: Row) -> Hashable:
        """Give what makes a row the same one when it is read again."""
        raise NotImplementedError

    def choice_changed(self) -> None:
        """Another row was chosen, or it changed."""

    def showEvent(self, event: QShowEvent) -> None:
        """Show what holds now."""
        super().showEvent(event)
        self.read()

    def read_if_shown(self) -> None:
        """Read when somebody looks; else it is read when it is shown."""
        if self.isVisible():
            self.read()

    def read(self) -> None:
        """Read everything anew; an answer to an earlier reading is dropped."""
        self._asked += 1
        asked = self._asked
        self.context.background.call(
            self.reading(),
            lambda found: self.take(found) if asked == self._asked else None,
            lambda failure: self._refuse(failure) if asked == self._asked else None,
            self,
        )

    @property
    def chosen(self) -> Row | None:
        """The row that is chosen."""
        index = self.table.currentIndex()
        is_there = index.isValid() and index.row() < len(self.model.rows)
        return self.model.rows[index.row()] if is_there else None

    def choose(self, key: Hashable) -> bool:
        """Choose the row of a key; tell whether it is there."""
        for place, row in enumerate(self.model.rows):
            if self.key_of(row) == key:
                self.table.selectRow(place)
                return True
        return False

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show rows in the place of those before; the one that was chosen stays chosen."""
        before = self.chosen
        kept = None if before is None else self.key_of(before)
        is_new = tuple(rows) != self.model.rows
        self.model.show_rows(rows)
        if is_new:
            self._fitting.start()
        if self.panel is not None:
            self.drop_state()
        if (kept is None or not self.choose(kept)) and rows:
            self.table.selectRow(0)
        self.choice_changed()

    def show_state(self, title: str, sentence: str, buttons: Buttons) -> None:
        """Show a title, a sentence and buttons where the table would be."""
        holds_focus = self._holds_focus()
        self.drop_state()
        self.panel = StatePanel(title, sentence, buttons)
        if not buttons:
            self.panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # it holds the keys for the table
        self.stack.addWidget(self.panel)
        self.stack.setCurrentWidget(self.panel)
        self.setFocusProxy(self.panel)
        if holds_focus:
            self.panel.setFocus()

    def drop_state(self) -> None:
        """Show the table."""
        if self.panel is None:
            return
        holds_focus = self._holds_focus()
        self.stack.removeWidget(self.panel)
        self.panel.deleteLater()
        self.panel = None
        self.setFocusProxy(self.table)
        if holds_focus:
            self.table.setFocus()

    def _holds_focus(self) -> bool:
        """Whether the keys are heard here: what takes the place must hear them after."""
        holder = QApplication.focusWidget()
        return self.isVisible() and (holder is None or self.stack.isAncestorOf(holder))

    def do(self, work: Callable[[], object], said: str) -> None:
        """Do something to the store in the background, say so, and read anew."""
        say = self.context.navigator.say

        def finish(_done: object) -> None:
            say(said)
            self.read()

        self.context.background.call(work, finish, lambda failure: say(failure.sentence), self)

    def _refuse(self, failure: ConsoleError) -> None:
        self.show_state(f"{self._name} cannot be read", failure.sentence, {"&Try again": self.read})
