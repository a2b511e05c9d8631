"""The gate in the window: nothing goes without reason and name, and every step is seen."""

from datetime import UTC, datetime, timedelta

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from noc_console.desk.gate.gate_dialog import GateDialog
from noc_console.desk.gate.gate_keys import UnderWay
from noc_console.fleet.records import edit_server
from noc_console.fleet.secrets import SecretKind, get_secret
from noc_console.fleet.server import Site
from noc_console.incidents.gate.gate import (
    ActKind,
    ActState,
    Affected,
    Finding,
    Snapshot,
    Step,
    sudo_entry,
)
from noc_console.incidents.gate.gate_records import begin_act, note_step, snapshot_to_json
from noc_console.store import orders
from noc_console.store.heartbeat import beat, stopped
from noc_console.store.orders import OrderState
from tests.desk.memory_keyring import MemoryKeyring
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end, wait_until

LOOK = Snapshot(
    at=datetime(2026, 11, 27, 2, 7, tzinfo=UTC),
    boot_id="b",
    uptime_s=90_000,
    processes=4812,
    sessions=("anna",),
    services={"nginx": "running", "exim4": "failed"},
)


def now():
    return datetime.now(UTC)


@pytest.fixture
def bench(application, tmp_path):
    made = PageBench(tmp_path / "store")
    from dataclasses import replace

    sites = (Site(domain="a.example", customer="Bert"), Site(domain="b.example", customer="Bert"))
    made.server = edit_server(made.store, replace(made.server, sites=sites), now())
    made.live.servers = [made.server]
    yield made
    made.close()


@pytest.fixture
def make(bench):
    made = []

    def dialog(kind=ActKind.REBOOT):
        parent = QWidget()
        opened = GateDialog(bench.context, bench.server, kind, parent)
        opened.show()
        made.append(parent)
        return opened

    yield dialog
    end(*made)


def taken(bench, kind):
    """Be the engine: claim the order of this kind."""
    found = []

    def claim():
        beat(bench.store, bench.engine.id, now())
        order = orders.claim(bench.store, bench.engine.id, now())
        if order is not None:
            found.append(order)
        return bool(found) and found[-1].kind == kind

    wait_until(claim)
    return found[-1]


def tell_look(bench):
    order = taken(bench, "look before")
    orders.close(bench.store, order.id, OrderState.DONE, {"look": snapshot_to_json(LOOK)}, now())


def fill(dialog, name="web1", reason="load 212"):
    QTest.keyClicks(dialog.asking.reason, reason)
    QTest.keyClicks(dialog.asking.typed_name, name)


def act_of(bench, order, kind=ActKind.REBOOT, service=""):
    return begin_act(
        bench.store,
        order,
        kind,
        bench.server,
        reason="load 212",
        service=service,
        affected=Affected(),
    )


def test_who_is_affected_what_is_recorded_and_what_would_be_lost_is_shown(bench, make):
    dialog = make()
    tell_look(bench)
    wait_until(lambda: "4812" in dialog.asking.lost.text())

    assert "1 customer, 2 sites" in dialog.asking.affected.text()
    assert "a.example, b.example" in dialog.asking.affected.text()
    assert dialog.asking.recorded.text().startswith("Nothing yet")
    assert "1 login session (anna)" in dialog.asking.lost.text()


@pytest.mark.parametrize(("name", "reason"), [("web", "load"), ("web1", "  "), ("", "load")])
def test_nothing_goes_without_reason_and_name(make, name, reason):
    dialog = make()
    fill(dialog, name, reason)

    assert not dialog.go_button.isEnabled()
    assert dialog.lacks.text()


def test_no_evidence_wants_a_reason_of_its_own(make):
    dialog = make()
    fill(dialog)
    dialog.asking.takes_evidence.setChecked(False)
    before = dialog.go_button.isEnabled()
    QTest.keyClicks(dialog.asking.why_none, "the disk is full")

    assert (before, dialog.go_button.isEnabled()) == (False, True)
    assert dialog.asking.wish().without_evidence == "the disk is full"


def test_a_reboot_is_asked_for_and_each_step_is_seen_to_the_sentence(bench, make):
    dialog = make()
    tell_look(bench)
    fill(dialog)
    QTest.keyClick(dialog.asking.typed_name, Qt.Key.Key_Return)
    order = taken(bench, "reboot")
    act = act_of(bench, order)
    note_step(bench.store, act.id, Step(at=now(), words="the server is gone"), state=ActState.GONE)
    wait_until(lambda: dialog.watching.steps.count() == 1)
    finding = Finding(title="Services", before="14", after="13; missing: exim4", is_well=False)
    note_step(
        bench.store,
        act.id,
        Step(at=now(), words="web1 is back, but exim4 does not run.", ok=False),
        state=ActState.DONE,
        findings=(finding,),
        is_well=False,
        sentence="web1 is back, but exim4 does not run.",
        closed_at=now(),
    )
    wait_until(lambda: dialog.watching.table.rowCount() == 1)

    assert order.request["reason"] == "load 212"
    assert order.request["typed_name"] == "web1"
    assert order.asked_by == "ann"
    assert dialog.watching.sentence.text() == "✖  web1 is back, but exim4 does not run."
    assert dialog.watching.table.item(0, 3).text() == "13; missing: exim4"


