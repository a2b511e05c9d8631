"""Writes a report to a file that a person names, in the form its name says, off the GUI thread."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.pdf import write_pdf
from noc_console.fleet.inert import inert
from noc_console.fleet.whole_file import write_whole

_FILTERS = {
    "PDF report (*.pdf)": ".pdf",
    "HTML report (*.html)": ".html",
    "CSV table (*.csv)": ".csv",
}
_PLAIN_FILTERS = {"JSON for programs (*.json)": ".json"}
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForms:
    """A report in its forms; each is made when it is wanted, on any thread."""

    title: str
    html: Callable[[], str]
    table: Callable[[], str]
    plain: Callable[[], str] | None = None
    """As JSON, where there is that form."""


def export_forms(context: DeskContext, forms: ReportForms, parent: QWidget) -> QFileDialog:
    """Ask for a file, then write the report as its name says."""
    dialog = QFileDialog(parent, f"Export: {forms.title}")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([*_FILTERS, *(_PLAIN_FILTERS if forms.plain is not None else ())])
    dialog.setDefaultSuffix("pdf")
    dialog.selectFile(f"{_NOT_IN_A_NAME.sub('-', forms.title)}.pdf")
    dialog.filterSelected.connect(lambda chosen: _name_by_filter(dialog, chosen))
    dialog.fileSelected.connect(lambda name: _write(context, forms, Path(name), parent))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def write_forms(forms: ReportForms, path: Path) -> str:
    """Write a report as the file's name says, PDF where it says none; gives what to tell.

    Raises:
        NotWritten: the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        write_whole(path, forms.table().encode("utf-8-sig"))
    elif ending in {".html", ".htm"}:
        write_whole(path, forms.html().encode())
    elif ending == ".json" and forms.plain is not None:
        write_whole(path, forms.plain().encode())
    else:
        write_pdf(forms.html(), path, forms.title)
    return f"{forms.title} is written to {inert(str(path))}."


def _name_by_filter(dialog: QFileDialog, chosen: str) -> None:
    suffix = (_FILTERS | _PLAIN_FILTERS)[chosen]
    dialog.setDefaultSuffix(suffix.removeprefix("."))
    names = dialog.selectedFiles()
    if names and Path(names[0]).suffix != suffix:
        dialog.selectFile(Path(names[0]).with_suffix(suffix).name)


def _write(context: DeskContext, forms: ReportForms, path: Path, parent: QWidget) -> None:
    context.background.call(
        lambda: write_forms(forms, path),
        context.navigator.say,
        lambda failure: context.navigator.say(failure.sentence),
        parent,
    )
