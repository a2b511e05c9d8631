"""What called while this person was away, also what is over by now, until they have seen it.

GUI thread only; read in the background when the alarms change.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from noc_console.desk.alarms.alarm_rows import moment_text, server_text
from noc_console.desk.context import DeskContext
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.alarm_seen_records import Missed, missed_by, note_seen
from noc_console.health.reason_words import beside_name
from noc_console.incidents.times import age_text

_NONE = "You have missed nothing"
_NOTHING = (
    "What calls while this window is closed, or while nobody touches it for ten minutes, waits"
    " here until you have seen it."
)

_READ_AFTER_MS = 500
_ROOM = 1000
"""Of the height, where there are rows; without any, the sentence stays at the top."""


class MissedPanel(QWidget):
    """The list, and the key by which it is seen."""

    counted = Signal(int)
    """How many alarms wait to be seen."""

    def __init__(self, context: DeskContext, person: str, now: Callable[[], datetime]) -> None:
        """Show nothing until it was read."""
        super().__init__()
        self._context = context
        self._person = person
        self._now = now
        self.setAccessibleName("Missed while away")
        self.state = QLabel("Reading what was missed …")
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setWordWrap(True)
        self.model: RowsModel[Missed] = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "Missed while away")
        self.seen_button = QPushButton("I have see&n these")
        self.seen_button.setToolTip("Empty the list (Ctrl+Return)")
        self.seen_button.clicked.connect(self.mark_seen)
        self.empty = StatePanel(_NONE, _NOTHING)
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.seen_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(8)
        box.addLayout(row)
        box.addWidget(self.table, _ROOM)
        box.addWidget(self.empty, _ROOM)
        box.addStretch(1)
        for keys, words, act in (
            ("Return", "Open the server of a missed alarm", self._open_server),
            ("Ctrl+Return", "Note that you have seen what you missed", self.mark_seen),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setWhatsThis(words)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.table.doubleClicked.connect(lambda _: self._open_server())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_READ_AFTER_MS)
        self._soon.timeout.connect(self.read)
        context.live.alarms_changed.connect(self._read_soon)
        context.themes.changed.connect(lambda _: self.table.viewport().update())
        self.setFocusProxy(self.table)
        self.empty.hide()
        self._show(())
        self.read()

    def _columns(self) -> Sequence[Column[Missed]]:
        return (
            Column(
                title="Worst",
                text=lambda one: self._context.theme().look.worded(one.worst, one.worst.value),
                colour=lambda one: self._context.theme().look.colour(one.worst),
            ),
            Column(title="Server", text=self._server),
            Column(
                title="What",
                text=self._what,
                stretch=True,
                is_sentence=True,
            ),
            Column(title="First", text=lambda one: moment_text(one.first_at)),
            Column(title="Calls", text=lambda one: str(one.calls), numeric=True),
            Column(title="What came of it", text=self._outcome),
        )

    def _what(self, one: Missed) -> str:
        server = self._context.live.by_id.get(one.alarm.server_id or 0)
        return inert(beside_name(one.alarm.key, one.alarm.words, server.name if server else ""))

    def _server(self, one: Missed) -> str:
        return server_text(one.alarm.server_id, self._context.live.by_id)

    def _outcome(self, one: Missed) -> str:
        alarm = one.alarm
        if alarm.cleared_at is not None:
            return f"cleared after {age_text(alarm.cleared_at - alarm.raised_at)}"
        if alarm.claimed is not None:
            return f"open, {inert(alarm.claimed.by)} is on it"
        return f"open, {alarm.state.value}"

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was missed by now."""
        super().showEvent(event)
        self.read()

    def _read_soon(self, _changed: object) -> None:
        """In a storm alarms change many times a second: the list is read once for all of them."""
        if not self._soon.isActive():
            self._soon.start()

    def read(self) -> None:
        """Read the list anew."""
        store, person = self._context.store, self._person
        self._context.background.call(
            lambda: missed_by(store, person), self._show_read, self._refuse, self
        )

    def mark_seen(self) -> None:
        """Note that this person has seen it all."""
        store, person, now = self._context.store, self._person, self._now()
        self._context.background.call(
            lambda: note_seen(store, person, now), lambda _: self.read(), self._refuse, self
        )

    def _show_read(self, missed: Sequence[Missed]) -> None:
        count = len(missed)
        words = f"{count} alarm{'s' if count != 1 else ''} while you were away."
        self.state.setText(words if missed else "")
        self._show(missed)
        self.empty.setVisible(not missed)
        self.counted.emit(count)

    def _show(self, missed: Sequence[Missed]) -> None:
        self.model.show_rows(missed)
        self.table.setVisible(bool(missed))
        self.seen_button.setVisible(bool(missed))
        if missed:
            fit_columns(self.table)

    def _refuse(self, failure: ConsoleError) -> None:
        self.empty.hide()
        self.state.setText(failure.sentence)

    def _open_server(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            server_id = self.model.rows[index.row()].alarm.server_id
            if server_id is not None:
                self._context.navigator.open_server(server_id)