def test_an_engine_that_was_killed_is_waited_for_and_the_reboot_not_asked_for_again(bench, make):
    dialog = make()
    fill(dialog)
    dialog.go_button.click()
    order = taken(bench, "reboot")
    act = act_of(bench, order)
    note_step(bench.store, act.id, Step(at=now(), words="sent"), state=ActState.SENT)
    stopped(bench.store, bench.engine.id, now())
    orders.reclaim_orphans(bench.store, now() + timedelta(minutes=1))
    wait_until(lambda: dialog.watching.steps.count() == 1)
    note_step(
        bench.store,
        act.id,
        Step(at=now(), words="all is well"),
        state=ActState.DONE,
        is_well=True,
        findings=(Finding(title="Boot", before="a", after="another boot", is_well=True),),
        sentence="web1 is back and all is well.",
    )

    wait_until(lambda: "all is well" in dialog.watching.sentence.text())


def test_what_is_under_way_is_shown_instead_of_asked_again(bench, make):
    orders.place(
        bench.store, "reboot", server_id=bench.server.id, request={}, asked_by="bert", now=now()
    )
    act = act_of(bench, orders.claim(bench.store, bench.engine.id, now()))
    note_step(bench.store, act.id, Step(at=now(), words="the server is gone"), state=ActState.GONE)

    dialog = make()

    wait_until(lambda: dialog.watching.steps.count() == 1)
    assert dialog.is_watching
    assert "Asked by bert" in dialog.watching.sentence.text()


def test_how_it_went_last_time_is_shown_and_left_again(bench, make):
    orders.place(
        bench.store, "reboot", server_id=bench.server.id, request={}, asked_by="bert", now=now()
    )
    act = act_of(bench, orders.claim(bench.store, bench.engine.id, now()))
    sentence = "web1 is back and all is well."
    note_step(
        bench.store,
        act.id,
        Step(at=now(), words=sentence),
        state=ActState.DONE,
        is_well=True,
        findings=(Finding(title="Boot", before="a", after="another boot", is_well=True),),
        sentence=sentence,
    )
    dialog = make()
    wait_until(dialog.last_button.isVisible)
    dialog.last_button.click()
    shown = dialog.watching.sentence.text()
    dialog.last_button.click()

    assert shown == f"✔  {sentence}"
    assert not dialog.is_watching
    assert "all well" in dialog.asking.earlier.text()


def test_a_servers_page_says_on_every_desk_what_is_under_way_and_by_whom(bench, application):
    page = QWidget()
    sign = UnderWay(bench.context, bench.server.id, page)
    page.show()
    orders.place(
        bench.store, "reboot", server_id=bench.server.id, request={}, asked_by="bert", now=now()
    )
    act = act_of(bench, orders.claim(bench.store, bench.engine.id, now()))
    note_step(bench.store, act.id, Step(at=now(), words="gone"), state=ActState.GONE)
    bench.live.incidents_changed.emit()
    wait_until(sign.isVisible)
    words = sign.text()
    note_step(bench.store, act.id, Step(at=now(), words="well"), state=ActState.DONE)
    bench.live.incidents_changed.emit()

    wait_until(lambda: not sign.isVisible())
    assert words == "▲  Rebooting: bert, gone"
    end(page)


def test_services_that_are_expected_or_listed_are_offered(bench, make):
    dialog = make(ActKind.RESTART_SERVICE)
    tell_look(bench)
    wait_until(lambda: dialog.asking.service.count() == 2)
    dialog.asking.choose_service("exim4")
    fill(dialog)

    assert dialog.asking.wish().service == "exim4"
    assert "failed: exim4" in dialog.asking.lost.text()
    assert not dialog.asking.service.isEditable()


def test_without_an_engine_it_is_said_and_nothing_is_asked(bench, make):
    stopped(bench.store, bench.engine.id, now())
    dialog = make()
    wait_until(lambda: "No engine" in dialog.asking.lost.text())
    fill(dialog)
    dialog.go_button.click()

    wait_until(lambda: "No engine" in dialog.watching.sentence.text())
    assert orders.claim(bench.store, 1, now()) is None


def test_escape_withdraws_the_look_and_asks_nothing(bench, make):
    dialog = make()
    wait_until(lambda: dialog._looking._order_id > 0)
    order_id = dialog._looking._order_id
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    wait_until(lambda: orders.get(bench.store, order_id).state is OrderState.CANCELLED)


def test_a_sudo_password_goes_into_the_keyring_only(bench, make):
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    try:
        dialog = make()
        fill(dialog)
        dialog.go_button.click()
        order = taken(bench, "reboot")
        sentence = "sudo on web1 wants a password; keep it in the keyring."
        orders.close(bench.store, order.id, OrderState.FAILED, {"sentence": sentence}, now())
        wait_until(dialog.sudo_button.isVisible)
        dialog.keep_sudo("open sesame")
        wait_until(lambda: "is in the keyring" in dialog.watching.sentence.text())

        assert get_secret(sudo_entry(bench.server), SecretKind.SUDO_PASSWORD) == "open sesame"
    finally:
        keyring.set_keyring(before)
    kept = b"".join(one.read_bytes() for one in bench.store.location.folder.rglob("*.sqlite3*"))
    assert b"sesame" not in kept
