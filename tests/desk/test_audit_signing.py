"""Signing from the window: what stands against it, with which key, by whom; verified, corrected."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
import sqlalchemy as sa
from keyring.backends import fail
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from noc_console.audit.audit import AuditState
from noc_console.audit.audit_records import get_audit, list_audits
from noc_console.audit.bundle_verifying import verify_bundle
from noc_console.audit.decision import DecisionKind
from noc_console.audit.decision_records import decide
from noc_console.audit.sealing import signatures_of
from noc_console.audit.signing_keys import key_of_file, keys_at_hand
from noc_console.audit.sshsig import NoKey
from noc_console.desk.audit.report_dialog import ReportDialog
from noc_console.desk.audit.sign_deeds import ReviseDialog, SignDeeds
from noc_console.desk.audit.sign_dialog import SignDialog
from noc_console.desk.audit.verify_dialog import VerifyDialog
from noc_console.fleet.secrets import SecretKind, put_secret
from noc_console.store.schema.audit import audit_finding
from tests.audit.signed import decided_in_all, make_key, passing_nothing_over, signed
from tests.conftest import NOW
from tests.desk.memory_keyring import MemoryKeyring
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end, wait_until


class Bench(PageBench):
    """Deeds of one person on the store; dialogs they open are found by their kind."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.owner = QWidget()
        self.owner.show()
        self.shown: list[object] = []
        self.changed: list[int] = []
        self.act_as("ann")

    def act_as(self, name: str) -> None:
        context = replace(self.context, asked_by=name)
        self.deeds = SignDeeds(
            context, self.owner, lambda: NOW, self.shown.append, self.changed.append
        )

    def settle(self) -> None:
        wait_until(lambda: self.pool.is_idle)

    def dialog(self, kind: type[QDialog]):
        self.settle()
        wait_until(lambda: any(one.isVisible() for one in self.owner.findChildren(kind)))
        return next(one for one in self.owner.findChildren(kind) if one.isVisible())

    def press(self, widget: QWidget, key: Qt.Key) -> None:
        QTest.keyClick(widget, key)
        self.settle()


@pytest.fixture
def ring(monkeypatch) -> MemoryKeyring:
    memory = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: memory)
    return memory


