"""The questions about an incident: what it is, what customers are told, how it ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from noc_console.desk.incidents.promise_box import PromiseBox
from noc_console.desk.widgets.form_dialog import FormDialog, TextBox
from noc_console.fleet.inert import inert, inert_lines
from noc_console.fleet.server import Server
from noc_console.incidents.incident.draft import Draft
from noc_console.incidents.incident.incident import (
    MAX_NAME,
    MAX_TITLE,
    UPDATE_EVERY,
    Incident,
    IncidentEntry,
    InvalidIncident,
    Role,
    Severity,
)
from noc_console.incidents.incident.incident_change import IncidentChange
from noc_console.incidents.times import clock_text

_SEPARATOR = ", "


class ServersLine(QLineEdit):
    """Names of servers with commas between them; the one being typed is completed."""

    def __init__(self, servers: Sequence[Server]) -> None:
        """Offer the names of these."""
        super().__init__()
        self._ids = {one.name: one.id for one in servers}
        self.setPlaceholderText("web-01, web-02")
        completer = QCompleter(sorted(self._ids), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setWidget(self)
        completer.activated.connect(self._complete)
        self.textEdited.connect(self._offer)
        self._completer = completer

    def show_ids(self, ids: Sequence[int]) -> None:
        """Show the names of some servers."""
        names = {server_id: name for name, server_id in self._ids.items()}
        self.setText(_SEPARATOR.join(names[one] for one in ids if one in names))

    def ids(self) -> list[int]:
        """Give the ids of the named servers.

        Raises:
            InvalidIncident: a name is no server's.
        """
        names = [name.strip() for name in self.text().split(",")]
        for name in names:
            if name and name not in self._ids:
                raise InvalidIncident(
                    f"No server is called {inert(name)}; choose one of those that are offered."
                )
        return [self._ids[name] for name in names if name]

    def all_ids(self) -> list[int]:
        """Give the ids of all that can be named."""
        return list(self._ids.values())

    def _offer(self, text: str) -> None:
        typed = text.rpartition(",")[2].strip()
        self._completer.setCompletionPrefix(typed)
        if typed and typed not in self._ids:
            self._completer.complete()
        else:
            self._completer.setCompletionPrefix("")
            if popup := self._completer.popup():
                popup.hide()

    def _complete(self, name: str) -> None:
        before = self.text().rpartition(",")[0].strip()
        self.setText(f"{before}{_SEPARATOR if before else ''}{name}")


class OpenDialog(FormDialog):
    """Asks what a new incident is."""

    def __init__(
        self, draft: Draft | None, servers: Sequence[Server], parent: QWidget | None = None
    ) -> None:
        """Ask; a draft fills the fields in."""
        about = "Customers' sites on these servers count as affected from the beginning on."
        super().__init__("Open an incident", about, "&Open", parent)
        self._draft = draft
        self.title = QLineEdit(draft.title if draft is not None else "")
        self.title.setMaxLength(MAX_TITLE)
        self.severity = severity_box(draft.severity if draft is not None else Severity.MAJOR)
        self.servers = ServersLine(servers)
        self.servers.show_ids(draft.server_ids if draft is not None else ())
        self.promise = PromiseBox(UPDATE_EVERY, may_be_none=False)
        self.add_field("&Title", self.title)
        self.add_field("Se&verity", self.severity)
        self.add_field("&Servers", self.servers)
        self.add_field("&Next update", self.promise, "When customers shall hear from us.")

    def drafted(self, now: datetime) -> Draft:
        """Give the incident as it was filled in.

        Raises:
            InvalidIncident: a server is not there.
        """
        return Draft(
            title=self.title.text(),
            severity=severity_of(self.severity),
            began_at=self._draft.began_at if self._draft is not None else now,
            server_ids=tuple(self.servers.ids()),
            alarm_ids=self._draft.alarm_ids if self._draft is not None else (),
        )

    def promised(self) -> timedelta:
        """Give how soon customers shall hear."""
        return self.promise.span() or UPDATE_EVERY


class UpdateDialog(FormDialog):
    """Asks what customers are told, and when they hear again."""

    def __init__(
        self,
        incident: Incident,
        last: IncidentEntry | None,
        now: datetime,
        parent: QWidget | None = None,
    ) -> None:
        """Ask; the last word is shown above."""
        about = "Nothing was said so far: this is the first word to customers."
        if last is not None:
            said = " / ".join(inert_lines(last.words, 4, 200))
            about = f"Last word, {clock_text(last.at, now)} by {inert(last.by)}: {said}"
        super().__init__("Note an update", about, "&Write it down", parent)
        self.words = TextBox("", "What customers may read, without names of servers or guesses")
        self.promise = PromiseBox(incident.update_every, may_be_none=True)
        if not incident.is_open:
            self.promise.choose_none()
        self.add_field(
            "&Words",
            self.words,
            "Nothing is sent by this: N tells customers on every channel.",
        )
        self.add_field("&Next update", self.promise)


class EditDialog(FormDialog):
    """Asks for other fields of an incident, and for what only people know."""

    def __init__(
        self, incident: Incident, servers: Sequence[Server], parent: QWidget | None = None
    ) -> None:
        """Show them as they are."""
        super().__init__(f"Edit incident {incident.id}", "", "&Save", parent)
        self._before = incident
        self.title = QLineEdit(incident.title)
        self.title.setMaxLength(MAX_TITLE)
        self.severity = severity_box(incident.severity)
        self.servers = ServersLine(servers)
        self.servers.show_ids(incident.server_ids)
        self.people: dict[Role, QLineEdit] = {}
        self.add_field("&Title", self.title)
        self.add_field("Se&verity", self.severity)
        self.add_field("&Servers", self.servers)
        for role, label in (
            (Role.LEAD, "&Lead"),
            (Role.COMMUNICATOR, "Co&mmunicator"),
            (Role.SCRIBE, "Sc&ribe"),
        ):
            self.people[role] = QLineEdit(incident.holder(role))
            self.people[role].setMaxLength(MAX_NAME)
            self.people[role].setPlaceholderText(f"nobody yet; {role.task}")
            self.add_field(label, self.people[role])
        self.promise = PromiseBox(incident.update_every, may_be_none=False, before="every")
        self.add_field("&Updates", self.promise)
        self.cause = TextBox(incident.cause, "Not filled in: only people know it")
        self.lessons = TextBox(incident.lessons, "Not filled in")
        self.add_field("&Cause", self.cause)
        self.add_field("L&earnt", self.lessons)

    def change(self) -> IncidentChange:
        """Give what is to change."""
        return IncidentChange(
            title=self.title.text(),
            severity=severity_of(self.severity),
            lead=self.people[Role.LEAD].text(),
            communicator=self.people[Role.COMMUNICATOR].text(),
            scribe=self.people[Role.SCRIBE].text(),
            update_every=self.promise.span(),
            cause=self.cause.toPlainText(),
            lessons=self.lessons.toPlainText(),
        )

    def scope(self) -> tuple[list[int], list[int]]:
        """Give the servers to add and those to take out.

        Raises:
            InvalidIncident: a server is not there.
        """
        known = {*self._before.server_ids}
        wanted = {*self.servers.ids()}
        shown = known & {*self.servers.all_ids()}
        return sorted(wanted - known), sorted(shown - wanted)


class EndDialog(FormDialog):
    """Asks how it ended, and for the last word to customers."""

    def __init__(self, title: str, deed: str, about: str, parent: QWidget | None = None) -> None:
        """Ask."""
        super().__init__(title, about, deed, parent)
        self.words = TextBox("", "How it ended, for the timeline")
        self.update_words = TextBox("", "Leave empty if customers were told already")
        self.add_field("&How", self.words)
        self.add_field("&Last word", self.update_words, "What customers are told: it is over.")


def severity_box(chosen: Severity) -> QComboBox:
    """Give a box with the severities and what each means."""
    box = QComboBox()
    box.setAccessibleName("Severity")
    for one in Severity:
        box.addItem(f"{one.value}: {one.meaning}", one.value)
    box.setCurrentIndex(box.findData(chosen.value))
    return box


def severity_of(box: QComboBox) -> Severity:
    """Give the severity chosen in a box."""
    return Severity(box.currentData())
