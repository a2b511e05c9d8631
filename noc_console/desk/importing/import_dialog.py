"""The import wizard: a file, what would come of it, then it is done. Nothing is written before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QWidget

from noc_console.desk.importing.file_dialog import FileDialog
from noc_console.desk.importing.preview_panel import PreviewLines, PreviewPanel
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.off_thread import OffThread
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


class ImportDialog(FileDialog[Found]):
    """Of servers; a file is of the kind a person chooses, or of the one it looks like."""

    nouns = "servers"

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
        super().__init__(off_thread, say, fields, parent)
        self._read = read
        self._apply = apply
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of file")
        self.kind.addItem(_GUESS, None)
        for kind in FileKind:
            self.kind.addItem(kind.value, kind)
        self.kind.activated.connect(lambda _: self.read())
        self.preview = PreviewPanel()
        self.setWindowTitle("Import servers")
        self.lay_out(
            hint="~/.ssh/config, an Ansible inventory, or a CSV table; Enter reads it",
            empty=StatePanel("Choose a file", _NO_FILE),
            preview=self.preview,
            more=("&Kind", self.kind),
        )

    def sizeHint(self) -> QSize:
        """Give room for a preview."""
        return QSize(1180, 660)

    def reading(self, path: Path, mapping: Mapping[str, str] | None) -> Callable[[], Found]:
        """Read it as the kind that is chosen."""
        kind = self.kind.currentData()
        if mapping is None:  # another file, whose servers are what a person wants to see first
            self.preview.tabs.setCurrentIndex(0)
        return lambda: self._read(path, kind, mapping)

    def applying(self, found: Found) -> Callable[[], str]:
        """Carry out what is previewed."""
        return lambda: self._apply(found.preview)

    def show_found(self, found: Found | None) -> int:
        """Show servers and lines not understood, and the columns of a table."""
        lines = found.lines if found else PreviewLines(servers=(), strange=())
        self.preview.show_preview(lines)
        self.kind.setItemText(0, f"{_GUESS}: {found.kind.value}" if found else _GUESS)
        self._show_columns(found)
        return lines.changes

    def _show_columns(self, found: Found | None) -> None:
        place = self.preview.tabs.indexOf(self.mapping)
        if found is not None and found.columns:
            self.mapping.show_columns(found.columns, found.first_row, found.mapping)
            if place < 0:
                self.preview.tabs.addTab(self.mapping, "&Columns")
        elif place >= 0:
            self.preview.tabs.removeTab(place)
