"""Signs an audit: what is signed, what stands against it, with which key. GUI thread only.

What takes time is done by whoever opened it (`sign_deeds`), elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.audit.may_sign import Obstacle
from noc_console.audit.sealing import AUDITOR
from noc_console.audit.signing_keys import KeyAtHand
from noc_console.desk.audit.sign_reading import ToSign
from noc_console.desk.look import Look
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import clock_text

_WIDTH = 760
_ROWS_SHOWN = 9
_MORE = 100
_OTHER = "Another file…"
_WAITS = "The key is asked; touch it or unlock it if it waits for you …"


class SignDialog(QDialog):
    """Shows `ToSign`; `decided` says that a person wants it signed with `key` and `passphrase`.

    Where `keep` is checked the passphrase is kept for the next time.
    """

    decided = Signal()
    file_named = Signal(str)
    """A path, of which it is to be read whether it wants a passphrase."""
    finding_wanted = Signal(object)
    """The key of the finding that stands against it: (server, check, item)."""

    def __init__(self, to_sign: ToSign, now: datetime, look: Look, parent: QWidget | None) -> None:
        """Show it; what cannot be signed says why and has no button to sign."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._to_sign = to_sign
        self._look = look
        self._keys: list[KeyAtHand] = list(to_sign.keys)
        self._named = ""
        is_auditor = to_sign.role == AUDITOR
        audit = to_sign.audit
        self.setWindowTitle("Sign the audit" if is_auditor else "Counter-sign the audit")
        revision = f", revision {audit.revision}" if audit.revision > 1 else ""
        self.title = plain_label(f"Audit of {audit.month}{revision}: {inert(audit.scope)}")
        self.title.setObjectName("sectionTitle")
        self.holds = plain_label(to_sign.holds)
        self.signed = plain_label(
            "\n".join(
                f"Signed by {inert(one.by)} as its {one.role}, {clock_text(one.at, now)}."
                for one in to_sign.signatures
            )
        )
        self.signed.setVisible(bool(to_sign.signatures))
        self.verdict = plain_label()
        self.rows: RowsModel[Obstacle] = RowsModel(_columns(), self)
        self.table = table_of(self.rows, "What stands against signing, Enter opens it")
        self.unseen = plain_label(_unseen_words(to_sign.unseen))
        self.unseen.setObjectName("faint")
        self.unseen.setVisible(bool(to_sign.unseen) and not to_sign.refused)
        self.keys, self.file, self.passphrase = QComboBox(), QLineEdit(), QLineEdit()
        self.keep = QCheckBox("Keep it in the system’s keyr&ing")
        self.browse = QPushButton("&Browse…")
        self.trouble = plain_label()
        self.trouble.hide()
        self.button = QPushButton("&Sign" if is_auditor else "Counter-&sign")
        self._lay_out()
        self._join()
        self._show_state()

    def _lay_out(self) -> None:
        self.setMinimumWidth(_WIDTH)
        self.keys.setAccessibleName("Key")
        self.file.setAccessibleName("File of the key")
        self.passphrase.setAccessibleName("Passphrase of the key")
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText("empty: the one that was kept in the keyring")
        self.file.setPlaceholderText("~/.ssh/id_ed25519")
        for key in self._keys:
            self.keys.addItem(key.words)
        self.keys.addItem(_OTHER)
        self._fields = QWidget()
        self.form = QFormLayout(self._fields)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(10)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        beside = QHBoxLayout()
        beside.addWidget(self.file, 1)
        beside.addWidget(self.browse)
        self._file_row = QWidget()
        self._file_row.setLayout(beside)
        beside.setContentsMargins(0, 0, 0, 0)
        who = plain_label(inert(self._to_sign.by))
        self.form.addRow("You sign as", who)
        self.form.addRow(_name("&Key", self.keys), self.keys)
        self.form.addRow(_name("&File", self.file), self._file_row)
        self.form.addRow(_name("&Passphrase", self.passphrase), self.passphrase)
        self.form.addRow("", self.keep)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.addButton(self.button, QDialogButtonBox.ButtonRole.AcceptRole)
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(10)
        parts: tuple[QWidget, ...] = (
            *(self.title, self.holds, self.signed, self.verdict, self.table),
            *(self.unseen, self._fields, self.trouble),
        )
        for part in parts:
            box.addWidget(part, _MORE if part is self.table else 0)
        box.addStretch(1)
        box.addWidget(self.buttons)
        self.button.setDefault(True)

    def _join(self) -> None:
        self.buttons.accepted.connect(self._decide)
        self.buttons.rejected.connect(self.reject)
        self.table.activated.connect(lambda _: self._open_finding())
        self.keys.currentIndexChanged.connect(lambda _: self._show_key())
        self.file.editingFinished.connect(self._name_file)
        self.browse.clicked.connect(self._browse)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self, self.button.click)
        shortcut.setWhatsThis("Sign")

    @property
    def key(self) -> KeyAtHand:
        """The key that is chosen; none that could sign while a file is still to be named."""
        place = self.keys.currentIndex()
        return self._keys[place] if self._has_key else KeyAtHand(name="", fingerprint="")

    @property
    def _has_key(self) -> bool:
        return 0 <= self.keys.currentIndex() < len(self._keys)

    def show_fitting(self) -> None:
        """Show it at the size it needs, the first thing to do in focus."""
        fit_to_screen(self)
        self.open()
        self._grow()
        if self._to_sign.against:
            self.table.setFocus()
            self.table.selectRow(0)
        elif self._to_sign.may_be_signed:
            self.keys.setFocus()

    def take_key(self, key: KeyAtHand) -> None:
        """Show the key of a file that was named, and choose it."""
        self._keys.append(key)
        place = len(self._keys) - 1
        self.keys.insertItem(place, key.words)
        self.keys.setCurrentIndex(place)
        self.file.clear()
        (self.passphrase if key.wants_passphrase else self.button).setFocus()

    def show_trouble(self, sentence: str) -> None:
        """Say why it is not signed; a person may mend it and try again."""
        self.trouble.setText(f"✖  {sentence}")
        self.trouble.setAccessibleName(sentence)
        self.trouble.show()
        self._grow()
        self._named = ""
        self._fields.setEnabled(True)
        self.button.setEnabled(True)

    def _show_state(self) -> None:
        to_sign = self._to_sign
        self.rows.show_rows(to_sign.against)
        fit_columns(self.table, widest=180)
        shown = min(_ROWS_SHOWN, len(to_sign.against)) + 1.5
        self.table.setMinimumHeight(round(shown * self.table.verticalHeader().defaultSectionSize()))
        self.table.setVisible(bool(to_sign.against))
        self.verdict.setText(_verdict_words(to_sign))
        self.verdict.setAccessibleName(self.verdict.text())
        self.verdict.setStyleSheet(ink(self._look, _verdict_of(to_sign)))
        self._fields.setVisible(to_sign.may_be_signed)
        self.button.setVisible(to_sign.may_be_signed)
        self._show_key()

    def _grow(self) -> None:
        """Give fields that came up their room; lines that wrap ask for more than they hint at."""
        self._box.activate()
        wanted = self._box.totalHeightForWidth(self.width())
        if wanted > self.height():
            self.resize(self.width(), wanted)

    def _show_key(self) -> None:
        self.form.setRowVisible(self._file_row, not self._has_key)
        self.form.setRowVisible(self.passphrase, self.key.wants_passphrase)
        self.form.setRowVisible(self.keep, self.key.wants_passphrase)
        if self.isVisible():
            self._grow()

    def _name_file(self) -> None:
        """Have a file read; once, though Enter in its field ends the editing and presses Sign."""
        text = self.file.text().strip()
        if text and text != self._named:
            self._named = text
            self.trouble.hide()
            self.file_named.emit(text)

    def _browse(self) -> None:
        dialog = QFileDialog(self, "The file of your key", str(Path.home() / ".ssh"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.file_named.emit)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _open_finding(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.finding_wanted.emit(self.rows.rows[index.row()].key)
            self.reject()

    def _decide(self) -> None:
        if not self.button.isVisible() or not self.button.isEnabled():
            return
        if not self._has_key and self.file.text().strip():
            self._name_file()
            return
        self._fields.setEnabled(False)
        self.button.setEnabled(False)
        self.trouble.setText(_WAITS)
        self.trouble.setAccessibleName(_WAITS)
        self.trouble.show()
        self.decided.emit()


def _columns() -> Sequence[Column[Obstacle]]:
    return (
        Column(title="Server", text=lambda one: inert(one.server_name, 60)),
        Column(title="Check", text=lambda one: one.key[1] or "the whole server"),
        Column(
            title="What stands against it", text=lambda one: inert(one.words, 400), stretch=True
        ),
    )


def _verdict_words(to_sign: ToSign) -> str:
    if to_sign.refused:
        return f"■  {to_sign.refused}"
    count = len(to_sign.against)
    if not count:
        return "●  Nothing stands against it. After you sign, nothing in it changes any more."
    things = "1 thing stands" if count == 1 else f"{count:,} things stand"
    return f"▲  {things} against signing. Enter opens one; decide about it, then sign."


def _verdict_of(to_sign: ToSign) -> Verdict:
    if to_sign.refused:
        return Verdict.DOWN
    return Verdict.EARLY if to_sign.against else Verdict.OK


def ink(look: Look, verdict: Verdict) -> str:
    """Give the style of a sentence by how bad it is."""
    colour = look.colour(verdict)
    return f"font-weight: 600; color: {colour.name()};" if colour is not None else ""


def _unseen_words(unseen: Sequence[str]) -> str:
    return f"It says nothing of what no check looks at: {', '.join(unseen)}."


def _name(words: str, widget: QWidget) -> QLabel:
    label = QLabel(words)
    label.setBuddy(widget)
    return label
