"""What is done with a whole audit from the window: sign, counter-sign, verify, correct, report.

GUI thread only; all that reads, writes or asks a key is done in the background.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from noc_console.audit.audit import Audit
from noc_console.audit.audit_records import get_audit
from noc_console.audit.bundling import bundle_of
from noc_console.audit.decision import Key
from noc_console.audit.revising import revise
from noc_console.audit.sealing import AUDITOR, COUNTERSIGNER, countersign_audit, sign_audit
from noc_console.audit.signing_keys import key_of_file
from noc_console.desk.audit.report_dialog import (
    Reportable,
    ReportDialog,
    forms_of,
    read_reportable,
)
from noc_console.desk.audit.sign_dialog import SignDialog
from noc_console.desk.audit.sign_reading import ToSign, read_to_sign
from noc_console.desk.audit.verify_dialog import Looked, VerifyDialog, look_at
from noc_console.desk.context import DeskContext
from noc_console.desk.report_forms import export_forms
from noc_console.desk.widgets.form_dialog import FormDialog, TextBox
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.whole_file import write_whole

Read = TypeVar("Read")


class ChangedMeanwhile(ConsoleError):
    """Something came between the look and the signature."""


class SignDeeds:
    """Acts on audits of one context; dialogs belong to `owner`.

    `show_finding` is called with the key of what stands against signing; `changed` with the number
    of the audit to be shown, after one was signed or a correction was begun.
    """

    def __init__(
        self,
        context: DeskContext,
        owner: QWidget,
        now: Callable[[], datetime],
        show_finding: Callable[[Key], object],
        changed: Callable[[int], object],
    ) -> None:
        """Have done nothing yet."""
        self._context = context
        self._owner = owner
        self._now = now
        self._show_finding = show_finding
        self._changed = changed
        self._is_asking = False

    def sign(self, audit_id: int) -> None:
        """Show what would be signed as auditor, and have it signed."""
        self._begin(audit_id, AUDITOR)

    def countersign(self, audit_id: int) -> None:
        """Verify what the auditor signed, show it, and have it signed by this second person."""
        self._begin(audit_id, COUNTERSIGNER)

    def verify(self, audit_id: int) -> None:
        """Look whether an audit is as it was signed."""
        store = self._context.store
        self._context.navigator.say("The audit is being verified …")
        self._ask(lambda: look_at(store, audit_id), self._show_looked)

    def revise(self, audit_id: int) -> None:
        """Ask what is corrected, and begin a new revision."""
        store = self._context.store
        self._ask(lambda: get_audit(store, audit_id), self._ask_reason)

    def report(self, audit_id: int) -> None:
        """Ask of which servers a report is wanted, then for the file."""
        store = self._context.store
        self._ask(lambda: read_reportable(store, audit_id), self._ask_of_what)

    def _begin(self, audit_id: int, role: str) -> None:
        store, by, today = self._context.store, self._context.asked_by, self._now().date()
        self._ask(lambda: read_to_sign(store, audit_id, role, by, today), self._show_to_sign)

    def _ask(self, work: Callable[[], Read], show: Callable[[Read], None]) -> None:
        """Read, then show a dialog; keys that are pressed again meanwhile open no second one."""
        if self._is_asking:
            return
        self._is_asking = True

        def end(found: Read) -> None:
            self._is_asking = False
            show(found)

        self._context.background.call(work, end, self._say_failure, self._owner)

    def _show_to_sign(self, to_sign: ToSign) -> None:
        dialog = SignDialog(to_sign, self._now(), self._context.theme().look, self._owner)
        dialog.finding_wanted.connect(self._show_finding)
        dialog.file_named.connect(lambda text: self._read_file(dialog, text))
        dialog.decided.connect(lambda: self._sign(dialog, to_sign))
        dialog.show_fitting()

    def _read_file(self, dialog: SignDialog, text: str) -> None:
        self._context.background.call(
            lambda: key_of_file(Path(text).expanduser()),
            dialog.take_key,
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog,
        )

    def _sign(self, dialog: SignDialog, to_sign: ToSign) -> None:
        store, by, now = self._context.store, self._context.asked_by, self._now()
        audit, key, passphrase = to_sign.audit, dialog.key, dialog.passphrase.text()
        keep = dialog.keep.isChecked()
        dialog.passphrase.clear()

        def work() -> str:
            opened = key.open(passphrase, keep=keep)
            again = read_to_sign(store, audit.id, to_sign.role, by, now.date(), with_keys=False)
            if not again.may_be_signed:
                first = again.refused or again.against[0].words
                raise ChangedMeanwhile(f"It changed while it was read: {inert(first, 300)}")
            if to_sign.role == AUDITOR:
                sign_audit(store, audit.id, opened, by=by, now=now)
                return f"The audit of {audit.month} is signed; another person counter-signs it."
            countersign_audit(store, audit.id, opened, by=by, now=now)
            return f"The audit of {audit.month} is signed by two people; nothing changes any more."

        def done(words: str) -> None:
            dialog.accept()
            self._context.navigator.say(words)
            self._changed(audit.id)

        self._context.background.call(
            work, done, lambda failure: dialog.show_trouble(failure.sentence), dialog
        )

    def _show_looked(self, looked: Looked) -> None:
        dialog = VerifyDialog(looked, self._now(), self._context.theme().look, self._owner)
        dialog.save_wanted.connect(lambda: self._ask_where(dialog, looked.audit))
        dialog.show_fitting()

    def _ask_where(self, parent: QWidget, audit: Audit) -> None:
        files = QFileDialog(parent, "The signed audit as one file")
        files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        files.setNameFilter("Signed audit (*.zip)")
        files.setDefaultSuffix("zip")
        files.selectFile(f"audit-{audit.month}-{audit.revision}.zip")
        files.fileSelected.connect(lambda name: self._save(audit, Path(name)))
        files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        files.open()

    def _save(self, audit: Audit, path: Path) -> None:
        store, say = self._context.store, self._context.navigator.say
        self._context.background.call(
            lambda: write_whole(path, bundle_of(store, audit.id)),
            lambda _done: say(
                f"Written to {inert(str(path))}; `noc-console audit verify FILE` proves it."
            ),
            self._say_failure,
            self._owner,
        )

    def _ask_reason(self, audit: Audit) -> None:
        dialog = ReviseDialog(audit, self._owner)
        dialog.decided.connect(lambda: self._revise(dialog, audit))
        dialog.show_fitting()

    def _revise(self, dialog: "ReviseDialog", audit: Audit) -> None:
        store, by, now = self._context.store, self._context.asked_by, self._now()
        reason = dialog.reason.toPlainText()

        def done(made: Audit) -> None:
            dialog.accept()
            self._context.navigator.say(
                f"Revision {made.revision} of {made.month} is open; the signed one stays."
            )
            self._changed(made.id)

        self._context.background.call(
            lambda: revise(store, audit.id, reason, by=by, now=now),
            done,
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog,
        )

    def _ask_of_what(self, reportable: Reportable) -> None:
        dialog = ReportDialog(reportable, self._owner)
        dialog.decided.connect(lambda: self._ask_file(dialog, reportable.audit))
        dialog.show_fitting()

    def _ask_file(self, dialog: ReportDialog, audit: Audit) -> None:
        kind, name = dialog.chosen()
        dialog.accept()
        forms = forms_of(self._context, audit, kind, name, self._now)
        export_forms(self._context, forms, self._owner).setAttribute(
            Qt.WidgetAttribute.WA_DeleteOnClose
        )

    def _say_failure(self, failure: ConsoleError) -> None:
        self._is_asking = False
        self._context.navigator.say(failure.sentence)


class ReviseDialog(FormDialog):
    """Asks what is corrected."""

    def __init__(self, audit: Audit, parent: QWidget | None) -> None:
        """Ask."""
        about = (
            f"A new revision of {audit.month} begins with all that stands in the signed one, and is"
            " decided and signed anew. The signed one stays as it is."
        )
        super().__init__("Begin a correction", about, "&Begin it", parent)
        self.reason = TextBox("", "Such as: two findings were accepted for the wrong server")
        self.add_field("&What is corrected", self.reason, "It stands in the journal.")