@pytest.fixture
def keys(tmp_path, monkeypatch) -> Path:
    """A home with a key, and no agent."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    folder = tmp_path / ".ssh"
    folder.mkdir()
    return folder


@pytest.fixture
def bench(application, tmp_path: Path, keys) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store")
    yield bench
    end(*bench.owner.findChildren(QDialog), bench.owner)
    bench.close()


def sign(bench, audit_id, role="sign") -> SignDialog:
    getattr(bench.deeds, role)(audit_id)
    return bench.dialog(SignDialog)


def test_what_stands_against_signing_is_listed_and_enter_opens_it(bench):
    begun = passing_nothing_over(bench.store)

    dialog = sign(bench, begun.id)
    QAbstractItemModelTester(
        dialog.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, dialog
    )

    assert not dialog.button.isVisible()
    assert "2 things stand against signing" in dialog.verdict.text()
    assert [one.server_name for one in dialog.rows.rows] == ["web1", "web2"]
    assert "2 failed" in dialog.holds.text()
    dialog.table.selectRow(1)
    bench.press(dialog.table, Qt.Key.Key_Return)
    assert bench.shown == [dialog.rows.rows[1].key]
    assert get_audit(bench.store, begun.id).state is AuditState.OPEN


def test_keys_pressed_twice_open_one_dialog(bench):
    begun = passing_nothing_over(bench.store)
    for _ in range(3):
        bench.deeds.sign(begun.id)
        bench.deeds.verify(begun.id)
    bench.dialog(SignDialog)
    bench.settle()
    assert len(bench.owner.findChildren(QDialog)) == 1


def test_two_people_sign_with_two_keys(bench, keys):
    begun = decided_in_all(bench.store)
    make_key(keys, "id_ann")

    dialog = sign(bench, begun.id)
    assert "Nothing stands against it" in dialog.verdict.text()
    bench.press(dialog.keys, Qt.Key.Key_Return)

    assert get_audit(bench.store, begun.id).state is AuditState.SIGNED
    assert bench.changed == [begun.id]
    bench.act_as("bob")
    make_key(keys, "id_bob")
    dialog = sign(bench, begun.id, "countersign")
    assert "Signed by ann as its auditor" in dialog.signed.text()
    assert "id_bob" in dialog.keys.currentText(), "the key that signed it already is no use"
    bench.press(dialog.keys, Qt.Key.Key_Return)

    assert get_audit(bench.store, begun.id).state is AuditState.COUNTERSIGNED
    assert [one.by for one in signatures_of(bench.store, begun.id)] == ["ann", "bob"]
    assert "signed by two people" in bench.navigator.said[-1]


def test_the_auditor_does_not_countersign_and_not_with_the_same_key(bench, keys):
    begun = decided_in_all(bench.store)
    make_key(keys, "id_ann")
    bench.press(sign(bench, begun.id).keys, Qt.Key.Key_Return)

    dialog = sign(bench, begun.id, "countersign")
    assert "Another person counter-signs" in dialog.verdict.text()
    assert not dialog.button.isVisible()
    dialog.reject()
    bench.act_as("bob")
    dialog = sign(bench, begun.id, "countersign")
    bench.press(dialog.keys, Qt.Key.Key_Return)

    assert dialog.trouble.isVisible()
    assert "the auditor's key" in dialog.trouble.text()
    assert dialog.button.isEnabled()
    assert get_audit(bench.store, begun.id).state is AuditState.SIGNED


def test_a_key_with_a_passphrase_asks_for_it_and_forgets_it(bench, keys):
    begun = decided_in_all(bench.store)
    make_key(keys, "id_ann", passphrase="open sesame")

    dialog = sign(bench, begun.id)
    assert dialog.passphrase.isVisible()
    for typed, words in (("", "type it"), ("wrong", "passphrase is wrong")):
        dialog.passphrase.setText(typed)
        bench.press(dialog.passphrase, Qt.Key.Key_Return)
        assert words in dialog.trouble.text()
    dialog.passphrase.setText("open sesame")
    bench.press(dialog.passphrase, Qt.Key.Key_Return)

    assert get_audit(bench.store, begun.id).state is AuditState.SIGNED
    assert dialog.passphrase.text() == ""


def test_a_passphrase_is_kept_in_the_keyring_when_asked_and_opens_the_key_the_next_time(
    bench, keys, ring
):
    begun = decided_in_all(bench.store)
    make_key(keys, "id_ann", passphrase="open sesame")

    dialog = sign(bench, begun.id)
    dialog.passphrase.setText("open sesame")
    dialog.keep.setChecked(True)
    bench.press(dialog.passphrase, Qt.Key.Key_Return)

    assert get_audit(bench.store, begun.id).state is AuditState.SIGNED
    assert list(ring.kept.values()) == ["open sesame"]
    (key,) = keys_at_hand(keys)
    assert key.has_kept_passphrase
    assert key.open().get_name() == "ssh-ed25519"
    put_secret(next(iter(ring.kept))[1].rsplit("/", 1)[0], SecretKind.KEY_PASSPHRASE, "old")
    with pytest.raises(NoKey, match="was kept; type it"):
        key.open()


def test_a_passphrase_that_can_be_kept_nowhere_signs_nothing(bench, keys, monkeypatch):
    begun = decided_in_all(bench.store)
    make_key(keys, "id_ann", passphrase="open sesame")
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)

    dialog = sign(bench, begun.id)
    dialog.passphrase.setText("open sesame")
    dialog.keep.setChecked(True)
    bench.press(dialog.passphrase, Qt.Key.Key_Return)

    assert "keyring cannot be used" in dialog.trouble.text()
    assert get_audit(bench.store, begun.id).state is AuditState.OPEN


def test_a_key_of_another_file_is_read_once_and_then_signs(bench, tmp_path):
    begun = decided_in_all(bench.store)
    path = make_key(tmp_path, "elsewhere")

    dialog = sign(bench, begun.id)
    assert dialog.file.isVisible()
    dialog.file.setText(str(tmp_path / "none"))
    bench.press(dialog.file, Qt.Key.Key_Return)
    assert "cannot be read" in dialog.trouble.text()
    assert get_audit(bench.store, begun.id).state is AuditState.OPEN
    dialog.file.setText(str(path))
    bench.press(dialog.file, Qt.Key.Key_Return)
    assert dialog.keys.count() == 2
    assert dialog.key.fingerprint.startswith("SHA256:")
    bench.press(dialog.keys, Qt.Key.Key_Return)

    assert get_audit(bench.store, begun.id).state is AuditState.SIGNED


def test_what_is_decided_otherwise_meanwhile_is_not_signed(bench, keys):
    begun = decided_in_all(bench.store)
    make_key(keys, "id_ann")
    dialog = sign(bench, begun.id)

    key = (1, "FW-01", "tcp/3306")
    decide(bench.store, begun.id, [key], DecisionKind.REOPENED, by="bob", now=NOW)
    bench.press(dialog.keys, Qt.Key.Key_Return)

    assert "It changed while it was read" in dialog.trouble.text()
    assert get_audit(bench.store, begun.id).state is AuditState.OPEN


def test_verifying_shows_who_signed_and_names_what_was_changed(bench, tmp_path):
    begun = signed(bench.store, tmp_path)
    bench.deeds.verify(begun.id)
    dialog = bench.dialog(VerifyDialog)
    assert "as two people signed it" in dialog.verdict.text()
    assert [one.by for one in dialog.signatures.rows] == ["ann", "bob"]
    assert "signed as: countersigner" in dialog.statements.toPlainText()
    dialog.save.click()
    bench.dialog(QFileDialog).fileSelected.emit(str(tmp_path / "november.zip"))
    bench.settle()
    assert verify_bundle((tmp_path / "november.zip").read_bytes()).verified.broken == ()
    assert "proves it" in bench.navigator.said[-1]
    dialog.reject()

    with bench.store.write() as connection:
        connection.execute(sa.update(audit_finding).values(sentence="nothing to see"))
    bench.deeds.verify(begun.id)
    dialog = bench.dialog(VerifyDialog)

    assert "2 things are not as signed" in dialog.verdict.text()
    assert not dialog.proves.isVisible(), "it proves the contrary"
    assert all("FW-01" in one for one in dialog.broken.rows)
    bench.act_as("eve")
    assert "two people already" in sign(bench, begun.id, "countersign").verdict.text()


def test_a_correction_wants_a_reason_and_is_shown(bench, tmp_path):
    begun = signed(bench.store, tmp_path)
    bench.deeds.revise(begun.id)
    dialog = bench.dialog(ReviseDialog)
    bench.press(dialog.button, Qt.Key.Key_Space)
    assert "Say what is corrected" in dialog.trouble.text()

    dialog.reason.setPlainText("the wrong server")
    bench.press(dialog.button, Qt.Key.Key_Space)

    newest = list_audits(bench.store)[0]
    assert (newest.revision, bench.changed) == (2, [newest.id])


@pytest.mark.parametrize(
    ("kind", "name", "servers"),
    [("Whole audit", "", 2), ("Group", "web", 1), ("Customer", "Ann, née Ö", 1), ("Server", "", 1)],
)
def test_a_report_is_of_what_is_chosen(bench, tmp_path, kind, name, servers):
    begun = decided_in_all(bench.store)
    bench.deeds.report(begun.id)
    dialog = bench.dialog(ReportDialog)
    dialog.of.setCurrentText(kind)
    assert dialog.which.isVisible() == (kind != "Whole audit")
    bench.press(dialog.button, Qt.Key.Key_Space)

    files = bench.dialog(QFileDialog)
    for ending in ("json", "html", "csv"):
        files.fileSelected.emit(str(tmp_path / f"report.{ending}"))
        bench.settle()

    told = json.loads((tmp_path / "report.json").read_text())
    assert len(told["servers"]) == servers
    assert name in told["of"]
    assert "FW-01" in (tmp_path / "report.csv").read_text("utf-8-sig")
    assert "Audit" in (tmp_path / "report.html").read_text()


def test_keys_of_a_folder_are_found_and_what_is_no_key_is_not(keys):
    make_key(keys, "id_ecdsa", "ecdsa")
    (keys / "broken").write_text("no key")
    (keys / "broken.pub").write_text("no key either")
    (keys / "lone.pub").write_text("ssh-ed25519 AAAA")

    found = keys_at_hand()

    assert [Path(one.name).name for one in found] == ["id_ecdsa"]
    assert found[0].fingerprint.startswith("SHA256:")
    assert key_of_file(keys / "id_ecdsa").fingerprint == found[0].fingerprint
