"""What every import from a file does: choose, read, show what would come of it, then do it."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
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
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.off_thread import OffThread
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert

Found = TypeVar("Found")


class FileDialog(QDialog, Generic[Found]):
    """Reads as soon as a file is chosen, and again when something about its reading is.

    Nothing is written before Import is pressed; while it is, the dialog stays.
    """

    nouns: str
    """What the file is full of, such as servers."""
    filters: Sequence[str] = ("All files (*)",)

    def __init__(
        self,
        off_thread: OffThread,
        say: Callable[[str], None],
        fields: Mapping[str, str],
        parent: QWidget | None,
    ) -> None:
        """Start without a file; `fields` are those a table's columns can be, and their words."""
        super().__init__(parent)
        self._off_thread = off_thread
        self._say = say
        self._found: Found | None = None
        self._asked = 0
        self._is_applying = False
        self.path = QLineEdit()
        self.mapping = MappingForm(fields)
        self.trouble = plain_label(name="problem")
        self.progress = QProgressBar()
        self.middle = QStackedWidget()
        self.import_button = QPushButton("&Import")
        self.cancel_button = QPushButton("Cancel")
        self.path.editingFinished.connect(self._path_typed)
        self.mapping.changed.connect(lambda: self.read(self.mapping.mapping()))

    @abstractmethod
    def reading(self, path: Path, mapping: Mapping[str, str] | None) -> Callable[[], Found]:
        """Give what reads a file off the window's thread; the mapping is guessed when None."""

    @abstractmethod
    def applying(self, found: Found) -> Callable[[], str]:
        """Give what carries it out there, and gives the sentence about what was done."""

    @abstractmethod
    def show_found(self, found: Found | None) -> int:
        """Show what would come of it; gives how many changes that are."""

    def lay_out(
        self, *, hint: str, empty: StatePanel, preview: QWidget, more: tuple[str, QWidget]
    ) -> None:
        """Put a line for the file, one more field and the preview above each other."""
        self.path.setPlaceholderText(hint)
        self.path.setAccessibleName("File")
        browse = QPushButton("&Browse…")
        browse.clicked.connect(self._browse)
        line = QHBoxLayout()
        line.addWidget(self.path, 1)
        line.addWidget(browse)
        form = QFormLayout()
        label = QLabel("&File")
        label.setBuddy(self.path)
        form.addRow(label, line)
        form.addRow(*more)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(6)
        self.middle.addWidget(empty)
        self.middle.addWidget(preview)
        buttons = QDialogButtonBox()
        buttons.addButton(self.import_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._carry_out)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addLayout(form)
        box.addWidget(self.trouble)
        box.addWidget(self.progress)
        box.addWidget(self.middle, 1)
        box.addWidget(buttons)
        self._show(None)
        fit_to_screen(self)

    def choose(self, path: str) -> None:
        """Choose a file as if it was typed."""
        self.path.setText(path)
        self.read()

    def read(self, mapping: Mapping[str, str] | None = None) -> None:
        """Read the file anew; an answer to an earlier reading is dropped."""
        text = self.path.text().strip()
        if not text or self._is_applying:
            return
        self._asked += 1
        asked = self._asked
        self._found = None
        self.import_button.setEnabled(False)
        self.trouble.hide()
        self.progress.show()
        self._off_thread.call(
            self.reading(Path(text).expanduser(), mapping),
            lambda found: self._show(found) if asked == self._asked else None,
            lambda failure: self._show(None, failure) if asked == self._asked else None,
            self,
        )

    def _show(self, found: Found | None, failure: ConsoleError | None = None) -> None:
        self._found = found
        self.progress.hide()
        self.trouble.setText(f"✖  {inert(failure.sentence)}" if failure else "")
        self.trouble.setVisible(failure is not None)
        self.middle.setCurrentIndex(0 if found is None else 1)
        changes = self.show_found(found)
        self.import_button.setEnabled(changes > 0)
        self.import_button.setText(
            f"&Import {changes:,} {self.nouns}" if changes > 1 else "&Import"
        )

    def _carry_out(self) -> None:
        if self._found is None:
            return
        self._is_applying = True
        self.progress.show()
        for button in (self.import_button, self.cancel_button):
            button.setEnabled(False)
        self._off_thread.call(self.applying(self._found), self._finish, self._let_try_again, self)

    def _finish(self, sentence: str) -> None:
        self._is_applying = False
        self._say(sentence)
        self.accept()

    def _let_try_again(self, failure: ConsoleError) -> None:
        self._is_applying = False
        self.cancel_button.setEnabled(True)
        self._show(self._found, failure)

    def _path_typed(self) -> None:
        if self.path.isModified():
            self.path.setModified(False)
            self.read()

    def _browse(self) -> None:
        start = Path(self.path.text().strip() or "~").expanduser()
        dialog = QFileDialog(self, f"Choose a file of {self.nouns}", str(start))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(self.filters)
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
