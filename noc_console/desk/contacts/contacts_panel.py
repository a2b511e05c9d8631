"""Contacts: a filter, the table, adding, changing, removing with undo, import. GUI thread only."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QMessageBox

from noc_console.desk.contacts.contact_deeds import ContactDeeds
from noc_console.desk.contacts.contact_rows import (
    ContactRow,
    ContactsShown,
    contact_columns,
    read_contacts_shown,
    summary_words,
)
from noc_console.desk.context import DeskContext
from noc_console.desk.rows_panel import RowsPanel
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label

_EMPTY = (
    "Notices go by mail to contacts: an address, whose customer's it is, its zone and language."
    " Import those of your billing system from a CSV table, or add one."
)
_FILTER_AFTER_MS = 150
_FILTER_WIDTH = 340


class ContactsPanel(RowsPanel[ContactRow]):
    """One of the tabs of sending."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show that they are being read."""
        columns = contact_columns(lambda: context.theme().look)
        super().__init__(context, "Contacts", columns, widest=210)
        self._now = now
        self.acts = ContactDeeds(context, self, self.read, now)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter: name, customer, group, bounced  (Ctrl+F)")
        self.filter.setAccessibleName("Filter contacts")
        self.filter.setClearButtonEnabled(True)
        self.summary = plain_label(name="faint")
        self.deeds.add(*self._deeds())
        self.filter.setMinimumWidth(_FILTER_WIDTH)
        self.box.addLayout(self.deeds.row(self.filter))
        self.box.addWidget(self.stack, 1)
        self.box.addWidget(self.summary)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_FILTER_AFTER_MS)
        self._typing.timeout.connect(self.read)
        self.filter.textChanged.connect(lambda _: self._typing.start())
        context.live.contacts_changed.connect(self.read_if_shown)
        context.live.fleet_changed.connect(lambda _: self.read_if_shown())
        self.table.doubleClicked.connect(lambda _: self.deeds.actions["edit"].trigger())
        self.choice_changed()

    def _deeds(self) -> tuple[Deed, ...]:
        acts = self.acts
        return (
            Deed(key="add", words="Add…", keys="Ins", act=acts.add),
            Deed(
                key="edit",
                words="Change…",
                keys="Return F2",
                act=lambda: acts.edit(self.chosen),
                on_table=True,
            ),
            Deed(key="remove", words="Remove…", keys="Del", act=self.ask_to_remove, on_table=True),
            Deed(key="undo", words="Undo", keys="Ctrl+Z", act=acts.undo),
            Deed(key="import", words="Import…", keys="Ctrl+O", act=acts.import_table),
            Deed(
                key="filter",
                words="Filter",
                keys="Ctrl+F",
                act=self.filter.setFocus,
                has_button=False,
            ),
        )

    def reading(self) -> Callable[[], ContactsShown]:
        """Give the work that reads the contacts that the filter leaves."""
        store, words, now = self.context.store, self.filter.text(), self._now()
        return lambda: read_contacts_shown(store, words, now)

    def key_of(self, row: ContactRow) -> Hashable:
        """Give the contact's number."""
        return row.contact.id

    def take(self, found: ContactsShown) -> None:
        """Show them."""
        self.acts.shown = found
        self.summary.setText(summary_words(found))
        self.show_rows(found.rows)
        if not found.total:
            buttons = {"Import…": self.acts.import_table, "Add…": self.acts.add}
            self.show_state("Nobody gets notices by mail yet", _EMPTY, buttons)
        elif not found.rows:
            self.show_state(
                "No contact fits the filter",
                "Take words out of it.",
                {"Clear the filter": self.filter.clear},
            )

    def ask_to_remove(self) -> QMessageBox | None:
        """Ask whether the chosen one is to get nothing more."""
        return None if self.chosen is None else self.acts.ask_to_remove(self.chosen.contact)

    def choice_changed(self) -> None:
        """Wake what can be done."""
        is_there = self.chosen is not None
        self.deeds.enable(edit=is_there, remove=is_there, undo=self.acts.can_undo)
