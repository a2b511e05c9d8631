"""Shows whether an audit is as it was signed, and who signed it. GUI thread only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.audit.audit import Audit, AuditState, Signature
from noc_console.audit.audit_records import get_audit
from noc_console.audit.sealing import signatures_of
from noc_console.audit.verifying import Verified, verify_audit
from noc_console.desk.audit.sign_dialog import ink
from noc_console.desk.look import Look
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.host_keys import InvalidHostKey, fingerprint_of
from noc_console.fleet.inert import inert, inert_lines
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import clock_text
from noc_console.store.store import Store

_WIDTH = 760
_ROWS_SHOWN = 9
_MORE = 100
_STATEMENT_LINES = 13
_CANNOT_KNOW = (
    "It proves that nothing changed since these keys signed. Whether they are your people's keys,"
    " compare with a list that is kept elsewhere."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found about one audit."""

    audit: Audit
    verified: Verified
    signatures: tuple[Signature, ...]


def look_at(store: Store, audit_id: int) -> Looked:
    """Look at everything of an audit, which may take seconds; off the GUI thread.

    Raises:
        ConsoleError: there is no such audit.
    """
    return Looked(
        audit=get_audit(store, audit_id),
        verified=verify_audit(store, audit_id),
        signatures=tuple(signatures_of(store, audit_id)),
    )


class VerifyDialog(QDialog):
    """The verdict, what is not as it was, the signatures, and the statements that were signed."""

    save_wanted = Signal()
    """The signed audit is to be written as one file that proves itself elsewhere."""

    def __init__(self, looked: Looked, now: datetime, look: Look, parent: QWidget | None) -> None:
        """Show what was found."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        audit, broken = looked.audit, looked.verified.broken
        self.setWindowTitle("Verify the audit")
        self.setMinimumWidth(_WIDTH)
        revision = f", revision {audit.revision}" if audit.revision > 1 else ""
        title = plain_label(f"Audit of {audit.month}{revision}: {inert(audit.scope)}")
        title.setObjectName("sectionTitle")
        self.verdict = plain_label(_verdict_words(looked))
        self.verdict.setAccessibleName(self.verdict.text())
        self.verdict.setStyleSheet(ink(look, _verdict_of(looked)))
        self.broken: RowsModel[str] = RowsModel(_broken_columns(), self)
        self.table = table_of(self.broken, "What is not as it was signed")
        self.broken.show_rows(broken)
        self.table.setVisible(bool(broken))
        row = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(round((min(len(broken), _ROWS_SHOWN) + 1.5) * row))
        self.signatures: RowsModel[Signature] = RowsModel(_signature_columns(now), self)
        signed = table_of(self.signatures, "Signatures")
        self.signatures.show_rows(looked.signatures)
        fit_columns(signed, widest=240)
        signed.setFixedHeight(round((len(looked.signatures) + 1.3) * row))
        signed.setVisible(bool(looked.signatures))
        self.statements = QPlainTextEdit(_statements(looked.signatures))
        self.statements.setReadOnly(True)
        self.statements.setTabChangesFocus(True)
        self.statements.setAccessibleName("The statements that were signed")
        height = self.statements.fontMetrics().lineSpacing() * _STATEMENT_LINES
        self.statements.setMinimumHeight(height)
        self.statements.setVisible(bool(looked.signatures))
        self.proves = faint = plain_label(_CANNOT_KNOW)
        faint.setObjectName("faint")
        faint.setVisible(bool(looked.signatures) and not broken)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.save = QPushButton("&Save as one file…", self)
        self.save.setAutoDefault(False)
        self.save.setToolTip("A ZIP that anybody verifies without this store")
        self.save.clicked.connect(self.save_wanted)
        if looked.signatures:  # an audit that nobody signed proves nothing elsewhere
            buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        else:
            self.save.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(10)
        for part in (title, self.verdict, self.table, signed, self.statements, faint):
            box.addWidget(part, _MORE if part is self.statements else 0)
        box.addStretch(1)
        box.addWidget(buttons)

    def show_fitting(self) -> None:
        """Show it at the size it needs."""
        fit_to_screen(self)
        self.open()


def _verdict_words(looked: Looked) -> str:
    verified = looked.verified
    entries = "1 entry" if verified.entries == 1 else f"{verified.entries:,} entries"
    counts = f"{entries} of its journal, {verified.evidence:,} pieces of evidence"
    if verified.broken:
        count = len(verified.broken)
        things = "1 thing is" if count == 1 else f"{count:,} things are"
        return (
            f"■  {things} not as signed. Ask who had the store in hand, and take the month from a"
            " backup."
        )
    stands = {
        AuditState.OPEN: "▲  It is whole, and not signed yet",
        AuditState.SIGNED: "▲  It is as its auditor signed it, and not counter-signed yet",
        AuditState.COUNTERSIGNED: "●  It is as two people signed it",
    }
    return f"{stands[looked.audit.state]}: {counts}."


def _verdict_of(looked: Looked) -> Verdict:
    if looked.verified.broken:
        return Verdict.DOWN
    is_whole = looked.audit.state is AuditState.COUNTERSIGNED
    return Verdict.OK if is_whole else Verdict.EARLY


def _broken_columns() -> Sequence[Column[str]]:
    return (Column(title="Not as it was", text=lambda one: inert(one, 400), stretch=True),)


def _signature_columns(now: datetime) -> Sequence[Column[Signature]]:
    return (
        Column(title="Signed as", text=lambda one: one.role),
        Column(title="By", text=lambda one: inert(one.by, 60)),
        Column(title="At", text=lambda one: clock_text(one.at, now)),
        Column(title="Key", text=_key_words, stretch=True),
    )


def _key_words(one: Signature) -> str:
    try:
        return f"{one.public_key.split()[0]}  {fingerprint_of(one.public_key)}"
    except (IndexError, InvalidHostKey):
        return inert(one.public_key, 80)


def _statements(signatures: Sequence[Signature]) -> str:
    return "\n\n".join("\n".join(inert_lines(one.statement)) for one in signatures)
