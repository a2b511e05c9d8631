"""Add, copy or edit one server: sections, the sentence at its field, the connection test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.fleet_edit.connection_section import ConnectionSection
from noc_console.desk.fleet_edit.field_rows import FieldRows, plain_button
from noc_console.desk.fleet_edit.host_key_dialog import HostKeyDialog
from noc_console.desk.fleet_edit.more_sections import (
    CustomersSection,
    ExpectationsSection,
    NotesSection,
)
from noc_console.desk.fleet_edit.server_form import FieldProblem, ServerForm, form_of, read_form
from noc_console.desk.fleet_edit.steps_panel import StepsPanel
from noc_console.desk.order_watch import OrderWatch
from noc_console.desk.widgets.dialog_frame import answer_buttons
from noc_console.desk.widgets.in_slices import InSlices
from noc_console.desk.widgets.off_thread import OffThread
from noc_console.errors import ConsoleError
from noc_console.fleet.asking import TEST_CONNECTION
from noc_console.fleet.failure import Failure
from noc_console.fleet.serial import failure_from_json, server_to_json
from noc_console.fleet.server import Server, ServerKind
from noc_console.fleet.server_saving import (
    Secret,
    as_named,
    forget_aside,
    put_aside,
    save_server,
)
from noc_console.store.orders import Order, OrderState
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogColours:
    """The few colours the dialog itself needs, as `#rrggbb`."""

    passed: str
    failed: str


class ServerDialog(QDialog):
    """Makes or changes one server. Enter saves, Esc closes; Ctrl+T tests the connection."""

    saved = Signal(object)
    """The `Server` as it is in the store."""

    def __init__(
        self,
        before: Server | None,
        servers: Sequence[Server],
        *,
        store: Store,
        background: OffThread,
        asked_by: str,
        colours: DialogColours,
        parent: QWidget | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Edit `before`, copy it when it has no id, or add a server when it is None.

        `servers` are all there are.
        """
        super().__init__(parent)
        self._before = before
        self._store = store
        self._background = background
        self._now = now
        self._is_edit = before is not None and bool(before.id)
        self._tested: Server | None = None
        self._aside: Server | None = None
        self._testing = False
        self._names = tuple(server.name for server in servers)
        own = before.name if before is not None and self._is_edit else ""
        others = sorted(name for name in self._names if name != own)
        self.connection = ConnectionSection(before, others)
        self.expectations = ExpectationsSection()
        self.customers = CustomersSection(others)
        self.notes = NotesSection()
        self.steps = StepsPanel({True: colours.passed, False: colours.failed})
        self.test_button = plain_button("&Test connection")
        self.key_button = plain_button("Review &host key…")
        self.save_button = QPushButton("&Save" if self._is_edit else "&Add server")
        self._trouble = QLabel()
        self._watch = OrderWatch(store, background, asked_by, self, now)
        self._failure: Failure | None = None
        self.setWindowTitle(_title(before))
        self._lay_out()
        self._join()
        self._fill(before)
        self._other_tabs = InSlices(self, map(self._add_tab_of, self._sections()[1:]))

    def _add_tab_of(self, section: FieldRows) -> Callable[[], object]:
        return lambda: self.tabs.addTab(section, section.title)

    def sizeHint(self) -> QSize:
        """Give a size at which the connection section needs no scrolling."""
        return QSize(1040, 660)

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.addTab(self.connection, self.connection.title)
        self.tabs.setDocumentMode(True)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 8, 0, 0)
        column.addWidget(self.steps, 1)
        row = QHBoxLayout()
        row.addWidget(self.test_button)
        row.addWidget(self.key_button)
        row.addStretch(1)
        column.addLayout(row)
        self.key_button.setVisible(False)
        side.setVisible(self._is_ssh())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tabs)
        split.addWidget(side)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        self._trouble.setWordWrap(True)
        self._trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._trouble.setVisible(False)
        self._trouble.setObjectName("problem")
        buttons = answer_buttons(self, self.save_button, self._save)
        box = QVBoxLayout(self)
        box.addWidget(split, 1)
        box.addWidget(self._trouble)
        box.addWidget(buttons)

    def _join(self) -> None:
        self.test_button.clicked.connect(self._test_or_cancel)
        self.key_button.clicked.connect(self._review_key)
        QShortcut(QKeySequence("Ctrl+T"), self, self.test_button.click)
        self._watch.step_arrived.connect(self._show_step)
        self._watch.closed.connect(self._end_order)
        self._watch.failed.connect(self._end)

    def _sections(self) -> tuple[FieldRows, ...]:
        return (self.connection, self.expectations, self.customers, self.notes)

    def _is_ssh(self) -> bool:
        return self._before is None or self._before.kind is ServerKind.SSH

    def _fill(self, before: Server | None) -> None:
        form = form_of(before) if before else form_of(Server(name="new", address="new"))
        for section in (self.connection, self.expectations, self.customers, self.notes):
            section.fill(form)
        if before is None:
            self.connection.name.clear()
            self.connection.address.clear()
        elif not self._is_edit:
            self.connection.name.setText(free_name(before.name, self._names))
            self.connection.name.selectAll()
        self.connection.name.setFocus()

    def form(self) -> ServerForm:
        """Give the form as it is typed now."""
        fields = self.connection
        return ServerForm(
            name=fields.name.text(),
            address=fields.address.text(),
            port=fields.port.value(),
            user=fields.user.text(),
            authentication=fields.chosen_authentication(),
            key_file=fields.key_file.text(),
            certificate_file=fields.certificate_file.text(),
            jumps=fields.jumps.text(),
            groups=self.notes.groups.text(),
            notes=self.notes.notes.toPlainText(),
            services=self.expectations.services.toPlainText(),
            checks=self.expectations.read_checks(),
            brand=self.customers.brand.text(),
            sites=self.customers.read_sites(),
            partner=str(self.customers.partner.currentData()),
            tick_s=fields.tick_s.value(),
            allow_weak_algorithms=fields.weak.isChecked(),
        )

    def read(self) -> Server | None:
        """Give the server as typed, or None after putting a sentence at the field that is wrong."""
        self._other_tabs.finish()
        for section in self._sections():
            section.clear_problems()
        self._trouble.setVisible(False)
        try:
            return read_form(self.form(), self._before, self._names)
        except FieldProblem as problem:
            for section in self._sections():
                if section.has(problem.field):
                    self.tabs.setCurrentWidget(section)
                    section.show_problem(problem.field, problem.sentence)
            return None

    @property
    def trouble(self) -> str:
        """The sentence on why it could not be saved, or nothing."""
        return "" if self._trouble.isHidden() else self._trouble.text()

    @property
    def is_testing(self) -> bool:
        """Whether a connection test is under way."""
        return self._testing

    def secret(self) -> Secret | None:
        """Give the password or passphrase typed, or None when none was."""
        return Secret.typed(self.connection.chosen_authentication(), self.connection.secret.text())

    def _save(self) -> None:
        server = self.read()
        if server is None:
            return
        before, secret, now = self._before, self.secret(), self._now()
        self.save_button.setEnabled(False)
        self._background.call(
            lambda: save_server(self._store, before, server, secret, now),
            self._close_saved,
            self._show_trouble,
            self,
        )

    def _close_saved(self, server: Server) -> None:
        self.saved.emit(server)
        self.accept()

    def _show_trouble(self, failure: ConsoleError) -> None:
        self.save_button.setEnabled(True)
        self._trouble.setText(f"✖  {failure.sentence}")
        self._trouble.setVisible(True)

    def _test_or_cancel(self) -> None:
        if self._testing:
            self._watch.cancel()
            self._end("The test was cancelled.")
            return
        server = self.read()
        if server is None:
            self.steps.clear()  # those of what was typed before would seem to be of this
        else:
            self._test(server)

    def _test(self, server: Server) -> None:
        self._testing = True
        self._tested = server
        self._failure = None
        self.key_button.setVisible(False)
        self.steps.start()
        self.test_button.setText("&Cancel test")
        before, secret = self._before, self.secret()
        self._background.call(
            lambda: put_aside(server, before, secret),
            self._place_test,
            lambda failure: self._end(failure.sentence),
            self,
        )

    def _place_test(self, aside: Server) -> None:
        self._aside = aside
        if self._testing:
            self._watch.place(TEST_CONNECTION, {"server": server_to_json(aside)}, aside.id or None)

    def _show_step(self, progress: Mapping[str, Any]) -> None:
        sentence = as_named(str(progress.get("sentence", "")))
        self.steps.show_step({**progress, "sentence": sentence})

    def _end_order(self, order: Order) -> None:
        outcome: Mapping[str, Any] = order.outcome or {}
        sentence = str(outcome.get("sentence", ""))
        if order.state is not OrderState.DONE:
            self._end(sentence or "The engine withdrew this; try again.")
        elif order.kind == TEST_CONNECTION:
            self._end_test(outcome)
        elif self._tested is not None:
            self._test(self._tested)

    def _end_test(self, outcome: Mapping[str, Any]) -> None:
        raw = outcome.get("failure")
        if outcome.get("ok") or raw is None:
            spare = "The connection works." if outcome.get("ok") else "The test failed."
            self._end(str(outcome.get("sentence") or spare))
            return
        self._failure = failure_from_json(raw)
        self._end(self._failure.sentence)
        if self._failure.is_host_key:
            self.key_button.setVisible(True)
            self.key_button.setFocus()

    def _end(self, words: str) -> None:
        self._testing = False
        self.steps.end(as_named(words))
        self.test_button.setText("&Test connection")

    def _review_key(self) -> None:
        if self._failure is None or self._tested is None:
            return
        question = HostKeyDialog(self._tested, self._failure, self)
        question.accepted.connect(lambda: self._decide(question))
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _decide(self, question: HostKeyDialog) -> None:
        order = question.order()
        self.key_button.setVisible(False)
        self._watch.place(order.kind, order.request)

    def done(self, result: int) -> None:
        """Withdraw a test that is still under way, forget its secret, then close."""
        if self._watch.is_running:
            self._watch.cancel()
        aside, self._aside = self._aside, None
        if aside is not None:
            self._background.call(lambda: forget_aside(aside), lambda _: None, lambda _: None, self)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close as Cancel does."""
        self.done(int(QDialog.DialogCode.Rejected))
        super().closeEvent(event)


def free_name(name: str, taken: Sequence[str]) -> str:
    """Give the name of a copy: the original's with the first number that is free."""
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"


def _title(before: Server | None) -> str:
    if before is None:
        return "Add a server"
    return f"Edit {before.name}" if before.id else f"Add a copy of {before.name}"
