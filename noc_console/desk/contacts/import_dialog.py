"""The import of contacts: a table, what would come of it, then it is done. Nothing before that."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from noc_console.desk.contacts.import_reading import FoundContacts, read_and_compare, take_in
from noc_console.desk.context import DeskContext
from noc_console.desk.importing.file_dialog import FileDialog
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.names_edit import NamesEdit
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.importing.preview import Action, Line
from noc_console.fleet.inert import inert
from noc_console.notices.contact_import import FIELDS, ContactRow

_NO_FILE = (
    "Contacts are read from a CSV table whose first row has the titles of its columns, such as"
    " WHMCS, Plesk or a spreadsheet writes. You see what would come of it; nothing is written"
    " before you press Import, and nobody is doubled."
)
_ROWS: tuple[Column[ContactRow], ...] = (
    Column(title="Action", text=lambda row: row.action.word),
    Column(title="Address", text=lambda row: inert(row.contact.address)),
    Column(title="Name", text=lambda row: inert(row.contact.name)),
    Column(title="Customers", text=lambda row: inert("; ".join(row.contact.customers))),
    Column(title="Groups", text=lambda row: inert(", ".join(row.contact.groups))),
    Column(title="Notes", text=lambda row: inert(" · ".join(row.notes)), stretch=True),
)
_STRANGE: tuple[Column[Line], ...] = (
    Column(title="Line", text=lambda line: str(line.number) if line.number else "–", numeric=True),
    Column(title="Text", text=lambda line: inert(line.text)),
    Column(title="Why", text=lambda line: inert(line.why), stretch=True),
)


class ContactImportDialog(FileDialog[FoundContacts]):
    """Of contacts, all of whom may be put in some groups."""

    nouns = "contacts"
    filters = ("Tables (*.csv *.tsv *.txt)", "All files (*)")

    def __init__(
        self,
        context: DeskContext,
        now: Callable[[], datetime],
        done: Callable[[], object],
        parent: QWidget,
    ) -> None:
        """Start without a file; `done` is called when some were taken in."""
        super().__init__(context.background, context.navigator.say, FIELDS, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import contacts")
        self._context = context
        self._now = now
        self.accepted.connect(done)
        self.groups = NamesEdit("Groups", "none; or commas between several")
        self.groups.editingFinished.connect(self._groups_typed)
        self.summary = plain_label()
        self.rows: RowsModel[ContactRow] = RowsModel(_ROWS, self)
        self.strange: RowsModel[Line] = RowsModel(_STRANGE, self)
        self.row_view = table_of(self.rows, "Contacts in the file")
        self.strange_view = table_of(self.strange, "Lines not understood")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.row_view, "&Contacts")
        self.tabs.addTab(self.strange_view, "&Not understood")
        self.tabs.addTab(self.mapping, "C&olumns")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.summary)
        column.addWidget(self.tabs, 1)
        self.lay_out(
            hint="a CSV table, such as contacts.csv",
            empty=StatePanel("Choose a table", _NO_FILE),
            preview=inside,
            more=("Put all in &groups", self.groups),
        )

    def sizeHint(self) -> QSize:
        """Give room for a preview."""
        return QSize(1080, 600)

    def reading(self, path: Path, mapping: Mapping[str, str] | None) -> Callable[[], FoundContacts]:
        """Read it, and put all in the groups that are typed."""
        store, groups = self._context.store, self.groups.names
        return lambda: read_and_compare(store, path, mapping, groups)

    def applying(self, found: FoundContacts) -> Callable[[], str]:
        """Take them in under the name of who is at the desk."""
        store, by, now = self._context.store, self._context.asked_by, self._now
        return lambda: take_in(store, found, by, now())

    def show_found(self, found: FoundContacts | None) -> int:
        """Show contacts, lines not understood and columns."""
        if found is None:
            return 0
        self.summary.setText(_summary(found))
        self.rows.show_rows(found.rows)
        self.strange.show_rows(found.strange)
        for view in (self.row_view, self.strange_view):
            fit_columns(view, widest=260)
        self.tabs.setTabText(1, f"&Not understood ({len(found.strange):,})")
        table = found.table
        self.mapping.show_columns(table.columns, table.first_row, table.mapping)
        return found.changes

    def _groups_typed(self) -> None:
        if self.groups.isModified():
            self.groups.setModified(False)
            self.read(self.mapping.mapping() if self._found else None)


def _summary(found: FoundContacts) -> str:
    counts = [(found.preview.count(one), one.words) for one in Action]
    parts = ", ".join(f"{count:,} {words}" for count, words in counts if count)
    left = len(found.strange)
    told = f"Contacts: {parts}." if parts else "No contact was found in this file."
    if not left:
        return told
    is_one = left == 1
    return f"{told} {left:,} line{' was' if is_one else 's were'} not understood and left out."
