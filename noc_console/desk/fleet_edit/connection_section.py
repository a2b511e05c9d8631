"""The first section of the server dialog: where the server is and how we prove who we are."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QFileDialog,
    QLineEdit,
    QSpinBox,
)

from noc_console.desk.fleet_edit.field_rows import FieldRows, plain_button, side_by_side
from noc_console.desk.fleet_edit.server_form import Field, ServerForm
from noc_console.desk.widgets.number_room import with_room
from noc_console.fleet.server import Authentication, Server, ServerKind

AUTHENTICATION_WORDS = {
    Authentication.AGENT: "SSH agent",
    Authentication.KEY_FILE: "Key file",
    Authentication.PASSWORD: "Password",
    Authentication.KEYBOARD_INTERACTIVE: "Keyboard-interactive",
}
_WITH_SECRET = {
    Authentication.KEY_FILE: "Passphrase",
    Authentication.PASSWORD: "Password",
    Authentication.KEYBOARD_INTERACTIVE: "Password",
}
_STORED = "Empty: the one in the keyring, where there is one"
HIGHEST_PORT = 65535


class ConnectionSection(FieldRows):
    """Name, address, authentication and jumps."""

    def __init__(self, before: Server | None, others: Sequence[str]) -> None:
        """Make the fields; `others` are the servers that can be jumped over."""
        super().__init__("Connection")
        self._is_ssh = before is None or before.kind is ServerKind.SSH
        self.name = QLineEdit()
        self.address = QLineEdit()
        self.port = with_room(QSpinBox())
        self.port.setRange(1, HIGHEST_PORT)
        self.port.setAccessibleName("Port")
        self.user = QLineEdit()
        self.authentication = QComboBox()
        for way, words in AUTHENTICATION_WORDS.items():
            self.authentication.addItem(words, way)
        self.key_file = QLineEdit()
        self.key_file.setAccessibleName("Key file")
        self.certificate_file = QLineEdit()
        self.certificate_file.setAccessibleName("Certificate file")
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText(_STORED if before is not None else "")
        self.jumps = QLineEdit()
        self.jumps.setCompleter(QCompleter(list(others), self.jumps))
        self.tick_s = with_room(QSpinBox())
        self.tick_s.setRange(1, 3600)
        self.tick_s.setSuffix(" s")
        self.weak = QCheckBox("Allow &weak algorithms")
        self._add_rows()
        self.authentication.currentIndexChanged.connect(self._follow_authentication)
        self._follow_authentication()

    def _add_rows(self) -> None:
        self.add_field("&Name", self.name, field=Field.NAME)
        if self._is_ssh:
            self.add_field(
                "A&ddress",
                side_by_side(self.address, self.port),
                field=Field.ADDRESS,
                hint="Host name or IP address, and the port of SSH.",
            )
            self.address.setAccessibleName("Address")
            self.add_field(
                "&User", self.user, field=Field.USER, hint="Empty: the name you are logged in with."
            )
            self.add_field("Authent&ication", self.authentication)
            self._add_key_rows()
            self.add_field(
                "&Jumps",
                self.jumps,
                field=Field.JUMPS,
                hint="Names of servers to go through, nearest to you first, with commas between.",
            )
        self.add_field("Ti&ck", self.tick_s, hint="How often a sample is taken.")
        if self._is_ssh:
            self.add_wide(self.weak, hint="Only for servers too old for better ones.")

    def _add_key_rows(self) -> None:
        browse_key = plain_button("Browse…", "Browse for the key file")
        browse_key.clicked.connect(lambda: self._browse(self.key_file, "Choose the private key"))
        browse_certificate = plain_button("Browse…", "Browse for the certificate file")
        browse_certificate.clicked.connect(
            lambda: self._browse(self.certificate_file, "Choose the OpenSSH certificate")
        )
        self.add_field("&Key file", side_by_side(self.key_file, browse_key), field=Field.KEY_FILE)
        self.add_field(
            "Certi&ficate",
            side_by_side(self.certificate_file, browse_certificate),
            hint="Only where the servers trust a certificate authority.",
        )
        self.add_field(
            "&Passphrase", self.secret, hint="Goes to this computer’s keyring and nowhere else."
        )

    def fill(self, form: ServerForm) -> None:
        """Show a form."""
        self.name.setText(form.name)
        self.address.setText(form.address)
        self.port.setValue(form.port)
        self.user.setText(form.user)
        self.authentication.setCurrentIndex(self.authentication.findData(form.authentication))
        self.key_file.setText(form.key_file)
        self.certificate_file.setText(form.certificate_file)
        self.jumps.setText(form.jumps)
        self.tick_s.setValue(form.tick_s)
        self.weak.setChecked(form.allow_weak_algorithms)

    def chosen_authentication(self) -> Authentication:
        """Give the way chosen."""
        return Authentication(self.authentication.currentData())

    def _follow_authentication(self) -> None:
        way = self.chosen_authentication()
        self.set_row_visible(self.key_file, visible=way is Authentication.KEY_FILE)
        self.set_row_visible(
            self.certificate_file, visible=way in {Authentication.KEY_FILE, Authentication.AGENT}
        )
        self.set_row_visible(self.secret, visible=way in _WITH_SECRET)
        self.secret.setAccessibleName(_WITH_SECRET.get(way, "Secret"))
        self.rename_row(self.secret, f"&{_WITH_SECRET.get(way, 'Passphrase')}")

    def _browse(self, field: QLineEdit, title: str) -> None:
        start = Path(field.text().strip() or "~/.ssh").expanduser()  # which a dialog would hide
        chosen, _ = QFileDialog.getOpenFileName(self, title, str(start))
        if chosen:
            field.setText(chosen)
