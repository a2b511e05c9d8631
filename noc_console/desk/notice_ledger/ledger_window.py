"""The ledger of a notice as a window: what went where when, who approved it, what was kept.

GUI thread only; read in the background whenever the notice or a posting moves on.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.key_map import KeyMapDialog, keys_of
from noc_console.desk.look import Look
from noc_console.desk.notice_ledger.ledger_forms import forms_of_ledger
from noc_console.desk.notice_ledger.ledger_rows import (
    MOST_RECIPIENTS,
    RecipientRow,
    event_columns,
    head_words,
    posting_columns,
    promise_columns,
    recipient_columns,
    recipients_of,
    version_columns,
    whole_words,
)
from noc_console.desk.notice_ledger.ledger_tab import EMPTY, LedgerTab
from noc_console.desk.report_forms import export_forms
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.deed import Deed, Deeds
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import RowsModel, RowsView, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.notices.event_records import NoticeEvent
from noc_console.notices.ledger import Ledger, read_ledger
from noc_console.notices.posting import Posting
from noc_console.notices.promises import Promise
from noc_console.notices.version_records import Version

_SIZE = QSize(1180, 640)
_LOOK_AGAIN_MS = 1000
_Read = tuple[Ledger, list[RecipientRow]]


class LedgerWindow(QDialog):
    """One notice's ledger. F1 tells the keys, Esc closes."""

    def __init__(
        self,
        context: DeskContext,
        notice_id: int,
        parent: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Read it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._context = context
        self._notice_id = notice_id
        self._now = now
        self.ledger: Ledger | None = None
        self._asked = 0
        self.title, self.head, self.whole = (
            plain_label(name="pageTitle"),
            plain_label(),
            plain_label(),
        )
        self.postings: RowsModel[Posting] = RowsModel(
            posting_columns(self._look, lambda: self.ledger), self
        )
        self.recipients: RowsModel[RecipientRow] = RowsModel(recipient_columns(self._look), self)
        self.versions: RowsModel[Version] = RowsModel(version_columns(), self)
        self.promises: RowsModel[Promise] = RowsModel(promise_columns(self._look), self)
        self.events: RowsModel[NoticeEvent] = RowsModel(event_columns(), self)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._views: dict[str, RowsView] = {}
        self._fitted: set[int] = set()
        self._stack = QStackedWidget()
        self._state: StatePanel | None = None
        self.deeds = Deeds(self, self.tabs)
        self.deeds.add(*self._deeds())
        self._lay_out()
        self.tabs.currentChanged.connect(lambda _: self._fit_shown())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_AGAIN_MS)
        self._soon.timeout.connect(self.read)
        for signal in (context.live.postings_changed, context.live.notices_changed):
            signal.connect(self._read_soon)
        self.setWindowTitle(f"Ledger of notice {notice_id}")
        self._show_state("Reading the ledger …", "It is read from the store and checked.")
        self.resize(_SIZE.boundedTo(parent.window().size() - QSize(40, 40)))
        self.read()

    def read(self) -> None:
        """Read it anew; an answer to an earlier reading is dropped."""
        self._asked += 1
        asked, store, now = self._asked, self._context.store, self._now()

        def work() -> _Read:
            ledger = read_ledger(store, self._notice_id, now)
            return ledger, recipients_of(ledger)

        self._context.background.call(
            work,
            lambda found: self._show(*found) if asked == self._asked else None,
            self._refuse,
            self,
        )

    def _look(self) -> Look:
        return self._context.theme().look

    def _deeds(self) -> Sequence[Deed]:
        return (
            Deed(key="export", words="&Export…", keys="Ctrl+E", act=self.export),
            Deed(key="open", words="&Open the link", keys="Ctrl+O", act=self._open_link),
            Deed(key="copy", words="&Copy the hash", keys="Ctrl+Shift+C", act=self._copy_head),
            Deed(
                key="next",
                words="Next tab",
                keys="Ctrl+PgDown",
                act=lambda: self._step(1),
                has_button=False,
            ),
            Deed(
                key="before",
                words="Tab before",
                keys="Ctrl+PgUp",
                act=lambda: self._step(-1),
                has_button=False,
            ),
            Deed(key="keys", words="&Keys", keys="F1", act=self._show_keys),
        )

    def _lay_out(self) -> None:
        parts: tuple[tuple[str, RowsModel[Any]], ...] = (
            ("What &went where", self.postings),
            ("&Recipients", self.recipients),
            ("&Versions", self.versions),
            ("&Promises", self.promises),
            ("&All that befell it", self.events),
        )
        for (words, model), (title, why) in zip(parts, EMPTY, strict=True):
            view = table_of(model, words.replace("&", ""))
            self._views[words] = view
            self.tabs.addTab(LedgerTab(view, title, why(None)), words)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.title, self.head, self.whole):
            column.addWidget(part)
        column.addWidget(self.tabs, 1)
        column.addLayout(self.deeds.row())
        self._stack.addWidget(inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.addWidget(self._stack)

    def _show(self, ledger: Ledger, recipients: list[RecipientRow]) -> None:
        self.ledger = ledger
        title = inert(ledger.stored.notice.title) or "without title"
        self.title.setText(f"Notice {ledger.stored.id}: {title}")
        self.head.setText(head_words(ledger))
        self.whole.setText(whole_words(ledger))
        colour = "" if ledger.is_whole else self._look().colours[Verdict.DOWN].name()
        self.whole.setStyleSheet(f"color: {colour}; font-weight: 600;" if colour else "")
        self.postings.show_rows(ledger.postings)
        self.recipients.show_rows(recipients)
        self.versions.show_rows(ledger.versions)
        self.promises.show_rows(ledger.promises)
        self.events.show_rows(ledger.events)
        self._tell_empty(ledger)
        self._fitted.clear()
        self._fit_shown()
        everybody = sum(counts.total for counts in ledger.counts.values())
        more = (
            f" (first {MOST_RECIPIENTS:,} of {everybody:,})" if everybody > MOST_RECIPIENTS else ""
        )
        self.tabs.setTabText(1, f"&Recipients{more}")
        self._stack.setCurrentIndex(0)
        view = self._views["What &went where"]
        if not view.currentIndex().isValid():
            view.selectRow(0)

    def _tell_empty(self, ledger: Ledger) -> None:
        for place, (_, why) in enumerate(EMPTY):
            tab = self.tabs.widget(place)
            if isinstance(tab, LedgerTab):
                tab.tell(why(ledger), has_rows=tab.view.model().rowCount() > 0)

    def _fit_shown(self) -> None:
        """Measure the columns of the tab that is shown; each other one when it is."""
        place, tab = self.tabs.currentIndex(), self.tabs.currentWidget()
        if place not in self._fitted and isinstance(tab, LedgerTab):
            self._fitted.add(place)
            fit_columns(tab.view, widest=220)

    def _refuse(self, failure: ConsoleError) -> None:
        self._show_state("The ledger cannot be read", failure.sentence)

    def _show_state(self, title: str, sentence: str) -> None:
        if self._state is not None:
            self._stack.removeWidget(self._state)
            self._state.deleteLater()
        self._state = StatePanel(title, sentence, {"&Try again": self.read})
        self._stack.addWidget(self._state)
        self._stack.setCurrentWidget(self._state)

    def _read_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def export(self) -> None:
        """Ask for a file and write the ledger there."""
        if self.ledger is not None:
            export_forms(self._context, forms_of_ledger(self.ledger), self)

    def _open_link(self) -> None:
        index = self._views["What &went where"].currentIndex()
        link = self.postings.rows[index.row()].link if index.isValid() else ""
        if link.startswith(("https://", "http://")) and QUrl(link).isValid():
            QDesktopServices.openUrl(QUrl(link))
        else:
            self._context.navigator.say("The posting that is chosen has no link.")

    def _copy_head(self) -> None:
        if self.ledger is not None:
            QGuiApplication.clipboard().setText(self.ledger.head)
            self._context.navigator.say("The head of the ledger is copied: it proves all of it.")

    def _step(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())

    def _show_keys(self) -> None:
        dialog = KeyMapDialog({"Ledger": keys_of(self)}, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
