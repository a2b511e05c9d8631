"""One incident: how it stands, its clock, its people, its timeline, whom it affects, what was said.

GUI thread only. It shows values; what a person does is told by signals and keys of the page.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.incidents.incident_look import (
    clock_sentence,
    people_words,
    severity_colour,
    severity_words,
    short_name,
    since_words,
)
from noc_console.desk.incidents.incident_rows import IncidentDetails, ServerRow
from noc_console.desk.incidents.moment_columns import moment_columns
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column, RowsModel, RowsView, fit_columns, table_of
from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.incident.incident import MAX_WORDS, Incident
from noc_console.incidents.incident.timeline import Moment
from noc_console.incidents.post_mortem.post_mortem import Said
from noc_console.incidents.times import local_text, span_text

_ROWS_MEASURED = 20
"""For the width of a column: each row costs the window some 25 us a column."""


class IncidentDetail(QWidget):
    """Shows one incident; `show_details` gives it, `tick` moves its clock on."""

    note_written = Signal(str)
    server_wanted = Signal(int)
    evidence_wanted = Signal(int)
    """The number of a recording."""

    def __init__(self, look: Look, now: Callable[[], datetime]) -> None:
        """Show nothing yet."""
        super().__init__()
        self._look = look
        self._now = now
        self._incident: Incident | None = None
        self.title, self.state, self.scope, self.people, self.clock = (QLabel() for _ in range(5))
        self.moments = RowsModel(
            moment_columns("When", now, lambda: self._look, self._shortened), self
        )
        self.servers = RowsModel(_SERVER_COLUMNS, self)
        self.said = RowsModel(_SAID_COLUMNS, self)
        self.recordings = RowsModel(_RECORDING_COLUMNS, self)
        self.note = QLineEdit()
        self.tabs = QTabWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        self.title.setObjectName("pageTitle")
        for label in (self.title, self.state, self.scope, self.people, self.clock):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.clock.setObjectName("troubleBand")
        for label in (self.people, self.scope):
            label.setObjectName("faint")
        self.people.setWordWrap(False)
        self.tabs.setDocumentMode(True)
        self.tables: list[RowsView] = []
        for model, words in (
            (self.moments, "Timeline"),
            (self.servers, "Affected"),
            (self.said, "Told to customers"),
            (self.recordings, "Evidence"),
        ):
            table = table_of(model, words)
            table.setTextElideMode(Qt.TextElideMode.ElideRight)
            table.horizontalHeader().setResizeContentsPrecision(_ROWS_MEASURED)
            self.tables.append(table)
            self.tabs.addTab(table, words)
        self.tables[0].activated.connect(lambda index: self._follow(self.moments.rows[index.row()]))
        self.tables[1].activated.connect(
            lambda index: self.server_wanted.emit(self.servers.rows[index.row()].server_id)
        )
        self.tables[3].activated.connect(
            lambda index: self.evidence_wanted.emit(self.recordings.rows[index.row()].id)
        )
        self.note.setPlaceholderText("Write a note for the timeline, and press Enter")
        self.note.setAccessibleName("Note")
        self.note.setMaxLength(MAX_WORDS)
        self.note.returnPressed.connect(self._tell_note)
        about = QHBoxLayout()
        about.setSpacing(18)
        about.addWidget(self.people)
        about.addWidget(self.scope, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        for part in (self.title, self.state, self.clock):
            box.addWidget(part)
        box.addLayout(about)
        box.addWidget(self.tabs, 1)
        box.addWidget(self.note)
        self.setFocusProxy(self.tables[0])

    def show_details(self, details: IncidentDetails) -> None:
        """Show an incident, and all that is known of it."""
        is_same = self._incident is not None and self._incident.id == details.incident.id
        self._incident = details.incident
        self.moments.show_rows(details.moments)
        self.servers.show_rows(details.servers)
        self.said.show_rows(details.said)
        self.recordings.show_rows(details.recordings)
        self.scope.setText(details.scope)
        self._count_tabs(details)
        if not is_same:
            for table in self.tables:
                fit_columns(table)
            self.note.clear()
            self.tables[0].scrollToTop()
        self.tick()

    def tick(self) -> None:
        """Show the clock as it stands now."""
        one, now = self._incident, self._now()
        if one is None:
            return
        self.title.setText(f"{one.id}: {inert(one.title)}")
        self.state.setText(f"{severity_words(one, self._look)}, {since_words(one, now)}")
        colour = severity_colour(one, self._look)
        self.state.setStyleSheet(f"color: {colour.name()};" if colour is not None else "")
        self.people.setText(people_words(one))
        words = clock_sentence(one, now)
        if words != self.clock.text():
            self.clock.setText(words)
            self.clock.setAccessibleName(words)
        is_late = one.overdue_by(now) is not None
        self.clock.setObjectName("troubleBand" if is_late else "faint")
        self.clock.style().unpolish(self.clock)
        self.clock.style().polish(self.clock)

    def set_look(self, look: Look) -> None:
        """Paint in another theme."""
        self._look = look
        self.tick()

    def step_tab(self, by: int) -> None:
        """Go to another tab."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
        self.tabs.currentWidget().setFocus()

    def _count_tabs(self, details: IncidentDetails) -> None:
        counts = (None, len(details.servers), details.updates, len(details.recordings))
        for place, (title, count) in enumerate(zip(_TABS, counts, strict=True)):
            self.tabs.setTabText(place, title if count is None else f"{title} ({count})")

    def _tell_note(self) -> None:
        words = self.note.text().strip()
        if words:
            self.note_written.emit(words)

    def _follow(self, moment: Moment) -> None:
        kind, _, number = moment.link.partition(":")
        if kind == "evidence":
            self.evidence_wanted.emit(int(number))
        elif moment.server_id is not None:
            self.server_wanted.emit(moment.server_id)

    def _shortened(self, one: Moment) -> str:
        """Give a moment's words with a long name shortened, so that what befell it is read."""
        words = inert(one.words)
        for row in self.servers.rows:
            if row.server_id == one.server_id:
                words = words.replace(row.name, short_name(row.name))
        return words


