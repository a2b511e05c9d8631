"""The dialog for the mail server that takes our messages."""

from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.desk.widgets.number_room import with_room
from noc_console.health.delivery.credential import TYPED
from noc_console.health.delivery.mail_server import USUAL_PORTS, MailServer, Security

_ABOUT = (
    "Every e-mail about an alarm is handed to this server, the same for all who are told. It holds"
    " for everybody who uses this store."
)
_WORDS = {
    Security.STARTTLS: "STARTTLS (usually port 587)",
    Security.TLS: "TLS from the start (usually port 465)",
    Security.NONE: "None (only on this machine or in a trusted network)",
}
_LOGIN_HINT = (
    "Kept in the keyring of this machine. Where the engine runs on another one, write where it lies"
    " there: file:/path or env:NAME."
)


class MailServerDialog(FormDialog):
    """Sets the mail server. `decided` asks for `server()` and `password`."""

    def __init__(self, before: MailServer | None, parent: QWidget | None) -> None:
        """Show what is set."""
        super().__init__("Mail server", _ABOUT, "&Save", parent)
        self._before = before
        self.host, self.from_, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.security, self.port, self.secret = QComboBox(), with_room(QSpinBox()), QLineEdit()
        for security, words in _WORDS.items():
            self.security.addItem(words, security)
        self.port.setRange(1, 65535)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_field("Ser&ver", self.host)
        self.add_field("&Encryption", self.security)
        self.add_field("&Port", self.port)
        self.add_field("Mail is &from", self.from_)
        self.add_field("&User", self.user, "Empty where the server asks for no login.")
        self.add_field("Pass&word", self.secret, _LOGIN_HINT)
        self.port.setValue(USUAL_PORTS[Security.STARTTLS])
        if before is not None:
            self._fill(before)
        self.security.currentIndexChanged.connect(lambda _: self._show_port())
        self.host.setFocus()

    def _fill(self, server: MailServer) -> None:
        self.host.setText(server.host)
        self.security.setCurrentIndex(self.security.findData(server.security))
        self.port.setValue(server.port)
        self.from_.setText(server.sender)
        self.user.setText(server.user)
        self.secret.setPlaceholderText("kept as it is" if server.secret else "")

    def _show_port(self) -> None:
        """Another encryption has another usual port; one that a person chose stays."""
        if self.port.value() in USUAL_PORTS.values():
            self.port.setValue(USUAL_PORTS[self.security.currentData()])

    @property
    def password(self) -> str:
        """The password that was typed, or where it lies; empty where that of before stays."""
        return self.secret.text()

    def server(self) -> MailServer:
        """Give the server as it is typed; its secret is put in by `saving`.

        Raises:
            InvalidMailServer: with what may be.
        """
        before, user = self._before, self.user.text().strip()
        kept = before.secret if before is not None else ""
        return MailServer(
            host=self.host.text().strip(),
            port=self.port.value(),
            security=self.security.currentData(),
            sender=self.from_.text().strip(),
            user=user,
            secret=(TYPED if self.password else kept) if user else "",
        )
