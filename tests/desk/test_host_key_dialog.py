"""The question about a host key: what it shows, what it needs, what order it leads to."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from noc_console.desk.fleet_edit.host_key_dialog import HostKeyDialog, compare_command
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.server import Server
from tests.desk.qt_life import end

WEB = Server(name="web1", address="192.0.2.10", port=2222)
NEW = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
OLD = "SHA256:uNiVztksCsDhcc0u9e8BrlsxkGpBF2wP0xuk2T9qCqo"


def failure(
    kind: FailureKind, *, same_key_as: tuple[str, ...] = (), address: str = "", port: int = 0
) -> Failure:
    return Failure(
        kind=kind,
        sentence="x",
        algorithm="ssh-ed25519",
        fingerprint=NEW,
        known_fingerprint=OLD if kind is FailureKind.HOST_KEY_CHANGED else "",
        offered_key="ssh-ed25519 AAAAC3Nz",
        same_key_as=same_key_as,
        address=address,
        port=port,
    )


@pytest.fixture
def ask(application: QApplication) -> Iterator[object]:
    opened: list[HostKeyDialog] = []

    def open_dialog(kind: FailureKind, **more: object) -> HostKeyDialog:
        dialog = HostKeyDialog(WEB, failure(kind, **more))
        opened.append(dialog)
        dialog.open()
        application.processEvents()
        return dialog

    yield open_dialog
    end(*opened)


def words_of(dialog: HostKeyDialog) -> str:
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    return " ".join(labels + [field.text() for field in dialog.findChildren(QLineEdit)])


def test_an_unknown_key_is_shown_with_host_algorithm_and_fingerprint(ask) -> None:
    words = words_of(ask(FailureKind.HOST_KEY_UNKNOWN))

    for part in ("web1", "192.0.2.10, port 2222", "ssh-ed25519", NEW, "ssh-keygen -lf"):
        assert part in words


def test_other_servers_with_the_same_key_are_named(ask) -> None:
    assert "mail1, mail2" in words_of(
        ask(FailureKind.HOST_KEY_UNKNOWN, same_key_as=("mail1", "mail2"))
    )


def test_enter_on_an_unknown_key_means_not_now(ask) -> None:
    dialog = ask(FailureKind.HOST_KEY_UNKNOWN)

    QTest.keyClick(dialog, Qt.Key.Key_Return)

    assert not dialog.isVisible()
    assert dialog.result() == HostKeyDialog.DialogCode.Rejected


def test_enter_accepts_only_where_the_focus_is_on_accept(ask) -> None:
    dialog = ask(FailureKind.HOST_KEY_UNKNOWN)
    accepted: list[bool] = []
    dialog.accepted.connect(lambda: accepted.append(True))
    dialog.accept_button.setFocus()

    QTest.keyClick(dialog.accept_button, Qt.Key.Key_Return)

    assert accepted == [True]


def test_accepting_an_unknown_key_gives_the_order_with_the_key_that_was_shown(ask) -> None:
    dialog = ask(FailureKind.HOST_KEY_UNKNOWN)

    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)

    assert dialog.result() == HostKeyDialog.DialogCode.Accepted
    order = dialog.order()
    assert order.kind == "accept host key"
    assert order.request == {
        "address": "192.0.2.10",
        "port": 2222,
        "key": "ssh-ed25519 AAAAC3Nz",
    }


def test_a_changed_key_shows_both_fingerprints_and_is_replaced_only_by_typing_the_name(ask) -> None:
    dialog = ask(FailureKind.HOST_KEY_CHANGED)
    words = words_of(dialog)
    assert OLD in words
    assert NEW in words
    assert "CHANGED" in words
    assert not dialog.accept_button.isEnabled()

    QTest.keyClicks(dialog.typed_name, "web")
    assert not dialog.accept_button.isEnabled()
    QTest.keyClicks(dialog.typed_name, "1")

    assert dialog.accept_button.isEnabled()
    assert dialog.order().kind == "replace host key"


def test_the_key_of_a_jump_is_accepted_for_the_jump_and_said_to_be_one(ask) -> None:
    dialog = ask(FailureKind.HOST_KEY_UNKNOWN, address="gate.example", port=22)

    assert "Is this really gate.example?" in words_of(dialog)
    assert "gate.example, port 22" in words_of(dialog)
    assert "This is a jump on the way to web1." in words_of(dialog)
    assert (dialog.order().request["address"], dialog.order().request["port"]) == (
        "gate.example",
        22,
    )


def test_a_revoked_key_cannot_be_accepted_at_all(ask) -> None:
    dialog = ask(FailureKind.HOST_KEY_REVOKED)

    assert "revoked" in words_of(dialog)
    assert not dialog.accept_button.isVisible()


@pytest.mark.parametrize(
    ("algorithm", "file"),
    [
        ("ssh-ed25519", "ssh_host_ed25519_key.pub"),
        ("rsa-sha2-512", "ssh_host_rsa_key.pub"),
        ("ecdsa-sha2-nistp256", "ssh_host_ecdsa_key.pub"),
    ],
)
def test_the_command_to_compare_names_the_file_of_that_algorithm(algorithm: str, file: str) -> None:
    assert compare_command(algorithm).endswith(file)
