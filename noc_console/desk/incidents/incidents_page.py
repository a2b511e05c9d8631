"""The page of incidents: the list, the one that is chosen, and what the console proposes.

GUI thread only.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import Colours, DeskContext
from noc_console.desk.evidence.opening import open_evidence
from noc_console.desk.incidents.incident_actions import IncidentActions
from noc_console.desk.incidents.incident_deeds import IncidentDeeds
from noc_console.desk.incidents.incident_detail import IncidentDetail
from noc_console.desk.incidents.incident_dialogs import (
    EditDialog,
    EndDialog,
    OpenDialog,
    UpdateDialog,
)
from noc_console.desk.incidents.incident_feed import IncidentFeed, IncidentList
from noc_console.desk.incidents.incident_look import (
    clock_colour,
    clock_words,
    severity_colour,
    severity_words,
    short_severity_words,
)
from noc_console.desk.incidents.incident_rows import IncidentDetails
from noc_console.desk.notices.first_words import FirstWords
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.page_actions import Deed
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.inert import inert
from noc_console.incidents.incident.draft import Proposal
from noc_console.incidents.incident.incident import (
    EntryKind,
    Incident,
    IncidentEntry,
    Role,
    in_order_of_need,
)
from noc_console.incidents.times import local_text

_TICK_MS = 1000
_LIST_SHARE, _NARROW_SHARE = (420, 760), (88, 250)
_NARROW = 950
_DISMISSED = "incidents.dismissed"
_MOST_DISMISSED = 200
_FORMS = "Web page (*.html);;PDF (*.pdf);;Markdown (*.md)"
_EMPTY = (
    "No incident so far",
    "Press I on an alarm or on a server's page to open one from there, or Ins to open one here.",
)


class IncidentsPage(QWidget):
    """Incidents as they need a person: the longest overdue update first."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show nothing until the store was read."""
        super().__init__()
        self.setAccessibleName("Incidents")
        self._context = context
        self._now = now
        self._shown: Incident | None = None
        self._entries: Sequence[IncidentEntry] = ()
        self._wanted: int | None = None
        self._proposal: Proposal | None = None
        self._hidden: set[int] = {int(one) for one in context.settings.get_layout(_DISMISSED, [])}
        self.deeds = IncidentDeeds(context, self, now, lambda one: self.show_incident(one.id))
        self.first_words = FirstWords(context, self, now)
        self.feed = IncidentFeed(context, now, self)
        self.model = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "Incidents")
        self.detail = IncidentDetail(context.theme().look, now)
        self.proposal = QLabel()
        self.agree_button, self.dismiss_button = QPushButton("&Open it (P)"), QPushButton("Not now")
        self.summary, self.trouble = QLabel("Reading the incidents …"), QLabel()
        self.parts = QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.actions_of_page = IncidentActions(self, self, self._deeds())
        self._lay_out()
        self._join()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def _columns(self) -> Sequence[Column[Incident]]:
        return (
            Column(
                title="Severity",
                text=lambda one: short_severity_words(one, self._context.theme().look),
                tip=lambda one: severity_words(one, self._context.theme().look),
                colour=lambda one: severity_colour(one, self._context.theme().look),
            ),
            Column(
                title="Incident", text=lambda one: f"{one.id}: {inert(one.title)}", stretch=True
            ),
            Column(
                title="Next update",
                text=lambda one: clock_words(one, self._now()),
                numeric=True,
                colour=lambda one: clock_colour(one, self._context.theme().look, self._now()),
            ),
        )

    def _lay_out(self) -> None:
        for label in (self.summary, self.proposal, self.trouble):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.trouble.setObjectName("troubleBand")
        self.trouble.hide()
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        for words, key, tip in (
            ("&New incident…", "open", "Open an incident (Ins)"),
            ("&Answer a caller…", "answer", "Look up a customer's site (Ctrl+L)"),
        ):
            button = QPushButton(words)
            button.setToolTip(tip)
            button.clicked.connect(self.actions_of_page.by_key[key].trigger)
            top.addWidget(button)
        self.band = QWidget()
        band = QHBoxLayout(self.band)
        band.setContentsMargins(0, 0, 0, 0)
        band.addWidget(self.proposal, 1)
        band.addWidget(self.agree_button)
        band.addWidget(self.dismiss_button)
        self.band.hide()
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self._detail_side())
        self.splitter.setSizes(list(_LIST_SHARE))
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setChildrenCollapsible(False)
        self.nothing = StatePanel(*_EMPTY, {"New incident…": self._ask_to_open})
        self.parts.addWidget(self.splitter)
        again = {"&Try again": self.feed.read_again}
        self.unread = StatePanel("The incidents cannot be read", "", again)
        self.parts.addWidget(self.nothing)
        self.parts.addWidget(self.unread)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(8)
        box.addWidget(self.trouble)
        box.addLayout(top)
        box.addWidget(self.band)
        box.addWidget(self.parts, 1)
        self.parts.setVisible(False)
        self.setFocusProxy(self.table)

    def _detail_side(self) -> QWidget:
        side = QWidget()
        box = QVBoxLayout(side)
        box.setContentsMargins(8, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(self.actions_of_page.buttons())
        box.addWidget(self.detail, 1)
        return side

    def _join(self) -> None:
        self.feed.listed.connect(self._take_list)
        self.feed.told.connect(self._take_details)
        self.feed.failed.connect(self._show_trouble)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.table.activated.connect(lambda _: self.detail.tables[0].setFocus())
        self.detail.note_written.connect(self._write_note)
        self.detail.server_wanted.connect(self._context.navigator.open_server)
        self.detail.evidence_wanted.connect(self._open_evidence)
        self.agree_button.clicked.connect(self._agree)
        self.dismiss_button.clicked.connect(self._dismiss)
        self._context.themes.changed.connect(self._paint)

    def _deeds(self) -> list[Deed]:
        return [
            Deed(
                key="open",
                words="&New incident…",
                keys="Ins",
                act=self._ask_to_open,
                is_of_page=True,
            ),
            Deed(key="agree", words="Open what is &proposed", keys="P", act=self._agree),
            Deed(key="update", words="Note an &update…", keys="U", act=self._ask_update),
            Deed(key="lead", words="Take the &lead", keys="T", act=self._take_lead),
            Deed(key="edit", words="&Edit…", keys="F2", act=self._ask_edit),
            Deed(key="resolve", words="&Resolve…", keys="R", act=self._ask_end),
            Deed(key="close", words="&Close…", keys="C", act=self._ask_close),
            Deed(key="tell", words="&Notice…", keys="N", act=self._tell_customers),
            Deed(key="note", words="W&rite a note", keys="W", act=self._go_to_note),
            Deed(
                key="evidence",
                words="E&vidence",
                keys="E",
                act=self._show_evidence,
            ),
            Deed(
                key="export",
                words="Post-&mortem…",
                keys="Ctrl+E",
                act=self._ask_export,
                is_of_page=True,
            ),
            Deed(
                key="answer",
                words="&Answer a caller…",
                keys="",
                act=self._context.navigator.answer_caller,
            ),
            Deed(
                key="next tab",
                words="Go to the next tab",
                keys="Ctrl+PgDown",
                act=lambda: self.detail.step_tab(1),
                is_of_page=True,
            ),
            Deed(
                key="tab before",
                words="Go to the tab before",
                keys="Ctrl+PgUp",
                act=lambda: self.detail.step_tab(-1),
                is_of_page=True,
            ),
            Deed(
                key="read",
                words="Read again",
                keys="F5",
                act=self.feed.read_again,
                is_of_page=True,
            ),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the list above the chosen one where there is no room for both side by side."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self.splitter.orientation() is not wanted:
            self.splitter.setOrientation(wanted)
            self.splitter.setSizes(list(_NARROW_SHARE if is_narrow else _LIST_SHARE))
            self.detail.title.setVisible(not is_narrow)  # the list above says it in full width

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the store while somebody looks."""
        super().showEvent(event)
        self.feed.wake()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.feed.sleep()
        self._timer.stop()

    def show_incident(self, incident_id: int) -> None:
        """Choose an incident, now or when it was read."""
        self._wanted = incident_id
        if not self._choose_wanted():
            self.feed.read_again()

    @property
    def incident(self) -> Incident | None:
        """The chosen incident."""
        return self._shown

    def _take_list(self, found: IncidentList) -> None:
        now = self._now()
        chosen = self._shown.id if self._shown is not None else None
        self.model.show_rows(in_order_of_need(found.incidents, now))
        fit_columns(self.table)
        self.parts.setVisible(True)
        self.parts.setCurrentWidget(self.splitter if found.incidents else self.nothing)
        self.setFocusProxy(self.table if found.incidents else self.nothing)
        self._show_summary(found.incidents)
        self._show_proposal(found.proposals)
        self._wanted = self._wanted if self._wanted is not None else chosen
        if not self._choose_wanted() and self.model.rows:
            self.table.selectRow(0)
        self._choose()

    def _choose_wanted(self) -> bool:
        for place, one in enumerate(self.model.rows):
            if one.id == self._wanted:
                self._wanted = None
                self.table.selectRow(place)
                return True
        return False

    def _choose(self) -> None:
        place = self.table.currentIndex().row()
        one = self.model.rows[place] if 0 <= place < len(self.model.rows) else None
        is_other = (one.id if one else None) != (self._shown.id if self._shown else None)
        self._shown = one
        self.actions_of_page.show_incident(one, self._context.asked_by)
        if is_other:
            self._entries = ()
            self.feed.want(one.id if one is not None else None)

    def _take_details(self, details: IncidentDetails) -> None:
        self._entries = details.entries
        self.detail.show_details(details)

    def _show_summary(self, incidents: Sequence[Incident]) -> None:
        now = self._now()
        is_open = sum(one.is_open for one in incidents)
        late = sum(one.overdue_by(now) is not None for one in incidents)
        words = f"{is_open} open, {len(incidents) - is_open} resolved or closed."
        if late:
            words += f"  ▲ {late} update{'' if late == 1 else 's'} overdue."
        self.summary.setText(words)

    def _show_proposal(self, proposals: Sequence[Proposal]) -> None:
        fresh = [one for one in proposals if not self._hidden.issuperset(one.draft.alarm_ids)]
        self._proposal = fresh[0] if fresh else None
        self.band.setVisible(self._proposal is not None)
        self.actions_of_page.by_key["agree"].setEnabled(self._proposal is not None)
        if self._proposal is not None:
            more = f"  ({len(fresh) - 1} more)" if len(fresh) > 1 else ""
            draft = self._proposal.draft
            title = draft.title.rstrip(".")
            self.proposal.setText(f"Worth an incident?  {title}. {self._proposal.why}{more}")

    def _show_trouble(self, sentence: str) -> None:
        self.trouble.setText(f"▲  {sentence}  F5 tries again.")
        was_read = not self.parts.isHidden() and self.parts.currentWidget() is not self.unread
        self.trouble.setVisible(bool(sentence) and was_read)
        if sentence and not was_read:
            self.unread.sentence.setText(sentence)
            self.summary.setText("")
            self.parts.setCurrentWidget(self.unread)
            self.parts.setVisible(True)

    def _tick(self) -> None:
        self.detail.tick()
        if self.model.rows:
            last = self.model.index(len(self.model.rows) - 1, self.model.columnCount() - 1)
            self.model.dataChanged.emit(self.model.index(0, 0), last)
            self._show_summary(self.model.rows)

    def _paint(self, theme: Colours) -> None:
        self.detail.set_look(theme.look)
        self.table.viewport().update()

    def _agree(self) -> None:
        if self._proposal is not None:
            self.deeds.open_draft(self._proposal.draft)

    def _dismiss(self) -> None:
        """What is dismissed at this desk is not proposed here again; other desks decide alone."""
        if self._proposal is not None:
            self._hidden.update(self._proposal.draft.alarm_ids)
            kept = sorted(self._hidden)[-_MOST_DISMISSED:]
            self._context.settings.put_layout(_DISMISSED, kept)
            self.feed.read_again()

    def _ask_to_open(self) -> None:
        dialog = OpenDialog(None, self._context.live.servers, self)
        dialog.decided.connect(partial(self.deeds.open_asked, dialog))
        dialog.show_fitting()

    def _ask_update(self) -> None:
        if self._shown is not None:
            said = [one for one in self._entries if one.kind is EntryKind.UPDATE]
            dialog = UpdateDialog(self._shown, said[-1] if said else None, self._now(), self)
            dialog.decided.connect(partial(self.deeds.tell, self._shown, dialog))
            dialog.show_fitting()

    def _tell_customers(self) -> None:
        if self._shown is not None:
            self.first_words.of_incident(self._shown)

    def _ask_edit(self) -> None:
        if self._shown is not None:
            dialog = EditDialog(self._shown, self._context.live.servers, self)
            dialog.decided.connect(partial(self.deeds.save, self._shown, dialog))
            dialog.show_fitting()

    def _ask_end(self) -> None:
        one = self._shown
        if one is not None and not one.is_open:
            self.deeds.reopen(one)
        elif one is not None:
            about = "The service is back. What is promised to customers holds until it is told."
            self._open_end(one, EndDialog("Resolve the incident", "&Resolve", about, self), False)

    def _ask_close(self) -> None:
        one = self._shown
        if one is not None and not one.is_closed:
            about = "Nothing more is due after this: no update, no answer that mentions it."
            self._open_end(one, EndDialog("Close the incident", "&Close", about, self), True)

    def _open_end(self, one: Incident, dialog: EndDialog, closes: bool) -> None:
        dialog.decided.connect(lambda: self.deeds.end(one, dialog, closes=closes))
        dialog.show_fitting()

    def _take_lead(self) -> None:
        if self._shown is not None:
            self.deeds.take(self._shown, Role.LEAD)

    def _go_to_note(self) -> None:
        self.detail.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _write_note(self, words: str) -> None:
        if self._shown is not None:
            self.deeds.write_note(self._shown, words, self.detail.note.clear)

    def _show_evidence(self) -> None:
        self.detail.tabs.setCurrentIndex(3)
        self.detail.tables[3].setFocus()

    def _open_evidence(self, recording_id: int) -> None:
        rows = [one for one in self.detail.recordings.rows if one.id == recording_id]
        if rows:
            open_evidence(self._context, rows[0].server_id, self, recording_id)

    def _ask_export(self) -> None:
        one = self._shown
        if one is None:
            return
        name = f"incident-{one.id}-{local_text(one.began_at)[:10]}.html"
        dialog = QFileDialog(self, "Write the post-mortem", str(Path.home() / name), _FORMS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self.deeds.export(one, Path(path)))
        dialog.open()
