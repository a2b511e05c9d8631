"""Writes an availability report to a file that a person names, off the GUI thread."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.pdf import write_pdf
from noc_console.fleet.inert import inert
from noc_console.fleet.whole_file import write_whole
from noc_console.incidents.availability.availability_document import as_csv, as_html
from noc_console.incidents.availability.availability_report import Report

_FILTERS = {
    "PDF report (*.pdf)": ".pdf",
    "HTML report (*.html)": ".html",
    "CSV table (*.csv)": ".csv",
}


def export_report(context: DeskContext, report: Report, parent: QWidget) -> QFileDialog:
    """Ask for a file, then write the report as its name says."""
    dialog = QFileDialog(parent, "Export the availability report")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(_FILTERS))
    dialog.setDefaultSuffix("pdf")
    dialog.selectFile(f"availability {report.range.title}.pdf")
    dialog.filterSelected.connect(lambda chosen: _name_by_filter(dialog, chosen))
    dialog.fileSelected.connect(lambda name: _write(context, report, Path(name), parent))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def write_report(report: Report, path: Path) -> str:
    """Write a report as the file's name says, CSV, HTML or PDF; gives what to tell the person.

    Raises:
        NotWritten: the file cannot be written.
    """
    if path.suffix.lower() == ".csv":
        write_whole(path, as_csv(report).encode())
    elif path.suffix.lower() in {".html", ".htm"}:
        write_whole(path, as_html(report).encode())
    else:
        write_pdf(as_html(report), path, f"Availability, {report.range.title}")
    return f"The report is written to {inert(str(path))}."


def _name_by_filter(dialog: QFileDialog, chosen: str) -> None:
    suffix = _FILTERS[chosen]
    dialog.setDefaultSuffix(suffix.removeprefix("."))
    names = dialog.selectedFiles()
    if names and Path(names[0]).suffix != suffix:
        dialog.selectFile(Path(names[0]).with_suffix(suffix).name)


def _write(context: DeskContext, report: Report, path: Path, parent: QWidget) -> None:
    context.background.call(
        lambda: write_report(report, path),
        context.navigator.say,
        lambda failure: context.navigator.say(failure.sentence),
        parent,
    )
