"""The question about a host key that is unknown, changed or revoked.

The dialog only asks; who opened it places the order that `HostKeyDialog.order` describes.
"""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontDatabase, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.scrolled import Inside, let_scroll
from noc_console.fleet.asking import ACCEPT_HOST_KEY, REPLACE_HOST_KEY
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server

_LONGEST_NAME = 60
_WIDTH = 560
_SPACING = 12
_MARGINS = (20, 18, 20, 16)
"""Left, top, right and bottom."""
_HOST_KEY_FILES = {"ssh-ed25519": "ed25519", "ssh-rsa": "rsa", "rsa-sha2": "rsa", "ecdsa": "ecdsa"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKeyOrder:
    """The order that carries out a person's decision."""

    kind: str
    request: dict[str, Any]


def compare_command(algorithm: str) -> str:
    """Give what to type on the server’s own console to see its fingerprint (ssh-keygen(1), -l)."""
    short = next(
        (name for start, name in _HOST_KEY_FILES.items() if algorithm.startswith(start)), "ed25519"
    )
    return f"ssh-keygen -lf /etc/ssh/ssh_host_{short}_key.pub"


class HostKeyDialog(QDialog):
    """Shows the fingerprints and takes the decision. Esc always means: not now."""

    def __init__(self, server: Server, failure: Failure, parent: QWidget | None = None) -> None:
        """Ask about the key in `failure`, which `server` offered."""
        super().__init__(parent)
        self._server = server
        self._failure = failure
        # The key may be that of a jump server on the way: it is accepted for that address only.
        self._address = failure.address or server.address
        self._port = failure.port or server.port
        self._changed = failure.kind is FailureKind.HOST_KEY_CHANGED
        self._revoked = failure.kind is FailureKind.HOST_KEY_REVOKED
        self.typed_name = QLineEdit()
        self.accept_button = QPushButton()
        self.setWindowTitle(f"Host key of {server.name}")
        self._inside = Inside()
        self._answers = self._buttons()
        self._lay_out()

    def order(self) -> HostKeyOrder:
        """Give the order to place once the dialog was accepted."""
        return HostKeyOrder(
            kind=REPLACE_HOST_KEY if self._changed else ACCEPT_HOST_KEY,
            request={
                "address": self._address,
                "port": self._port,
                "key": self._failure.offered_key,
            },
        )

    def _lay_out(self) -> None:
        box = QVBoxLayout(self._inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_SPACING)
        headline = plain_label(self._headline(), name="headline")
        headline.setStyleSheet("font-size: 16px; font-weight: 700;")
        box.addWidget(headline)
        box.addWidget(plain_label(self._explanation(), name="explanation"))
        box.addLayout(self._figures())
        if self._failure.same_key_as:
            box.addWidget(plain_label(self._shared_key(), name="sharedKey"))
        if not self._revoked:
            box.addWidget(plain_label(self._advice(), name="advice"))
        if self._changed:
            box.addLayout(self._name_to_type())
        box.addStretch(1)
        area = QScrollArea()
        let_scroll(area, self._inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*_MARGINS)
        outer.setSpacing(_SPACING)
        outer.addWidget(area)
        outer.addWidget(self._answers)

    def sizeHint(self) -> QSize:
        """Give the height at which nothing scrolls."""
        left, top, right, bottom = _MARGINS
        high = self._inside.heightForWidth(_WIDTH - left - right)
        answers = self._answers.sizeHint().height() + _SPACING
        return QSize(_WIDTH, top + high + answers + bottom)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the size; only now the window's style says how high the fields are."""
        super().showEvent(event)
        fit_to_screen(self)

    def _headline(self) -> str:
        if self._revoked:
            return f"✖  The host key of {self._whose()} is revoked"
        if self._changed:
            return f"✖  The host key of {self._whose()} has CHANGED"
        return f"▲  Is this really {self._whose()}?"

    def _explanation(self) -> str:
        if self._revoked:
            return (
                "Your known_hosts file marks this key as revoked. Nothing was sent to the server."
                " Have its keys renewed; a revoked key cannot be accepted here."
            )
        if self._changed:
            return (
                "The server shows another key than the one that was accepted. Somebody may be"
                " between you and the server, or it was installed anew. Nothing was sent to it and"
                " nothing will be until a person replaces the key."
            )
        return (
            "Nobody here has accepted this server’s key yet. Nothing was sent to it. Compare the"
            " fingerprint with one from a source you trust before you accept it."
        )

    def _figures(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        failure = self._failure
        form.addRow("Address", plain_label(self._place(), name="address"))
        form.addRow("Algorithm", plain_label(failure.algorithm or "unknown", name="algorithm"))
        if failure.known_fingerprint:
            form.addRow("Accepted key", _fingerprint(failure.known_fingerprint, "Accepted key"))
        form.addRow("Key it shows now", _fingerprint(failure.fingerprint, "Key it shows now"))
        return form

    def _is_jump(self) -> bool:
        server = self._server
        return (self._address.lower(), self._port) != (server.address.lower(), server.port)

    def _whose(self) -> str:
        return self._address if self._is_jump() else self._server.name

    def _place(self) -> str:
        place = f"{self._address}, port {self._port}"
        if not self._is_jump():
            return place
        return f"{place}. This is a jump on the way to {self._server.name}."

    def _shared_key(self) -> str:
        names = ", ".join(self._failure.same_key_as)
        return (
            f"The same key is also the key of: {names}. That is so when servers were copied from"
            " one image, or when two names lead to one server. Give each server keys of its own."
        )

    def _advice(self) -> str:
        return (
            "To compare, type this on the server’s own console (not over this connection):\n"
            f"{compare_command(self._failure.algorithm)}"
        )

    def _name_to_type(self) -> QFormLayout:
        form = QFormLayout()
        self.typed_name.setAccessibleName("Name of the server, to replace its key")
        self.typed_name.setPlaceholderText(self._server.name)
        self.typed_name.textChanged.connect(self._weigh_name)
        words = f"Type {inert(self._server.name, _LONGEST_NAME)} to replace the key"
        form.addRow(plain_label(words, wraps=False), self.typed_name)
        return form

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(self)  # Qt keeps the default button only of one in the dialog
        not_now = buttons.addButton("Not &now", QDialogButtonBox.ButtonRole.RejectRole)
        not_now.setDefault(True)
        not_now.setFocus()
        buttons.rejected.connect(self.reject)
        if self._revoked:
            not_now.setText("&Close")
            return buttons
        self.accept_button.setText("&Replace the key" if self._changed else "&Accept this key")
        self.accept_button.setEnabled(not self._changed and bool(self._failure.offered_key))
        buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        return buttons

    def _weigh_name(self, typed: str) -> None:
        self.accept_button.setEnabled(
            typed.strip() == self._server.name and bool(self._failure.offered_key)
        )


def _fingerprint(fingerprint: str, accessible_name: str) -> QLineEdit:
    field = QLineEdit(fingerprint)
    field.setReadOnly(True)
    field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    field.setAccessibleName(accessible_name)
    field.setCursorPosition(0)
    return field