_TABS = ("Timeline", "Affected", "Told to customers", "Evidence")


_SERVER_COLUMNS: Sequence[Column[ServerRow]] = (
    Column(title="Server", text=lambda one: one.name),
    Column(title="Sites", text=lambda one: f"{one.sites:,}", numeric=True),
    Column(title="Customers and sites", text=lambda one: one.words, stretch=True),
)

_SAID_COLUMNS: Sequence[Column[Said]] = (
    Column(title="When", text=lambda one: local_text(one.entry.at)),
    Column(title="Who", text=lambda one: inert(one.entry.by)),
    Column(title="Words", text=lambda one: inert(one.entry.words), stretch=True),
    Column(
        title="Next promised",
        text=lambda one: local_text(one.entry.due_at) if one.entry.due_at else "–",
    ),
    Column(
        title="Promise",
        text=lambda one: one.words + (f" ({span_text(one.late_by)})" if one.late_by else ""),
    ),
)

_RECORDING_COLUMNS: Sequence[Column[Recording]] = (
    Column(title="No.", text=lambda one: str(one.id), numeric=True),
    Column(title="Server", text=lambda one: inert(one.server_name)),
    Column(title="From", text=lambda one: local_text(one.started_at)),
    Column(
        title="For",
        text=lambda one: span_text((one.ended_at or one.last_at) - one.started_at),
        numeric=True,
    ),
    Column(title="State", text=lambda one: one.state.value),
    Column(title="Exhibits", text=lambda one: str(one.exhibits), numeric=True),
    Column(title="Why", text=lambda one: inert(one.why), stretch=True),
)
