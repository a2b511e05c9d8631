"""The server dialog on a real store: save, copy, test the connection, decide about a key."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from noc_console.desk.background import Background
from noc_console.desk.fleet_edit.host_key_dialog import HostKeyDialog
from noc_console.desk.fleet_edit.server_dialog import DialogColours, ServerDialog
from noc_console.desk.fleet_edit.server_form import Field
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.records import add_server, list_servers
from noc_console.fleet.serial import failure_to_json
from noc_console.fleet.server import Authentication, Server, ServerKind, Site
from noc_console.store.heartbeat import register
from noc_console.store.location import StoreLocation
from noc_console.store.orders import Order, OrderState, claim, close, report
from noc_console.store.store import Store, open_store
from tests.desk.memory_keyring import MemoryKeyring
from tests.desk.qt_life import end, wait_until

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
COLOURS = DialogColours(passed="#008000", failed="#c00000")
UNKNOWN_KEY = Failure(
    kind=FailureKind.HOST_KEY_UNKNOWN,
    sentence="Nobody has accepted this key yet.",
    algorithm="ssh-ed25519",
    fingerprint="SHA256:abc",
    offered_key="ssh-ed25519 AAAA",
)


class Bench:
    """A store, dialogs on it, and an engine played by the test."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(StoreLocation.parse(str(folder)))
        self.pool = Background(str)
        self.ring = MemoryKeyring()
        self.saved: list[Server] = []
        self.dialogs: list[ServerDialog] = []

    def open(self, before: Server | None = None) -> ServerDialog:
        dialog = ServerDialog(
            before,
            list_servers(self.store),
            store=self.store,
            background=self.pool,
            asked_by="ann",
            colours=COLOURS,
            now=lambda: NOW,
        )
        dialog.saved.connect(self.saved.append)
        dialog.open()
        self.dialogs.append(dialog)
        return dialog

    def add(self, **fields: Any) -> Server:
        return add_server(self.store, Server(**{"name": "web1", "address": "a", **fields}), NOW)

    def engine_takes(self) -> Order:
        found: list[Order] = []

        def taken() -> bool:
            order = claim(self.store, 1, NOW)
            found.extend([order] if order else [])
            return bool(found)

        wait_until(taken)
        return found[0]

    def engine_ends(self, order: Order, outcome: dict[str, Any]) -> None:
        close(self.store, order.id, OrderState.DONE, outcome, NOW)


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[Bench]:
    ring_before = keyring.get_keyring()
    bench = Bench(tmp_path / "store")
    keyring.set_keyring(bench.ring)
    register(bench.store, "host", 1, "0", NOW)
    yield bench
    for dialog in bench.dialogs:
        dialog.close()
    bench.pool.close()
    end(*bench.dialogs)
    bench.store.close()
    keyring.set_keyring(ring_before)


def fill(dialog: ServerDialog, name: str = "web1", address: str = "10.0.0.1") -> None:
    dialog.connection.name.setText(name)
    dialog.connection.address.setText(address)


def type_password(dialog: ServerDialog, text: str) -> None:
    chooser = dialog.connection.authentication
    chooser.setCurrentIndex(chooser.findData(Authentication.PASSWORD))
    dialog.connection.secret.setText(text)


