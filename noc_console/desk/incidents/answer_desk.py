"""The answer desk (Ctrl+L): a caller's site, name or mail address, and what may be said to them.

GUI thread only; the fleet's sites are taken in and asked in the background. It stays open beside
the window for as long as the call lasts.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server, Site
from noc_console.health.rules import verdict_now
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.answer_desk.answer import Answer, Standing, nothing_found
from noc_console.incidents.answer_desk.answering import answer_question
from noc_console.incidents.answer_desk.site_index import SiteIndex
from noc_console.incidents.times import clock_text

_SIZE, _FRAME = QSize(1040, 600), QSize(24, 48)
_SETTLE_MS = 60
_AGAIN_MS = 5000
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_SAID_SHOWN = 5
_HINT = "Type a customer's site, name or mail address."
_READING = "Taking in the sites of the fleet …"
_VERDICTS = {
    Standing.AFFECTED: Verdict.DOWN,
    Standing.TROUBLED: Verdict.CUT_OFF,
    Standing.MAINTENANCE: Verdict.IN_MAINTENANCE,
    Standing.NOT_AFFECTED: Verdict.OK,
    Standing.UNKNOWN: Verdict.UNKNOWN,
}


class AnswerDesk(QDialog):
    """Answers while letters are typed; Enter copies the text for the customer."""

    def __init__(
        self,
        context: DeskContext,
        parent: QWidget | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the fleet in, and wait for letters."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Answer a caller")
        self._context = context
        self._now = now
        self._index: SiteIndex | None = None
        self._is_indexing = False
        self._asking = OneAtATime(context.background, self._ask, self)
        self._is_stale = True
        self.asked = QLineEdit()
        self.model = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "Answers")
        self.words, self.said, self.copied = QLabel(_READING), QLabel(), QLabel()
        self.text = QPlainTextEdit()
        self.copy_button = QPushButton("&Copy the text (Enter)")
        self.server_button = QPushButton("&Open the server")
        self.incident_button = QPushButton("Open the &incident")
        self.site_button = QPushButton("Open the si&te")
        self._lay_out()
        self._join()
        self._take_in()

    def _columns(self) -> Sequence[Column[Answer]]:
        look = self._context.theme().look
        return (
            Column(
                title="Standing",
                text=lambda one: look.worded(_VERDICTS[one.standing], one.standing.value),
                colour=lambda one: look.colour(_VERDICTS[one.standing]),
            ),
            Column(
                title="Site",
                text=lambda one: inert(one.hit.site.domain) if one.hit.site else "–",
                stretch=True,
            ),
            Column(
                title="Customer",
                text=lambda one: inert(one.hit.site.customer) if one.hit.site else "",
            ),
            Column(title="Server", text=lambda one: inert(one.hit.server.name)),
            Column(
                title="Since",
                text=lambda one: clock_text(one.since, self._now()) if one.since else "–",
            ),
        )

    def _lay_out(self) -> None:
        self.asked.setPlaceholderText(_HINT)
        self.asked.setAccessibleName(_HINT)
        self.asked.setClearButtonEnabled(True)
        for label in (self.words, self.said, self.copied):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName("Answer")
        self.said.setObjectName("faint")
        self.copied.setObjectName("faint")
        self.text.setAccessibleName("Text for the customer")
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText("What may be said to the customer stands here.")
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * 6 + 18)
        row = QHBoxLayout()
        for button, tip in (
            (self.copy_button, "Copy the text for the customer (Enter)"),
            (self.server_button, "Open the server (Ctrl+O)"),
            (self.incident_button, "Open the incident (Ctrl+I)"),
            (self.site_button, "See in your browser what customers see (Ctrl+Shift+O)"),
        ):
            button.setAutoDefault(False)
            button.setToolTip(tip)
            row.addWidget(button)
        row.addWidget(self.copied, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(8)
        box.addWidget(self.asked)
        box.addWidget(self.table, 1)
        for part in (self.words, self.said, self.text):
            box.addWidget(part)
        box.addLayout(row)
        self.setMinimumSize(560, 420)

    def _join(self) -> None:
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._ask)
        self._again.start()
        self.asked.textChanged.connect(lambda _: self._settle.start())
        self.asked.installEventFilter(self)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_answer())
        self.copy_button.clicked.connect(self.copy_text)
        self.server_button.clicked.connect(self._open_server)
        self.incident_button.clicked.connect(self._open_incident)
        self.site_button.clicked.connect(self._open_site)
        live = self._context.live
        # Methods of its own, not lambdas: Qt lets them go when the desk is closed.
        live.fleet_changed.connect(self._take_in)
        for signal in (live.incidents_changed, live.states_changed):
            signal.connect(self._stir)
        for keys, words, act in (
            ("Ctrl+Return", "Copy the text for the customer", self.copy_text),
            ("Ctrl+O", "Open the server", self._open_server),
            ("Ctrl+I", "Open the incident", self._open_incident),
            ("Ctrl+Shift+O", "Open the site in your browser", self._open_site),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setWhatsThis(words)

    def open_beside(self) -> None:
        """Show it, ready for letters."""
        room = self.screen().availableSize() - _FRAME
        self.resize(_SIZE.boundedTo(room))
        self.show()
        self.raise_()
        self.activateWindow()
        self.asked.setFocus()
        self.asked.selectAll()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask nothing more."""
        self._again.stop()
        self._settle.stop()
        super().closeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows move in the answers, and Enter copy, while letters are typed."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.copy_text()
                return True
            step = _MOVES.get(Qt.Key(event.key()))
            if step is not None and self.model.rows:
                place = self.table.currentIndex().row() + step
                self.table.selectRow(max(0, min(place, len(self.model.rows) - 1)))
                return True
        return super().eventFilter(watched, event)

    @property
    def answer(self) -> Answer | None:
        """The answer that is chosen."""
        place = self.table.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def copy_text(self) -> None:
        """Put the text for the customer on the clipboard."""
        text = self.text.toPlainText().strip()
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.setText("Copied: paste it into the answer.")

    def _stir(self) -> None:
        self._settle.start()

    def _take_in(self) -> None:
        """Take the fleet in anew; the old index answers until then."""
        self._is_stale = True
        if self._is_indexing:
            return
        self._is_indexing, self._is_stale = True, False
        servers = tuple(self._context.live.servers)
        self._context.background.call(
            lambda: SiteIndex(servers), self._take_index, self._show_trouble, self
        )

    def _take_index(self, index: SiteIndex) -> None:
        self._is_indexing = False
        self._index = index
        self._ask()
        if self._is_stale:
            self._take_in()

    def _ask(self) -> None:
        asked, index = self.asked.text().strip(), self._index
        if index is None:
            return
        if not asked:
            self._show([], _HINT)
            return
        store, now, judge = self._context.store, self._now(), self._judge
        incidents = self._context.live.incidents

        def work() -> tuple[str, list[Answer]]:
            return asked, answer_question(store, index, asked, judge, now, incidents)

        self._asking.call(work, self._take_answers, self._show_trouble)

    def _judge(self, server: Server) -> Judgement | None:
        """Called in the background: it only looks values up."""
        live = self._context.live
        state = live.states.get(server.id)
        if state is None:
            return None
        return verdict_now(
            state.judgement,
            state.last_sample_at,
            server.tick_s,
            self._now(),
            is_watched=live.engine is not None,
        )

    def _take_answers(self, found: tuple[str, list[Answer]]) -> None:
        asked, answers = found
        if asked == self.asked.text().strip():
            self._show(answers, nothing_found(asked))
        else:
            self._ask()

    def _show_trouble(self, failure: ConsoleError) -> None:
        self._is_indexing = False
        self.words.setText(f"▲  {failure.sentence}")

    def _show(self, answers: Sequence[Answer], otherwise: str) -> None:
        before = self.answer
        self.model.show_rows(answers)
        fit_columns(self.table, widest=240)
        if not answers:
            self._show_nothing(otherwise)
            return
        hits = [one.hit for one in answers]
        place = hits.index(before.hit) if before is not None and before.hit in hits else 0
        if self.table.currentIndex().row() != place:
            self.table.selectRow(place)
        self._show_answer()

    def _show_nothing(self, words: str) -> None:
        self.words.setText(words)
        self.said.clear()
        self.text.clear()
        self._wake_buttons(None)

    def _show_answer(self) -> None:
        one = self.answer
        if one is None:
            return
        if self.words.text() != one.words:
            self.words.setText(one.words)
        said = [
            f"{clock_text(entry.at, self._now())}  {inert(entry.words)}"
            for entry in one.said[-_SAID_SHOWN:]
        ]
        self.said.setText(
            "Said so far:\n" + "\n".join(said) if said else "Nothing was said so far."
        )
        if self.text.toPlainText() != one.text and not self.text.hasFocus():
            self.text.setPlainText(one.text)
            self.copied.clear()
        self._wake_buttons(one)

    def _wake_buttons(self, one: Answer | None) -> None:
        self.copy_button.setEnabled(one is not None)
        self.server_button.setEnabled(one is not None)
        self.incident_button.setEnabled(one is not None and one.incident is not None)
        self.site_button.setEnabled(one is not None and site_address(one.hit.site).isValid())

    def _open_server(self) -> None:
        if self.answer is not None:
            self._context.navigator.open_server(self.answer.hit.server.id)

    def _open_incident(self) -> None:
        if self.answer is not None and self.answer.incident is not None:
            self._context.navigator.open_incident(self.answer.incident.id)

    def _open_site(self) -> None:
        address = site_address(self.answer.hit.site if self.answer is not None else None)
        if address.isValid():
            QDesktopServices.openUrl(address)
            self.copied.setText(f"Opened in your browser: {address.toDisplayString()}")


def site_address(site: Site | None) -> QUrl:
    """Give where a site is on the web; not valid where there is none, or its name is no host's."""
    address = QUrl()
    if site is not None:
        address.setScheme("https")
        address.setHost(site.domain, QUrl.ParsingMode.StrictMode)
        address.setPath("/")
    return address if address.host() else QUrl()
