"""Writes the fleet to a file that a person names: what menus and pages call."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from noc_console.desk.context import DeskContext
from noc_console.fleet.export_file import ExportForm, form_of, write_export

_FILTERS = {
    "CSV table (*.csv)": ExportForm.CSV,
    "Ansible inventory (*.yaml *.yml)": ExportForm.YAML,
}


def export_servers(context: DeskContext, parent: QWidget) -> QFileDialog:
    """Ask for a file, then write every server to it: as its name says, CSV or YAML."""
    dialog = QFileDialog(parent, "Export servers", str(Path.home()))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(_FILTERS))
    dialog.setDefaultSuffix(ExportForm.CSV.value)
    dialog.selectFile("servers.csv")
    dialog.filterSelected.connect(partial(_name_by_filter, dialog))
    dialog.fileSelected.connect(lambda name: _write(context, Path(name), parent))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def _name_by_filter(dialog: QFileDialog, chosen: str) -> None:
    """Let the name end as the chosen form does."""
    form = _FILTERS[chosen]
    dialog.setDefaultSuffix(form.value)
    names = dialog.selectedFiles()
    if names and form_of(Path(names[0])) is not form:
        dialog.selectFile(Path(names[0]).with_suffix(f".{form.value}").name)


def _write(context: DeskContext, path: Path, parent: QWidget) -> None:
    servers = list(context.live.servers)
    context.background.call(
        lambda: write_export(path, form_of(path), servers),
        context.navigator.say,
        lambda failure: context.navigator.say(failure.sentence),
        parent,
    )