def test_enter_adds_the_server_and_closes(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    QTest.keyClick(dialog.connection.address, Qt.Key.Key_Return)
    wait_until(lambda: bool(bench.saved))

    assert list_servers(bench.store) == bench.saved
    assert not dialog.isVisible()


def test_a_wrong_field_keeps_the_dialog_open_with_the_sentence_at_the_field(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog, address="")
    dialog.save_button.click()

    assert "host name" in dialog.connection.problem_of(Field.ADDRESS)
    assert dialog.isVisible()
    assert list_servers(bench.store) == []


def test_a_problem_on_another_tab_brings_that_tab_to_the_front(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    dialog.expectations.services.setPlainText("two words")
    dialog.save_button.click()

    assert dialog.tabs.currentWidget() is dialog.expectations


def test_an_edit_changes_the_one_server_and_keeps_what_was_not_touched(bench: Bench) -> None:
    before = bench.add(groups=("web",), sites=(Site(domain="a.example", customer="Ann"),))
    dialog = bench.open(before)
    dialog.connection.user.setText("ops")
    dialog.save_button.click()
    wait_until(lambda: bool(bench.saved))

    assert list_servers(bench.store) == [replace(before, user="ops")]


def test_a_copy_gets_a_free_name_and_leaves_the_original(bench: Bench) -> None:
    original = bench.add(groups=("web",))
    bench.add(name="web1 2")
    dialog = bench.open(replace(original, id=0))
    assert dialog.connection.name.text() == "web1 3"
    dialog.save_button.click()
    wait_until(lambda: bool(bench.saved))

    assert [server.name for server in list_servers(bench.store)] == ["web1", "web1 2", "web1 3"]
    assert bench.saved[0].groups == ("web",)


def test_a_failure_of_the_store_is_told_and_the_dialog_stays(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    bench.add()
    dialog.save_button.click()
    wait_until(dialog.save_button.isEnabled)

    assert dialog.isVisible()
    assert "already a server called web1" in dialog.trouble
    assert bench.saved == []


def test_the_test_shows_each_step_and_the_last_word(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    dialog.test_button.click()
    order = bench.engine_takes()
    assert (order.kind, order.request["server"]["address"]) == ("test connection", "10.0.0.1")

    report(bench.store, order.id, {"name": "name", "ok": True, "sentence": "It is 10.0.0.1."})
    report(bench.store, order.id, {"name": "port", "ok": False, "sentence": "Port 22 is closed."})
    bench.engine_ends(order, {"ok": False, "sentence": "Open the port.", "failure": None})
    wait_until(lambda: dialog.steps.words == "Open the port.")

    assert dialog.steps.outcome_of("name") == "passed"
    assert dialog.steps.sentence_of("port") == "Port 22 is closed."
    assert dialog.steps.outcome_of("probe") == "not tried"


def test_what_the_failed_step_says_is_not_said_again_above(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    dialog.test_button.click()
    order = bench.engine_takes()
    report(bench.store, order.id, {"name": "port", "ok": False, "sentence": "Open the port."})
    bench.engine_ends(order, {"ok": False, "sentence": "Open the port.", "failure": None})
    wait_until(lambda: "stopped at the step “port”" in dialog.steps.words)

    assert dialog.steps.sentence_of("port") == "Open the port."


def test_a_typed_password_is_tested_without_being_kept(bench: Bench) -> None:
    before = bench.add(authentication=Authentication.PASSWORD)
    bench.ring.set_password("noc-console", "web1/password", "in use")
    dialog = bench.open(before)
    type_password(dialog, "perhaps")
    dialog.test_button.click()
    order = bench.engine_takes()
    name = order.request["server"]["name"]
    assert bench.ring.kept["noc-console", f"{name}/password"] == "perhaps"
    assert "perhaps" not in str(order.request)

    dialog.reject()
    wait_until(lambda: list(bench.ring.kept.values()) == ["in use"])


def test_a_server_under_test_is_called_by_its_own_name(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    type_password(dialog, "perhaps")
    dialog.test_button.click()
    order = bench.engine_takes()
    name = order.request["server"]["name"]
    step = {"name": "authentication", "ok": True, "sentence": f"{name} lets ann in"}
    report(bench.store, order.id, step)
    bench.engine_ends(order, {"ok": True, "sentence": f"{name} can be watched."})
    wait_until(lambda: not dialog.is_testing)

    assert dialog.steps.sentence_of("authentication") == "web1 lets ann in"
    assert dialog.steps.words == "web1 can be watched."


def test_an_unknown_key_leads_to_the_question_and_then_the_test_goes_on(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    dialog.test_button.click()
    failure = failure_to_json(UNKNOWN_KEY)
    bench.engine_ends(
        bench.engine_takes(), {"ok": False, "sentence": "Unknown key.", "failure": failure}
    )
    wait_until(dialog.key_button.isVisible)
    dialog.key_button.click()
    question = next(child for child in dialog.children() if isinstance(child, HostKeyDialog))
    question.accept()

    decision = bench.engine_takes()
    assert (decision.kind, decision.request["key"]) == ("accept host key", "ssh-ed25519 AAAA")
    bench.engine_ends(decision, {"sentence": "The key is accepted."})
    assert bench.engine_takes().kind == "test connection"


def test_closing_the_dialog_withdraws_the_test(bench: Bench) -> None:
    dialog = bench.open()
    fill(dialog)
    dialog.test_button.click()
    order = bench.engine_takes()
    wait_until(lambda: dialog.is_testing)
    report(bench.store, order.id, {"name": "name", "ok": True, "sentence": "Found."})
    wait_until(lambda: dialog.steps.outcome_of("name") == "passed")
    dialog.reject()

    wait_until(lambda: not report(bench.store, order.id, {"name": "port", "ok": True}))


def test_this_machine_has_no_connection_to_test(bench: Bench) -> None:
    here = bench.add(name="here", kind=ServerKind.THIS_MACHINE)
    dialog = bench.open(here)

    assert not dialog.test_button.isVisible()
    assert not dialog.connection.address.isVisible()


@pytest.mark.parametrize(
    ("section", "label", "field"),
    [
        ("connection", "A&ddress", "address"),
        ("connection", "&Key file", "key_file"),
        ("expectations", "&Outside checks", "checks"),
        ("customers", "S&ites", "sites"),
    ],
)
def test_the_key_of_a_label_leads_to_its_field(
    bench: Bench, section: str, label: str, field: str
) -> None:
    rows = getattr(bench.open(), section)

    buddy = next(one.buddy() for one in rows.findChildren(QLabel) if one.text() == label)

    assert buddy.focusPolicy() is not Qt.FocusPolicy.NoFocus
    wanted = getattr(rows, field)
    assert buddy in {wanted, wanted.focusProxy()}


def test_nothing_scrolls_where_all_fields_have_room(bench: Bench) -> None:
    rows = bench.open().connection
    rows.authentication.setCurrentIndex(1)
    wait_until(rows.key_file.isVisible)
    needed = rows.widget().heightForWidth(rows.viewport().width())

    rows.window().resize(1040, rows.window().height() + max(needed - rows.viewport().height(), 0))

    wait_until(lambda: rows.verticalScrollBar().maximum() == 0)


def test_a_web_address_chooses_the_kind_it_names(bench: Bench) -> None:
    checks = bench.open().expectations.checks
    checks.add_empty_row()

    checks.table.item(0, 1).setText("https://www.example.com/")

    assert checks.rows() == [("https", "https://www.example.com/", "", "", "")]


def test_a_test_that_cannot_begin_shows_no_steps_of_an_earlier_one(bench: Bench) -> None:
    dialog = bench.open()
    dialog.steps.show_step({"name": "port", "ok": True, "sentence": "port 22 is open"})

    dialog.test_button.click()

    assert dialog.connection.problem_of(Field.NAME)
    assert dialog.steps.outcome_of("port") == "waiting"
