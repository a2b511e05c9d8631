"""From a finding to the notice of the work that mends it, and what was found before and after."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from noc_console.audit.audit import AuditState
from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.check import Family
from noc_console.audit.mending_records import mendings_of, note_after
from noc_console.desk.audit.audit_page import AuditPage
from noc_console.desk.audit.finding_notice import USUAL_WORK, draft_of, make_notice
from noc_console.desk.notices.notices_page import NoticesPage
from noc_console.errors import ConsoleError
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.notices.notice_records import get_notice, list_notices, set_columns
from noc_console.notices.posting import NoticeState
from noc_console.store.schema.audit import audit
from tests.audit.test_audit_records import result
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until

PORT = "tcp/3306"


class Bench(PageBench):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.other = add_server(self.store, Server(name="web2", address="10.0.0.2"), NOW)
        self.live.servers = [self.server, self.other]
        self.audit = open_audit(
            self.store, "2026-11", self.live.servers, catalogue="c", by="ann", now=NOW
        )
        self.collect()
        self.page = AuditPage(self.context, lambda: NOW)
        self.page.resize(1280, 700)
        self.page.show()
        self.settle()

    def collect(self) -> None:
        for server in self.live.servers:
            put_collected(
                self.store,
                self.audit.id,
                server.id,
                [result()],
                family=Family.DEBIAN,
                system="Debian 12",
                cpu_ms=1,
                now=NOW,
            )

    def settle(self) -> None:
        wait_until(lambda: self.pool.is_idle and self.page.is_settled)

    def key(self, server=None):
        return ((server or self.server).id, "FW-01", PORT)

    def press(self, widget, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(widget, key, modifier)
        self.settle()

    def show_work(self):
        assert self.page.show_tab("Work")
        tab = self.page.work.tab
        tab.read()
        self.settle()
        return tab


@pytest.fixture
def bench(application, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store")
    yield bench
    end(bench.page)
    bench.close()


def test_m_on_a_finding_begins_its_notice_and_again_shows_it(bench):
    bench.page.show_finding(bench.key())
    bench.settle()
    table = bench.page.checklist.findings.table
    bench.press(table, Qt.Key.Key_M)

    stored = list_notices(bench.store)[0]
    assert bench.navigator.opened == [f"compose {stored.id}"]
    assert stored.notice.servers == (bench.server.id,)
    assert stored.notice.template == USUAL_WORK
    assert "monthly check" in stored.notice.reasons
    assert "protected" in stored.notice.benefit
    assert [one.key for one in mendings_of(bench.store, bench.audit.id)] == [bench.key()]
    bench.press(table, Qt.Key.Key_M)
    assert bench.navigator.opened[-1] == f"notice {stored.id}"
    assert len(list_notices(bench.store)) == 1


def test_customers_do_not_read_what_was_found(bench):
    notice = draft_of(bench.store, bench.audit.id, [bench.key()])
    texts = " ".join([notice.title, notice.reasons, notice.benefit, notice.disrupted])
    for word in (PORT, "3306", "open to all", "FW-01"):
        assert word not in texts


@pytest.mark.parametrize(
    ("checks", "work"),
    [
        (("KRN-01",), "kernel-update"),
        (("HST-01", "HST-01"), "php-version"),
        (("TLS-02",), "certificate"),
        (("KRN-01", "HST-01"), USUAL_WORK),
        (("UPD-01",), USUAL_WORK),
    ],
)
def test_the_texts_are_of_the_work_that_mends_all_of_them(bench, checks, work):
    keys = [(server.id, check, "") for server in bench.live.servers for check in checks]
    notice = draft_of(bench.store, bench.audit.id, keys)
    assert notice.template == work
    assert notice.servers == (bench.server.id, bench.other.id)
    assert {one.language for one in notice.translations} == {"de"}


def test_a_finding_of_a_server_that_is_gone_has_nobody_to_tell(bench):
    with pytest.raises(ConsoleError, match="not looked after any more"):
        make_notice(bench.store, bench.audit.id, [(99, "FW-01", PORT)], by="ann", now=NOW)
    assert list_notices(bench.store) == []


def test_without_planned_work_the_tab_says_the_next_step(bench):
    tab = bench.show_work()
    assert "press M" in tab.panel.sentence.text()
    assert not tab.deeds.actions["notice"].isEnabled()


def test_before_and_after_stand_beside_one_another_the_worst_first(bench):
    keys = [bench.key(), bench.key(bench.other)]
    number = make_notice(bench.store, bench.audit.id, keys, by="ann", now=NOW)
    tab = bench.show_work()
    QAbstractItemModelTester(tab.model, QAbstractItemModelTester.FailureReportingMode.Fatal, tab)
    assert [one.words for one in tab.model.rows] == ["planned", "planned"]
    first, second = mendings_of(bench.store, bench.audit.id)
    later = NOW + timedelta(hours=1)
    note_after(bench.store, [first.id], result(items=()), later)
    note_after(bench.store, [second.id], result(), later)
    bench.live.audits_changed.emit()
    bench.settle()

    assert [(one.server_name, one.words) for one in tab.model.rows] == [
        ("web2", "still there"),
        ("web1", "mended"),
    ]
    tab.table.setFocus()
    tab.table.selectRow(1)
    assert "Before: fail" in tab.detail.text()
    assert "not found any more" in tab.detail.text()
    bench.press(tab.table, Qt.Key.Key_Return)
    assert bench.navigator.opened == [f"notice {number}"]
    tab.table.selectRow(0)
    bench.press(tab.table, Qt.Key.Key_G)
    assert bench.page.checklist.chosen_line.key == bench.key(bench.other)


def test_the_notice_itself_tells_what_its_work_mends(bench):
    make_notice(bench.store, bench.audit.id, [bench.key()], by="ann", now=NOW)
    (one,) = mendings_of(bench.store, bench.audit.id)
    note_after(bench.store, [one.id], result(items=()), NOW)
    page = NoticesPage(bench.context, lambda: NOW)
    page.show()
    try:
        wait_until(lambda: bench.pool.is_idle and page.row is not None)
        words = page.detail.mends.text()
    finally:
        end(page)
    assert "FW-01 tcp/3306 on web1. Before: fail" in words
    assert "After: pass, It is not found any more." in words


def test_a_notice_leads_back_to_the_finding_that_is_not_mended_yet(bench):
    make_notice(bench.store, bench.audit.id, [bench.key(), bench.key(bench.other)], by="a", now=NOW)
    first, _ = mendings_of(bench.store, bench.audit.id)
    note_after(bench.store, [first.id], result(items=()), NOW)
    page = NoticesPage(bench.context, lambda: NOW)
    page.show()
    try:
        wait_until(lambda: bench.pool.is_idle and page.row is not None)
        page.actions_of_page.by_key["finding"].trigger()
        wait_until(lambda: bool(bench.navigator.opened))
    finally:
        end(page)
    assert bench.navigator.opened == [(bench.audit.id, bench.key(bench.other))]


def test_a_finding_of_another_month_is_shown_when_that_month_was_read(bench):
    older = open_audit(
        bench.store,
        "2026-10",
        [bench.server],
        catalogue="c",
        by="ann",
        now=NOW - timedelta(days=30),
    )
    bench.page.show_finding_of(older.id, (bench.server.id, "", ""))
    bench.settle()
    assert bench.page.chosen.audit.id == older.id
    bench.page.show_finding_of(bench.audit.id, bench.key())
    bench.settle()
    assert bench.page.chosen.audit.id == bench.audit.id
    assert bench.page.checklist.chosen_line.key == bench.key()


def test_work_that_is_called_off_is_planned_anew(bench):
    number = make_notice(bench.store, bench.audit.id, [bench.key()], by="ann", now=NOW)
    with bench.store.write() as connection:
        set_columns(connection, number, state=NoticeState.CANCELLED.value)
    assert [one.words for one in bench.show_work().model.rows] == ["called off"]

    bench.page.show_finding(bench.key())
    bench.settle()
    bench.press(bench.page.checklist.findings.table, Qt.Key.Key_M)

    assert len(list_notices(bench.store)) == 2
    assert get_notice(bench.store, number + 1).state is NoticeState.DRAFT


def test_the_keys_for_a_whole_audit_follow_where_it_stands(bench):
    deeds = bench.page.deeds
    keys = ("sign", "report", "verify", "revise")

    def awake():
        return [key for key in keys if deeds.actions[key].isEnabled()]

    assert awake() == ["sign", "report", "verify"]
    for state, words, there in (
        (AuditState.SIGNED, "Counter-sign…", list(keys)),
        (AuditState.COUNTERSIGNED, "Sign…", ["report", "verify", "revise"]),
    ):
        with bench.store.write() as connection:
            connection.execute(sa.update(audit).values(state=state.value))
        bench.page.read_anew()
        bench.settle()
        assert (deeds.buttons["sign"].text(), awake()) == (words, there)
