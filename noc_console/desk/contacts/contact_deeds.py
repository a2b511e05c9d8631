"""What a person does with contacts; the store is written in the background. GUI thread only."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QMessageBox, QWidget

from noc_console.desk.contacts.contact_dialog import ContactDialog
from noc_console.desk.contacts.contact_rows import ContactRow, ContactsShown
from noc_console.desk.contacts.import_dialog import ContactImportDialog
from noc_console.desk.context import DeskContext
from noc_console.desk.panel_deeds import PanelDeeds
from noc_console.desk.widgets.question import ask
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact, edit_contact, remove_contact

_LANGUAGES = ("en", "de")


class ContactDeeds(PanelDeeds):
    """Does it, says so, has the panel read again, and remembers what can be undone."""

    def __init__(
        self,
        context: DeskContext,
        panel: QWidget,
        read: Callable[[], object],
        now: Callable[[], datetime],
    ) -> None:
        """Have done nothing yet."""
        super().__init__(context, panel, read, now)
        self.shown: ContactsShown | None = None
        self._removed: list[Contact] = []

    def add(self) -> ContactDialog:
        """Ask for somebody new."""
        return self._open(None)

    def edit(self, row: ContactRow | None) -> ContactDialog | None:
        """Ask for changes of one."""
        return None if row is None else self._open(row.contact)

    def import_table(self) -> ContactImportDialog:
        """Ask for a table and take its contacts in."""
        dialog = ContactImportDialog(self._context, self._now, self._read, self._panel)
        dialog.open()
        return dialog

    def ask_to_remove(self, one: Contact) -> QMessageBox:
        """Ask whether somebody is to get nothing more."""
        return ask(
            self._panel,
            "Remove a contact",
            f"Send {inert(one.title)} no notices any more?",
            f"{inert(one.address)}\nWhat was sent stays in the ledger, and what they do not want to"
            " hear is kept should they come back. Ctrl+Z brings them back.",
            yes="Remove",
            act=lambda: self.remove(one),
        )

    def remove(self, one: Contact) -> None:
        """Send somebody nothing more."""
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def finish(removed: Contact) -> None:
            self._removed.append(removed)
            self._say_done(f"{inert(one.title)} is removed; Ctrl+Z brings them back.")

        self._context.background.call(
            lambda: remove_contact(store, one.id, by, now), finish, self._say_failure, self
        )

    @property
    def can_undo(self) -> bool:
        """Whether somebody who was removed here can be brought back."""
        return bool(self._removed)

    def undo(self) -> None:
        """Bring back who was removed last."""
        if not self._removed:  # pressed again before the panel was read anew
            return
        one = self._removed.pop()
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def refuse(failure: ConsoleError) -> None:
            self._removed.append(one)
            self._say_failure(failure)

        self._context.background.call(
            lambda: add_contact(store, one, by, now),
            lambda _: self._say_done(f"{inert(one.title)} gets notices again."),
            refuse,
            self,
        )

    def _open(self, before: Contact | None) -> ContactDialog:
        dialog = ContactDialog(before, self.shown, _LANGUAGES, self._panel)
        context = self._context

        def save() -> None:
            try:
                one = dialog.contact()
            except ConsoleError as refused:
                dialog.show_trouble(refused.sentence)
                return
            put = edit_contact if before is not None else add_contact
            context.background.call(
                lambda: put(context.store, one, context.asked_by, self._now()),
                lambda _: finish(one),
                lambda failure: dialog.show_trouble(failure.sentence),
                dialog,
            )

        def finish(one: Contact) -> None:
            dialog.accept()
            self._say_done(f"{inert(one.title)} is saved.")

        dialog.decided.connect(save)
        dialog.show_fitting()
        return dialog
