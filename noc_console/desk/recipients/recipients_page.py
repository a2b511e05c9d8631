"""The page that says who is told of alarms, in which order, and what came of each message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.recipients import page_columns
from noc_console.desk.recipients.page_deeds import PageDeeds
from noc_console.desk.recipients.recipient_words import in_order, untold_text
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.delivery.delivery import Delivery, DeliveryState
from noc_console.health.delivery.delivery_records import list_deliveries
from noc_console.health.delivery.mail_server import MailServer, read_mail_server
from noc_console.health.delivery.recipient import Recipient, Way, untold_hours
from noc_console.health.delivery.recipient_records import list_recipients
from noc_console.health.verdict import Verdict
from noc_console.store.store import Store

Row = TypeVar("Row")

_AGES_EVERY_MS = 10_000
_FEWEST_ROWS = 5
"""The head and four: on a low screen the messages give way."""
_ABOUT = (
    "An alarm that nobody at a desk acknowledges or claims is told to these, in this order, until"
    " somebody takes it up; its end is told to those who heard of it."
)
_NOBODY = (
    "Alarms are shown at the desks only: nobody who is away hears of one. Add a person, a chat or a"
    " phone, then send a test."
)
_DECIDED = frozenset({DeliveryState.IN_DOUBT, DeliveryState.GIVEN_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    recipients: tuple[Recipient, ...]
    deliveries: tuple[Delivery, ...]
    mail_server: MailServer | None
    untold: str


class RecipientsPage(QWidget):
    """Read in the background whenever it changes while it is shown."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show that it is being read."""
        super().__init__()
        self._context = context
        self._now = now
        self.setAccessibleName("Who is told")
        look = context.theme().look
        self.people = RowsModel(page_columns.of_recipients(), self)
        self.messages = RowsModel(page_columns.of_deliveries(look, now), self)
        self.people_view = table_of(self.people, "Who is told")
        self.messages_view = table_of(self.messages, "Messages")
        self.about, self.warning = QLabel(_ABOUT), QLabel()
        self.no_message = QLabel("No message was sent yet: send a test to each (Ctrl+Shift+T).")
        self._log = QWidget()
        self._deeds = PageDeeds(context, self, self.read, now)
        self.actions_of_page: dict[str, QAction] = {}
        self._buttons: dict[str, QPushButton] = {}
        self._stack = QStackedWidget()
        self._panel: StatePanel | None = None
        self._make_actions()
        self._lay_out()
        self._join()
        self._log.hide()
        self.no_message.hide()
        self._show_panel("Reading …", "Who is told of alarms is being read.", {})
        self.read()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what holds now."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Read everything anew."""
        store, now = self._context.store, self._now()
        self._context.background.call(
            lambda: _read(store, now), self._show, self._show_failure, self
        )

    @property
    def chosen(self) -> Recipient | None:
        """The recipient whose row is chosen."""
        return _chosen(self.people_view, self.people.rows)

    @property
    def chosen_message(self) -> Delivery | None:
        """The message whose row is chosen."""
        return _chosen(self.messages_view, self.messages.rows)

    def _make_actions(self) -> None:
        deeds = self._deeds
        for key, words, keys, act in (
            ("add", "&Add…", "Ins", deeds.add),
            ("edit", "&Change…", "Return Enter", lambda: deeds.edit(self.chosen)),
            ("remove", "&Remove…", "Del", lambda: deeds.ask_to_remove(self.chosen)),
            ("test", "Send a &test", "Ctrl+Shift+T", lambda: deeds.test(self.chosen)),
            ("mail", "&Mail server…", "Ctrl+M", deeds.set_mail_server),
            ("again", "S&end again", "Ctrl+R", lambda: deeds.send_again(self.chosen_message)),
            ("leave", "&Leave it", "Ctrl+Shift+L", lambda: deeds.leave(self.chosen_message)),
        ):
            action = QAction(words, self)
            action.setShortcuts([QKeySequence(one) for one in keys.split()])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, act=act: act())
            home = self.people_view if key in {"edit", "remove"} else self
            home.addAction(action)
            self.actions_of_page[key] = action
            button = QPushButton(words)
            button.setToolTip(f"{words.replace('&', '')} ({keys.split()[0]})")
            button.clicked.connect(action.trigger)
            action.enabledChanged.connect(button.setEnabled)
            self._buttons[key] = button

    def _lay_out(self) -> None:
        title, heading = QLabel("Who is told"), QLabel("Messages")
        title.setObjectName("pageTitle")
        heading.setObjectName("sectionTitle")
        for label in (self.about, self.no_message):
            label.setObjectName("faint")
        for label in (self.about, self.warning):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        top = QWidget()
        column = _column(title, self.about, self._row("add", "edit", "remove", "test", "mail"))
        self._stack.addWidget(self.people_view)
        row_height = self.people_view.verticalHeader().defaultSectionSize()
        self.people_view.setMinimumHeight(_FEWEST_ROWS * row_height)
        column.addWidget(self._stack, 1)
        column.addWidget(self.warning)
        column.addWidget(self.no_message)
        top.setLayout(column)
        below = _column(self._row("again", "leave", heading=heading))
        below.addWidget(self.messages_view, 1)
        self._log.setLayout(below)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(3)
        split.addWidget(top)
        split.addWidget(self._log)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 4)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.addWidget(split)
        self.setFocusProxy(self.people_view)
        self._order_tabs()

    def _order_tabs(self) -> None:
        first = [self._buttons[key] for key in ("add", "edit", "remove", "test", "mail")]
        second = [self._buttons[key] for key in ("again", "leave")]
        order = [*first, self.people_view, *second, self.messages_view]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _row(self, *keys: str, heading: QLabel | None = None) -> QWidget:
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        if heading is not None:
            box.addWidget(heading)
            box.addSpacing(12)
        for key in keys:
            box.addWidget(self._buttons[key])
        box.addStretch(1)
        return row

    def _join(self) -> None:
        live = self._context.live
        live.deliveries_changed.connect(self._read_if_shown)
        live.settings_changed.connect(self._read_if_shown)
        self._context.themes.changed.connect(lambda _: self._take_theme())
        for view in (self.people_view, self.messages_view):
            view.selectionModel().currentRowChanged.connect(lambda *_: self._wake())
        self.people_view.doubleClicked.connect(lambda _: self._deeds.edit(self.chosen))
        timer = QTimer(self)
        timer.setInterval(_AGES_EVERY_MS)
        timer.timeout.connect(self._read_if_shown)
        timer.start()
        self._wake()

    def _read_if_shown(self) -> None:
        if self.isVisible():
            self.read()

    def _show(self, found: _Found) -> None:
        self._show_warning(found)
        if found.recipients:
            self._drop_panel()
        else:
            self._show_panel("Nobody is told yet", _NOBODY, {"&Add somebody…": self._deeds.add})
        self.people.show_rows(found.recipients)
        self.messages.show_rows(found.deliveries)
        self.no_message.setVisible(bool(found.recipients) and not found.deliveries)
        self._log.setVisible(bool(found.deliveries))
        self.messages_view.viewport().update()
        goes = f"E-mail goes by {found.mail_server.text}." if found.mail_server else ""
        self.about.setText(f"{_ABOUT}{' ' + inert(goes) if goes else ''}")
        for view in (self.people_view, self.messages_view):
            fit_columns(view, widest=260)
            if not view.currentIndex().isValid():
                view.selectRow(0)
        self._wake()

    def _show_failure(self, failure: ConsoleError) -> None:
        self._show_panel("Who is told cannot be read", failure.sentence, {"&Try again": self.read})

    def _show_panel(
        self, title: str, sentence: str, buttons: dict[str, Callable[[], object]]
    ) -> None:
        self._drop_panel()
        self._panel = StatePanel(title, sentence, buttons)
        self._stack.addWidget(self._panel)
        self._stack.setCurrentWidget(self._panel)

    def _drop_panel(self) -> None:
        if self._panel is not None:
            self._stack.removeWidget(self._panel)
            self._panel.deleteLater()
            self._panel = None

    def _show_warning(self, found: _Found) -> None:
        needs_mail = any(one.way is Way.MAIL for one in found.recipients)
        words = found.untold if found.recipients else ""
        if needs_mail and found.mail_server is None:
            words = "No mail server is set, so no e-mail can go: set one (Ctrl+M)."
        self.warning.setText(f"▲  {words}" if words else "")
        self.warning.setAccessibleName(words)
        colour = self._context.theme().look.colours[Verdict.EARLY].name()
        self.warning.setStyleSheet(f"color: {colour}; font-weight: 600;")
        self.warning.setVisible(bool(words))

    def _take_theme(self) -> None:
        look = self._context.theme().look
        self.messages.columns = page_columns.of_deliveries(look, self._now)
        self.messages_view.viewport().update()
        self.read()

    def _wake(self) -> None:
        """Wake what can be done with what is chosen."""
        person, message = self.chosen, self.chosen_message
        for key in ("edit", "remove", "test"):
            self.actions_of_page[key].setEnabled(person is not None)
        is_open = message is not None and message.state in _DECIDED
        for key in ("again", "leave"):
            self.actions_of_page[key].setEnabled(is_open)


def _read(store: Store, now: datetime) -> _Found:
    recipients = list_recipients(store)
    return _Found(
        recipients=recipients,
        deliveries=tuple(in_order(list_deliveries(store))),
        mail_server=read_mail_server(store),
        untold=untold_text(untold_hours(recipients, Verdict.DOWN, now)),
    )


def _chosen(view: QTableView, rows: Sequence[Row]) -> Row | None:
    index = view.currentIndex()
    return rows[index.row()] if index.isValid() and index.row() < len(rows) else None


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    return column
