"""The import wizard: a file, what would come of it, then it is done. Nothing is written before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.importing.mapping_form import MappingForm
from noc_console.desk.importing.preview_panel import PreviewLines, PreviewPanel
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.off_thread import OffThread
from noc_console.errors import ConsoleError
from noc_console.fleet.importing.file_kind import FileKind

_GUESS = "Guess from the file"
_NO_FILE = (
    "Servers are read from an OpenSSH client config, an Ansible inventory (INI, YAML or JSON) or a "
    "CSV table. You see what would come of it; nothing is written before you press Import."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read from a file: how it is shown, and what is applied if a person says so.

    `columns`, `first_row` and `mapping` are those of a table, empty for other kinds.
    """

    kind: FileKind
    lines: PreviewLines
    preview: Any
    columns: tuple[str, ...] = ()
    first_row: tuple[str, ...] = ()
    mapping: Mapping[str, str]


Read = Callable[[Path, FileKind | None, Mapping[str, str] | None], Found]
"""Reads a file as a kind (guessed when None) with a mapping (guessed when None)."""
Apply = Callable[[Any], str]
"""Carries out a preview and gives the sentence about what was done."""


class ImportDialog(QDialog):
    """Reads as soon as a file is chosen, and again when its kind or a column is chosen."""

    def __init__(
        self,
        read: Read,
        apply: Apply,
        say: Callable[[str], None],
        off_thread: OffThread,
        fields: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        """Start without a file; `fields` are those a table's columns can be, and their words."""
        super().__init__(parent)
        self._read = read
        self._apply = apply
        self._say = say
        self._off_thread = off_thread
        self._found: Found | None = None
        self._asked = 0
        self._is_applying = False
        self.path = QLineEdit()
        self.kind = QComboBox()
        self.mapping = MappingForm(fields)
        self.preview = PreviewPanel()
        self._start = StatePanel("Choose a file", _NO_FILE)
        self._middle = QStackedWidget()
        self.trouble = QLabel()
        self.progress = QProgressBar()
        self.import_button = QPushButton("&Import")
        self.cancel_button = QPushButton("Cancel")
        self.setWindowTitle("Import servers")
        self._lay_out()
        self._join()
        self._show(None)

    def sizeHint(self) -> QSize:
        """Give room for a preview."""
        return QSize(1180, 660)

    def _lay_out(self) -> None:
        self.kind.addItem(_GUESS, None)
        for kind in FileKind:
            self.kind.addItem(kind.value, kind)
        self.path.setPlaceholderText("~/.ssh/config, an Ansible inventory, or a CSV table")
        browse = QPushButton("&Browse…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        form = QFormLayout()
        label = QLabel("&File")
        label.setBuddy(self.path)
        form.addRow(label, row)
        form.addRow("&Kind", self.kind)
        self.path.setAccessibleName("File")
        self.kind.setAccessibleName("Kind of file")
        self.trouble.setObjectName("problem")
        self.trouble.setWordWrap(True)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(6)
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
        self._middle.addWidget(self._start)
        self._middle.addWidget(self.preview)
        box.addWidget(self._middle, 1)
        box.addWidget(buttons)

    def _join(self) -> None:
        self.path.editingFinished.connect(self._path_typed)
        self.kind.activated.connect(lambda _: self.read())
        self.mapping.changed.connect(lambda: self.read(self.mapping.mapping()))

    def choose(self, path: str) -> None:
        """Choose a file as if it was typed."""
        self.path.setText(path)
        self.read()

    def read(self, mapping: Mapping[str, str] | None = None) -> None:
        """Read the file anew; an answer to an earlier reading is dropped."""
        text = self.path.text().strip()
        if not text or self._is_applying:
            return
        path, kind = Path(text).expanduser(), self.kind.currentData()
        self._asked += 1
        asked = self._asked
        self._found = None
        self.import_button.setEnabled(False)
        self.trouble.hide()
        self.progress.show()
        self._off_thread.call(
            lambda: self._read(path, kind, mapping),
            lambda found: self._take(found, asked),
            lambda failure: self._refuse(failure, asked),
            self,
        )

    def _take(self, found: Found, asked: int) -> None:
        if asked == self._asked:
            self._show(found)

    def _refuse(self, failure: ConsoleError, asked: int) -> None:
        if asked == self._asked:
            self._show(None, failure.sentence)

    def _show(self, found: Found | None, trouble: str = "") -> None:
        self._found = found
        self.progress.hide()
        self.trouble.setText(f"✖  {trouble}")
        self.trouble.setVisible(bool(trouble))
        self.preview.show_preview(found.lines if found else PreviewLines(servers=(), strange=()))
        self._middle.setCurrentWidget(self.preview if found else self._start)
        count = found.lines.changes if found else 0
        self.import_button.setEnabled(count > 0)
        self.import_button.setText(f"&Import {count} servers" if count > 1 else "&Import")
        self.kind.setItemText(0, f"{_GUESS}: {found.kind.value}" if found else _GUESS)
        self._show_columns(found)

    def _show_columns(self, found: Found | None) -> None:
        place = self.preview.tabs.indexOf(self.mapping)
        if found is not None and found.columns:
            self.mapping.show_columns(found.columns, found.first_row, found.mapping)
            if place < 0:
                self.preview.tabs.addTab(self.mapping, "&Columns")
        elif place >= 0:
            self.preview.tabs.removeTab(place)

    def _carry_out(self) -> None:
        found = self._found
        if found is None:
            return
        self._is_applying = True
        self.progress.show()
        for button in (self.import_button, self.cancel_button):
            button.setEnabled(False)
        self._off_thread.call(
            lambda: self._apply(found.preview), self._finish, self._let_try_again, self
        )

    def _finish(self, sentence: str) -> None:
        self._is_applying = False
        self._say(sentence)
        self.accept()

    def _let_try_again(self, failure: ConsoleError) -> None:
        self._is_applying = False
        self.cancel_button.setEnabled(True)
        self._show(self._found, failure.sentence)

    def _path_typed(self) -> None:
        if self.path.isModified():
            self.path.setModified(False)
            self.read()

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Choose a file to import", self.path.text())
        if chosen:
            self.choose(chosen)

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
