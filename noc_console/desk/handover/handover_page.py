"""The handover page: all that the next shift must know, handed over and taken by name.

GUI thread only; the page is read and made in the background.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.alarms.opening import show_alarms
from noc_console.desk.context import DeskContext
from noc_console.desk.handover.handover_dialogs import GiveDialog, TakeDialog
from noc_console.desk.handover.handover_export import (
    look_of,
    print_handover,
    write_handover,
)
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.desk.widgets.page_actions import Deed, PageActions
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.incidents.handover.handover import Handover, HandoverPage
from noc_console.incidents.handover.handover_reading import read_page
from noc_console.incidents.handover.handover_records import accept, give, list_handovers
from noc_console.incidents.handover.handover_report import as_html
from noc_console.incidents.times import clock_text, local_text

_SETTLE_MS = 500
_REST = 4
"""What took long is read again only after so many times as long: a large fleet never rests."""
_AGAIN_MS = 30_000
_SIDES, _LEAST_LIST = (230, 900), 150
_MOST_SHOWN = 15
"""Rows of a part in the window, which a long page would hold up; a file and paper have more."""
_FORMS = "Web page (*.html);;PDF (*.pdf)"
_BUTTONS = ("give", "take", "print", "export")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was read: the page of now, and the handovers before."""

    page: HandoverPage
    handovers: tuple[Handover, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of the list: the page of now (None), or a handover."""

    handover: Handover | None


class HandoverPageWidget(QWidget):
    """The page of now, and earlier handovers as they were."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show nothing until the store was read."""
        super().__init__()
        self.setAccessibleName("Handover")
        self._context = context
        self._now = now
        self._page: HandoverPage | None = None
        self._reading = OneAtATime(context.background, self.read, self)
        self._html = ""
        self.model = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "Handovers")
        self.browser = QTextBrowser()
        self.summary, self.trouble = QLabel("Reading what is to be handed over …"), QLabel()
        self.actions_of_page = PageActions(self, self, self._deeds())
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN_MS)
        self._lay_out()
        self._join()

    def _columns(self) -> Sequence[Column[_Line]]:
        return (
            Column(title="When", text=self._when),
            Column(title="From and to", text=_people, stretch=True),
        )

    def _when(self, line: _Line) -> str:
        if line.handover is None:
            return "Now"
        return clock_text(line.handover.given_at, self._now())

    def _lay_out(self) -> None:
        for label in (self.summary, self.trouble):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.trouble.setObjectName("troubleBand")
        self.trouble.hide()
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName("What is handed over")
        self.browser.document().setDocumentMargin(14)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.table.setMinimumWidth(_LEAST_LIST)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.browser)
        self.splitter.setSizes(list(_SIDES))
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        for key in _BUTTONS:
            button = QToolButton()
            button.setObjectName("plain")
            button.setDefaultAction(self.actions_of_page.by_key[key])
            top.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(8)
        box.addWidget(self.trouble)
        box.addLayout(top)
        box.addWidget(self.splitter, 1)
        self.setFocusProxy(self.browser)

    def _join(self) -> None:
        live = self._context.live
        for signal in (live.incidents_changed, live.alarms_changed, live.windows_changed):
            signal.connect(self._stir)
        self._settle.timeout.connect(self.read)
        self._again.timeout.connect(self.read)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show())
        self.browser.anchorClicked.connect(self._follow)
        self._context.themes.changed.connect(lambda _: self._show())

    def _deeds(self) -> list[Deed]:
        return [
            Deed(key="give", words="&Hand over…", keys="G", act=self._ask_to_give),
            Deed(key="take", words="&Take the shift…", keys="T", act=self._ask_to_take),
            Deed(
                key="print", words="&Print…", keys="Ctrl+P", act=self._ask_to_print, is_of_page=True
            ),
            Deed(
                key="export",
                words="&Export…",
                keys="Ctrl+E",
                act=self._ask_to_export,
                is_of_page=True,
            ),
            Deed(key="read", words="Read again", keys="F5", act=self.read, is_of_page=True),
        ]

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the store while somebody looks."""
        super().showEvent(event)
        self._again.start()
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._again.stop()
        self._settle.stop()

    @property
    def waiting(self) -> Handover | None:
        """The newest handover, if nobody took it yet."""
        newest = next((one.handover for one in self.model.rows if one.handover), None)
        return newest if newest is not None and newest.taken_at is None else None

    def read(self) -> None:
        """Read the page of now, and the handovers before."""
        store, now = self._context.store, self._now()

        def work() -> _Found:
            return _Found(page=read_page(store, now), handovers=tuple(list_handovers(store)))

        self._reading.call(work, self._take, self._fail)

    def _take(self, found: _Found) -> None:
        self._settle.setInterval(max(_SETTLE_MS, _REST * self._reading.took_ms))
        self.trouble.hide()
        self._page = found.page
        chosen = self._chosen()
        chosen_id = chosen.id if chosen is not None else None
        lines = [_Line(handover=None), *(_Line(handover=one) for one in found.handovers)]
        self.model.show_rows(lines)
        fit_columns(self.table)
        ids = [one.handover.id if one.handover is not None else None for one in lines]
        place = ids.index(chosen_id) if chosen_id in ids else 0
        if self.table.currentIndex().row() != place:
            self.table.selectRow(place)
        self._show_summary()
        self._show()

    def _fail(self, failure: ConsoleError) -> None:
        self.trouble.setText(f"▲  {failure.sentence}  F5 tries again.")
        self.trouble.show()
        if self._page is None:
            self.summary.setText("What stands now cannot be read.")

    def _stir(self) -> None:
        if self.isVisible() and not self._settle.isActive():
            self._settle.start()

    def _chosen(self) -> Handover | None:
        place = self.table.currentIndex().row()
        return self.model.rows[place].handover if 0 <= place < len(self.model.rows) else None

    def _show_summary(self) -> None:
        waiting = self.waiting
        self.actions_of_page.by_key["take"].setEnabled(waiting is not None)
        if waiting is not None:
            words = (
                f"▲  {inert(waiting.given_by)} handed over "
                f"{clock_text(waiting.given_at, self._now())}, and nobody has taken it yet."
            )
        else:
            words = "G hands the shift over, with all that stands here."
        self.summary.setText(words)

    def _show(self) -> None:
        """Show the chosen page, scrolled where it was if it is the same one."""
        if self._page is None:
            return
        handover = self._chosen()
        page = self._page if handover is None else handover.page
        look = look_of(self._context.theme())
        self._context.background.call(
            lambda: as_html(page, handover, look=look, has_links=True, most=_MOST_SHOWN),
            partial(self._show_html, handover.id if handover is not None else None),
            self._fail,
            self,
        )

    def _show_html(self, number: int | None, html: str) -> None:
        """Show what was made, unless another one was chosen meanwhile."""
        chosen = self._chosen()
        if number != (chosen.id if chosen is not None else None) or html == self._html:
            return
        bar = self.browser.verticalScrollBar()
        place = bar.value()
        self._html = html
        self.browser.setHtml(html)
        bar.setValue(place)

    def _follow(self, link: QUrl) -> None:
        kind, _, number = link.toString().partition(":")
        navigator = self._context.navigator
        if not number.isdigit():
            return
        if kind == "server":
            navigator.open_server(int(number))
        elif kind == "incident":
            navigator.open_incident(int(number))
        elif kind == "alarm":
            show_alarms(navigator, self.window(), [int(number)])
        elif kind == "window":
            navigator.open_page("windows")
        elif kind == "delivery":
            navigator.open_page("recipients")

    def _ask_to_give(self) -> None:
        dialog = GiveDialog(self._context.asked_by, self)
        dialog.decided.connect(lambda: self._give(dialog))
        dialog.show_fitting()

    def _give(self, dialog: GiveDialog) -> None:
        store, now = self._context.store, self._now()
        giver, taker = dialog.giver.text(), dialog.taker.text()
        note = dialog.note.toPlainText()

        def work() -> Handover:
            page = read_page(store, now)
            return give(store, page, by=giver, now=now, note=note, taken_by=taker)

        def done(handover: Handover) -> None:
            dialog.accept()
            whom = f" to {handover.taken_by}" if handover.taken_by else "; nobody has it yet"
            self._context.navigator.say(f"Handed over{whom}.")

        self._context.background.call(
            work, done, lambda failure: dialog.show_trouble(failure.sentence), dialog
        )

    def _ask_to_take(self) -> None:
        waiting = self.waiting
        if waiting is not None:
            dialog = TakeDialog(waiting, self._context.asked_by, self)
            dialog.decided.connect(lambda: self._accept(waiting, dialog))
            dialog.show_fitting()

    def _accept(self, waiting: Handover, dialog: TakeDialog) -> None:
        store, now, name = self._context.store, self._now(), dialog.taker.text()

        def done(handover: Handover) -> None:
            dialog.accept()
            self._context.navigator.say(f"{handover.taken_by} has the shift now.")

        self._context.background.call(
            lambda: accept(store, waiting.id, by=name, now=now),
            done,
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog,
        )

    def _ask_to_export(self) -> None:
        if self._page is None:
            return
        handover = self._chosen()
        page = handover.page if handover is not None else self._page
        name = f"handover-{local_text(page.at)[:16].replace(' ', '-').replace(':', '')}.pdf"
        dialog = QFileDialog(self, "Write the handover", str(Path.home() / name), _FORMS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self._export(page, handover, Path(path)))
        dialog.open()

    def _export(self, page: HandoverPage, handover: Handover | None, path: Path) -> None:
        say = self._context.navigator.say
        self._context.background.call(
            lambda: write_handover(page, handover, path),
            say,
            lambda failure: say(failure.sentence),
            self,
        )

    def _ask_to_print(self) -> None:
        if self._page is not None:
            handover = self._chosen()
            page = handover.page if handover is not None else self._page
            print_handover(page, handover, self._context, self)


def _people(line: _Line) -> str:
    one = line.handover
    if one is None:
        return "what stands now"
    taker = inert(one.taken_by) if one.taken_at is not None else "nobody yet"
    return f"{inert(one.given_by)} → {taker}"
