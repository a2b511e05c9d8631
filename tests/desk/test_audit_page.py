"""The checklist of an audit is gone through by keys: cells, findings, evidence."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from noc_console.audit.audit import CollectState
from noc_console.audit.audit_records import (
    note_collecting,
)
from noc_console.audit.check import Step
from noc_console.desk.audit.evidence_panel import MARKED
from noc_console.desk.audit.matrix import OPEN, STATE
from tests.desk.audit_bench import (
    KEY,
    audit_bench,
    begin,
    choose,
    collect,
    failed,
    go_into,
    lines,
    named,
    names,
    opened_pages,
    press,
    settle,
    three_servers,
)
from tests.desk.page_bench import NOW


@pytest.fixture
def bench(application, tmp_path):
    with audit_bench(tmp_path) as bench:
        yield bench


@pytest.fixture
def open_page(bench):
    with opened_pages(bench) as make:
        yield make


def test_the_matrix_shows_groups_with_the_worst_first_and_keeps_qts_rules(bench, open_page):
    three_servers(bench)
    page = open_page()
    QAbstractItemModelTester(
        page.checklist.model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    assert names(page)[:4] == ["The whole audit", "web", "web2", "web3"]
    choose(page, "web2")
    index = page.checklist.matrix.currentIndex()
    assert index.data().endswith(" 2")
    tip = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert tip.startswith("web2, firewall and ports: 2 critical fail")
    row = index.siblingAtColumn(OPEN)
    assert int(row.data()) == page.checklist.model.rows[index.row()].open
    assert index.siblingAtColumn(STATE).data() == ""


def test_a_server_that_was_not_asked_is_told_by_shape_and_word(bench, open_page):
    audit = three_servers(bench)
    web1 = named(bench, "web1")
    note_collecting(
        bench.store, audit.id, [web1.id], CollectState.FAILED, why="It is down.", now=NOW
    )
    page = open_page()
    choose(page, "web1")
    index = page.checklist.matrix.currentIndex()
    assert "▽ web1" in index.siblingAtColumn(0).data()
    assert index.siblingAtColumn(STATE).data() == "could not be asked: It is down."
    assert "not asked yet" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_space_folds_a_group_and_the_filter_keeps_what_fits(bench, open_page):
    three_servers(bench)
    page = open_page()
    choose(page, "web2")
    press(page.checklist.matrix, KEY.Key_Space)
    assert "web2" not in names(page)
    assert page.checklist.matrix.chosen_row.name == "web"
    press(page.checklist.matrix, KEY.Key_Space)
    page.checklist.filter.setText("mail")
    assert names(page) == ["mail", "mail1"]
    page.checklist.filter.clear()
    page.checklist.open_only.setChecked(True)
    assert all(one.open for one in page.checklist.model.rows)


def test_enter_opens_a_cell_and_escape_leads_back(bench, open_page):
    three_servers(bench)
    page = open_page()
    choose(page, "web2")
    press(page.checklist.matrix, KEY.Key_Return)
    settle(bench, page)
    findings = page.checklist.findings
    assert page.checklist.stack.currentWidget() is findings
    assert lines(findings)[:2] == [("FW-01", "tcp/3306", "web2"), ("FW-01", "tcp/6379", "web2")]
    press(findings.table, KEY.Key_Escape)
    assert page.checklist.stack.currentWidget() is page.checklist.whole
    assert page.checklist.matrix.chosen_step is Step.FIREWALL


def test_a_finding_tells_its_sentence_how_to_mend_it_and_shows_the_lines_that_matter(
    bench, open_page
):
    three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web2")
    QAbstractItemModelTester(findings.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    detail = findings.detail
    assert "FW-01" in detail.title.text()
    assert "tcp/3306 is open to all" in detail.sentence.text()
    told = dict(detail._shown)
    assert told["To mend it"]
    shown = detail.evidence.view.toPlainText().splitlines()
    assert shown[1].startswith(MARKED)
    assert not shown[0].startswith(MARKED)


def test_hostile_evidence_is_inert(bench, open_page):
    audit = begin(bench, "web2")
    hostile = b"<b>x</b>\n\x1b[31mred\x07 \xe2\x80\xaetxt\n"
    collect(bench, audit, "web2", failed("<img src=x>", evidence=hostile))
    page = open_page()
    findings = go_into(bench, page, "web2")
    shown = findings.detail.evidence.view.toPlainText()
    assert "<b>x</b>" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert findings.detail.sentence.textFormat() is Qt.TextFormat.PlainText


def test_slash_searches_the_evidence_and_enter_goes_through_it(bench, open_page):
    three_servers(bench)
    page = open_page()
    findings = go_into(bench, page, "web2")
    press(findings.table, KEY.Key_Slash)
    evidence = findings.detail.evidence
    assert evidence.search.hasFocus() or page.focusWidget() is evidence.search
    QTest.keyClicks(evidence.search, "0.0.")
    assert evidence.found_words.text() == "1 of 2"
    press(evidence.search, KEY.Key_Return)
    assert evidence.found_words.text() == "2 of 2"
    press(evidence.search, KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert evidence.found_words.text() == "1 of 2"
    evidence.search.setText("nothing like it")
    assert evidence.found_words.text() == "nowhere"
    press(evidence.search, KEY.Key_Escape)
    assert page.checklist.stack.currentWidget() is findings
