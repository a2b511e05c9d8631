"""Audits are run from their page, followed, withdrawn; months are held beside one another."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from noc_console.audit.asking import RECHECK, RUN_AUDIT
from noc_console.audit.audit_records import (
    list_audits,
    servers_of,
)
from noc_console.audit.finding import Result
from noc_console.desk.audit.audit_page import AuditPage
from noc_console.desk.audit.run_dialog import RunDialog
from noc_console.store import orders
from noc_console.store.orders import OrderState
from tests.desk.audit_bench import (
    KEY,
    MONTH,
    audit_bench,
    begin,
    collect,
    failed,
    go_into,
    lines,
    named,
    opened_pages,
    press,
    reread,
    settle,
    three_servers,
)
from tests.desk.page_bench import NOW
from tests.desk.qt_life import end, wait_until


@pytest.fixture
def bench(application, tmp_path):
    with audit_bench(tmp_path) as bench:
        yield bench


@pytest.fixture
def open_page(bench):
    with opened_pages(bench) as make:
        yield make


def test_an_empty_page_says_what_to_do_first(bench, open_page):
    page = open_page()
    assert page._state.title.text() == "No audit so far"
    page._state.focusProxy().click()
    assert page.findChild(RunDialog) is not None or page.window().findChild(RunDialog) is not None


def test_without_a_server_the_page_says_to_add_one(bench, open_page):
    bench.live.servers = []
    page = open_page()
    assert "Add one first" in page._state.sentence.text()


def test_a_store_that_cannot_be_read_says_so_and_can_be_tried_again(bench, open_page, monkeypatch):
    import noc_console.desk.audit.audit_feed as feed
    from noc_console.errors import ConsoleError

    def refuse(_store):
        raise ConsoleError("The disk is full; make room.")

    real = feed.list_audits
    monkeypatch.setattr(feed, "list_audits", refuse)
    page = AuditPage(bench.context, lambda: NOW)
    page.show()
    try:
        wait_until(lambda: page._state.title.text() == "The audits cannot be read")
        assert "make room" in page._state.sentence.text()
        monkeypatch.setattr(feed, "list_audits", real)
        three_servers(bench)
        page._state.focusProxy().click()
        wait_until(lambda: page.chosen.read is not None)
        assert page.trouble.isHidden()
    finally:
        end(page)


def test_r_asks_the_engine_to_look_again_and_tells_what_came_of_it(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web3")
    press(findings.table, KEY.Key_R)
    wait_until(lambda: bool(orders.open_of(bench.store, RECHECK)))
    (order,) = orders.open_of(bench.store, RECHECK)
    assert (order.server_id, order.request["check_id"]) == (named(bench, "web3").id, "FW-01")
    claimed = orders.claim(bench.store, bench.engine.id, NOW)
    later = NOW + timedelta(seconds=1)
    collect(bench, audit, "web3", failed(came_to=Result.PASS), now=later)
    orders.close(bench.store, claimed.id, OrderState.DONE, {"sentence": "It passes now."}, NOW)
    wait_until(lambda: "It passes now." in bench.navigator.said)
    settle(bench, page)
    reread(bench, page)
    assert lines(findings)[0][1] == ""


def test_without_an_engine_nothing_is_asked_and_the_page_says_why(bench, open_page):
    three_servers(bench)
    bench.live.engine = None
    page = open_page()
    findings = go_into(bench, page, "web3")
    press(findings.table, KEY.Key_R)
    assert "No engine is running" in bench.navigator.said[-1]
    dialog = page.run()
    dialog.button.click()
    assert "No engine is running" in dialog.trouble.text()
    dialog.reject()


def test_a_run_is_asked_for_followed_and_withdrawn(bench, open_page):
    page = open_page()
    dialog = page.run()
    dialog.scope.setCurrentText("Group web")
    dialog.button.click()
    wait_until(lambda: bool(orders.open_of(bench.store, RUN_AUDIT)))
    (order,) = orders.open_of(bench.store, RUN_AUDIT)
    assert set(order.request["servers"]) == {named(bench, one).id for one in ("web2", "web3")}
    (audit,) = list_audits(bench.store)
    assert audit.month == MONTH
    assert {one.server_name for one in servers_of(bench.store, audit.id)} == {"web2", "web3"}
    wait_until(lambda: not page.band.isHidden())
    assert "waits for an engine" in page.band.words.text()
    orders.claim(bench.store, bench.engine.id, NOW)
    step = {"at": NOW.isoformat(), "name": "web2", "ok": True, "sentence": "9 checks"}
    orders.report(bench.store, order.id, step | {"done": 1, "of": 2})
    wait_until(lambda: page.band.words.text().startswith("1 of 2 servers."))
    assert not page.deeds.actions["run"].isEnabled()
    waiting = {"done": 2, "of": 2, "heavy_done": 0, "heavy_of": 6, "name": "heavy checks"}
    orders.report(bench.store, order.id, step | waiting)
    wait_until(lambda: page.band.words.text().startswith("2 of 2 servers, 0 of 6 heavy checks."))
    assert (page.band.bar.value(), page.band.bar.maximum()) == (2, 8)
    page.band.cancel_button.click()
    wait_until(page.band.isHidden)
    assert orders.get(bench.store, order.id).state is OrderState.CANCELLED
    settle(bench, page)
    assert page.deeds.actions["run"].isEnabled()


def test_a_run_of_another_desk_is_shown_too(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    orders.place(bench.store, RUN_AUDIT, request={"audit_id": audit.id}, asked_by="bob", now=NOW)
    bench.live.orders_changed.emit()
    wait_until(lambda: not page.band.isHidden())


def test_those_that_are_left_are_asked_alone(bench, open_page):
    three_servers(bench)
    page = open_page()
    assert "1 that are" in page.deeds.actions["go on"].text()
    page.deeds.actions["go on"].trigger()
    wait_until(lambda: bool(orders.open_of(bench.store, RUN_AUDIT)))
    (order,) = orders.open_of(bench.store, RUN_AUDIT)
    assert order.request["servers"] == [named(bench, "web1").id]


def test_a_name_that_is_no_server_is_refused_in_the_dialog(bench, open_page):
    page = open_page()
    dialog = page.run()
    dialog.scope.setCurrentText("nobody")
    dialog.button.click()
    assert "no server and no group" in dialog.trouble.text()
    assert not orders.open_of(bench.store, RUN_AUDIT)
    dialog.reject()


def test_changes_are_told_by_kind_and_lead_to_the_finding(bench, open_page):
    before = begin(bench, "web2", "web3", month="2026-01")
    collect(bench, before, "web2", failed("tcp/3306", "tcp/25"))
    collect(bench, before, "web3", failed("tcp/3306"))
    three_servers(bench)
    page = open_page()
    press(page.checklist.matrix, KEY.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    settle(bench, page)
    told = {(one.check_id, one.item, one.change.value) for one in page.changes.model.rows}
    assert told == {
        ("FW-01", "tcp/6379", "new"),
        ("USR-01", "deploy", "new"),
        ("FW-01", "tcp/25", "gone"),
    }
    page.changes.kind.setCurrentText("Same")
    assert len(page.changes.model.rows) == 2
    page.changes.table.selectRow(0)
    press(page.changes.table, KEY.Key_Return)
    settle(bench, page)
    assert page.tabs.currentWidget() is page.checklist
    assert page.checklist.chosen_line.key[1:] == ("FW-01", "tcp/3306")


def test_the_first_month_has_nothing_to_be_held_against_and_says_so(bench, open_page):
    three_servers(bench)
    page = open_page()
    page.show_tab("changes")
    settle(bench, page)
    assert "no earlier month" in page.changes._panel.title.text()


def test_a_month_that_another_desk_begins_does_not_come_between(bench, open_page):
    collect(bench, begin(bench, "web2", month="2026-01"), "web2", failed("tcp/25"))
    page = open_page()
    three_servers(bench)
    reread(bench, page)
    assert page.chosen.audit.month == "2026-01"
    assert page.months.count() == 2


def test_months_are_gone_through_by_keys(bench, open_page):
    collect(bench, begin(bench, "web2", month="2026-01"), "web2", failed("tcp/25"))
    three_servers(bench)
    page = open_page()
    assert page.chosen.audit.month == MONTH
    page.deeds.actions["older"].trigger()
    settle(bench, page)
    assert page.chosen.audit.month == "2026-01"
    page.deeds.actions["newer"].trigger()
    settle(bench, page)
    assert page.chosen.audit.month == MONTH
