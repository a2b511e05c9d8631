"""Asks which window a notice is for, among those to come; Enter takes the chosen one.

GUI thread only; windows are read in the background.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.incidents.windows.window import Occurrence, Window
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.incidents.windows.window_words import scope_words, span_words
from noc_console.notices.notice_records import list_notices
from noc_console.notices.posting import NoticeState
from noc_console.store.store import Store

_AHEAD = timedelta(days=400)
_MOST_OF_ONE = 12
"""So many times of a window that repeats are offered."""
_SIZE = (860, 460)
_READING = "The windows to come are being read …"
_NO_WINDOW = "No window is planned ahead. Plan one on the page of windows (Ctrl+4, Ins)."
_NONE_FITS = "No window has these words."
_ABOUT = (
    "When, how long, servers, groups and services of the notice become those of the window; a title"
    " that is written stays. ▲ marks a time that another notice tells already."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One time of a window that a notice may be for. `notice_id` is that of one there is, or 0."""

    window: Window
    at: datetime
    span: str
    scope: str
    notice_id: int = 0


def read_choices(store: Store, servers: Sequence[Server], now: datetime, own: int) -> list[Choice]:
    """Give the times of windows to come, the next one first; `own` is the notice that asks."""
    told = {
        (one.notice.window_id, one.notice.starts_at): one.id
        for one in list_notices(store, with_over=False)
        if one.id != own and one.state is not NoticeState.CANCELLED
    }
    counts: dict[int, int] = {}
    found = []
    for one in sorted(list_occurrences(store, now, now + _AHEAD), key=_start):
        counts[one.window.id] = counts.get(one.window.id, 0) + 1
        if one.is_cancelled or one.planned_end <= now or counts[one.window.id] > _MOST_OF_ONE:
            continue
        found.append(
            Choice(
                window=one.window,
                at=one.planned_start,
                span=span_words(one),
                scope=scope_words(one.window, servers),
                notice_id=told.get((one.window.id, one.planned_start), 0),
            )
        )
    return found


def _start(one: Occurrence) -> datetime:
    return one.planned_start


def _columns() -> list[Column[Choice]]:
    return [
        Column(title="When", text=lambda one: one.span),
        Column(title="Min", text=lambda one: str(one.window.minutes), numeric=True),
        Column(title="Title", text=lambda one: inert(one.window.title, 120), stretch=True),
        Column(title="For", text=lambda one: inert(one.scope, 120)),
        Column(title="Notice", text=lambda one: f"▲ {one.notice_id}" if one.notice_id else ""),
    ]


class WindowChoice(QDialog):
    """`chosen` tells the choice; None: no window at all."""

    chosen = Signal(object)

    def __init__(
        self,
        context: DeskContext,
        now: Callable[[], datetime],
        notice_id: int,
        *,
        is_linked: bool,
        parent: QWidget | None = None,
    ) -> None:
        """Say that windows are being read."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Which window is it for?")
        self._all: list[Choice] = []
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find by title, server, group or date")
        self.filter.setAccessibleName("Find a window")
        self.filter.setClearButtonEnabled(True)
        self.model: RowsModel[Choice] = RowsModel(_columns(), self)
        self.table = table_of(self.model, "Windows to come, the next one first")
        self.state = plain_label(_READING)
        self.take = QPushButton("&Take it")
        self.none = QPushButton("&No window")
        self.none.setEnabled(is_linked)
        self._lay_out()
        self.filter.textChanged.connect(lambda _: self._show_rows())
        self.table.activated.connect(lambda _: self._take())
        self.take.clicked.connect(self._take)
        self.none.clicked.connect(lambda: self._end_with(None))
        store, servers, at = context.store, context.live.servers, now()
        context.background.call(
            lambda: read_choices(store, servers, at, notice_id), self._show, self._fail, self
        )

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.none)
        row.addStretch(1)
        row.addWidget(self.take)
        row.addWidget(buttons)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(8)
        box.addWidget(self.filter)
        box.addWidget(self.state)
        box.addWidget(self.table, 1)
        box.addWidget(plain_label(_ABOUT, name="faint"))
        box.addLayout(row)
        self.take.setDefault(True)  # in the dialog by now: else Qt would forget it
        self.take.setEnabled(False)

    def show_fitting(self) -> None:
        """Show it; typing finds a window at once."""
        fit_to_screen(self)
        self.resize(*(max(a, b) for a, b in zip(_SIZE, self.size().toTuple(), strict=True)))
        self.open()
        self.filter.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrows move the choice while the filter has the cursor."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self.filter.hasFocus():
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            place = self.table.currentIndex().row() + by
            if 0 <= place < len(self.model.rows):
                self.table.selectRow(place)
            return
        super().keyPressEvent(event)

    def _show(self, found: list[Choice]) -> None:
        self._all = found
        self._show_rows()

    def _fail(self, failure: ConsoleError) -> None:
        self.state.setText(f"■  {failure.sentence}")

    def _show_rows(self) -> None:
        words = self.filter.text().casefold().split()
        rows = [one for one in self._all if _fits(one, words)]
        self.model.show_rows(rows)
        fit_columns(self.table, widest=330)
        self.state.setVisible(not rows)
        self.state.setText("" if rows else _NONE_FITS if self._all else _NO_WINDOW)
        self.take.setEnabled(bool(rows))
        if rows:
            self.table.selectRow(0)

    def _take(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.model.rows):
            self._end_with(self.model.rows[place])

    def _end_with(self, choice: Choice | None) -> None:
        self.accept()
        self.chosen.emit(choice)


def _fits(one: Choice, words: Sequence[str]) -> bool:
    text = f"{one.window.id} {one.span} {one.window.title} {one.scope}".casefold()
    return all(word in text for word in words)
