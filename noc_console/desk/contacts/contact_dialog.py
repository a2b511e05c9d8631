"""The dialog for a contact: whose it is, where and in which language notices reach it."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from noc_console.desk.contacts.contact_rows import ContactsShown
from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.desk.widgets.names_edit import NamesEdit
from noc_console.fleet.inert import inert
from noc_console.notices.contact import (
    ADDRESS_LENGTH,
    NAME_LENGTH,
    NOTES_LENGTH,
    Contact,
    InvalidContact,
)
from noc_console.notices.notice import NoticeKind

_ABOUT = "They get a mail of their own for each notice that concerns one of their customers."
_CUSTOMERS_HINT = "As the fleet's sites name them; a semicolon between several."
_ZONE_HINT = "Such as Europe/Berlin; empty: the notice's own."
_LANGUAGE_HINT = "Such as de; empty: the notice's own."
_KIND_WORDS = {
    NoticeKind.SCHEDULED: "Planned &work",
    NoticeKind.UNSCHEDULED: "&Downtime",
}


class ContactDialog(FormDialog):
    """Adds somebody, or changes them. `decided` asks for `contact()`."""

    def __init__(
        self,
        before: Contact | None,
        shown: ContactsShown | None,
        languages: tuple[str, ...],
        parent: QWidget | None,
    ) -> None:
        """Show who they are now."""
        title = f"Change {inert(before.title)}" if before else "Add a contact"
        super().__init__(title, _ABOUT, "&Save" if before else "&Add", parent)
        self._before = before
        self.address, self.name, self.notes = QLineEdit(), QLineEdit(), QLineEdit()
        self.address.setMaxLength(ADDRESS_LENGTH)
        self.name.setMaxLength(NAME_LENGTH)
        self.notes.setMaxLength(NOTES_LENGTH)
        self.customers = QLineEdit()
        self.groups = NamesEdit("Groups", "commas between several")
        self.groups.offer(shown.groups if shown else ())
        self.zone, self.language = QLineEdit(), QComboBox()
        self.language.setEditable(True)
        self.language.addItems(["", *languages])
        self.kinds = {kind: QCheckBox(words) for kind, words in _KIND_WORDS.items()}
        self.again = QCheckBox("Send there &again, though mail came back")
        self._lay_out()
        self._fill(before)

    def _lay_out(self) -> None:
        self.add_field("&E-mail", self.address)
        self.add_field("&Name", self.name)
        self.add_field("&Customers", self.customers, _CUSTOMERS_HINT)
        self.add_field("&Groups", self.groups)
        self.add_field("Time &zone", self.zone, _ZONE_HINT)
        self.add_field("&Language", self.language, _LANGUAGE_HINT)
        for kind, box in self.kinds.items():
            label = "Wants notices of" if kind is NoticeKind.SCHEDULED else ""
            box.setAccessibleName(f"Wants notices of {box.text().replace('&', '').lower()}")
            self.form.addRow(label, box)
        self.add_field("N&otes", self.notes)

    def _fill(self, one: Contact | None) -> None:
        for kind, box in self.kinds.items():
            box.setChecked(one is None or kind not in one.opt_outs)
        if one is None:
            return
        self.address.setText(one.address)
        self.name.setText(one.name)
        self.notes.setText(one.notes)
        self.customers.setText("; ".join(one.customers))
        self.groups.show_names(one.groups)
        self.zone.setText(one.zone)
        self.language.setCurrentText(one.language)
        if one.stopped_because:
            self.add_field("Sto&pped", self.again, f"Nothing goes there: {one.stopped_because}")

    def contact(self) -> Contact:
        """Give them as they are typed.

        Raises:
            InvalidContact: with what may be.
        """
        before = self._before or Contact(address="nobody@example.com")
        starts_again = self.again.isChecked()
        if not self.address.text().strip():
            raise InvalidContact("Give an e-mail address, such as anna@example.com.")
        return replace(
            before,
            address=self.address.text().strip(),
            name=self.name.text().strip(),
            customers=_names(self.customers.text()),
            groups=self.groups.names,
            zone=self.zone.text().strip(),
            language=self.language.currentText().strip(),
            opt_outs=frozenset(kind for kind, box in self.kinds.items() if not box.isChecked()),
            notes=self.notes.text().strip(),
            stopped_because="" if starts_again else before.stopped_because,
            stopped_at=None if starts_again else before.stopped_at,
        )


def _names(text: str) -> tuple[str, ...]:
    """Give names with semicolons between them; a comma belongs to a company's name."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(";") if name.strip()))
