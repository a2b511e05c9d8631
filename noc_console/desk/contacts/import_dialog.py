"""The import of contacts: a table, what would come of it, then it is done. Nothing before that."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.contacts.import_reading import FoundContacts, read_and_compare, take_in
from noc_console.desk.context import DeskContext
from noc_console.desk.importing.mapping_form import MappingForm
from noc_console.desk.sending.deed import plain_label
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.names_edit import NamesEdit
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.importing.preview import Action, Line
from noc_console.fleet.inert import inert
from noc_console.notices.contact_import import FIELDS, ContactRow

_NO_FILE = (
    "Contacts are read from a CSV table whose first row has the titles of its columns, such as"
    " WHMCS, Plesk or a spreadsheet writes. You see what would come of it; nothing is written"
    " before you press Import, and nobody is doubled."
)
_ACTIONS = {
    Action.ADD: "to add",
    Action.UPDATE: "to change",
    Action.SAME: "already as in the file",
    Action.SKIP: "left out",
}
_ROWS: tuple[Column[ContactRow], ...] = (
    Column(title="Action", text=lambda row: row.action.value),
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


class ContactImportDialog(QDialog):
    """Reads as soon as a file is chosen, and again when a column or a group is."""

    def __init__(
        self,
        context: DeskContext,
        now: Callable[[], datetime],
        done: Callable[[], object],
        parent: QWidget,
    ) -> None:
        """Start without a file."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import contacts")
        self._context = context
        self._now = now
        self._done = done
        self._found: FoundContacts | None = None
        self._asked = 0
        self._is_applying = False
        self.path = QLineEdit()
        self.groups = NamesEdit("Groups", "none; or commas between several")
        self.mapping = MappingForm(FIELDS)
        self.trouble, self.summary = plain_label(name="problem"), plain_label()
        self.progress = QProgressBar()
        self.rows: RowsModel[ContactRow] = RowsModel(_ROWS, self)
        self.strange: RowsModel[Line] = RowsModel(_STRANGE, self)
        self.row_view = table_of(self.rows, "Contacts in the file")
        self.strange_view = table_of(self.strange, "Lines not understood")
        self.tabs = QTabWidget()
        self._middle = QStackedWidget()
        self.import_button = QPushButton("&Import")
        self.cancel_button = QPushButton("Cancel")
        self._lay_out()
        self.path.editingFinished.connect(self._path_typed)
        self.groups.editingFinished.connect(self._groups_typed)
        self.mapping.changed.connect(lambda: self.read(self.mapping.mapping()))
        self._show(None)

    def sizeHint(self) -> QSize:
        """Give room for a preview."""
        return QSize(1080, 600)

    def _lay_out(self) -> None:
        self.path.setPlaceholderText("a CSV table, such as contacts.csv")
        self.path.setAccessibleName("File")
        browse = QPushButton("&Browse…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        line = QHBoxLayout()
        line.addWidget(self.path, 1)
        line.addWidget(browse)
        form = QFormLayout()
        form.addRow("&File", line)
        form.addRow("Put all in &groups", self.groups)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(6)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.row_view, "&Contacts")
        self.tabs.addTab(self.strange_view, "&Not understood")
        self.tabs.addTab(self.mapping, "C&olumns")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.summary)
        column.addWidget(self.tabs, 1)
        self._middle.addWidget(StatePanel("Choose a table", _NO_FILE))
        self._middle.addWidget(inside)
        self.import_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        buttons = QDialogButtonBox()
        buttons.addButton(self.import_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._carry_out)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addLayout(form)
        box.addWidget(self.trouble)
        box.addWidget(self.progress)
        box.addWidget(self._middle, 1)
        box.addWidget(buttons)

    def choose(self, path: str) -> None:
        """Choose a file as if it was typed."""
        self.path.setText(path)
        self.read()

    def read(self, mapping: Mapping[str, str] | None = None) -> None:
        """Read the file anew; an answer to an earlier reading is dropped."""
        text = self.path.text().strip()
        if not text or self._is_applying:
            return
        store, path, groups = self._context.store, Path(text).expanduser(), self.groups.names
        self._asked += 1
        asked = self._asked
        self._found = None
        self.import_button.setEnabled(False)
        self.trouble.hide()
        self.progress.show()
        self._context.background.call(
            lambda: read_and_compare(store, path, mapping, groups),
            lambda found: self._show(found) if asked == self._asked else None,
            lambda failure: self._show(None, failure) if asked == self._asked else None,
            self,
        )

    def _show(self, found: FoundContacts | None, failure: ConsoleError | None = None) -> None:
        self._found = found
        self.progress.hide()
        self.trouble.setText(f"✖  {inert(failure.sentence)}" if failure else "")
        self.trouble.setVisible(failure is not None)
        self._middle.setCurrentIndex(1 if found else 0)
        changes = found.changes if found else 0
        self.import_button.setEnabled(changes > 0)
        self.import_button.setText(f"&Import {changes:,} contacts" if changes > 1 else "&Import")
        if found is None:
            return
        self.summary.setText(_summary(found))
        self.rows.show_rows(found.rows)
        self.strange.show_rows(found.strange)
        for view in (self.row_view, self.strange_view):
            fit_columns(view, widest=260)
        self.tabs.setTabText(1, f"&Not understood ({len(found.strange):,})")
        table = found.table
        self.mapping.show_columns(table.columns, table.first_row, table.mapping)

    def _carry_out(self) -> None:
        found = self._found
        if found is None:
            return
        self._is_applying = True
        self.progress.show()
        for button in (self.import_button, self.cancel_button):
            button.setEnabled(False)
        store, by, now = self._context.store, self._context.asked_by, self._now
        self._context.background.call(
            lambda: take_in(store, found, by, now()),
            self._finish,
            self._let_try_again,
            self,
        )

    def _finish(self, sentence: str) -> None:
        self._is_applying = False
        self._context.navigator.say(sentence)
        self._done()
        self.accept()

    def _let_try_again(self, failure: ConsoleError) -> None:
        self._is_applying = False
        self.cancel_button.setEnabled(True)
        self._show(self._found, failure)

    def _path_typed(self) -> None:
        if self.path.isModified():
            self.path.setModified(False)
            self.read()

    def _groups_typed(self) -> None:
        if self.groups.isModified():
            self.groups.setModified(False)
            self.read(self.mapping.mapping() if self._found else None)

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Choose a table of contacts", self.path.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(["Tables (*.csv *.tsv *.txt)", "All files (*)"])
        dialog.fileSelected.connect(self.choose)
        dialog.open()

    def reject(self) -> None:
        """Close without writing anything; while it is being written there is no way back."""
        if not self._is_applying:
            self._asked += 1
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay open while it is being written."""
        if self._is_applying:
            event.ignore()
            return
        super().closeEvent(event)


def _summary(found: FoundContacts) -> str:
    counts = [(found.preview.count(action), words) for action, words in _ACTIONS.items()]
    parts = ", ".join(f"{count:,} {words}" for count, words in counts if count)
    left = len(found.strange)
    told = f"Contacts: {parts}." if parts else "No contact was found in this file."
    if not left:
        return told
    is_one = left == 1
    return f"{told} {left:,} line{' was' if is_one else 's were'} not understood and left out."
