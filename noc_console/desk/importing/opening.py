"""Opens the import wizard, joined to the fleet: what menus and pages call."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.importing.import_dialog import Found, ImportDialog
from noc_console.desk.importing.preview_panel import PreviewLines, ServerLine, StrangeLine
from noc_console.fleet.importing.apply import apply
from noc_console.fleet.importing.columns import FIELDS
from noc_console.fleet.importing.compare import compare
from noc_console.fleet.importing.file_kind import FileKind
from noc_console.fleet.importing.preview import ImportPreview, ImportRow, place_of
from noc_console.fleet.importing.read import read_servers
from noc_console.fleet.records import list_servers
from noc_console.store.store import Store


def open_import_dialog(context: DeskContext, parent: QWidget) -> ImportDialog:
    """Ask for a file with servers, show what would come of it, and take it in."""

    def read(path: Path, kind: FileKind | None, mapping: Mapping[str, str] | None) -> Found:
        return read_and_compare(context.store, path, kind, mapping)

    def take_in(preview: ImportPreview) -> str:
        return apply(context.store, preview, datetime.now(UTC)).sentence

    dialog = ImportDialog(read, take_in, context.navigator.say, context.background, FIELDS, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def read_and_compare(
    store: Store, path: Path, kind: FileKind | None, mapping: Mapping[str, str] | None
) -> Found:
    """Give what a file would bring to the fleet as it is now; call it off the GUI thread.

    Raises:
        FileNotRead: it cannot be read, with what to do.
    """
    told = read_servers(path, kind, mapping)
    preview = compare(told.found, list_servers(store))
    return Found(
        kind=told.kind,
        lines=preview_lines(preview),
        preview=preview,
        columns=told.columns,
        first_row=told.first_row,
        mapping=told.mapping,
    )


def preview_lines(preview: ImportPreview) -> PreviewLines:
    """Give a preview as it is shown."""
    return PreviewLines(
        servers=tuple(_server_line(row) for row in preview.rows),
        strange=tuple(
            StrangeLine(file=line.file, number=line.number, text=line.text, why=line.why)
            for line in preview.not_understood
        ),
    )


def _server_line(row: ImportRow) -> ServerLine:
    return ServerLine(
        action=row.action.value,
        name=row.server.name,
        place=place_of(row.server),
        groups=", ".join(row.server.groups),
        notes=" · ".join(row.notes),
    )
