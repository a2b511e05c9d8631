"""A handover as a file or on paper, in the window's colours or in those of paper."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from noc_console.desk.context import Colours, DeskContext
from noc_console.desk.incidents.post_mortem_export import ReportForm, UnknownForm, report_form_of
from noc_console.desk.pdf import paint_report, write_pdf
from noc_console.fleet.inert import inert
from noc_console.fleet.whole_file import write_whole
from noc_console.health.verdict import Verdict
from noc_console.incidents.handover.handover import Handover, HandoverPage
from noc_console.incidents.handover.handover_report import ReportLook, as_html
from noc_console.incidents.times import local_text


def look_of(theme: Colours) -> ReportLook:
    """Give the colours of the window for a report in it."""
    colours = theme.graph_colours
    return ReportLook(
        text=colours.text,
        ground=colours.ground,
        faint=colours.faint,
        line=colours.grid,
        accent=colours.accent,
        loud=theme.look.colours[Verdict.DOWN].name(),
        colours={one: theme.look.colours[one].name() for one in Verdict},
        shapes=theme.look.shapes,
    )


def write_handover(page: HandoverPage, handover: Handover | None, path: Path) -> str:
    """Write a page in the form the file's name asks for; say so. For any thread.

    Raises:
        UnknownForm, NotWritten: what was there is as it was.
    """
    form = report_form_of(path)
    html = as_html(page, handover)
    if form is ReportForm.PDF:
        write_pdf(html, path, _title(page))
    elif form is ReportForm.HTML:
        write_whole(path, html.encode("utf-8"))
    else:
        raise UnknownForm("A handover is written as .html or .pdf; choose one of these endings.")
    return f"The handover is written to {inert(str(path))}."


def print_handover(
    page: HandoverPage, handover: Handover | None, context: DeskContext, parent: QWidget
) -> None:
    """Ask for a printer and print; the printing itself goes on in the background."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(_title(page))
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    html, title = as_html(page, handover), _title(page)
    say = context.navigator.say

    def begin() -> None:
        context.background.call(
            lambda: paint_report(printer, html, title),
            lambda _: say("The handover is on its way to the printer."),
            lambda failure: say(failure.sentence),
            parent,
        )

    dialog.accepted.connect(begin)
    QDialog.open(dialog)  # its own `open` would want to know a slot


def _title(page: HandoverPage) -> str:
    return f"Handover, {local_text(page.at)}"
