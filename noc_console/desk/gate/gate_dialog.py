"""The gate as a dialog: first the questions, then the watching. Esc always means: not now.

GUI thread only; the store and the keyring are asked in the background.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.gate.ask_panel import AskPanel
from noc_console.desk.gate.follower import Follower
from noc_console.desk.gate.watch_panel import WatchPanel
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.secrets import SecretKind, put_secret
from noc_console.fleet.server import Server
from noc_console.incidents.gate.gate import ActKind, GateAct, sudo_entry
from noc_console.incidents.gate.gate_asking import (
    Known,
    Progress,
    ask,
    ask_to_look,
    look_of,
    read_known,
)

_WIDTH, _HEIGHT = 720, 620
_SUDO = "sudo"


class GateDialog(QDialog):
    """One reboot or restart of one server."""

    def __init__(
        self,
        context: DeskContext,
        server: Server,
        kind: ActKind,
        parent: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Ask; what the store and the server tell comes in meanwhile."""
        super().__init__(parent)
        self._context = context
        self._server = server
        self._kind = kind
        self._now = now
        self.asking = AskPanel(server, kind)
        self.watching = WatchPanel(context.theme().look)
        self.ask_area = QScrollArea()
        self.ask_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are reached
        self.pages = QStackedWidget()
        self.lacks = QLabel()
        self.go_button, self.sudo_button = QPushButton(), QPushButton("&Keep the sudo password…")
        self.close_button = QPushButton("Not &now")
        self.last_button = QPushButton("&Last time…")
        self._last: GateAct | None = None
        self._looking = Follower(context.store, context.background, self)
        self._following = Follower(context.store, context.background, self)
        self._lay_out()
        self._join()
        context.background.call(
            lambda: read_known(context.store, server, now()), self._take_known, self._fail, self
        )

    def _lay_out(self) -> None:
        name = inert(self._server.name)
        is_reboot = self._kind is ActKind.REBOOT
        self.setWindowTitle(f"Reboot {name}" if is_reboot else f"Restart a service on {name}")
        self.go_button.setText(f"&Reboot {name}" if is_reboot else "&Restart the service")
        every = (self.go_button, self.sudo_button, self.close_button, self.last_button)
        for button in every:
            button.setAutoDefault(False)  # Return in a line goes on to the next, and closes nothing
        self.lacks.setObjectName("faint")
        buttons = QDialogButtonBox()
        buttons.addButton(self.sudo_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.last_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.go_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.last_button.hide()
        self.sudo_button.hide()  # a button box shows what it is given
        buttons.rejected.connect(self.reject)
        self.ask_area.setWidget(self.asking)
        self.ask_area.setWidgetResizable(True)
        self.ask_area.setFrameShape(QFrame.Shape.NoFrame)
        self.ask_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pages.addWidget(self.ask_area)
        self.pages.addWidget(self.watching)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 16)
        box.setSpacing(12)
        box.addWidget(self.pages, 1)
        box.addWidget(self.lacks)
        box.addWidget(buttons)
        self._weigh()
        self.asking.setFocus()

    def _join(self) -> None:
        self.asking.changed.connect(self._weigh)
        self.go_button.clicked.connect(self._go)
        self.sudo_button.clicked.connect(self._ask_sudo)
        self.last_button.clicked.connect(self._show_last)
        self.asking.typed_name.returnPressed.connect(self.go_button.click)
        self.asking.reason.returnPressed.connect(self.asking.typed_name.setFocus)
        self._looking.progressed.connect(self._take_look)
        self._looking.failed.connect(lambda sentence: self.asking.show_look(None, sentence))
        self._following.progressed.connect(self._take_progress)
        self._following.failed.connect(self._take_refusal)
        self.finished.connect(self._leave)

    def sizeHint(self) -> QSize:
        """Give room for the steps and the comparison, which come later."""
        return super().sizeHint().expandedTo(QSize(_WIDTH, _HEIGHT))

    @property
    def is_watching(self) -> bool:
        """Whether the questions are over."""
        return self.pages.currentWidget() is self.watching

    def watch(self, order_id: int) -> None:
        """Follow what is under way already."""
        self._show_watching()
        self._following.follow(order_id)

    def _take_known(self, known: Known) -> None:
        if known.under_way is not None:
            self.watch(known.under_way.order_id)
            return
        self.asking.show_known(known, self._now())
        self._last = known.acts[0] if known.acts else None
        self.last_button.setVisible(self._last is not None)
        context, server, now = self._context, self._server, self._now()
        self._looking.place(lambda: ask_to_look(context.store, server, context.asked_by, now))

    def _show_last(self) -> None:
        """Show how it went last time, and come back to the questions by the same button."""
        if self._last is None:
            return
        shows_last = not self.is_watching
        if shows_last:
            self.watching.show_act(self._last)
        self.pages.setCurrentWidget(self.watching if shows_last else self.ask_area)
        self.last_button.setText("&Back" if shows_last else "&Last time…")
        self.go_button.setVisible(not shows_last)
        self.lacks.setVisible(not shows_last)

    def _fail(self, failure: ConsoleError) -> None:
        self.asking.affected.setText(inert(failure.sentence))

    def _take_look(self, progress: Progress) -> None:
        if progress.is_over:
            self.asking.show_look(look_of(progress.order), progress.sentence)

    def _weigh(self) -> None:
        self.go_button.setEnabled(self.asking.is_complete)
        self.lacks.setText(self.asking.lacks)

    def _go(self) -> None:
        if not self.asking.is_complete:
            return
        wish, now = self.asking.wish(), self._now()
        context, server = self._context, self._server
        self._looking.withdraw()
        self._show_watching()
        self._following.place(lambda: ask(context.store, server, wish, context.asked_by, now))

    def _show_watching(self) -> None:
        self.last_button.hide()
        self.watching.clear()
        self.pages.setCurrentWidget(self.watching)
        self.go_button.hide()
        self.lacks.hide()
        self.close_button.setText("&Close")
        self.watching.setFocus()

    def _take_progress(self, progress: Progress) -> None:
        self.watching.show_progress(progress)
        if progress.is_over:
            self.sudo_button.setVisible(
                _SUDO in progress.sentence and "keyring" in progress.sentence
            )

    def _take_refusal(self, sentence: str) -> None:
        self.watching.say_trouble(sentence)

    def _ask_sudo(self) -> None:
        name = inert(self._server.name)
        words, agreed = QInputDialog.getText(
            self,
            "sudo password",
            f"The password that sudo asks on {name}. It is kept in this computer’s keyring, where"
            " the engine finds it if it runs here as you.",
            QLineEdit.EchoMode.Password,
        )
        if agreed and words:
            self.keep_sudo(words)

    def keep_sudo(self, password: str) -> None:
        """Keep the password in the keyring, in the background."""
        entry = sudo_entry(self._server)
        self._context.background.call(
            lambda: put_secret(entry, SecretKind.SUDO_PASSWORD, password),
            lambda _: self._kept(),
            lambda failure: self.watching.say_trouble(failure.sentence),
            self,
        )

    def _kept(self) -> None:
        self.sudo_button.hide()
        self.watching.say_trouble(
            "The password is in the keyring. Nothing was done to the server yet: close this and ask"
            " again."
        )

    def _leave(self) -> None:
        """What was only to be looked at is withdrawn; what was begun goes on."""
        self._looking.withdraw()
        self._following.stop()
        QTimer.singleShot(0, self, self.deleteLater)
