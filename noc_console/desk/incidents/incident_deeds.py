"""What a person does to incidents from the window: each act off the GUI thread, then told."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from noc_console.desk.context import DeskContext
from noc_console.desk.incidents.incident_dialogs import (
    EditDialog,
    EndDialog,
    OpenDialog,
    UpdateDialog,
)
from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.errors import ConsoleError
from noc_console.incidents.incident.draft import Draft
from noc_console.incidents.incident.drafting import open_once
from noc_console.incidents.incident.incident import Incident, IncidentEntry, Role
from noc_console.incidents.incident.incident_change import IncidentChange
from noc_console.incidents.incident.incident_records import (
    change_incident,
    change_scope,
    close_incident,
    note,
    open_incident,
    reopen_incident,
    resolve_incident,
    tell_customers,
)

Result = TypeVar("Result")


class IncidentDeeds:
    """Acts on the store of one context; `opened` is called with an incident that was opened."""

    def __init__(
        self,
        context: DeskContext,
        owner: QObject,
        now: Callable[[], datetime],
        opened: Callable[[Incident], None],
    ) -> None:
        """Outcomes are told while `owner` lives."""
        self._context = context
        self._owner = owner
        self._now = now
        self._opened = opened

    def open_from(self, alarm_ids: Collection[int], server_ids: Collection[int]) -> None:
        """Open an incident of alarms, or of servers that have some, at once."""
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def tell(opened: tuple[Incident, bool]) -> None:
            incident, is_new = opened
            if is_new:
                self._tell_opened(incident)
            else:
                self._say(f"This belongs to incident {incident.id} already: {incident.title}")
                self._opened(incident)

        self._call(lambda: open_once(store, alarm_ids, server_ids, by=by, now=now), tell)

    def open_draft(self, draft: Draft) -> None:
        """Open an incident as it was proposed."""
        self.open_from(draft.alarm_ids, draft.server_ids)

    def open_asked(self, dialog: OpenDialog) -> None:
        """Open what a dialog asks for."""
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def work() -> Incident:
            draft = dialog_draft
            return open_incident(
                store,
                draft.alarm_ids,
                title=draft.title,
                severity=draft.severity,
                server_ids=draft.server_ids,
                by=by,
                now=now,
                began_at=draft.began_at,
                update_every=every,
            )

        try:
            dialog_draft, every = dialog.drafted(now), dialog.promised()
        except ConsoleError as failure:
            dialog.show_trouble(failure.sentence)
            return
        self._call_for(dialog, work, self._tell_opened)

    def write_note(self, incident: Incident, words: str, done: Callable[[], None]) -> None:
        """Write a note."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._call(lambda: note(store, incident.id, words, by=by, now=now), lambda _entry: done())

    def tell(self, incident: Incident, dialog: UpdateDialog) -> None:
        """Write down what customers are told."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        words, due_at = dialog.words.toPlainText(), dialog.promise.chosen(now)

        def work() -> IncidentEntry:
            return tell_customers(store, incident.id, words, by=by, now=now, next_update_at=due_at)

        said = "Written down; post it where customers read."
        self._call_for(dialog, work, lambda _entry: self._say(said))

    def take(self, incident: Incident, role: Role) -> None:
        """Take a role on, or give it back."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        holder = "" if incident.holder(role) == by else by
        people = {
            Role.LEAD: IncidentChange(lead=holder),
            Role.COMMUNICATOR: IncidentChange(communicator=holder),
            Role.SCRIBE: IncidentChange(scribe=holder),
        }
        said = f"You are {role.value} now." if holder else f"Nobody is {role.value} now."
        self._call(
            lambda: change_incident(store, incident.id, people[role], by=by, now=now),
            lambda _incident: self._say(said),
        )

    def save(self, incident: Incident, dialog: EditDialog) -> None:
        """Save what a dialog changed."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        try:
            change, (added, removed) = dialog.change(), dialog.scope()
        except ConsoleError as failure:
            dialog.show_trouble(failure.sentence)
            return

        def work() -> Incident:
            changed = change_incident(store, incident.id, change, by=by, now=now)
            if added or removed:
                changed = change_scope(
                    store,
                    incident.id,
                    add_servers=added,
                    remove_servers=removed,
                    by=by,
                    now=now,
                )
            return changed

        self._call_for(dialog, work, lambda _incident: self._say("Saved."))

    def end(self, incident: Incident, dialog: EndDialog, *, closes: bool) -> None:
        """Resolve or close an incident, with the last word to customers if there is one."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        words = dialog.words.toPlainText().strip()
        last = dialog.update_words.toPlainText().strip()
        move = close_incident if closes else resolve_incident

        def work() -> Incident:
            if last:
                tell_customers(store, incident.id, last, by=by, now=now, next_update_at=None)
            return move(store, incident.id, by=by, now=now, words=words)

        said = f"Incident {incident.id} is {'closed' if closes else 'resolved'}."
        self._call_for(dialog, work, lambda _incident: self._say(said))

    def reopen(self, incident: Incident) -> None:
        """Open it again."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._call(
            lambda: reopen_incident(store, incident.id, by=by, now=now),
            lambda _incident: self._say(f"Incident {incident.id} is open again."),
        )

    def export(self, incident: Incident, path: Path) -> None:
        """Write the post-mortem; drawing and writing it may take seconds."""
        from noc_console.desk.incidents.post_mortem_export import write_post_mortem

        store, now = self._context.store, self._now()
        self._say(f"Writing the post-mortem of incident {incident.id} …")
        self._call(lambda: write_post_mortem(store, incident.id, path, now), self._say)

    def _tell_opened(self, incident: Incident) -> None:
        self._say(f"Incident {incident.id} is open: {incident.title}")
        self._opened(incident)

    def _call(self, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        self._context.background.call(
            work, done, lambda failure: self._say(failure.sentence), self._owner
        )

    def _call_for(
        self, dialog: FormDialog, work: Callable[[], Result], done: Callable[[Result], None]
    ) -> None:
        """Close the dialog when it is done; keep it open, with the sentence, when it is not."""
        self._context.background.call(
            work,
            partial(_close_and_tell, dialog, done),
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog,
        )

    def _say(self, sentence: str) -> None:
        self._context.navigator.say(sentence)


def _close_and_tell(dialog: FormDialog, done: Callable[[Result], None], result: Result) -> None:
    dialog.accept()
    done(result)
