"""A report written in HTML as a PDF: A4 pages, numbered, with the title at the foot of each.

May be called from any thread, so that a long report never holds the window up. It needs a running
Qt application; a command makes one off screen first (`application_for_pictures`). Nothing outside
the HTML is read: a report brings its pictures along as `data:` addresses, and a name in it that
looks like a file or a page of the web fetches nothing.
"""

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtWidgets import QApplication

from noc_console import __version__
from noc_console.desk.theme.themes import FONT_FAMILY, load_letters
from noc_console.fleet.inert import inert
from noc_console.fleet.whole_file import write_whole

_DPI = 96
_MARGIN_MM = 15.0
_FOOT_PX = 28.0
_FOOT_FONT_PX = 10
_BODY_FONT_PX = 12
_WRITER_DPI = 1200
_INK = QColor("#14181c")
_FAINT = QColor("#5b6670")


def write_pdf(html: str, path: Path, title: str) -> None:
    """Write a report as a PDF file that is whole at any moment.

    Raises:
        NotWritten: what was there is as it was.
    """
    write_whole(path, pdf_of(html, title))


def pdf_of(html: str, title: str) -> bytes:
    """Give a report as the bytes of a PDF; Qt understands the subset of HTML 4 it documents."""
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(kept)
    writer.setTitle(inert(title))
    writer.setCreator(f"noc-console {__version__}")
    writer.setResolution(_WRITER_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    paint_report(writer, html, title)
    kept.close()
    return bytes(kept.data().data())


def paint_report(device: QPagedPaintDevice, html: str, title: str) -> None:
    """Paint a report on the pages of a device: a PDF, or a printer a person chose."""
    loop = QEventLoop()  # gives this thread what the document's timers are kept by
    scale = device.logicalDpiX() / _DPI
    room = QSizeF(device.width() / scale, device.height() / scale)
    document = _document(html, QSizeF(room.width(), room.height() - _FOOT_PX))
    painter = QPainter(device)
    painter.scale(scale, scale)
    for page in range(document.pageCount()):
        if page:
            device.newPage()
        _draw_page(painter, document, page)
        _draw_foot(painter, room, f"Page {page + 1} of {document.pageCount()}", inert(title))
    painter.end()
    del document, loop


def application_for_pictures() -> QApplication:
    """Give the running application, or a new one with the shipped letters, for a command."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(sys.argv[:1])
    load_letters(made)
    return made


class _OwnPictures(QTextDocument):
    """A document that shows the pictures it brings, and reads nothing else."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Give what a `data:` address holds, and nothing of any other address."""
        address = QUrl(name)
        return super().loadResource(kind, address) if address.scheme() == "data" else None


def _document(html: str, page: QSizeF) -> QTextDocument:
    document = _OwnPictures()
    font = QFont(FONT_FAMILY)
    font.setPixelSize(_BODY_FONT_PX)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    document.setDefaultFont(font)
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    document.setHtml(html)
    document.setPageSize(page)
    return document


def _draw_page(painter: QPainter, document: QTextDocument, page: int) -> None:
    size = document.pageSize()
    shown = QRectF(0, page * size.height(), size.width(), size.height())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = shown
    context.palette.setColor(QPalette.ColorRole.Text, _INK)
    painter.save()
    painter.translate(0, -shown.top())
    painter.setClipRect(shown)
    document.documentLayout().draw(painter, context)
    painter.restore()


def _draw_foot(painter: QPainter, room: QSizeF, number: str, title: str) -> None:
    font = QFont(FONT_FAMILY)
    font.setPixelSize(_FOOT_FONT_PX)
    painter.setFont(font)
    painter.setPen(_FAINT)
    line = QRectF(0, room.height() - _FOOT_PX / 2, room.width(), _FOOT_PX / 2)
    words = painter.fontMetrics().elidedText(
        title, Qt.TextElideMode.ElideRight, int(line.width() * 0.8)
    )
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), words)
    painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), number)
