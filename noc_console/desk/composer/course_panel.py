"""How downtime goes on: its state, the promise that runs, what was told so far, and what comes.

GUI thread only; read in the background, and anew when a posting moves on.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.notices.notice_look import promise_text
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.desk.widgets.flow_row import FlowRow
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import clock_text, span_text
from noc_console.notices.course import Step, course_of
from noc_console.notices.notice_records import StoredNotice
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.version_records import versions_of

UPDATE_KEYS, CLEAR_KEYS, INCIDENT_KEYS = "Ctrl+U", "Ctrl+R", "Ctrl+G"
_TICK_MS = 1000
_BAD = frozenset({PostingState.FAILED, PostingState.IN_DOUBT, PostingState.MISSED})
_NOT_TOLD = "Nothing was told yet: approving it (Ctrl+Return) sends the first word."


class CoursePanel(QWidget):
    """`update_wanted` and `clear_wanted`: somebody wants to tell an update, or that it is over."""

    update_wanted = Signal()
    clear_wanted = Signal()

    def __init__(
        self, context: DeskContext, stored: StoredNotice, now: Callable[[], datetime]
    ) -> None:
        """Show that it is being read."""
        super().__init__()
        self._context = context
        self._stored = stored
        self._now = now
        self._reading = OneAtATime(context.background, self.read, self)
        self.setAccessibleName("Course")
        self.standing, self.promise = plain_label(), plain_label()
        self.standing.setObjectName("sectionTitle")
        self.model: RowsModel[Step] = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "What was told so far, the newest first")
        self.words = plain_label("Reading …", name="faint")
        self.update_button = QPushButton("Write an update…")
        self.clear_button = QPushButton("All-clear…")
        self.update_button.setToolTip(UPDATE_KEYS)
        self.clear_button.setToolTip(CLEAR_KEYS)
        self._lay_out()
        self.update_button.clicked.connect(self.update_wanted)
        self.clear_button.clicked.connect(self.clear_wanted)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_words())
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        for signal in (context.live.postings_changed, context.live.notices_changed):
            signal.connect(self._read_if_shown)
        self._tick()

    def _columns(self) -> list[Column[Step]]:
        return [
            Column(title="When", text=lambda one: clock_text(one.at, self._now())),
            Column(title="What", text=lambda one: one.send),
            Column(title="State", text=lambda one: one.state.value),
            Column(title="Words", text=lambda one: inert(one.words, 200), stretch=True),
            Column(title="Went", text=went_words, colour=self._ink_of_postings),
            Column(title="Promise", text=promise_words, colour=self._ink_of_promise),
        ]

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.standing, 1)
        row.addLayout(FlowRow((self.update_button, self.clear_button)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(6)
        box.addLayout(row)
        box.addWidget(self.promise)
        box.addWidget(self.table, 1)
        box.addWidget(self.words)
        self.setFocusProxy(self.table)

    def show_stored(self, stored: StoredNotice) -> None:
        """Show how a notice stands."""
        self._stored = stored
        self._tick()
        self._read_if_shown()

    @property
    def is_running(self) -> bool:
        """Whether customers were told, and wait for more."""
        return self._stored.live_version is not None and not self._stored.state.is_over

    def showEvent(self, event: QShowEvent) -> None:
        """Follow it while somebody looks."""
        super().showEvent(event)
        self._timer.start()
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def _read_if_shown(self) -> None:
        if self.isVisible():
            self.read()

    def read(self) -> None:
        """Read what was told so far."""
        store, stored, now = self._context.store, self._stored, self._now()
        self._reading.call(
            lambda: course_of(
                stored, versions_of(store, stored.id), postings_of(store, stored.id), now
            ),
            self._show,
            self._fail,
        )

    def _show(self, steps: tuple[Step, ...]) -> None:
        self.model.show_rows(steps[::-1])
        fit_columns(self.table, widest=200)
        if steps and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._show_words()

    def _fail(self, failure: ConsoleError) -> None:
        self.words.setText(f"■  {failure.sentence}")

    def _show_words(self) -> None:
        """Show the whole words of the chosen step, with who told it."""
        place = self.table.currentIndex().row()
        if not 0 <= place < len(self.model.rows):
            self.words.setText(_NOT_TOLD if not self.is_running else "")
            return
        one = self.model.rows[place]
        said = f" {inert(one.words, 2000)}" if one.words else ""
        self.words.setText(
            f"{one.send.capitalize()} by {inert(one.by, 60)}, {one.state.value}.{said}"
        )

    def _tick(self) -> None:
        stored, now = self._stored, self._now()
        self.standing.setText(standing_words(stored, now))
        words, is_late = running_words(stored, now)
        self.promise.setText(words)
        self.promise.setAccessibleName(words)
        self.promise.setVisible(bool(words))
        colour = self._context.theme().look.colours[Verdict.DOWN].name()
        self.promise.setStyleSheet(f"color: {colour}; font-weight: 600;" if is_late else "")
        for button in (self.update_button, self.clear_button):
            button.setEnabled(self.is_running)

    def _ink_of_postings(self, one: Step) -> QColor | None:
        is_bad = any(state in _BAD for state, _ in one.told)
        return self._context.theme().look.colours[Verdict.DOWN] if is_bad else None

    def _ink_of_promise(self, one: Step) -> QColor | None:
        return self._context.theme().look.colours[Verdict.DOWN] if one.late_by else None


def standing_words(stored: StoredNotice, now: datetime) -> str:
    """Say how far it is understood, and how long it goes on or went on."""
    notice = stored.notice
    if stored.live_version is None:
        return f"○  draft, {notice.state.value}"
    if notice.since is None:
        return f"◆  {notice.state.value}"
    span = span_text((stored.ended_at or now) - notice.since)
    if stored.state.is_over:
        return f"✓  {notice.state.value}, lasted {span}"
    return f"◆  {notice.state.value}, goes on for {span}"


def running_words(stored: StoredNotice, now: datetime) -> tuple[str, bool]:
    """Say when customers hear again, and whether that is late."""
    if stored.state.is_over or stored.live_version is None:
        return "", False
    at = stored.next_update_at
    if at is None:
        return f"Nothing more is promised; {UPDATE_KEYS} tells how it goes.", False
    is_late = at < now
    shape = "■  " if is_late else ""
    return f"{shape}Promised for {clock_text(at, now)}: {promise_text(at, now)}.", is_late


def went_words(one: Step) -> str:
    """Say what came of its postings."""
    if not one.told:
        return "no channel"
    shape = "■  " if any(state in _BAD for state, _ in one.told) else ""
    return shape + ", ".join(f"{count} {state.value}" for state, count in one.told)


def promise_words(one: Step) -> str:
    """Say whether customers heard again when they were told they would."""
    if one.promised_at is None:
        return "none"
    if one.late_by > timedelta():
        return f"■  {span_text(one.late_by)} late"
    return f"by {one.promised_at.astimezone():%H:%M}"
