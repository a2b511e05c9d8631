"""Findings are decided by one key each, on one server or on many, and taken back."""

from datetime import date, timedelta

import pytest

from noc_console.audit.audit import AuditState
from noc_console.audit.check import Step
from noc_console.audit.decision import DecisionKind
from noc_console.audit.decision_records import decide, decisions_of
from noc_console.audit.journal import EntryKind
from noc_console.desk.audit.decide_dialogs import DecideDialog
from tests.audit.signed import journal_of
from tests.desk.audit_bench import (
    KEY,
    audit_bench,
    begin,
    collect,
    decided,
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


def test_f_says_fixed_at_once_and_goes_to_the_next_open_one(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web2")
    press(findings.table, KEY.Key_F)
    settle(bench, page)
    assert decided(bench, audit) == [("FW-01", "tcp/3306", DecisionKind.FIXED)]
    assert findings.chosen_line.key[2] == "tcp/6379"
    (entry,) = [one for one in journal_of(bench.store, audit.id) if one.kind is EntryKind.DECIDED]
    assert entry.by == "ann"
    reread(bench, page)
    assert "1 open of" in findings.title.text()
    assert [one.is_open for one in findings.model.rows][:1] == [True]


def test_what_another_person_decided_meanwhile_is_not_decided_over_unread(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web2")
    key = findings.chosen_line.key
    kind, reason = DecisionKind.FALSE, "The customer's own port."
    decide(bench.store, audit.id, [key], kind, reason=reason, by="ben", now=NOW)
    press(findings.table, KEY.Key_F)
    settle(bench, page)
    (said,) = [one for one in bench.navigator.said if "meanwhile" in one]
    assert said.startswith("ben decided FW-01 tcp/3306 meanwhile (")
    assert [one.by for one in decisions_of(bench.store, audit.id)] == ["ben"]
    page.chosen.feed.read_now()
    settle(bench, page)
    page.show_finding(key)
    settle(bench, page)
    press(findings.table, KEY.Key_F)
    settle(bench, page)
    assert [one.by for one in decisions_of(bench.store, audit.id)] == ["ben", "ann"]


def test_a_path_as_long_as_the_screen_leaves_the_buttons_on_it(bench, open_page):
    audit = begin(bench, "web2")
    path = "w" * 400
    collect(bench, audit, "web2", failed(path))
    page = open_page()
    findings = go_into(bench, page, "web2")
    dialog = findings.decide(DecisionKind.TASK)
    assert dialog.minimumSizeHint().width() < 800
    assert dialog.about.text().replace("\u200b", "").count("w" * 80)
    dialog.reject()
    inside = findings.detail.title.parentWidget()
    assert inside.minimumSizeHint().width() < 400


def test_u_takes_a_decision_back_and_it_is_open_again(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web3")
    press(findings.table, KEY.Key_F)
    settle(bench, page)
    reread(bench, page)
    assert not findings.chosen_line.is_open
    press(findings.table, KEY.Key_U)
    settle(bench, page)
    reread(bench, page)
    assert findings.chosen_line.is_open
    assert [kind for _, _, kind in decided(bench, audit)] == [
        DecisionKind.FIXED,
        DecisionKind.REOPENED,
    ]


def test_an_exception_wants_a_reason_and_a_day(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web3")
    press(findings.table, KEY.Key_A)
    dialog = findings.findChild(DecideDialog)
    dialog.button.click()
    wait_until(dialog.trouble.isVisible)
    assert "Give a reason" in dialog.trouble.text()
    dialog.reason.setPlainText("Only the office reaches it.")
    dialog.button.click()
    wait_until(lambda: bool(decisions_of(bench.store, audit.id)))
    settle(bench, page)
    (one,) = decisions_of(bench.store, audit.id)
    assert one.kind is DecisionKind.ACCEPTED
    assert one.until == NOW.date() + timedelta(days=90)


def test_a_task_has_an_owner_and_a_day(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web3")
    dialog = findings.decide(DecisionKind.TASK)
    assert dialog.owner.text() == "ann"
    dialog.owner.setText("bob")
    dialog.button.click()
    wait_until(lambda: bool(decisions_of(bench.store, audit.id)))
    settle(bench, page)
    (one,) = decisions_of(bench.store, audit.id)
    assert (one.kind, one.owner) == (DecisionKind.TASK, "bob")
    assert one.until > NOW.date()
    reread(bench, page)
    page.show_tab("progress")
    assert page.progress.people.rows[0].tasks + page.progress.people.rows[-1].tasks == 1


def test_s_chooses_the_same_on_every_server_says_how_many_and_decides_all(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web2")
    press(findings.table, KEY.Key_S)
    settle(bench, page)
    assert lines(findings) == [("FW-01", "tcp/3306", "web2"), ("FW-01", "tcp/3306", "web3")]
    assert "2 chosen on 2 servers" in findings.chosen_words.text()
    dialog = findings.decide(DecisionKind.FALSE)
    assert "FW-01 tcp/3306 on 2 servers" in dialog.about.text()
    dialog.reason.setPlainText("The load balancer asks there.")
    dialog.button.click()
    wait_until(lambda: len(decisions_of(bench.store, audit.id)) == 2)
    settle(bench, page)
    entries = [one for one in journal_of(bench.store, audit.id) if one.kind is EntryKind.DECIDED]
    assert len(entries) == 1
    press(findings.table, KEY.Key_Escape)
    settle(bench, page)
    assert page.checklist.stack.currentWidget() is findings
    assert lines(findings)[0][2] == "web2"


def test_s_on_a_server_where_it_passed_chooses_those_where_it_did_not(bench, open_page):
    audit = three_servers(bench)
    collect(bench, audit, "web1", failed("tcp/25"))
    page = open_page()
    findings = go_into(bench, page, "mail1")
    place = next(n for n, one in enumerate(findings.model.rows) if one.key[1] == "FW-01")
    findings.table.selectRow(place)
    for _ in range(2):
        press(findings.table, KEY.Key_S)
        settle(bench, page)
    assert len(findings.chosen_lines) == 4
    assert all(one.is_open for one in findings.chosen_lines)


def test_pressed_twice_s_chooses_every_item_of_the_check(bench, open_page):
    three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web2")
    for _ in range(2):
        press(findings.table, KEY.Key_S)
        settle(bench, page)
    items = {(item, server) for _, item, server in lines(findings) if item}
    assert items == {("tcp/3306", "web2"), ("tcp/3306", "web3"), ("tcp/6379", "web2")}
    assert "3 chosen" in findings.chosen_words.text()


def test_n_goes_on_to_the_next_cell_in_which_something_is_open(bench, open_page):
    three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web2")
    press(findings.table, KEY.Key_N)
    assert findings.chosen_line.key[2] == "tcp/6379"
    press(findings.table, KEY.Key_N)
    settle(bench, page)
    assert findings.chosen_line.key[:2] == (named(bench, "web2").id, "USR-01")
    press(findings.table, KEY.Key_P)
    settle(bench, page)
    assert page.checklist.matrix.chosen_step is Step.FIREWALL


def test_a_step_no_check_looked_at_can_be_answered(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "The whole audit", Step.LOGINS)
    dialog = findings.decide(DecisionKind.ANSWERED)
    dialog.reason.setPlainText("Looked through by hand.")
    dialog.button.click()
    wait_until(lambda: bool(decisions_of(bench.store, audit.id)))
    settle(bench, page)
    reread(bench, page)
    assert not findings.chosen_line.is_open


def test_d_decides_as_last_month(bench, open_page):
    before = begin(bench, "web3", month="2026-01")
    collect(bench, before, "web3", failed("tcp/3306"))
    key = (named(bench, "web3").id, "FW-01", "tcp/3306")
    decide(
        bench.store,
        before.id,
        [key],
        DecisionKind.FALSE,
        reason="By contract.",
        by="bob",
        now=NOW - timedelta(days=300),
    )
    three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web3")
    assert findings.detail._shown
    told = dict(findings.detail._shown)
    assert "By contract." in told["2026-01"]
    assert findings.chosen_line.change.value == "same"
    dialog = findings.decide_as_before()
    assert dialog.reason.toPlainText() == "By contract."
    dialog.reject()


def test_shift_d_decides_all_that_is_as_last_month_as_it_was(bench, open_page):
    before = begin(bench, "web2", "web3", "mail1", "web1", month="2026-01")
    for name in ("web2", "web3"):
        collect(bench, before, name, failed("tcp/3306"), now=NOW - timedelta(days=300))
    keys = [(named(bench, one).id, "FW-01", "tcp/3306") for one in ("web2", "web3")]
    then, kind = NOW - timedelta(days=300), DecisionKind.TASK
    due = then.date() + timedelta(days=9)
    decide(bench.store, before.id, keys, kind, owner="bob", until=due, by="bob", now=then)
    audit = three_servers(bench)
    page = open_page()
    page.checklist.open_all()
    settle(bench, page)
    dialog = page.as_before.ask()
    assert "2  task, bob" in dialog.about.text()
    dialog.button.click()
    settle(bench, page)
    wait_until(lambda: len(decisions_of(bench.store, audit.id)) == 2)
    taken = decisions_of(bench.store, audit.id)
    assert {one.until for one in taken} == {NOW.date() + timedelta(days=14)}
    assert {(one.kind, one.owner, one.by) for one in taken} == {(DecisionKind.TASK, "bob", "ann")}
    settle(bench, page)
    assert page.as_before.ask() is None
    assert "Nothing open here is as last month" in bench.navigator.said[-1]


def test_a_signed_audit_takes_no_decision(bench, open_page):
    audit = three_servers(bench)
    with bench.store.write() as connection:
        from noc_console.store.schema.audit import audit as table

        connection.execute(
            table.update().where(table.c.id == audit.id).values(state=AuditState.SIGNED.value)
        )
    page = open_page()
    findings = go_into(bench, page, "web2")
    assert not findings.deeds.actions["fixed"].isEnabled()
    assert not findings.deeds.actions["again"].isEnabled()
    assert "signed" in page.months.currentText()


def test_what_another_desk_decides_is_seen(bench, open_page):
    audit = three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web3")
    key = (named(bench, "web3").id, "FW-01", "tcp/3306")
    decide(bench.store, audit.id, [key], DecisionKind.FIXED, by="bob", now=NOW)
    bench.live.audits_changed.emit()
    wait_until(lambda: findings.chosen_line is not None and not findings.chosen_line.is_open)
    settle(bench, page)
    assert findings.chosen_line.decision.by == "bob"


def test_the_dialog_of_a_question_asks_who_when_and_what(bench, open_page):
    dialog = DecideDialog(
        DecisionKind.ANSWERED,
        "ASK-01",
        last=None,
        person="ann",
        today=date(2026, 11, 28),
        is_question=True,
    )
    dialog.owner.setText("carla")
    assert dialog.wanted().reason == ""
    dialog.reason.setPlainText("shop1 restored,\n whole")
    wanted = dialog.wanted()
    assert wanted.reason == "2026-11-28, carla: shop1 restored, whole"
    assert wanted.owner == "carla"
    end(dialog)
